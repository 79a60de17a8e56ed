"""What stands against a bank of questions: too few for a draw, points that are not 100, answers that are none."""

from collections import Counter
from collections.abc import Iterator
from datetime import date

from hr.training import lawful
from hr.training.course import CourseText, Question
from hr.training.findings import Finding
from kernel.text import Text, say

FULL = 100
WORDS = {"easy": say("easy"), "medium": say("medium"), "hard": say("hard")}
MOST_POINTS_OF_ONE = 50


def findings(course: CourseText, on: date | None) -> Iterator[Finding]:
    """What stands against the bank and the draw. `on` is the day of the exam: what holds only later is not drawn."""
    yield from (Finding(say("the exam"), said) for said in _draw(course, on))
    counts = Counter(question.key for question in course.questions())
    lessons = {lesson.key for lesson in course.lessons}
    for key, count in counts.items():
        if count > 1:
            said = say("{count} questions have the key {key}. Give each its own.", count=count, key=key)
            yield Finding(say("the bank"), said)
    for question in course.bank:
        yield from of_question(question, lessons)
        yield from (Finding(_place(question), found.sentence) for found in lawful.of_question(question))


def _draw(course: CourseText, on: date | None) -> Iterator[Text]:
    points = sum(row.count * row.points for row in course.draw)
    if points != FULL:
        yield say(
            "The questions of an exam bring {points} points together: make them {full}.", points=points, full=FULL
        )
    names = [row.difficulty for row in course.draw]
    for name in sorted({name for name in names if names.count(name) > 1}):
        yield say("The difficulty {difficulty} is drawn in two rows. Join them.", difficulty=WORDS[name])
    there = Counter(q.difficulty for q in course.bank if on is None or q.valid_from is None or q.valid_from <= on)
    for row in course.draw:
        if row.count < 1 or row.points < 1:
            shown = WORDS[row.difficulty]
            yield say("A row of {difficulty} draws nothing or brings no points. Take it out.", difficulty=shown)
        elif there[row.difficulty] < row.count:
            yield say(
                "{count} questions of the difficulty {difficulty} are drawn, and the bank has {there}. Write {missing} "
                "more, or draw fewer.",
                count=row.count,
                difficulty=WORDS[row.difficulty],
                there=there[row.difficulty],
                missing=row.count - there[row.difficulty],
            )
        if row.points > MOST_POINTS_OF_ONE:
            yield say("One question brings {points} points. Ask more of them for fewer each.", points=row.points)


def of_question(question: Question, lessons: set[str] | None) -> Iterator[Finding]:
    """What is wrong with one question. `lessons` are the keys of those that it may name; None: it needs none."""
    for said in _question(question, lessons):
        yield Finding(_place(question), said)


def _place(question: Question) -> Text:
    return say("question {key}", key=question.key)


def _question(question: Question, lessons: set[str] | None) -> Iterator[Text]:
    if lessons is not None and question.lesson not in lessons:
        yield say("There is no lesson “{lesson}” that it belongs to. Name one of the course.", lesson=question.lesson)
    if not question.stem and not question.passage:
        yield say("It asks nothing. Write what is asked.")
    if question.kind == "case":
        yield from _parts(question)
        return
    if not question.explanation:
        yield say("The explanation is missing: it tells after the exam why the answer is right.")
    if question.parts:
        yield say("Only a case has parts. Make it one, or take them out.")
    yield from _options(question)
    yield from _answer(question)


def _parts(question: Question) -> Iterator[Text]:
    if not question.passage:
        yield say("A case tells what happened. Write its passage.")
    if question.options or question.answer:
        yield say("A case has its options and answers in its parts. Move them there.")
    if not question.parts:
        yield say("The case has no parts. Write what is asked about it.")
    keys = Counter(part.key for part in question.parts)
    if any(count > 1 for count in keys.values()):
        yield say("Two parts have the same key. Give each its own.")
    for part in question.parts:
        if part.kind not in ("single", "multiple", "true-false"):
            yield say("Part {key} is {kind}: a part is single, multiple or true-false.", key=part.key, kind=part.kind)
        for said in _question(part, None):
            yield say("Part {key}: {sentence}", key=part.key, sentence=said)


def _options(question: Question) -> Iterator[Text]:
    keys = [option.key for option in question.options]
    texts = [option.text.strip() for option in question.options]
    if len(keys) < 2:
        yield say("It has fewer than two options. Nobody can choose.")
    if len(set(keys)) < len(keys):
        yield say("Two options have the same letter. Give each its own.")
    if len(set(texts)) < len(texts):
        yield say("Two options say the same. Change one.")
    if question.kind == "true-false" and len(keys) > 2:
        yield say("True or false has two options.")


def _answer(question: Question) -> Iterator[Text]:
    keys = {option.key for option in question.options}
    strange = [key for key in question.answer if key not in keys]
    if strange:
        yield say("The answer “{keys}” is none of the options.", keys=", ".join(strange))
    if len(set(question.answer)) < len(question.answer):
        yield say("An option stands twice in the answer. Take one out.")
    if question.kind in ("single", "true-false") and len(question.answer) != 1:
        yield say("It has one right answer. Name one.")
    if question.kind == "multiple" and not question.answer:
        yield say("No option is right. Name those that are.")
    if question.kind == "ordering" and not strange and set(question.answer) != keys:
        yield say("The right order names every option once. Some are missing.")
