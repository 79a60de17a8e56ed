"""What scripts of the signing room, of agreements and of courses say is in their lists, with the same places."""

import re
from pathlib import Path

import pytest

SOURCES = Path(__file__).parents[3] / "web" / "src"
SAID = re.compile(r"\bsay\(\s*'((?:[^'\\]|\\.)*)'")
CONSTANT = re.compile(r"^const [A-Z]+ = '([A-Z][^']*[.?])';$", re.M)
LISTED = re.compile(r"^\s+(?:'([^']+)'|(\w+)):\s*'([^']+)'", re.M)
PLACE = re.compile(r"\{\w+\}")
ROOMS = ("signing", "agreements", "courses")


def listed(room: str) -> dict[str, str]:
    text = (SOURCES / room / "words.js").read_text(encoding="utf-8")
    return {quoted or plain: chinese for quoted, plain, chinese in LISTED.findall(text)}


def said(room: str) -> set[str]:
    files = [file for file in (SOURCES / room).glob("*.js") if file.name != "words.js"]
    texts = [file.read_text(encoding="utf-8") for file in files]
    return {sentence for text in texts for sentence in (*SAID.findall(text), *CONSTANT.findall(text))}


@pytest.mark.parametrize("room", ROOMS)
def test_every_sentence_is_in_the_list(room: str) -> None:
    assert len(said(room)) >= 10
    assert sorted(said(room) - listed(room).keys()) == []
    assert sorted(listed(room).keys() - said(room)) == []


@pytest.mark.parametrize("room", ROOMS)
def test_the_chinese_has_the_same_places(room: str) -> None:
    for english, chinese in listed(room).items():
        assert sorted(PLACE.findall(english)) == sorted(PLACE.findall(chinese)), english
        assert re.search(r"[\u3001-\u9fff]", chinese), english
