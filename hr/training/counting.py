"""What of a heartbeat counts: of a video the stretch that was played in its order, else the seconds before a lesson."""

import math
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
    """What a heartbeat says. Of a video: the stretch that was played since the last one, `start` to `end`. Else the
    `seconds` for which somebody was before the lesson, and the farthest share of a text in view (`reached`, 0 to 1).

    `position` is the share of a text at which the learner is. `here` answers whether they are still there; `leaving` is
    the last word of a page.
    """

    word: str
    seconds: float = 0.0
    start: float = 0.0
    end: float = 0.0
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
    told_of = told.end - told.start
    if not told_of > 0 or not math.isfinite(told_of):
        visit.last_at = pace.credit(visit.last_at, at, 0.0).since
        return None
    why = _not_played(progress, visit, told, at)
    if why is not None:
        visit.last_at = at
        return why
    credit = pace.credit(visit.last_at, at, told_of)
    end = min(told.start + credit.seconds, needs.length(unit, lesson))
    progress.covered = covered.added(progress.covered, told.start, end)
    progress.seconds, visit.last_at = progress.seconds + credit.seconds, credit.since
    progress.position = max(told.start, end)
    return None


def _not_played(progress: LessonProgress, visit: LearningVisit, told: Told, at: datetime) -> Text | None:
    """Why the stretch cannot have been played as it is told."""
    passed, told_of = pace.allowed(visit.last_at, at), told.end - told.start
    if told_of > passed + JITTER:
        return say(
            "{told} seconds of the video are said to have been played while {passed} seconds went by. They do not "
            "count.",
            told=round(told_of, 1),
            passed=round(passed, 1),
        )
    if not covered.follows(progress.covered, told.start):
        return say("What lies past the place that you have watched up to does not count. Go on from there.")
    return None


def _share(told: float) -> float:
    """A share as it can be: from 0 to 1."""
    return min(1.0, told) if told > 0 else 0.0
