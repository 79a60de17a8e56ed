"""What a lesson asks of its learner before it is done, and what of it is still missing."""

from hr.training import covered, films, practice
from hr.training.course import Lesson, reading_seconds
from hr.training.tables import LessonProgress
from kernel.db import Unit
from kernel.text import Text, say

READ = ("text", "case")
TO_THE_END = 0.98  # share of a text that counts as all of it: browsers round
REPORTED = "scorm"  # among the answers of a lesson: its package has reported that it is done


def film(unit: Unit, lesson: Lesson) -> str | None:
    """The hash of the lesson's film; None where there is none, or none yet."""
    found = films.of(unit, lesson)
    return found.hash if found is not None else None


def length(unit: Unit, lesson: Lesson) -> float:
    """Seconds of the lesson's film as the server measured it; of one that is still to be made, what its slides say."""
    found = films.of(unit, lesson)
    return (found.seconds or 0.0) if found is not None else float(sum(slide.seconds for slide in lesson.slides))


def seconds(unit: Unit, lesson: Lesson) -> float:
    """The least seconds to be counted: of a video those that are played, else those before the lesson."""
    if lesson.kind == "video":
        return covered.ENOUGH * length(unit, lesson)
    return float(reading_seconds(lesson) if lesson.kind in READ else lesson.seconds)


def counted(lesson: Lesson, progress: LessonProgress | None) -> float:
    """The seconds that count towards them so far."""
    if progress is None:
        return 0.0
    return covered.seconds(progress.covered) if lesson.kind == "video" else progress.seconds


def missing(unit: Unit, lesson: Lesson, progress: LessonProgress | None) -> Text | None:
    """What is left to do, in a sentence that names how much; None once it is enough."""
    lacking = seconds(unit, lesson) - counted(lesson, progress)
    if lesson.kind == "video":
        return _unseen(unit, lesson, progress, lacking)
    if lacking > 0:
        return say("{title} needs {n} more seconds of your attention.", title=lesson.title, n=_whole(lacking))
    if lesson.kind == "scorm":
        return _unreported(lesson, progress)
    if progress is None or covered.farthest(progress.covered) < TO_THE_END:
        return say("{title} is not read to its end yet. Scroll down to it.", title=lesson.title)
    left = practice.left(lesson, progress)
    return say("Questions of {title} still to be answered right: {n}.", title=lesson.title, n=left) if left else None


def _unseen(unit: Unit, lesson: Lesson, progress: LessonProgress | None, lacking: float) -> Text | None:
    if not length(unit, lesson):
        return say("The length of the video of {title} is not known, so it cannot count. Tell HR.", title=lesson.title)
    if lacking <= 0:
        return None
    at = covered.farthest(progress.covered) if progress is not None else 0.0
    return say(
        "{n} more seconds of {title} are to be watched. It goes on at {at}.",
        n=_whole(lacking),
        title=lesson.title,
        at=f"{int(at) // 60}:{int(at) % 60:02}",
    )


def _unreported(lesson: Lesson, progress: LessonProgress | None) -> Text | None:
    if progress is not None and REPORTED in progress.answers:
        return None
    return say("{title} has not reported that you went through it. Open it and go on to its end.", title=lesson.title)


def _whole(lacking: float) -> int:
    """Seconds that are missing, never told as none."""
    return max(1, round(lacking))
