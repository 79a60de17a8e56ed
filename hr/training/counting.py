"""What of a heartbeat counts: of a video the stretch that was played in its order, else the seconds before a lesson."""

from dataclasses import dataclass
from datetime import datetime

from hr.training import covered, needs, pace
from hr.training.course import Lesson
from hr.training.tables import LearningVisit, LessonProgress
from kernel.db import Unit
from kernel.text import Text, say

JITTER = 0.25  # seconds by which a player may tell more than went by; they do not count


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What a heartbeat says. Of a video: the stretches that were `played` since the last one, in seconds, from and to.
    Else the `seconds` for which somebody was before the lesson, and the farthest share of a text in view (`reached`, 0
    to 1).

    `position` is the share of a text at which the learner is. `here` answers whether they are still there; `leaving` is
    the last word of a page.
    """

    word: str
    seconds: float = 0.0
    played: tuple[tuple[float, float], ...] = ()
    reached: float = 0.0
    position: float = 0.0
    here: bool = False
    leaving: bool = False


def count(
    unit: Unit, lesson: Lesson, progress: LessonProgress, visit: LearningVisit, told: Told, at: datetime
) -> Text | None:
    """Count it, and tell in a sentence what does not count.

    After each `pace.STILL_THERE` seconds nothing counts until the learner says that they are still there.
    """
    if visit.asked_at is not None:
        visit.last_at = at
        if not told.here:
            return say("Say that you are still there. Until then no time counts.")
        visit.asked_at = None
        return None
    before = progress.seconds
    why = _played(unit, lesson, progress, visit, told, at) if lesson.kind == "video" else None
    if lesson.kind != "video":
        _attended(progress, visit, told, at)
    if pace.to_ask(before, progress.seconds):
        visit.asked_at = at
    return why


def _attended(progress: LessonProgress, visit: LearningVisit, told: Told, at: datetime) -> None:
    credit = pace.credit(visit.last_at, at, told.seconds)
    progress.seconds, visit.last_at = progress.seconds + credit.seconds, credit.since
    progress.covered = covered.added(progress.covered, 0.0, _share(told.reached))
    progress.position = _share(told.position)


def _played(
    unit: Unit, lesson: Lesson, progress: LessonProgress, visit: LearningVisit, told: Told, at: datetime
) -> Text | None:
    """Each stretch counts that goes on from what was played before it, and all of them only as long as time went by."""
    wanted = sum(max(0.0, end - start) for start, end in told.played)
    passed = pace.allowed(visit.last_at, at)
    if not wanted <= passed + JITTER:
        visit.last_at = at
        return say(
            "{told} seconds of the video are said to have been played while {passed} seconds went by. They do not "
            "count.",
            told=round(wanted, 1),
            passed=round(passed, 1),
        )
    credit = pace.credit(visit.last_at, at, wanted)
    visit.last_at, left, most = credit.since, credit.seconds, needs.length(unit, lesson)
    for start, end in told.played:
        if not covered.follows(progress.covered, start):
            return say("What lies past the place that you have watched up to does not count. Go on from there.")
        stop = min(end, start + left, most)
        if stop > start:
            progress.covered = covered.added(progress.covered, start, stop)
            progress.seconds, progress.position = progress.seconds + stop - start, stop
            left -= stop - start
    return None


def _share(told: float) -> float:
    """A share as it can be: from 0 to 1."""
    return min(1.0, told) if told > 0 else 0.0
