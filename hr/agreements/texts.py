"""Texts of agreements in versions: saved with what the linter found, published by somebody who answers for it.

Nothing is overwritten: saving makes a version, and what was agreed keeps the version that it was made from. What was
saved and published, by whom and in spite of what, stands in the chain of evidence `agreement-text/{slug}`.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from typing import Any

from hr.agreements import clauses
from hr.agreements.clauses import Finding
from hr.agreements.parts import AgreementText
from hr.agreements.tables import AgreementText as TextRow
from hr.agreements.tables import AgreementTextVersion as VersionRow
from hr.agreements.text import parse
from hr.evidence import log
from kernel.actor import Actor, system
from kernel.clock import Clock
from kernel.db import Unit
from kernel.errors import Conflict, Invalid, NotFound
from kernel.text import listed, say

SHIPPED = Path(__file__).parent / "shipped"
_SLUG = re.compile(r"[a-z][a-z0-9]*(?:-[a-z0-9]+)*")
LONGEST_SLUG = 60
LONGEST_REASON = 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class Version:
    """One version as it was saved. `findings` are JSON as `clauses.kept` made them, told in English."""

    slug: str
    version: int
    source: str
    source_hash: str
    findings: list[dict[str, Any]]
    saved_at: datetime
    saved_by: str
    comment: str
    published: bool

    def count(self, severity: str) -> int:
        return sum(found["severity"] == severity for found in self.findings)


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """A text in the list. `version` is the latest, `published` the one that is used, None while there is none."""

    slug: str
    title: str
    kind: str
    version: int
    published: int | None
    errors: int
    warnings: int
    saved_at: datetime
    saved_by: str


@dataclass(frozen=True, slots=True)
class Saved:
    """The version that a save made, or found to be the same already, and what the linter says to it."""

    version: int
    text: AgreementText
    findings: tuple[Finding, ...]
    new: bool


def save(
    unit: Unit, slug: str, source: str, *, actor: Actor, clock: Clock, comment: str = "", base: int | None = None
) -> Saved:
    """Keep the source as a new version of a text; a new slug begins a text. The same source again is no new version.

    `base` is the version that was edited (0 for a new text): another latest one raises Conflict, so that nobody's work
    is lost. Raises TextRefused with every fault at its line. Findings of the linter do not keep a text from being
    saved.
    """
    if not _SLUG.fullmatch(slug) or len(slug) > LONGEST_SLUG:
        raise Invalid(say("“{slug}” is no name for a text: small letters and digits, with hyphens between.", slug=slug))
    text = parse(source)
    found = clauses.findings(text)
    unit.one("select pg_advisory_xact_lock(hashtextextended(%s, 0))", (_subject(slug),))
    last = _latest(unit, slug)
    if base is not None and base != (last.version if last else 0):
        raise Conflict(
            say(
                "{title} was changed meanwhile: its latest version is {version}. Compare with it, then save again.",
                title=text.title,
                version=last.version if last else 0,
            )
        )
    digest = sha256(text.source.encode()).hexdigest()
    if last is not None and last.source_hash == digest:
        return Saved(last.version, text, found, new=False)
    row = VersionRow(
        slug=slug,
        version=last.version + 1 if last else 1,
        source=text.source,
        source_hash=digest,
        findings=clauses.kept(found),
        saved_at=clock.now(),
        saved_by=actor.id,
        comment=comment.strip()[:LONGEST_REASON],
    )
    _keep(unit, row, text)
    log.append(unit, _subject(slug), "text.saved", actor, clock.now(), content_hash=digest, version=row.version)
    return Saved(row.version, text, found, new=True)


def _keep(unit: Unit, row: VersionRow, text: AgreementText) -> None:
    """The title and kind of the list are those of the latest version."""
    head = unit.session.get(TextRow, row.slug) or TextRow(slug=row.slug, title=text.title, kind=text.kind)
    head.title, head.kind = text.title, text.kind
    unit.session.add(head)
    unit.session.flush()
    unit.session.add(row)
    unit.session.flush()


def publish(unit: Unit, slug: str, number: int, *, actor: Actor, clock: Clock, reason: str = "") -> None:
    """Let agreements be made from this version from now on.

    It is looked at anew by the linter of today. Raises Invalid for anything that the law forbids, and for a warning
    without a `reason`, which is kept with the warnings in the evidence.
    """
    row = version(unit, slug, number)
    found = clauses.findings(parse(row.source))
    errors = [one.sentence for one in found if one.severity == "error"]
    if errors:
        raise Invalid(
            say("Version {version} cannot be published: {reasons}", version=number, reasons=listed(errors)),
            findings=clauses.kept(found),
        )
    if found and not reason.strip():
        raise Invalid(
            say(
                "Version {version} has {count} warnings. Read them, and write why it is published in spite of them.",
                version=number,
                count=len(found),
            )
        )
    unit.run("update agreement_text set published = %s, archived_at = null where slug = %s", (number, slug))
    unit.session.expire_all()
    log.append(
        unit,
        _subject(slug),
        "text.published",
        actor,
        clock.now(),
        content_hash=row.source_hash,
        version=number,
        reason=reason.strip()[:LONGEST_REASON],
        warnings=clauses.kept(found),
    )


def published(unit: Unit, slug: str) -> tuple[int, AgreementText]:
    """The version that agreements are made from. Raises NotFound for an unknown slug, Conflict while none is
    published.
    """
    row = unit.one(
        "select t.title, t.published, v.source from agreement_text t"
        "  left join agreement_text_version v on v.slug = t.slug and v.version = t.published"
        " where t.slug = %s and t.archived_at is null",
        (slug,),
    )
    if row is None:
        raise _unknown(slug)
    title, number, source = row
    if number is None:
        raise Conflict(say("No version of {title} is published yet. Publish one first.", title=title))
    return number, parse(source)


def _unknown(slug: str) -> NotFound:
    return NotFound(say("There is no text {slug} for agreements.", slug=slug))


_VERSION = """
select v.slug, v.version, v.source, v.source_hash, v.findings, v.saved_at, v.saved_by, v.comment,
       v.version is not distinct from t.published
  from agreement_text_version v join agreement_text t on t.slug = v.slug where v.slug = %s
"""


def _versions(rows: Sequence[Any]) -> list[Version]:
    return [Version(**dict(zip(Version.__dataclass_fields__, row, strict=True))) for row in rows]


def versions(unit: Unit, slug: str) -> list[Version]:
    """Every version, the latest first. Raises NotFound for an unknown slug."""
    found = _versions(unit.all(_VERSION + " order by v.version desc", (slug,)))
    if not found:
        raise _unknown(slug)
    return found


def version(unit: Unit, slug: str, number: int) -> Version:
    """One version. Raises NotFound."""
    found = _versions(unit.all(_VERSION + " and v.version = %s", (slug, number)))
    if not found:
        raise NotFound(say("There is no version {version} of the text {slug}.", version=number, slug=slug))
    return found[0]


def _latest(unit: Unit, slug: str) -> Version | None:
    return next(iter(_versions(unit.all(_VERSION + " order by v.version desc limit 1", (slug,)))), None)


_LIST = """
select t.slug, t.title, t.kind, v.version, t.published,
       (select count(*) from jsonb_array_elements(v.findings) f where f->>'severity' = 'error'),
       (select count(*) from jsonb_array_elements(v.findings) f where f->>'severity' = 'warning'),
       v.saved_at, v.saved_by
  from agreement_text t
  join lateral (select * from agreement_text_version where slug = t.slug order by version desc limit 1) v on true
 where t.archived_at is null order by t.kind, t.title, t.slug
"""


def all_texts(unit: Unit) -> list[Listed]:
    """Every text that is not archived, with its latest version."""
    return [Listed(**dict(zip(Listed.__dataclass_fields__, row, strict=True))) for row in unit.all(_LIST)]


def choices(unit: Unit) -> list[tuple[str, str]]:
    """The texts that agreements can be made from now, as slug and title."""
    rows = unit.all(
        "select slug, title from agreement_text where published is not null and archived_at is null order by title"
    )
    return [(slug, title) for slug, title in rows]


def ship(unit: Unit, *, clock: Clock) -> list[str]:
    """Save and publish the texts that come with the product, each where there is none of its name yet. Tells which."""
    present = {slug for (slug,) in unit.all("select slug from agreement_text")}
    missing = [path for path in sorted(SHIPPED.glob("*.md")) if path.stem not in present]
    for path in missing:
        saved = save(unit, path.stem, path.read_text(encoding="utf-8"), actor=system("set-up"), clock=clock)
        publish(unit, path.stem, saved.version, actor=system("set-up"), clock=clock)
    return [path.stem for path in missing]


def _subject(slug: str) -> str:
    return f"agreement-text/{slug}"
