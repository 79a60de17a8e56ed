"""How far somebody is in a course, lesson by lesson, and what they are told while they learn."""

from dataclasses import dataclass
from typing import Literal

from hr.training.practice import Marked
from kernel.text import Text

State = Literal["locked", "open", "done"]
UNDONE = 0.99  # a lesson that is not done never shows as whole


@dataclass(frozen=True, slots=True, kw_only=True)
class LessonStanding:
    """How far one lesson is: `seconds` counted of those `needed`, and the `position` to go on from."""

    key: str
    title: str
    kind: str
    state: State
    seconds: float
    needed: float
    position: float

    @property
    def share(self) -> float:
        """From 0 to 1."""
        if self.state == "done":
            return 1.0
        return min(UNDONE, self.seconds / self.needed) if self.needed else 0.0


@dataclass(frozen=True, slots=True)
class Standing:
    """How far an enrolment is in its present round."""

    lessons: tuple[LessonStanding, ...]
    done: bool

    @property
    def next(self) -> LessonStanding | None:
        """The lesson to go on with."""
        return next((lesson for lesson in self.lessons if lesson.state == "open"), None)

    def after(self, key: str) -> LessonStanding | None:
        """Where one goes on from a lesson: to the next that is not done; looking back at a course, to the next."""
        later = self.lessons[[lesson.key for lesson in self.lessons].index(key) + 1 :]
        return next((lesson for lesson in later if self.done or lesson.state != "done"), None)

    @property
    def share(self) -> float:
        return sum(lesson.share for lesson in self.lessons) / len(self.lessons) if self.lessons else 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Beat:
    """The answer: the word for the next heartbeat, seconds that count of those needed, and the place to go on from.

    Nothing counts while it asks (`ask`). `missing` tells what is left to do, `why` what of this beat did not count;
    with `refused` the visit is over.
    """

    next_word: str = ""
    position: float = 0.0
    farthest: float = 0.0
    seconds: float = 0.0
    needed: float = 0.0
    completed: bool = False
    ask: bool = False
    missing: Text | None = None
    why: Text | None = None
    refused: Text | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Answered:
    """What a try at a question was worth, and what is left to do in the lesson."""

    marked: Marked
    completed: bool
    missing: Text | None
