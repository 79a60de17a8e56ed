"""Documents for paper: typst templates, into which facts go as JSON and never as markup.

The one font is Noto Sans CJK SC, a variable font with every weight and every character of the resident register's basic
set; fonts of the machine are ignored, so that the same facts give the same bytes everywhere. PDF/A-2a makes typst
refuse a character without a glyph, instead of printing a box.
"""

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any, Literal

import manimgx_fonts_cjk
import segno
import typst

from kernel.errors import Invalid
from kernel.text import say

TEMPLATES = Path(__file__).parent / "templates"
STANDARD: Literal["a-2a"] = "a-2a"


class NotTypeset(Invalid):
    """A document cannot be set: most often a character that the font lacks."""


def certificate(facts: Mapping[str, Any], *, at: datetime) -> bytes:
    """The leaving certificate as PDF. `facts`: see `hr.offboarding.certificate.printed`."""
    return _set("certificate", facts, at)


def open_record(facts: Mapping[str, Any], *, at: datetime) -> bytes:
    """The record of open nodes as PDF. `facts`: see `hr.offboarding.record`."""
    return _set("open-record", facts, at)


def handover_list(facts: Mapping[str, Any], *, at: datetime) -> bytes:
    """The handover list with both signatures as PDF. `facts`: see `hr.offboarding.seal`."""
    return _set("handover-list", facts, at)


def qr(text: str) -> str:
    """A QR code as SVG text, for a template's `image(bytes(…))`."""
    return segno.make(text, error="m", micro=False).svg_inline(border=0, scale=4, dark="#1f2328")


def _set(template: str, facts: Mapping[str, Any], at: datetime) -> bytes:
    compiler = typst.Compiler(
        TEMPLATES / f"{template}.typ",
        root=TEMPLATES,
        font_paths=_fonts(),
        ignore_system_fonts=True,
        sys_inputs={"facts": json.dumps(facts, ensure_ascii=False)},
    )
    try:
        # typst takes whole seconds only.
        made = compiler.compile(
            format="pdf", pdf_standards=[STANDARD], timestamp=at.astimezone(UTC).replace(microsecond=0)
        )
    except typst.TypstError as fault:
        raise NotTypeset(
            say(
                "The document cannot be set: {why}. Look for a rare character in the names and enter a common variant.",
                why=fault.message,
            )
        ) from fault
    assert isinstance(made, bytes)
    return made


@cache
def _fonts() -> typst.Fonts:
    folder = Path(str(manimgx_fonts_cjk.__file__)).parent
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[str(folder)])
