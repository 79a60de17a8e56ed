"""Sentences keep their template and their values, so that each reader gets them in their own language."""

import pytest

from kernel.errors import Conflict, Forbidden, Invalid, NotFound, Refusal, Unavailable
from kernel.text import LANGUAGES, Text, fill, say, translate

KNOWN = "Login or password is wrong. Check both and try again."


def test_a_sentence_reads_in_the_language_it_was_written_in() -> None:
    assert str(say("Task {task} is done.", task=7)) == "Task 7 is done."
    assert str(say("Nothing to fill.")) == "Nothing to fill."


def test_a_sentence_is_told_in_the_readers_language() -> None:
    sentence = say(KNOWN)
    assert sentence.within("en") == KNOWN
    assert sentence.within("zh-CN") not in ("", KNOWN)


@pytest.mark.parametrize("language", [*LANGUAGES, "fr"])
def test_a_sentence_that_no_catalogue_knows_stays_as_it_is(language: str) -> None:
    assert say("Never heard of {what}.", what="it").within(language) == "Never heard of it."


def test_a_value_is_never_read_as_a_template() -> None:
    assert str(say("It says {what}.", what="{secret} %s {0}")) == "It says {secret} %s {0}."


def test_a_sentence_without_values_keeps_its_braces() -> None:
    assert fill("a set is written {1, 2}", {}) == "a set is written {1, 2}"


def test_a_sentence_within_a_sentence_is_translated_too() -> None:
    outer = Text("{what}", {"what": say(KNOWN)})
    assert outer.within("zh-CN") == translate(KNOWN, "zh-CN")


@pytest.mark.parametrize("kind", [Invalid, NotFound, Forbidden, Conflict, Unavailable])
def test_a_refusal_carries_its_sentence_its_code_and_its_details(kind: type[Refusal]) -> None:
    refusal = kind(say("No {what}.", what="way"), key=7)
    assert str(refusal) == "No way."
    assert refusal.message.template == "No {what}."
    assert refusal.details == {"key": 7}
    assert refusal.code != Refusal.code


def test_a_plain_text_becomes_a_sentence() -> None:
    assert Invalid("Too late.").message == say("Too late.")
