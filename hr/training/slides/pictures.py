"""The pictures of slides, set by typst in the fonts of the documents."""

import json
from pathlib import Path

import typst

from hr.documents import glyphs, typeset
from hr.training.course import Slide

WIDTH, HEIGHT = 960, 540
PER_INCH = 72  # the template counts a point as a pixel
_HERE = Path(__file__).parent
_FONTS = ("Noto Sans CJK SC", "Noto Sans", "Noto Emoji", "Noto Sans Symbols")


def png(heading: str, slides: tuple[Slide, ...]) -> list[bytes]:
    """One picture for each line of each slide, in order: the lines come one after another. A slide without lines: one.

    `heading` stands small above every title.
    """
    facts = {
        "heading": heading,
        "slides": [{"title": slide.title, "lines": slide.lines} for slide in slides],
    }
    shown = {**glyphs.showable(facts, glyphs.of_first()), "fonts": _FONTS}
    compiler = typst.Compiler(
        _HERE / "slide.typ",
        root=_HERE,
        font_paths=typeset.fonts(),
        ignore_system_fonts=True,
        sys_inputs={"facts": json.dumps(shown, ensure_ascii=False)},
    )
    made = compiler.compile(format="png", ppi=PER_INCH)
    return [page for page in (made if isinstance(made, list) else [made]) if page is not None]
