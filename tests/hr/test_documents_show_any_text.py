"""Whatever a person writes, the document is set: with a glyph of ours, or with the code point in its place."""

import io
import random
from collections.abc import Mapping
from typing import Any

import pytest
from pypdf import PdfReader

from hr.documents import glyphs, typeset
from kernel.clock import ManualClock

FAMILY = "\U0001f468\u200d\U0001f469\u200d\U0001f467"


def sheet(text: str) -> Mapping[str, Any]:
    item = {"title": text, "required": True, "content": text, "path": text, "files": [text], "status": "已确认"}
    return {
        "title": "工作交接清单", "organisation": "启明", "case": "OFF-2026-0001", "version": 1, "hash": "0" * 64,
        "name": text, "no": "QM1", "department": "销售", "position": "代表", "recipient": text, "submitted_at": "",
        "submitted_by": "", "on_behalf": False, "items": [item], "signatures": [],
    }  # fmt: skip


def printed(text: str, clock: ManualClock) -> str:
    pdf = typeset.handover_list(sheet(text), at=clock.now())
    return "".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages)


@pytest.mark.requirement("F41")
@pytest.mark.parametrize(
    "text",
    ["👍", FAMILY, "🇨🇳", "👋🏽", "☎️", "𬎆", "龘㛃", "שלום", "สวัสดี", "क्षि", "한글", "é", "e\u0301", "①", "㎡", "½"],
)
def test_what_our_fonts_have_is_shown_as_it_was_written(text: str, clock: ManualClock) -> None:
    assert glyphs.showable(text, glyphs.of_all()) == text
    assert "U+" not in printed(text, clock)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("\U00013000", "〈U+13000〉"),
        ("\ue000", "〈U+E000〉"),
        ("\uffff", "〈U+FFFF〉"),
        ("a\x07b", "a〈U+0007〉b"),
        ("\x1b[31m", "〈U+001B〉[31m"),
        ("付款\u202e0001", "付款〈U+202E〉0001"),
        ("\u2066x\u2069", "〈U+2066〉x〈U+2069〉"),
        ("上\r\n下\u2028右\x0b左", "上\n下\n右\n左"),
    ],
)
def test_what_nobody_can_see_or_what_reorders_is_shown_by_its_code_point(
    text: str, shown: str, clock: ManualClock
) -> None:
    assert glyphs.showable(text, glyphs.of_all()) == shown
    flat = printed(text, clock).replace("\n", "").replace(" ", "")
    assert shown.replace("\n", "") in flat


def test_lists_and_contexts_are_shown_and_what_is_no_text_stays() -> None:
    assert glyphs.showable({"a": ["\x07", 1, None, True]}, glyphs.of_all()) == {"a": ["〈U+0007〉", 1, None, True]}


@pytest.mark.parametrize("seed", range(12))
def test_no_text_at_all_keeps_a_document_back(seed: int, clock: ManualClock) -> None:
    dice = random.Random(seed)
    planes = ((0, 0xD800), (0xE000, 0x10000), (0x1F000, 0x1FB00), (0x20000, 0x32000), (0, 0x110000))
    letters = []
    for _ in range(300):
        low, high = dice.choice(planes)
        code = dice.randrange(low, high)
        letters.append(chr(code) if not 0xD800 <= code < 0xE000 else "a")
    assert printed("".join(letters), clock)


def test_marks_of_one_script_on_letters_of_another_are_set(clock: ManualClock) -> None:
    marks = "\u0301\u0591\u064b\u0e31\u093f\u20dd\u3099"
    assert printed("".join(letter + mark for letter in "a中אبก한👍" for mark in marks), clock)
