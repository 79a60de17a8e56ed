"""Visible marks as PDF of one page: a hand-drawn signature, a round company seal. They are vectors, set by typst."""

import json
from collections.abc import Mapping
from functools import cache, lru_cache
from threading import Lock

import typst

from hr.documents import drawn, glyphs
from hr.documents.typeset import TEMPLATES, NotTypeset, fonts
from kernel.text import say

_MM = 72 / 25.4
_one_at_a_time = Lock()  # a compiler serves one thread only
SEAL = 42 * _MM  # points: the width of a company's seal (国发〔1999〕25 号: 42 mm)
HAND = (54 * _MM, 22 * _MM)  # width and height, in points, of a hand-drawn signature with its words


def hand(svg: str, name: str, at_text: str) -> bytes:
    """The strokes of a signature (SVG as `drawn.checked` passes it) over name and time. Raises FileRefused."""
    return _set("mark", {"svg": drawn.checked(svg.encode()).decode(), "name": name, "at": at_text})


@lru_cache(maxsize=32)
def company(organisation: str, note: str) -> bytes:
    """The round seal: the organisation along the arc, a star, and a line such as 测试专用章."""
    return _set("seal", {"organisation": organisation, "note": note})


def _set(template: str, facts: Mapping[str, str]) -> bytes:
    made = _compiled(template, glyphs.showable(facts, glyphs.of_all()))
    assert isinstance(made, bytes)
    return made


def _compiled(template: str, facts: Mapping[str, str]) -> object:
    try:
        shown = {"facts": json.dumps(facts, ensure_ascii=False)}
        with _one_at_a_time:
            return _compiler(template).compile(format="pdf", sys_inputs=shown, timestamp=0, pdf_tags=False)
    except typst.TypstError as fault:
        raise NotTypeset(say("The document {name} cannot be set: {why}.", name=template, why=fault.message)) from fault


@cache
def _compiler(template: str) -> typst.Compiler:
    return typst.Compiler(TEMPLATES / f"{template}.typ", root=TEMPLATES, font_paths=fonts(), ignore_system_fonts=True)
