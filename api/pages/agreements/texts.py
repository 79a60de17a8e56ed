"""Texts of agreements: the list, the editor with what the linter says beside it, versions, publishing."""

import base64
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import APIRouter, Form, Query, Request, Response

from api import deps
from api.access import HR, STAFF, may
from api.door import Door
from api.pages import changes, render
from hr.agreements import clauses, facts, fill, printed, texts, values
from hr.agreements.clauses import Finding
from hr.agreements.parts import AgreementText, Fault, TextRefused
from hr.agreements.text import parse
from hr.documents import pages, typeset
from hr.people import meant, org
from kernel.db import Unit
from kernel.text import Text, recognised, say
from tasks.house import House

router = APIRouter(route_class=Door)

WIDTH = 1000  # pixels of a page that is looked at
MOST_PAGES = 12
NUMBER = "XY-0000-000000"  # what an agreement is called while it is only looked at
KINDS: dict[str, Text] = {
    "confidentiality": say("Confidentiality"),
    "non-compete": say("Non-compete"),
    "intellectual-property": say("Intellectual property"),
    "handover-confirmation": say("Handover confirmation"),
    "other": say("Other agreement"),
}
BEGINNING = """---
title: 新协议
kind: other
summary:
  - 用几句话告诉签署人：本协议约定了什么、多久有效、不影响哪些权利。
fields:
  - {key: contact, label: 协议咨询联系人或部门, type: text, default: 人力资源部}
signers:
  - {role: employee, place: 1, label: 乙方（员工）}
  - {role: company, place: 2, label: 甲方（用人单位，盖章）}
---
甲方（用人单位）：**{{ company.name }}**
乙方（员工）：**{{ employee.name }}**　工号：{{ employee.no }}

## 约定事项
在此写下约定的内容。

## 生效与其他
本协议自双方签署完毕之日起生效，双方各持一份。乙方有疑问的，可以向{{ contact }}咨询。
"""

Source = Annotated[str, Form(max_length=400_000)]
Who = Annotated[str, Form(max_length=100)]


@dataclass(frozen=True, slots=True, kw_only=True)
class Looked:
    """A text as it was typed, looked at for one person. `faults` keep it from being read, `missing` from being made."""

    title: str = ""
    person: str = ""
    faults: tuple[Fault, ...] = ()
    missing: tuple[Fault, ...] = ()
    findings: tuple[Finding, ...] = ()
    summary: tuple[str, ...] = ()
    fields: tuple[tuple[str, str, str, str], ...] = ()
    lines: int = 0

    @property
    def errors(self) -> int:
        return sum(one.severity == "error" for one in self.findings)


@router.get("/agreements/texts", name=may("pages.texts", STAFF))
def show_all(request: Request) -> Response:
    """Every text with its latest version and the published one."""
    with deps.house(request).database.transaction() as unit:
        listed = texts.all_texts(unit)
        names = org.names(unit, [one.saved_by for one in listed])
        return render.page(
            request,
            unit,
            "agreement-texts.html",
            here="agreements-all",
            found=listed,
            names=names,
            kinds=KINDS,
            hr=deps.actor(request).has(*HR),
        )


@router.get("/agreements/texts/new", name=may("pages.texts.new", HR))
def begin(request: Request) -> Response:
    """The editor on a text that does not exist yet."""
    with deps.house(request).database.transaction() as unit:
        return _editor(request, unit, "", BEGINNING, [])


@router.get("/agreements/texts/{slug}", name=may("pages.text", STAFF))
def show(request: Request, slug: str, version: int = 0) -> Response:
    """The editor on the latest version, or on another one, from which saving makes a new one too."""
    with deps.house(request).database.transaction() as unit:
        versions = texts.versions(unit, slug)
        shown = texts.version(unit, slug, version) if version else versions[0]
        return _editor(request, unit, slug, shown.source, versions, shown=shown)


def _editor(
    request: Request,
    unit: Unit,
    slug: str,
    source: str,
    versions: list[texts.Version],
    *,
    shown: texts.Version | None = None,
) -> Response:
    names = org.names(unit, [one.saved_by for one in versions])
    title = parse(source).title if versions else ""
    return render.page(
        request,
        unit,
        "agreement-text.html",
        here="agreements-all",
        slug=slug,
        title=title,
        source=source,
        versions=versions,
        shown=shown,
        names=names,
        told=recognised,
        looked=_looked(deps.house(request), unit, source, ""),
        hr=deps.actor(request).has(*HR),
    )


@router.post("/agreements/texts/check", name=may("pages.texts.check", STAFF))
def check(request: Request, source: Source = "", login: Who = "") -> Response:
    """What stands against the text as it is typed, and what its fields are for a person. Nothing is kept."""
    house = deps.house(request)
    with house.database.transaction() as unit:
        looked = _looked(house, unit, source, login)
    return render.fragment(request, "agreement-text-looked.html", looked=looked)


@router.post("/agreements/texts/preview", name=may("pages.texts.preview", STAFF))
def preview(request: Request, source: Source = "", login: Who = "") -> Response:
    """The pages as pictures, for a person or for a made-up one. Nothing is kept."""
    house, shown = deps.house(request), []
    with house.database.transaction() as unit:
        known, _ = _known(house, unit, login)
    try:
        filled = fill.fill(parse(source), {}, known, clock=house.clock)
        shown = _pictures(house, filled, str(known["employee"]["name"]))
        why: tuple[Fault, ...] = ()
    except (TextRefused, fill.Unfilled) as refused:
        why = refused.faults
    return render.fragment(request, "agreement-text-preview.html", pictures=shown, why=why, most=MOST_PAGES)


@router.post("/agreements/texts/save", name=may("pages.texts.save", HR))
def save(
    request: Request,
    source: Source = "",
    slug: Annotated[str, Form(max_length=100)] = "",
    base: Annotated[int, Form(ge=0)] = 0,
    comment: Annotated[str, Form(max_length=1000)] = "",
) -> Response:
    """Keep what was typed as a new version, with what the linter says to it."""
    house, actor = deps.house(request), deps.actor(request)
    with house.database.transaction() as unit:
        saved = texts.save(unit, slug.strip(), source, actor=actor, clock=house.clock, comment=comment, base=base)
    said = say("Version {version} is saved.", version=saved.version) if saved.new else say("Nothing has changed.")
    return render.go(request, f"/agreements/texts/{slug.strip()}", said)


@router.post("/agreements/texts/{slug}/publish", name=may("pages.text.publish", HR))
def publish(
    request: Request,
    slug: str,
    version: Annotated[int, Form(ge=1)] = 1,
    reason: Annotated[str, Form(max_length=1000)] = "",
) -> Response:
    """Make agreements from this version from now on; warnings want a reason, errors cannot be published."""
    house, actor = deps.house(request), deps.actor(request)
    with house.database.transaction() as unit:
        texts.publish(unit, slug, version, actor=actor, clock=house.clock, reason=reason)
    return render.go(request, f"/agreements/texts/{slug}", say("Version {version} is published.", version=version))


@router.get("/agreements/texts/{slug}/compare", name=may("pages.text.compare", STAFF))
def compare(
    request: Request, slug: str, before: Annotated[int, Query(ge=0)] = 0, after: Annotated[int, Query(ge=0)] = 0
) -> Response:
    """Two versions, line by line: the latest against the one before where none is named."""
    with deps.house(request).database.transaction() as unit:
        versions = texts.versions(unit, slug)
        new = texts.version(unit, slug, after or versions[0].version)
        old = texts.version(unit, slug, before or max(new.version - 1, 1))
        return render.page(
            request,
            unit,
            "versions-compared.html",
            here="agreements-all",
            home={"url": "/agreements/texts", "name": say("Texts of agreements")},
            slug=slug,
            title=parse(new.source).title,
            versions=versions,
            before=old,
            after=new,
            changes=changes.of(old.source, new.source),
        )


def _known(house: House, unit: Unit, who: str) -> tuple[Mapping[str, Any], str]:
    """The facts of the person who is meant, and the name; of a made-up one where nobody is, with an empty name.

    A preview needs no identity number: it is masked.
    """
    today, organisation = house.today(), house.settings.organisation
    people = meant.of_text(unit, who).people if who.strip() else ()
    if not people:
        return facts.sample(organisation, today), ""
    case = facts.sample(organisation, today)["case"]
    known = facts.of(unit, None, people[0].login, organisation=organisation, number=NUMBER, dated_on=today, case=case)
    return known, people[0].name


def _looked(house: House, unit: Unit, source: str, who: str) -> Looked:
    lines = source.count("\n") + 1
    try:
        text = parse(source)
    except TextRefused as refused:
        return Looked(faults=refused.faults, lines=lines)
    known, name = _known(house, unit, who)
    found = {(one.line, one.rule): one for one in clauses.findings(text)}
    summary: tuple[str, ...] = ()
    missing: tuple[Fault, ...] = ()
    try:
        filled = fill.fill(text, {}, known, clock=house.clock)
    except fill.Unfilled as unfilled:
        missing = unfilled.faults
    else:
        summary = filled.summary
        found = {(one.line, one.rule): one for one in clauses.findings(filled, known if name else None)} | found
    return Looked(
        title=text.title,
        person=name,
        missing=missing,
        findings=tuple(sorted(found.values(), key=lambda one: (one.line, one.severity))),
        summary=summary,
        fields=tuple(_fields(house, text, known)),
        lines=lines,
    )


def _fields(house: House, text: AgreementText, known: Mapping[str, Any]) -> list[tuple[str, str, str, str]]:
    """Each field with key, label, type and what it stands at for this person."""
    standing = fill.asked(text, {}, known, clock=house.clock)
    shown = {field.key: values.shown(standing.get(field.key), field) for field in text.fields if field.key in standing}
    return [(field.key, field.label, field.type, shown.get(field.key, "")) for field in text.fields]


def _pictures(house: House, filled: fill.Filled, name: str) -> list[str]:
    """The pages as addresses that hold the picture itself."""
    told = printed.printed(
        filled,
        organisation=house.settings.organisation,
        number=NUMBER,
        dated_on=house.today(),
        content_hash="0" * 64,
        verify_code="0000-0000-0000-0000",
        verify_url="",
        trial=True,
        names={signer.field: "" if signer.role != "employee" else name for signer in filled.signers},
    )
    pdf = typeset.agreement(told, at=house.clock.now()).pdf
    count = min(pages.count(pdf), MOST_PAGES)
    drawn = [pages.picture(pdf, page, WIDTH) for page in range(1, count + 1)]
    return [f"data:image/png;base64,{base64.b64encode(picture).decode()}" for picture in drawn]
