"""What the pages of a package have stored of one learner in one round of a lesson, and what they get back of it.

A page is told no name: its script is a stranger's, and a number is enough to tell learners apart.
"""

from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime
from typing import Any

from hr.training.scorm import result
from hr.training.scorm.manifest import Item, Manifest
from hr.training.scorm.result import Result
from hr.training.tables import LearningVisit, ScormState
from kernel.db import Unit

# Of one session alone: the next one begins without (SCORM 1.2 RTE §3.4.4, SCORM 2004 RTE §4.2).
_OF_A_SESSION = ("session_time", "exit", "entry")


def results(unit: Unit, visit: LearningVisit) -> dict[str, Result]:
    """The result of each page that committed anything, by the key of its item."""
    return {key: Result(**kept["result"]) for key, kept in _items(unit, visit).items()}


def begin(unit: Unit, visit: LearningVisit, manifest: Manifest, item: Item) -> dict[str, Any]:
    """The data model with which a page begins: as it was left, or anew."""
    stored = _items(unit, visit).get(item.key)
    return _cmi(manifest.standard, item, visit.enrolment, stored["cmi"] if stored else None)


def fresh(manifest: Manifest, item: Item, learner: str) -> dict[str, Any]:
    """The data model with which a page begins for a learner who has stored nothing."""
    return _cmi(manifest.standard, item, learner, None)


def told(manifest: Manifest, item: Item, cmi: Mapping[str, Any]) -> Result:
    """The result of one page by what it committed; nothing is kept."""
    return result.read(manifest.standard, item, cmi) if item.sco else result.OPENED


def keep(
    unit: Unit, visit: LearningVisit, manifest: Manifest, item: Item, cmi: Mapping[str, Any], at: datetime
) -> Result:
    """Keep what a page committed; the result of the whole package as it is now."""
    found = told(manifest, item, cmi)
    row = _row(unit, visit) or ScormState(
        enrolment=visit.enrolment, round=visit.round, lesson=visit.lesson, data={"items": {}}, committed_at=at
    )
    row.data = {"items": {**row.data["items"], item.key: {"cmi": dict(cmi), "result": asdict(found)}}}
    row.committed_at = at
    unit.session.add(row)
    unit.flush()
    return together(unit, visit, manifest)


def together(unit: Unit, visit: LearningVisit, manifest: Manifest) -> Result:
    """The result of the whole package."""
    return result.together(manifest, results(unit, visit))


def _items(unit: Unit, visit: LearningVisit) -> dict[str, Any]:
    row = _row(unit, visit)
    return dict(row.data["items"]) if row else {}


def _row(unit: Unit, visit: LearningVisit) -> ScormState | None:
    return unit.session.get(ScormState, (visit.enrolment, visit.round, visit.lesson), populate_existing=True)


def _cmi(standard: str, item: Item, learner: str, stored: Mapping[str, Any] | None) -> dict[str, Any]:
    left = _without_session(stored or {})
    if standard == "2004":
        given: dict[str, Any] = {"learner_id": learner, "credit": "credit", "mode": "normal"}
        given["entry"] = _entry(stored, stored or {})
        if item.mastery is not None:
            given["scaled_passing_score"] = f"{item.mastery / 100:g}"
        if item.threshold is not None:
            given["completion_threshold"] = f"{item.threshold:g}"
        return {**left, **given, **_launch(item)}
    core = stored.get("core") if stored else None
    core = core if isinstance(core, Mapping) else {}
    mine = {**_without_session(core), "student_id": learner, "credit": "credit", "entry": _entry(stored, core)}
    mine.setdefault("lesson_status", "not attempted")
    mastery = {"student_data": {"mastery_score": f"{item.mastery:g}"}} if item.mastery is not None else {}
    return {**left, "core": mine, **mastery, **_launch(item)}


def _entry(stored: Mapping[str, Any] | None, of: Mapping[str, Any]) -> str:
    """`ab-initio` the first time, `resume` where the page was left to be gone on with, else nothing."""
    if stored is None:
        return "ab-initio"
    return "resume" if of.get("exit") in ("suspend", "logout") else ""


def _launch(item: Item) -> dict[str, str]:
    return {"launch_data": item.launch} if item.launch else {}


def _without_session(values: Mapping[str, Any]) -> dict[str, Any]:
    """What goes on into the next session, without what is empty."""
    kept = {name: _filled(value) for name, value in values.items() if name not in _OF_A_SESSION}
    return {name: value for name, value in kept.items() if value not in ("", {})}


def _filled(value: Any) -> Any:
    if not isinstance(value, Mapping):
        return value
    kept = {name: _filled(inner) for name, inner in value.items()}
    return {name: inner for name, inner in kept.items() if inner not in ("", {})}
