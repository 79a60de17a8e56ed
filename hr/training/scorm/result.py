"""What came of a SCORM package, read from what its pages committed: their data model, as JSON.

SCORM 1.2 Run-Time Environment §3.4 (`cmi.core …`) and SCORM 2004 4th edition Run-Time Environment §4.2 (`cmi …`).
The JSON is the browser's: whatever has not the type that the standard asks for is taken as not being there.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from hr.training.scorm.manifest import Item, Manifest

LONGEST = 100 * 3600.0  # seconds that are believed
LOCATION_MOST = 1000  # characters; SCORM 2004 RTE §4.2.12 asks for as many
_TIMESPAN = re.compile(r"(\d{1,4}):(\d{2}):(\d{2}(?:\.\d{1,2})?)")
_DURATION = re.compile(
    r"P(?:(\d{1,6})D)?(?:T(?:(\d{1,6})H)?(?:(\d{1,6})M)?(?:(\d{1,9}(?:\.\d{1,9})?)S)?)?", re.ASCII
)  # ISO 8601, without years and months: a session has none
_DONE_1_2 = ("passed", "completed", "failed")
_PASSED = {"passed": True, "failed": False}

Cmi = Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """`passed` is None where the package has no opinion; `score` is percent, None where there is none.

    `seconds` is the time that the package itself tells, over all sessions.
    """

    completed: bool
    passed: bool | None = None
    score: int | None = None
    seconds: float = 0.0
    location: str = ""

    @property
    def good(self) -> bool:
        """Gone through, and not failed."""
        return self.completed and self.passed is not False


OPENED = Result(completed=True)  # of a page that reports nothing
NOTHING = Result(completed=False)


def read(standard: str, item: Item, cmi: Cmi) -> Result:
    """The result of one page."""
    return _of_2004(item, cmi) if standard == "2004" else _of_1_2(item, cmi)


def together(manifest: Manifest, results: Mapping[str, Result]) -> Result:
    """The result of the package: all of its pages. Its score is the mean of those that have one."""
    found = [results.get(item.key, NOTHING) for item in manifest.items]
    verdicts = [one.passed for one in found if one.passed is not None]
    return Result(
        completed=all(one.completed for one in found),
        passed=all(verdicts) if verdicts else None,
        score=_mean([one.score for one in found if one.score is not None]),
        seconds=min(LONGEST, sum(one.seconds for one in found)),
        location=next((one.location for one in reversed(found) if one.location), ""),
    )


def _mean(scores: Sequence[int]) -> int | None:
    """Rounded down: nobody passes by rounding."""
    return sum(scores) // len(scores) if scores else None


def _of_1_2(item: Item, cmi: Cmi) -> Result:
    status = _text(cmi, "core", "lesson_status")
    percent = _percent(
        _number(cmi, "core", "score", "raw"), _number(cmi, "core", "score", "min"), _number(cmi, "core", "score", "max")
    )
    passed = _PASSED.get(status)
    if item.mastery is not None and percent is not None and status in _DONE_1_2:
        passed = percent >= item.mastery  # RTE §3.4.4: the mastery score overrides what the page says
    return Result(
        completed=status in _DONE_1_2,
        passed=passed,
        score=int(percent) if percent is not None else None,
        seconds=_timespan(_text(cmi, "core", "total_time")) or _timespan(_text(cmi, "core", "session_time")),
        location=_text(cmi, "core", "lesson_location")[:LOCATION_MOST],
    )


def _of_2004(item: Item, cmi: Cmi) -> Result:
    scaled, progress = _number(cmi, "score", "scaled"), _number(cmi, "progress_measure")
    percent = min(100.0, max(0.0, 100 * scaled)) if scaled is not None else None
    if percent is None:
        raw, least, most = (_number(cmi, "score", name) for name in ("raw", "min", "max"))
        percent = _percent(raw, least, most)
    passed = _PASSED.get(_text(cmi, "success_status"))
    if item.mastery is not None and scaled is not None:
        passed = round(100 * scaled, 6) >= item.mastery  # RTE §4.2.22.1
    completed = _text(cmi, "completion_status") == "completed" or passed is True
    if item.threshold is not None and progress is not None:
        completed = progress >= item.threshold  # RTE §4.2.4.1
    return Result(
        completed=completed,
        passed=passed,
        score=int(round(percent, 6)) if percent is not None else None,
        seconds=_duration(_text(cmi, "total_time")) or _duration(_text(cmi, "session_time")),
        location=_text(cmi, "location")[:LOCATION_MOST],
    )


def _percent(raw: float | None, least: float | None, most: float | None) -> float | None:
    """The raw score as a share of the range that the page states, 0 to 100 where it states none."""
    if raw is None:
        return None
    low, high = least or 0.0, 100.0 if most is None else most
    return min(100.0, max(0.0, 100 * (raw - low) / (high - low))) if high > low else None


def _timespan(text: str) -> float:
    found = _TIMESPAN.fullmatch(text)
    return min(LONGEST, int(found[1]) * 3600 + int(found[2]) * 60 + float(found[3])) if found else 0.0


def _duration(text: str) -> float:
    found = _DURATION.fullmatch(text)
    if found is None:
        return 0.0
    days, hours, minutes, seconds = (float(part or 0) for part in found.groups())
    return min(LONGEST, days * 86400 + hours * 3600 + minutes * 60 + seconds)


def _value(cmi: Cmi, *path: str) -> Any:
    found: Any = cmi
    for name in path:
        found = found.get(name) if isinstance(found, Mapping) else None
    return found


def _text(cmi: Cmi, *path: str) -> str:
    found = _value(cmi, *path)
    return found if isinstance(found, str) else ""


def _number(cmi: Cmi, *path: str) -> float | None:
    found = _value(cmi, *path)
    if isinstance(found, bool) or not isinstance(found, int | float | str):
        return None
    try:
        number = float(found)
    except (ValueError, OverflowError):
        return None
    return number if -1e9 < number < 1e9 else None
