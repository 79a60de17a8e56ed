"""Banks of questions of every kind, as they come, for what has to hold for all of them."""

from random import Random

from hypothesis import strategies as st

from hr.training.course import CourseText, Difficulty, Lesson, Option, Question, Stratum

KINDS = ("single", "multiple", "ordering", "true-false", "case")
DIFFICULTIES: tuple[Difficulty, ...] = ("easy", "medium", "hard")
POINTS = ((10, 10, 10), (4, 5, 20), (2, 10, 30), (5, 8, 12), (1, 3, 7))


def options(count: int) -> tuple[Option, ...]:
    return tuple(Option("abcdefgh"[n], f"option {n}") for n in range(count))


def question(key: str, kind: str = "single", **more: object) -> Question:
    """A question with an answer that fits its kind, unless one is given."""
    if kind == "case":
        return Question(**({"key": key, "kind": kind, "stem": "", "passage": "what happened"} | more))  # type: ignore[arg-type]  # the fields of a question
    count = 2 if kind == "true-false" else 4
    right = {"multiple": ("a", "c"), "ordering": ("a", "b", "c", "d")}.get(kind, ("a",))
    return Question(**({"key": key, "kind": kind, "stem": "which?", "options": options(count), "answer": right} | more))  # type: ignore[arg-type]  # the fields of a question


def case(key: str, parts: int = 3, **more: object) -> Question:
    kinds = ("single", "multiple", "true-false")
    return question(key, "case", parts=tuple(question(f"p{n}", kinds[n % 3]) for n in range(parts)), **more)


def some(seed: int) -> CourseText:
    """A course whose bank is large enough, often just so, over one to five lessons."""
    chance = Random(seed)
    lessons = [f"lesson-{n}" for n in range(1, chance.randint(2, 6))]
    strata, bank = [], list[Question]()
    for difficulty, points in zip(DIFFICULTIES, chance.choice(POINTS), strict=True):
        count = chance.randint(1, 8)
        strata.append(Stratum(difficulty, count, points))
        for n in range(count + chance.randint(0, 6)):
            more = {"difficulty": difficulty, "lesson": chance.choice(lessons)}
            kind, key = chance.choice(KINDS), f"{difficulty}-{n}"
            bank.append(case(key, chance.randint(1, 4), **more) if kind == "case" else question(key, kind, **more))
    return CourseText(
        slug="some",
        title="Some course",
        lessons=tuple(Lesson(key=key, title=key, kind="text") for key in lessons),
        bank=tuple(bank),
        draw=tuple(strata),
    )


COURSES = st.integers(0, 2**32).map(some)
