"""Logs are JSON lines in which nobody's number can be read."""

import io
import json
import logging

import pytest

from kernel import log


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("身份证 99000019900307001X 已登记", "身份证 9900…001X 已登记"),
        ("990000199003070013", "9900…0013"),
        ("call 13800138000 now", "call 138…8000 now"),
        ("99000019900307001x and 13912345678", "9900…001x and 139…5678"),
        ("手机13800138000，姓名张岩", "手机138…8000，姓名张岩"),
    ],
)
def test_numbers_of_people_are_shortened_to_their_ends(text: str, masked: str) -> None:
    assert log.mask(text) == masked


@pytest.mark.parametrize(
    "text", ["OFF-2026-0001", "instance 2251799813685249", "20261102", "port 8080", "1234567890123456789012"]
)
def test_other_numbers_stay(text: str) -> None:
    assert log.mask(text) == text


@pytest.fixture
def written(monkeypatch: pytest.MonkeyPatch) -> io.StringIO:
    """What a process writes after `set_up`; the loggers are put back afterwards."""
    stream, root = io.StringIO(), logging.getLogger()
    before = (root.handlers[:], root.level)
    monkeypatch.setattr("sys.stderr", stream)
    log.set_up()
    root.handlers, made = before[0], root.handlers
    root.addHandler(made[0])
    yield stream
    root.removeHandler(made[0])
    root.setLevel(before[1])


def test_a_record_is_one_line_with_its_fields(written: io.StringIO) -> None:
    logging.getLogger("tasks.worker").info("a job failed for %s", "13800138000", extra={"job": 7, "secret": "x"})
    (line,) = written.getvalue().splitlines()
    found = json.loads(line)
    assert found["message"] == "a job failed for 138…8000"
    assert (found["level"], found["log"], found["job"]) == ("info", "tasks.worker", 7)
    assert "secret" not in found


def test_an_error_is_masked_with_its_trace(written: io.StringIO) -> None:
    try:
        raise ValueError("bad number 99000019900307001X")
    except ValueError:
        logging.getLogger("hr").exception("refused")
    found = json.loads(written.getvalue())
    assert "ValueError: bad number 9900…001X" in found["error"]
    assert "199003" not in written.getvalue()
