"""Courses in versions: saved as YAML, published once nothing stands against it, archived when they are taught no more.

Nothing is overwritten: saving makes a version, and whoever learns keeps the version that they began with. What was
saved, published and archived, and by whom, stands in the chain of evidence `course/{slug}`.
"""

import re
from collections import OrderedDict
from dataclasses import dataclass
from datetime import UTC, tzinfo
from hashlib import sha256
from pathlib import Path
from threading import Lock

from sqlmodel import col, select

from hr.evidence import log
from hr.training import checks, reader
from hr.training.course import CourseText
from hr.training.findings import Finding
from hr.training.tables import Course, CourseMedia, CourseVersion
from kernel.actor import Actor, system
from kernel.clock import Clock
from kernel.db import Unit
from kernel.errors import Conflict, Invalid, NotFound
from kernel.text import listed, say

SHIPPED = Path(__file__).parent / "shipped"
LONGEST_SLUG = 60
LONGEST_TITLE = 200  # characters: records are found by it, and it stands in letters and certificates
LONGEST_COMMENT = 1000
MOST_TOLD = 6  # findings that one refusal tells; its details hold them all
MOST_KEPT = 64  # versions that are kept in memory as they were read
_SLUG = re.compile(r"[a-z][a-z0-9]*(?:-[a-z0-9]+)*")


@dataclass(frozen=True, slots=True)
class Saved:
    """The version that a save made, or found to be the same already."""

    version: int
    course: CourseText
    new: bool


def save(
    unit: Unit, slug: str, source: str, *, actor: Actor, clock: Clock, comment: str = "", base: int | None = None
) -> Saved:
    """Keep the source as a new version of a course; a new slug begins a course. The same source again is no new one.

    `base` is the version that was edited (0 for a new course): another latest one raises Conflict, so that nobody's
    work is lost. Raises Invalid with every fault of the source. What stands against publishing keeps nobody from
    saving.
    """
    if not _SLUG.fullmatch(slug) or len(slug) > LONGEST_SLUG:
        raise Invalid(
            say("“{slug}” is no name for a course: small letters and digits, with hyphens between.", slug=slug)
        )
    digest, course = _digest(source), _course(slug, source)
    if len(course.title) > LONGEST_TITLE or len(course.title.splitlines()) > 1:
        raise Invalid(say("The title of a course is one line of at most {most} characters.", most=LONGEST_TITLE))
    unit.one("select pg_advisory_xact_lock(hashtextextended(%s, 0))", (_subject(slug),))
    _refuse_same_title(unit, slug, course.title)
    last = latest(unit, slug)
    if base is not None and base != (last.version if last else 0):
        raise Conflict(
            say(
                "{title} was changed meanwhile: its latest version is {version}. Compare with it, then save again.",
                title=course.title,
                version=last.version if last else 0,
            )
        )
    if last is not None and last.source_hash == digest:
        return Saved(last.version, course, new=False)
    row = CourseVersion(
        slug=slug,
        version=last.version + 1 if last else 1,
        source=source,
        source_hash=digest,
        saved_at=clock.now(),
        saved_by=actor.id,
        comment=comment.strip()[:LONGEST_COMMENT],
    )
    _keep(unit, row, course)
    log.append(unit, _subject(slug), "course.saved", actor, clock.now(), content_hash=digest, version=row.version)
    return Saved(row.version, course, new=True)


def _refuse_same_title(unit: Unit, slug: str, title: str) -> None:
    """Decisions name courses by their title: two of one title could not be told apart."""
    unit.one("select pg_advisory_xact_lock(hashtextextended(%s, 0))", (f"course-title/{title}",))
    other = titled(unit, title)
    if other is not None and other != slug:
        said = say("The course {slug} has the title {title} already. Choose another.", slug=other, title=title)
        raise Conflict(said)


def _keep(unit: Unit, row: CourseVersion, course: CourseText) -> None:
    """The title and kind of the list are those of the latest version."""
    head = unit.session.get(Course, row.slug) or Course(slug=row.slug, title=course.title, kind=course.kind)
    head.title, head.kind = course.title, course.kind
    unit.session.add(head)
    unit.session.flush()
    unit.session.add(row)
    unit.session.flush()


def publish(unit: Unit, slug: str, number: int, *, actor: Actor, clock: Clock, zone: tzinfo = UTC) -> None:
    """Let the version be assigned from now on, a day in `zone`; an archived course is taught again.

    Raises Invalid with all that stands against it in `details["findings"]`, Conflict where another course that is
    taught has its title.
    """
    course = version(unit, slug, number)
    found = findings(unit, course, clock, zone)
    if found:
        told = [one.told for one in found[:MOST_TOLD]]
        raise Invalid(
            say("Version {version} cannot be published: {reasons}", version=number, reasons=listed(told)),
            findings=[one.kept for one in found],
        )
    head = find(unit, slug)
    _refuse_same_title(unit, slug, head.title)  # another may have taken it while this one was archived
    head.published, head.archived_at = number, None
    unit.session.add(head)
    digest = _hash(unit, slug, number)
    log.append(unit, _subject(slug), "course.published", actor, clock.now(), content_hash=digest, version=number)


def findings(unit: Unit, course: CourseText, clock: Clock, zone: tzinfo = UTC) -> list[Finding]:
    """What stands against publishing a course from today on, as the day is in `zone`."""
    named = checks.named_media(course)
    rows = unit.session.exec(select(CourseMedia).where(col(CourseMedia.hash).in_(named))) if named else ()
    return checks.findings(course, {row.hash: row for row in rows}, clock.now().astimezone(zone).date())


def archive(unit: Unit, slug: str, *, actor: Actor, clock: Clock) -> None:
    """Assign the course no more. Whoever learns it goes on."""
    head = find(unit, slug)
    if head.archived_at is not None:
        return
    head.archived_at = clock.now()
    unit.session.add(head)
    log.append(unit, _subject(slug), "course.archived", actor, clock.now(), version=head.published)


def find(unit: Unit, slug: str) -> Course:
    """Raises NotFound."""
    row = unit.session.get(Course, slug)
    if row is None:
        raise NotFound(say("There is no course {slug}.", slug=slug))
    return row


def published(unit: Unit) -> list[Course]:
    """The courses that can be assigned, by title."""
    chosen = select(Course).where(col(Course.published).is_not(None), col(Course.archived_at).is_(None))
    return list(unit.session.exec(chosen.order_by(col(Course.title), col(Course.slug))))


def every(unit: Unit) -> list[Course]:
    """Every course, archived ones last."""
    chosen = select(Course).order_by(col(Course.archived_at).is_not(None), col(Course.title), col(Course.slug))
    return list(unit.session.exec(chosen))


def titled(unit: Unit, title: str) -> str | None:
    """The slug of the course of a title that is not archived; marks of a title (《》) around it are left out."""
    row = unit.one(
        "select slug from course where title = %s and archived_at is null order by slug limit 1",
        (title.strip().removeprefix("《").removesuffix("》"),),
    )
    return row[0] if row is not None else None


def versions(unit: Unit, slug: str) -> list[CourseVersion]:
    """Every version as it was saved, the latest first. Raises NotFound for an unknown slug."""
    find(unit, slug)
    chosen = select(CourseVersion).where(CourseVersion.slug == slug)
    return list(unit.session.exec(chosen.order_by(col(CourseVersion.version).desc())))


def latest(unit: Unit, slug: str) -> CourseVersion | None:
    chosen = select(CourseVersion).where(CourseVersion.slug == slug).order_by(col(CourseVersion.version).desc())
    return unit.session.exec(chosen.limit(1)).first()


def version(unit: Unit, slug: str, number: int) -> CourseText:
    """One version as it was read; reading is done once for each source. Raises NotFound."""
    course = _read.get(slug, _hash(unit, slug, number))
    if course is None:
        (source,) = unit.one("select source from course_version where slug = %s and version = %s", (slug, number))
        course = _course(slug, source)
    return course


def _course(slug: str, source: str) -> CourseText:
    """The source as it was read, now or before. Raises Invalid with every fault."""
    digest = _digest(source)
    return _read.get(slug, digest) or _read.put(digest, reader.read(source, slug))


def _digest(source: str) -> str:
    return sha256(source.encode("utf-8", "surrogatepass")).hexdigest()


def _hash(unit: Unit, slug: str, number: int) -> str:
    row = unit.one("select source_hash from course_version where slug = %s and version = %s", (slug, number))
    if row is None:
        raise NotFound(say("There is no version {version} of the course {slug}.", version=number, slug=slug))
    return str(row[0])


class _Read:
    """The courses that were read last, by slug and hash of their source."""

    def __init__(self) -> None:
        self._courses: OrderedDict[tuple[str, str], CourseText] = OrderedDict()
        self._lock = Lock()

    def get(self, slug: str, digest: str) -> CourseText | None:
        with self._lock:
            course = self._courses.get((slug, digest))
            if course is not None:
                self._courses.move_to_end((slug, digest))
            return course

    def put(self, digest: str, course: CourseText) -> CourseText:
        with self._lock:
            self._courses[course.slug, digest] = course
            while len(self._courses) > MOST_KEPT:
                self._courses.popitem(last=False)
        return course


_read = _Read()


def ship(unit: Unit, *, clock: Clock) -> list[str]:
    """Save and publish the courses that come with the product, each where there is none of its name or title yet.

    Tells which. Their videos are made later (`hr.training.films`).
    """
    present = {slug for (slug,) in unit.all("select slug from course")}
    missing = [path for path in sorted(SHIPPED.glob("*.yaml")) if path.stem not in present]
    done = []
    for path in missing:
        source = path.read_text(encoding="utf-8")
        if titled(unit, _course(path.stem, source).title) is not None:
            continue
        saved = save(unit, path.stem, source, actor=system("set-up"), clock=clock)
        publish(unit, path.stem, saved.version, actor=system("set-up"), clock=clock)
        done.append(path.stem)
    return done


def _subject(slug: str) -> str:
    return f"course/{slug}"
