"""What a package committed is read as its standard has it, and nothing else is believed."""

from typing import Any

import pytest

from hr.training.scorm import result
from hr.training.scorm.manifest import Item, Manifest
from hr.training.scorm.result import Result

PLAIN = Item(key="a", title="a", href="a.html")
MASTERY = Item(key="a", title="a", href="a.html", mastery=80.0)


def core(status: str, **more: Any) -> dict[str, Any]:
    return {"core": {"lesson_status": status, **more}}


@pytest.mark.parametrize(
    ("item", "cmi", "expected"),
    [
        (PLAIN, {}, Result(completed=False)),
        (PLAIN, core("incomplete", lesson_location="7"), Result(completed=False, location="7")),
        (PLAIN, core("completed"), Result(completed=True)),
        (PLAIN, core("passed", score={"raw": "85"}), Result(completed=True, passed=True, score=85)),
        (PLAIN, core("failed", score={"raw": "30", "max": "60"}), Result(completed=True, passed=False, score=50)),
        (PLAIN, core("completed", score={"raw": "15", "min": "10", "max": "20"}), Result(completed=True, score=50)),
        (MASTERY, core("passed", score={"raw": "79"}), Result(completed=True, passed=False, score=79)),
        (MASTERY, core("completed", score={"raw": "80"}), Result(completed=True, passed=True, score=80)),
        (MASTERY, core("incomplete", score={"raw": "90"}), Result(completed=False, score=90)),
        (PLAIN, core("completed", total_time="0001:02:03.5"), Result(completed=True, seconds=3723.5)),
        (PLAIN, core("completed", session_time="00:00:09", total_time=""), Result(completed=True, seconds=9.0)),
        (PLAIN, core("completed", total_time="soon", score={"raw": "full"}), Result(completed=True)),
        (PLAIN, core("completed", score={"raw": True, "max": []}), Result(completed=True)),
        (PLAIN, core("completed", score={"raw": "1", "max": "0"}), Result(completed=True)),
        (PLAIN, core("completed", score={"raw": "nan"}), Result(completed=True)),
        (PLAIN, {"core": "completed"}, Result(completed=False)),
    ],
)
def test_the_data_model_of_1_2(item: Item, cmi: dict[str, Any], expected: Result) -> None:
    assert result.read("1.2", item, cmi) == expected


@pytest.mark.parametrize(
    ("item", "cmi", "expected"),
    [
        (PLAIN, {}, Result(completed=False)),
        (PLAIN, {"completion_status": "completed"}, Result(completed=True)),
        (PLAIN, {"success_status": "passed"}, Result(completed=True, passed=True)),
        (PLAIN, {"success_status": "failed"}, Result(completed=False, passed=False)),
        (PLAIN, {"score": {"scaled": "0.29"}}, Result(completed=False, score=29)),
        (PLAIN, {"score": {"scaled": "-0.5"}}, Result(completed=False, score=0)),
        (PLAIN, {"score": {"raw": "8", "max": "10"}}, Result(completed=False, score=80)),
        (
            MASTERY,
            {"completion_status": "completed", "success_status": "passed", "score": {"scaled": "0.79"}},
            Result(completed=True, passed=False, score=79),
        ),
        (
            MASTERY,
            {"completion_status": "completed", "success_status": "failed", "score": {"scaled": "0.8"}},
            Result(completed=True, passed=True, score=80),
        ),
        (
            Item(key="a", title="a", href="a.html", threshold=0.75),
            {"completion_status": "incomplete", "progress_measure": "0.75"},
            Result(completed=True),
        ),
        (PLAIN, {"total_time": "PT1H2M3.5S", "location": "p4"}, Result(completed=False, seconds=3723.5, location="p4")),
        (PLAIN, {"total_time": "P1DT1S"}, Result(completed=False, seconds=86401.0)),
        (PLAIN, {"total_time": "P1Y"}, Result(completed=False)),
    ],
)
def test_the_data_model_of_2004(item: Item, cmi: dict[str, Any], expected: Result) -> None:
    assert result.read("2004", item, cmi) == expected


def test_a_package_is_done_when_all_of_its_pages_are_and_its_score_is_their_mean_rounded_down() -> None:
    pages = tuple(Item(key=key, title=key, href=f"{key}.html") for key in "abc")
    whole = Manifest(standard="1.2", title="", items=pages)
    half = {"a": Result(completed=True, passed=True, score=80, seconds=60.0)}
    assert result.together(whole, half) == Result(completed=False, passed=True, score=80, seconds=60.0)
    all_of_them = half | {"b": Result(completed=True, score=79, location="3"), "c": Result(completed=True)}
    found = result.together(whole, all_of_them)
    assert found == Result(completed=True, passed=True, score=79, seconds=60.0, location="3")
    assert found.good
    assert not result.together(whole, all_of_them | {"c": Result(completed=True, passed=False)}).good
