"""What somebody did in a training, as xAPI 1.0.3 statements in the evidence of their enrolment (domain F85, F86).

The learner is the actor of every statement, by employee number and without a name. Who clicked stands in the row of the
evidence beside it, and so does why somebody was let off or ended: that leaves the house with no statement. Activities
bear URNs of ours, which stay the same wherever the product is served.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any, Literal
from uuid import NAMESPACE_URL, UUID, uuid4, uuid5

from hr.evidence import log
from hr.training.course import Lesson, Question
from hr.training.tables import Enrolment, LearningStatement
from kernel.actor import Actor
from kernel.db import Unit

VERSION = "1.0.3"
URN = "urn:jiaojie"
_ADL = "http://adlnet.gov/expapi"
_PROGRESS = "https://w3id.org/xapi/cmi5/result/extensions/progress"
_CERTIFICATE = "https://www.opigno.org/en/tincan_registry/activity_type/certificate"
_INTERACTION = {"single": "choice", "multiple": "choice", "true-false": "choice", "ordering": "sequencing"}


@dataclass(frozen=True, slots=True)
class Verb:
    """A verb of the vocabulary, its words, and what it is said about where neither lesson nor question is named."""

    iri: str
    zh: str
    en: str
    about: Literal["course", "exam", "certificate"] = "course"


VERBS = {
    "assigned": Verb(f"{_ADL}/verbs/registered", "被指派", "was assigned"),
    "opened": Verb(f"{_ADL}/verbs/initialized", "开始", "opened"),
    "resumed": Verb(f"{_ADL}/verbs/resumed", "继续", "resumed"),
    "suspended": Verb(f"{_ADL}/verbs/suspended", "暂停", "suspended"),
    "progressed": Verb(f"{_ADL}/verbs/progressed", "学习", "progressed"),
    "interacted": Verb(f"{_ADL}/verbs/interacted", "操作", "interacted with"),
    "completed": Verb(f"{_ADL}/verbs/completed", "学完", "completed"),
    "attempted": Verb(f"{_ADL}/verbs/attempted", "参加考试", "attempted", "exam"),
    "answered": Verb(f"{_ADL}/verbs/answered", "作答", "answered", "exam"),
    "passed": Verb(f"{_ADL}/verbs/passed", "通过", "passed", "exam"),
    "failed": Verb(f"{_ADL}/verbs/failed", "未通过", "failed", "exam"),
    "earned": Verb("http://id.tincanapi.com/verb/earned", "获得", "earned", "certificate"),
    "waived": Verb("https://w3id.org/xapi/adl/verbs/waived", "获准豁免", "was let off"),
    "ended": Verb(f"{_ADL}/verbs/terminated", "终止", "ended without a pass"),
}
OURS = ("waived", "ended")  # whose reason is a matter of the person and HR alone


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """The result of a statement (xAPI 1.0.3 Data 2.4.5). What is None is left out.

    `score` counts from 0 to `most`. `progress` is a share from 0 to 1. `response` are keys of options as they were
    chosen, or in the order in which they were put.
    """

    success: bool | None = None
    completion: bool | None = None
    score: float | None = None
    most: float = 100
    seconds: float | None = None
    progress: float | None = None
    response: tuple[str, ...] | None = None


def subject(number: str) -> str:
    """The evidence of an enrolment: the name of its chain."""
    return f"training/{number}"


def registration(number: str) -> UUID:
    """What binds the statements of one enrolment together (xAPI 1.0.3 Data 2.4.6.1)."""
    return uuid5(NAMESPACE_URL, f"{URN}:enrolment:{number}")


def note(
    unit: Unit,
    enrolment: Enrolment,
    verb: str,
    actor: Actor,
    at: datetime,
    *,
    lesson: Lesson | None = None,
    question: Question | None = None,
    result: Result | None = None,
    content_hash: str | None = None,
    **extensions: Any,
) -> str:
    """Put one statement into the evidence and into the queue for a learning record store; returns its id.

    `verb` is one of VERBS, else ValueError. A question of a case study names its `lesson` too; without one it is a
    question of the exam, and its key must not be a secret any more: the statement holds it; of a case study it does so
    once the answer is right, since learners may read their evidence. Of a question of the kind case its parts are
    answered. `extensions` are JSON values, instants or days: with an `attempt` the statement is
    about the exam, and `earned` needs the `certificate`. `content_hash` is the SHA-256 of a file that the statement is
    about; for `assigned` that of the course's source.
    """
    if verb not in VERBS:
        raise ValueError(f"There is no verb {verb}. Known are: {', '.join(VERBS)}.")
    right_is_told = lesson is None or (result is not None and result.success is True)
    private = {"reason": extensions.pop("reason", "")} if verb in OURS else {}
    id = str(uuid4())
    told = {
        "id": id,
        "version": VERSION,
        "timestamp": at.astimezone(UTC).isoformat(timespec="milliseconds"),
        "actor": _learner(unit, enrolment),
        "verb": {"id": VERBS[verb].iri, "display": _words(VERBS[verb].zh, VERBS[verb].en)},
        "object": _object(enrolment, VERBS[verb], lesson, question, extensions, told=right_is_told),
        **({"result": held} if result and (held := _result(result)) else {}),
        "context": _context(enrolment, VERBS[verb], lesson, question, extensions),
    }
    if verb == "assigned" and content_hash is None:
        content_hash = _source_hash(unit, enrolment)
    name, about = f"training.{verb}", subject(enrolment.number)
    row = log.append(unit, about, name, actor, at, content_hash=content_hash, statement=told, **private)
    unit.session.add(LearningStatement(id=id, subject=about, sequence=row.sequence, at=row.at))
    unit.flush()
    return id


def _learner(unit: Unit, enrolment: Enrolment) -> dict[str, Any]:
    (number,) = unit.one("select no from employee where login = %s", (enrolment.employee,))
    return {"objectType": "Agent", "account": {"homePage": f"{URN}:employees", "name": number}}


def _source_hash(unit: Unit, enrolment: Enrolment) -> str:
    asked = "select source_hash from course_version where slug = %s and version = %s"
    (hashed,) = unit.one(asked, (enrolment.slug, enrolment.version))
    return str(hashed)


def _object(
    enrolment: Enrolment,
    verb: Verb,
    lesson: Lesson | None,
    question: Question | None,
    extensions: Mapping[str, Any],
    *,
    told: bool,
) -> dict[str, Any]:
    course = _course(enrolment)
    if question is not None:
        return _activity(f"{course}:question:{question.key}", _question(question, told=told))
    if lesson is not None:
        return _activity(f"{course}:lesson:{lesson.key}", _definition(f"{_ADL}/activities/lesson", lesson.title))
    if verb.about == "exam" or "attempt" in extensions:
        return _activity(f"{course}:exam", _definition(f"{_ADL}/activities/assessment", enrolment.title))
    if verb.about == "certificate":
        return _activity(f"{URN}:certificate:{extensions['certificate']}", _definition(_CERTIFICATE, enrolment.title))
    return _activity(course, _definition(f"{_ADL}/activities/course", enrolment.title))


def _question(question: Question, *, told: bool) -> dict[str, Any]:
    """An interaction activity (xAPI 1.0.3 Data 2.4.4.1 and appendix C), with what is right where it may be `told`."""
    right = {"correctResponsesPattern": ["[,]".join(question.answer)]} if told else {}
    return {
        "type": f"{_ADL}/activities/cmi.interaction",
        "description": _words(question.stem),
        "interactionType": _INTERACTION[question.kind],
        **right,
        "choices": [{"id": option.key, "description": _words(option.text)} for option in question.options],
    }


def _context(
    enrolment: Enrolment, verb: Verb, lesson: Lesson | None, question: Question | None, extensions: Mapping[str, Any]
) -> dict[str, Any]:
    course = _course(enrolment)
    around = {"grouping": [_activity(course)]}
    if question is not None:
        around["parent"] = [_activity(f"{course}:lesson:{lesson.key}" if lesson else f"{course}:exam")]
    elif lesson is not None or verb.about != "course" or "attempt" in extensions:
        around = {"parent": [_activity(course)]}
    told = {"round": enrolment.round} | {name: _plain(value) for name, value in extensions.items() if value is not None}
    return {
        "registration": str(registration(enrolment.number)),
        "platform": "Jiaojie",
        "revision": str(enrolment.version),
        "language": "zh-CN",
        "contextActivities": around,
        "extensions": {f"{URN}:extension:{name}": value for name, value in told.items()},
    }


def _result(result: Result) -> dict[str, Any]:
    told: dict[str, Any] = {}
    if result.score is not None:
        scaled = result.score / result.most if result.most else 0
        told["score"] = {
            "scaled": _plain(min(scaled, 1.0)),
            "raw": _plain(result.score),
            "min": 0,
            "max": _plain(result.most),
        }
    told |= {name: value for name in ("success", "completion") if (value := getattr(result, name)) is not None}
    if result.response:
        told["response"] = "[,]".join(result.response)
    if result.seconds is not None:
        told["duration"] = duration(result.seconds)
    if result.progress is not None:
        told["extensions"] = {_PROGRESS: round(100 * result.progress)}
    return told


def duration(seconds: float) -> str:
    """Seconds as a duration of ISO 8601, to the hundredth at most (xAPI 1.0.3 Data 4.6)."""
    return f"PT{_plain(round(seconds, 2))}S"


def _course(enrolment: Enrolment) -> str:
    return f"{URN}:course:{enrolment.slug}:{enrolment.version}"


def _activity(id: str, definition: dict[str, Any] | None = None) -> dict[str, Any]:
    return {"objectType": "Activity", "id": id} | ({"definition": definition} if definition else {})


def _definition(kind: str, name: str) -> dict[str, Any]:
    return {"type": kind, "name": _words(name)}


def _words(zh: str, en: str = "") -> dict[str, str]:
    return {"zh-CN": zh} | ({"en-US": en} if en else {})


def _plain(value: Any) -> Any:
    """A value as JSON that is spelled one way: the evidence is hashed as text, and hashed again as it was stored."""
    if isinstance(value, float):
        return int(value) if value.is_integer() else round(value, 4)
    if isinstance(value, date | datetime):
        return value.isoformat()
    if isinstance(value, Mapping):
        return {str(name): _plain(one) for name, one in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [_plain(one) for one in value]
    return value
