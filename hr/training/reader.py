"""A course as YAML: `read` tells all that is wrong at its place, `write` gives the same text for the same course.

    title: 客户信息存储要求
    summary: ……
    draw: [{difficulty: easy, count: 3, points: 8}, …]
    lessons:
      - {key: where, title: 存在哪里, kind: text, body: ……}
    bank:
      - key: breach
        kind: multiple
        lesson: where
        stem: 以下哪些行为属于违反保密协议？
        options: {a: 将源码传到私人网盘, b: 在授权目录归档文档}
        answer: [a]
        explanation: ……
        law: 《劳动合同法》第二十三条

What is wrong with what a course says, and not with how it is written, is for `hr.training.checks`.
"""

from collections.abc import Iterator

from hr.training import tables
from hr.training.course import (
    CourseText,
    Difficulty,
    Kind,
    Lesson,
    LessonKind,
    Option,
    Question,
    QuestionKind,
    Slide,
    Stratum,
)
from hr.training.nodes import At, Entries, Fault, whole
from hr.training.slides import spoken
from hr.training.written import TRUE_FALSE, write
from kernel.errors import Invalid
from kernel.text import Text, say

__all__ = ["Fault", "read", "write"]

SOURCE_BYTES = 1024 * 1024
MOST_LESSONS = 60
MOST_QUESTIONS = 1000
MOST_PARTS = 20
MOST_OPTIONS = 26
MOST_SLIDES = 60
MOST_TOLD = 8  # faults that one sentence tells; `faults` of the refusal lists them all

KINDS: tuple[Kind, ...] = ("confidentiality", "other")
LESSON_KINDS: tuple[LessonKind, ...] = ("text", "video", "case", "scorm")
QUESTION_KINDS: tuple[QuestionKind, ...] = ("single", "multiple", "ordering", "true-false", "case")
PART_KINDS: tuple[QuestionKind, ...] = ("single", "multiple", "true-false")
DIFFICULTIES: tuple[Difficulty, ...] = ("easy", "medium", "hard")
assert (KINDS, LESSON_KINDS) == (tables.COURSE_KINDS, tables.LESSON_KINDS)
assert (QUESTION_KINDS, DIFFICULTIES) == (tables.QUESTION_KINDS, tables.DIFFICULTIES)

_COURSE = (
    *("title", "kind", "summary", "pass_mark", "minutes", "valid_months", "ordered"),
    *("draw", "lessons", "bank"),
)
_LESSON = ("key", "title", "kind", "body", "seconds", "video", "captions", "transcript", "scorm", "slides", "questions")
_QUESTION = (
    *("key", "kind", "lesson", "difficulty", "stem", "passage", "options", "answer", "parts"),
    *("explanation", "law", "valid_from"),
)
_PART = ("key", "kind", "stem", "options", "answer", "explanation", "law")


def read(source: str, slug: str) -> CourseText:
    """The course. Raises Invalid with every `Fault` in `details["faults"]`."""
    faults: list[Fault] = []
    place = say("the head of the course")
    size = len(source.encode("utf-8", "surrogatepass"))
    if size > SOURCE_BYTES:
        raise Invalid(say("The course has {size} bytes; at most {most} are taken.", size=size, most=SOURCE_BYTES))
    found = whole(source, place, faults)
    course = _Reader(faults).course(slug, found, place) if not faults else CourseText(slug=slug, title="")
    if faults:
        raise refused(faults)
    return course


def refused(faults: list[Fault]) -> Invalid:
    """The faults as one refusal, in the order of their lines."""
    faults = sorted(faults, key=lambda fault: fault.line)
    told = [fault.told for fault in faults[:MOST_TOLD]]
    whole_sentence = told[0]
    for more in told[1:]:
        whole_sentence = say("{one} {more}", one=whole_sentence, more=more)
    return Invalid(say("The course cannot be read: {faults}", faults=whole_sentence), faults=faults)


class _Reader:
    def __init__(self, faults: list[Fault]) -> None:
        self._faults = faults

    def _entries(self, found: At, place: Text, known: tuple[str, ...]) -> Entries:
        return Entries(found, place, known, self._faults)

    def course(self, slug: str, found: At, place: Text) -> CourseText:
        top = self._entries(found, place, _COURSE)
        return CourseText(
            slug=slug,
            title=top.text("title", needed=True),
            kind=top.chosen("kind", KINDS, "confidentiality"),
            summary=top.text("summary"),
            pass_mark=top.number("pass_mark", 80, 1, 100),
            minutes=top.number("minutes", 30, 1, 600),
            valid_months=top.number("valid_months", 12, 0, 120),
            ordered=top.flag("ordered", True),
            draw=tuple(self._draw(top, place)),
            lessons=tuple(self._lessons(top)),
            bank=tuple(self._questions(top.items("bank", MOST_QUESTIONS), say("the bank"), _QUESTION)),
        )

    def _draw(self, top: Entries, place: Text) -> Iterator[Stratum]:
        for item in top.items("draw", len(DIFFICULTIES)):
            row = self._entries(item, place, ("difficulty", "count", "points"))
            difficulty = row.chosen("difficulty", DIFFICULTIES)
            yield Stratum(difficulty, row.number("count", 0, 0, 100), row.number("points", 0, 0, 100))

    def _lessons(self, top: Entries) -> Iterator[Lesson]:
        for number, item in enumerate(top.items("lessons", MOST_LESSONS), 1):
            yield self._lesson(item, _named(item, say("lesson {number}", number=number)))

    def _lesson(self, item: At, place: Text) -> Lesson:
        row = self._entries(item, place, _LESSON)
        slides = tuple(self._slides(row, place))
        return Lesson(
            key=row.key(),
            title=row.text("title", needed=True),
            kind=row.chosen("kind", LESSON_KINDS),
            body=row.text("body"),
            seconds=row.number("seconds", 0, 0, 36_000),
            video=row.text("video") or None,
            captions=spoken.vtt(slides) or row.text("captions"),
            transcript=spoken.transcript(slides) or row.text("transcript"),
            scorm=row.text("scorm") or None,
            slides=slides,
            questions=tuple(self._questions(row.items("questions", MOST_QUESTIONS), place, _PART)),
        )

    def _slides(self, lesson: Entries, place: Text) -> Iterator[Slide]:
        for item in lesson.items("slides", MOST_SLIDES):
            row = self._entries(item, place, ("title", "lines", "spoken", "seconds"))
            yield Slide(
                title=row.text("title", needed=True),
                lines=row.words("lines", 8),
                spoken=row.text("spoken", needed=True),
                seconds=row.number("seconds", 10, 1, 600),
            )

    def _questions(self, items: list[At], of: Text, known: tuple[str, ...]) -> Iterator[Question]:
        for number, item in enumerate(items, 1):
            named = _named(item, say("question {number}", number=number))
            yield self._question(item, say("{place}, {part}", place=of, part=named), known)

    def _question(self, item: At, place: Text, known: tuple[str, ...]) -> Question:
        row = self._entries(item, place, known)
        kind = row.chosen("kind", QUESTION_KINDS if "parts" in known else PART_KINDS)
        options = tuple(self._options(row))
        return Question(
            key=row.key(),
            kind=kind,
            lesson=row.text("lesson"),
            difficulty=row.chosen("difficulty", DIFFICULTIES, "medium"),
            stem=row.text("stem"),
            passage=row.text("passage"),
            options=TRUE_FALSE if kind == "true-false" and not options else options,
            answer=row.words("answer", MOST_OPTIONS),
            parts=tuple(self._questions(row.items("parts", MOST_PARTS), place, _PART)),
            explanation=row.text("explanation"),
            law=row.text("law"),
            valid_from=row.day("valid_from"),
        )

    def _options(self, row: Entries) -> Iterator[Option]:
        for key, value in row.pairs("options", MOST_OPTIONS):
            if len(key) != 1 or not "a" <= key <= "z":
                row.fault(say("“{key}” is no key of an option: take a, b, c …", key=key), value.line)
            if isinstance(value.value, str) and value.value:
                yield Option(key, value.value)
            else:
                row.fault(say("The option {key} has no text. Write one behind it.", key=key), value.line)


def _named(item: At, number: Text) -> Text:
    """The place with its key, where it has one."""
    key = item.value.get("key") if isinstance(item.value, dict) else None
    known = isinstance(key, At) and isinstance(key.value, str) and key.value
    return say("{number} ({key})", number=number, key=key.value) if isinstance(key, At) and known else number
