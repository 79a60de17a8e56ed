"""How the questions of exams do: which are too hard, which tell those who know from those who do not, which mislead.

Everything is over the marks of all exams that were handed in, all versions of a course together.

difficulty      p, the share of those asked who had it fully right: 1 is easiest
discrimination  the point-biserial correlation of "fully right" with what the rest of the same paper brought, so that a
                question does not correlate with itself. Below about 0.2 it tells little; below 0 look at its key. None
                for fewer than FEW answers, and where all have it right or all wrong
most_wrong      the wrong option that was chosen most; of an order the wrong one that was given most
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from hr.training import paper, texts
from hr.training.course import Question
from kernel.db import Unit

FEW = 5  # exams; a question that was asked less often comes after those that were

_ITEMS = """
with whole as (
  select m.exam_id, m.slug, m.question, m.version, m.difficulty, m.got >= m.possible as is_right,
         sum(m.got) over (partition by m.exam_id) - m.got as rest
    from exam_mark m where %(slug)s = '' or m.slug = %(slug)s
)
select slug, question, max(version), (array_agg(difficulty order by version desc))[1], count(*),
       avg(is_right::int)::float, corr(is_right::int, rest)
  from whole group by slug, question
"""
_WRONG = """
select slug, question, version, answer, count(*) from exam_mark
 where got < possible and (%(slug)s = '' or slug = %(slug)s) group by slug, question, version, answer
"""
_COURSES = "select slug, title from course where slug in (select slug from exam_mark) order by title, slug"


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One question of one course. `stem` and `lesson` are those of the latest version in which it was asked.

    `most_wrong` is in words, empty where nobody chose anything wrong; `most_wrong_count` is in how many exams.
    """

    slug: str
    course: str
    question: str
    kind: str
    stem: str
    lesson: str
    difficulty: str
    asked: int
    p: float
    discrimination: float | None
    most_wrong: str
    most_wrong_count: int

    @property
    def few(self) -> bool:
        """Asked too seldom to say much."""
        return self.asked < FEW


def items(unit: Unit, slug: str = "") -> list[Item]:
    """The questions of a course, of all courses for an empty slug: the weakest first, those asked seldom last."""
    wrong, titles = _wrong(unit, slug), dict(courses(unit))
    found = [_item(unit, row, titles, wrong) for row in unit.all(_ITEMS, {"slug": slug})]
    return sorted(found, key=lambda item: (item.few, item.p, -item.asked, item.slug, item.question))


def courses(unit: Unit) -> list[tuple[str, str]]:
    """The courses in which an exam was handed in, as slug and title, by title."""
    return [(slug, title) for slug, title in unit.all(_COURSES)]


def _item(unit: Unit, row: Sequence[Any], titles: dict[str, str], wrong: dict[tuple[str, str], Counter[str]]) -> Item:
    slug, key, version, difficulty, asked, p, correlation = row
    course = texts.version(unit, slug, version)
    question = paper.by_key(course.bank)[key]
    lesson = course.lesson(question.lesson)
    ((words, count),) = wrong[slug, key].most_common(1) or [("", 0)]
    return Item(
        slug=slug,
        course=titles[slug],
        question=key,
        kind=question.kind,
        stem=question.stem or question.passage,
        lesson=lesson.title if lesson else "",
        difficulty=difficulty,
        asked=asked,
        p=p,
        discrimination=correlation if asked >= FEW else None,
        most_wrong=words,
        most_wrong_count=count,
    )


def _wrong(unit: Unit, slug: str) -> dict[tuple[str, str], Counter[str]]:
    """What was chosen wrong of each question, in words, and how often."""
    found = defaultdict[tuple[str, str], Counter[str]](Counter)
    for of, key, version, answer, count in unit.all(_WRONG, {"slug": slug}):
        question = paper.by_key(texts.version(unit, of, version).bank)[key]
        for words in _mistakes(question, answer):
            found[of, key][words] += count
    return found


def _mistakes(question: Question, answer: Any) -> Iterator[str]:
    """What is wrong in an answer as it is kept: keys of options, of a case by its parts."""
    for part in question.parts:
        yield from _mistakes(part, answer.get(part.key, ()))
    if question.kind == "ordering" and answer and tuple(answer) != question.answer:
        yield " → ".join(_words(question, answer))
    elif question.kind not in ("ordering", "case"):
        yield from _words(question, [key for key in answer if key not in question.answer])


def _words(question: Question, keys: Iterable[str]) -> list[str]:
    return [option.text for key in keys if (option := question.option(key))]
