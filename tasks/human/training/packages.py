"""Playing a SCORM package: the address for a visit, its files, and what its pages commit.

Nobody is signed in where a package is played: the token of the address stands for one visit of one learner, or for a
trial by HR, of which nothing is kept.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from hr.people import accounts
from hr.training import enrolments, needs, visits
from hr.training import learning as lessons
from hr.training.course import Lesson
from hr.training.scorm import links, manifest, package, state
from hr.training.scorm.manifest import Item, Manifest
from hr.training.scorm.result import Result
from hr.training.statements import Result as Told
from hr.training.tables import CourseMedia, LearningVisit
from kernel.actor import Actor
from kernel.db import Unit
from kernel.errors import Conflict, Invalid, NotFound
from kernel.text import Text, say
from tasks.house import House
from tasks.human.training import learning

COMMIT_MOST = 256 * 1024  # bytes; `cmi.suspend_data` of SCORM 2004 alone may have 64,000 characters, three bytes each
DEEPEST = 8  # mappings within mappings of a data model
TRIES = ("hr", "hr-head")
TRIED_AS = "preview"  # what a page is told instead of a learner's number
GONE = say("This lesson is no longer open here. Close it, and open it anew from your courses.")


@dataclass(frozen=True, slots=True)
class Place:
    """Where a request for a package comes in: the token of its address, the host, and who asks from where."""

    token: str
    host: str
    ip: str | None = None
    agent: str | None = None


@dataclass(frozen=True, slots=True)
class Playing:
    """A package in a visit; without one HR tries it."""

    visit: LearningVisit | None
    manifest: Manifest
    hash: str


@dataclass(frozen=True, slots=True)
class Page:
    """A page of the package as it begins: its data model, and what came of each of the pages so far."""

    playing: Playing
    item: Item
    begin: dict[str, Any]
    results: dict[str, Result]


@dataclass(frozen=True, slots=True)
class Committed:
    """What a commit came to: the result of the whole package, whether the lesson is done, and what is still missing."""

    result: Result
    done: bool
    missing: Text | None = None


def token(house: House, unit: Unit, actor: Actor, number: str, visit: str, host: str) -> str:
    """The token under which a learner plays the package of the lesson that a visit has open.

    Raises NotFound for everybody else and for a lesson without a package, Conflict for a visit that is over.
    """
    enrolment = learning.own(unit, actor, number)
    found = visits.find(unit, enrolment, visit, actor)
    _visited(unit, found)
    return links.token(house.settings.secret, found, host)


def trial(house: House, unit: Unit, actor: Actor, lesson: Lesson, host: str) -> str:
    """The token under which HR tries the package of a lesson, published or not, with nothing kept of it.

    It holds for an hour, and for as long as they are of HR. Raises NotFound for everybody else and for a lesson without
    a package.
    """
    media = _medium(unit, lesson)
    if not actor.has(*TRIES):
        raise NotFound(GONE)
    return links.trial_token(house.settings.secret, links.Trial(actor.id, media.hash), host, house.clock.now())


def page(house: House, unit: Unit, place: Place, key: str = "") -> Page:
    """A page by the key of its item; the one to go on with where none is named. Raises NotFound."""
    playing = _playing(house, unit, place)
    visit = playing.visit
    results = state.results(unit, visit) if visit is not None else {}
    items = playing.manifest.items
    unfinished = (item for item in items if item.key not in results or not results[item.key].completed)
    item = playing.manifest.item(key) if key else next(unfinished, items[0])
    if item is None:
        raise NotFound(say("The package has no page {key}.", key=key[:100]))
    if visit is None:
        return Page(playing, item, state.fresh(playing.manifest, item, TRIED_AS), results)
    return Page(playing, item, state.begin(unit, visit, playing.manifest, item), results)


def file(house: House, unit: Unit, place: Place, path: str) -> Path:
    """A file of the package. Raises NotFound."""
    playing = _playing(house, unit, place)
    return package.file(house.world.media.folder(playing.hash), path)


def keep(house: House, unit: Unit, place: Place, key: str, cmi: Mapping[str, Any]) -> Committed:
    """Keep what a page stored. Where the whole package is gone through and not failed, it reports so to the lesson.

    Of a trial nothing is kept: what came of this one page is told.

    Raises NotFound for a token that is none, Conflict for a visit that is over, Invalid for what is no data model.
    """
    playing = _playing(house, unit, place)
    visit, item = playing.visit, playing.manifest.item(key)
    if item is None or not _shallow(cmi, DEEPEST):
        raise Invalid(say("What the package stores cannot be read; nothing of it was kept."))
    if visit is None:
        tried = state.told(playing.manifest, item, cmi)
        return Committed(tried, done=tried.good)
    enrolment = enrolments.find(unit, visit.enrolment, locked=True)
    unit.session.refresh(visit)
    if visit.ended_at is not None and visit.ended_why == "done":
        return Committed(state.together(unit, visit, playing.manifest), done=True)
    if visit.ended_at is not None or visit.round != enrolment.round:
        raise Conflict(visits.OVER.get(visit.ended_why, GONE))
    result = state.keep(unit, visit, playing.manifest, item, _clean(cmi), house.clock.now())
    if result.good and _reported(house, unit, place, visit, result):
        return Committed(result, done=True)
    lesson = lessons.lesson_of(unit, enrolment, visit.lesson)
    progress = lessons.progress_of(unit, enrolment, visit.lesson)
    return Committed(result, done=False, missing=needs.missing(unit, lesson, progress))


def _reported(house: House, unit: Unit, place: Place, visit: LearningVisit, result: Result) -> bool:
    person = Actor(id=visit.login, ip=place.ip, agent=place.agent)
    told = Told(success=result.passed, score=result.score, seconds=result.seconds)
    return learning.complete_scorm(house, unit, person, visit.enrolment, visit.lesson, told)


def _playing(house: House, unit: Unit, place: Place) -> Playing:
    given = (house.settings.secret, place.token, place.host, house.clock.now())
    tried = links.trial_of(*given)
    if tried is not None:
        return _tried(unit, tried)
    visit = links.visit_of(unit, *given)
    if visit is None or visit.ended_why not in ("", "done"):
        raise NotFound(visits.OVER.get(visit.ended_why, GONE) if visit else GONE)
    return _visited(unit, visit)


def _tried(unit: Unit, tried: links.Trial) -> Playing:
    """Raises NotFound once they are of HR no more."""
    account = accounts.find(unit, tried.login)
    media = unit.session.get(CourseMedia, tried.package)
    if account is None or not account.active or not account.belongs_to(*TRIES) or media is None:
        raise NotFound(GONE)
    return Playing(None, manifest.kept(media.facts), media.hash)


def _visited(unit: Unit, visit: LearningVisit) -> Playing:
    enrolment = enrolments.find(unit, visit.enrolment)
    media = _medium(unit, lessons.lesson_of(unit, enrolment, visit.lesson))
    return Playing(visit, manifest.kept(media.facts), media.hash)


def _medium(unit: Unit, lesson: Lesson) -> CourseMedia:
    media = unit.session.get(CourseMedia, lesson.scorm) if lesson.scorm else None
    if media is None or media.kind != "scorm":
        raise NotFound(say("The lesson {title} has no package.", title=lesson.title))
    return media


def _shallow(value: Any, most: int) -> bool:
    inner = value.values() if isinstance(value, Mapping) else value if isinstance(value, list) else ()
    return most > 0 and all(_shallow(one, most - 1) for one in inner)


def _clean(value: Any) -> Any:
    """Without the zero character, which a database keeps in no text."""
    if isinstance(value, str):
        return value.replace("\0", "")
    if isinstance(value, list):
        return [_clean(one) for one in value]
    if isinstance(value, Mapping):
        return {str(name).replace("\0", ""): _clean(inner) for name, inner in value.items()}
    return value
