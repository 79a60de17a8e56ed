"""Why a value became null."""

import pytest

import feel


@pytest.mark.parametrize(
    ("expression", "code", "position"),
    [
        ("nobody", "NO_VARIABLE_FOUND", 0),
        ("1 + nobody", "NO_VARIABLE_FOUND", 4),
        ("employee.deputy", "NO_CONTEXT_ENTRY_FOUND", 8),
        ('"a".length', "NO_PROPERTY_FOUND", 3),
        ('1 + "a"', "INVALID_TYPE", 2),
        ("1 / 0", "FUNCTION_INVOCATION_FAILURE", 2),
        ('1 < "a"', "NOT_COMPARABLE", 2),
        ("[1][2]", "OUT_OF_BOUNDS", 3),
        ("upper case(1)", "FUNCTION_INVOCATION_FAILURE", 10),
        ('date("2026-02-30")', "FUNCTION_INVOCATION_FAILURE", 4),
        ("employee()", "NO_FUNCTION_FOUND", 8),
        ('if "yes" then 1 else 2', "INVALID_TYPE", 0),
    ],
)
def test_a_mistake_leaves_a_warning_with_its_place(expression: str, code: str, position: int) -> None:
    warning = feel.examine(expression, {"employee": {"login": "lin"}}).warnings[0]
    assert (warning.code, warning.position) == (code, position)
    assert warning.sentence.endswith(".")


def test_a_warning_names_what_is_missing() -> None:
    [warning] = feel.examine("resignation > 3 and true", {}).warnings[:1]
    assert str(warning) == "NO_VARIABLE_FOUND at 1: There is no variable 'resignation'."


def test_a_clean_evaluation_warns_of_nothing() -> None:
    result = feel.examine('if employee.level > 5 then "long" else "short"', {"employee": {"level": 7}})
    assert (result.value, result.warnings) == ("long", ())


def test_asking_whether_something_is_defined_warns_of_nothing() -> None:
    assert feel.examine("is defined(a.b.c)", {}).warnings == ()


def test_warnings_are_kept_up_to_a_limit() -> None:
    result = feel.examine("for i in 1..1000 return nobody", {}, limits=feel.Limits(warnings=5))
    assert len(result.warnings) == 5
