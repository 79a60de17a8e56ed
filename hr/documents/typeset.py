"""Documents for paper: typst templates, into which facts go as JSON and never as markup.

The font is Noto Sans CJK SC, a variable font with every weight and every character of the resident register's basic
set; what it lacks comes from Noto's fonts for emoji, symbols and other scripts. Fonts of the machine are ignored, so
that the same facts give the same bytes everywhere. PDF/A-2a makes typst refuse a character without a glyph, instead of
printing a box: such a one is shown by its code point (`glyphs`), and no text that anyone wrote keeps a document back.
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any, Literal, TypeVar

import segno
import typst

from hr.documents import glyphs
from hr.documents.places import Place
from kernel.errors import Invalid
from kernel.text import say

TEMPLATES = Path(__file__).parent / "templates"
STANDARD: Literal["a-2a"] = "a-2a"
Made = TypeVar("Made")


class NotTypeset(Invalid):
    """A document cannot be set: a fault of the template, never of a text in it."""


def open_record(facts: Mapping[str, Any], *, at: datetime) -> bytes:
    """The record of open nodes as PDF. `facts`: see `hr.offboarding.record`."""
    return _set("open-record", facts, at)


def handover_list(facts: Mapping[str, Any], *, at: datetime) -> bytes:
    """The handover list with both signatures as PDF. `facts`: see `hr.offboarding.seal`."""
    return _set("handover-list", facts, at)


def evidence_report(facts: Mapping[str, Any], *, at: datetime) -> bytes:
    """The report of an evidence package as PDF. `facts`: see `hr.agreements.report`."""
    return _set("evidence-report", facts, at)


def slides(facts: Mapping[str, Any]) -> list[bytes]:
    """The pictures of a film, PNG of 960 × 540. `facts`: see `hr.training.slides.pictures`."""
    return _shown("slides", facts, _pictures)


@dataclass(frozen=True, slots=True)
class Typeset:
    """A document that is signed: its pages, and where on them each signer signs."""

    pdf: bytes
    places: tuple[Place, ...]


def agreement(facts: Mapping[str, Any], *, at: datetime) -> Typeset:
    """An agreement as PDF, with the places of its signatures. `facts`: see `hr.agreements.printed`."""
    return _placed("agreement", facts, at)


def certificate(facts: Mapping[str, Any], *, at: datetime) -> Typeset:
    """The leaving certificate as PDF, with the place of the company's seal. `facts`: see `hr.offboarding.statement`."""
    return _placed("certificate", facts, at)


def training_certificate(facts: Mapping[str, Any], *, at: datetime) -> Typeset:
    """The certificate of a course as PDF, with the place of the seal. `facts`: see `hr.training.printed`."""
    return _placed("training-certificate", facts, at)


def training_report(facts: Mapping[str, Any], *, at: datetime) -> bytes:
    """The report of an evidence package of trainings as PDF. `facts`: see `hr.training.report`."""
    return _set("training-report", facts, at)


def qr(text: str) -> str:
    """A QR code as SVG text, for a template's `image(bytes(…))`."""
    return segno.make(text, error="m", micro=False).svg_inline(border=0, scale=4, dark="#1f2328")


def _placed(template: str, facts: Mapping[str, Any], at: datetime) -> Typeset:
    return _shown(template, facts, lambda compiler: Typeset(_pdf(compiler, at), _places(compiler)))


def _set(template: str, facts: Mapping[str, Any], at: datetime) -> bytes:
    return _shown(template, facts, lambda compiler: _pdf(compiler, at))


def _shown(template: str, facts: Mapping[str, Any], made: Callable[[typst.Compiler], Made]) -> Made:
    try:
        return made(_compiler(template, glyphs.showable(facts, glyphs.of_all())))
    except typst.TypstError:
        # A mark of one script on a letter of another has no font that shapes both: the first font alone has no such.
        pass
    try:
        return made(_compiler(template, glyphs.showable(facts, glyphs.of_first())))
    except typst.TypstError as fault:
        raise NotTypeset(say("The document {name} cannot be set: {why}.", name=template, why=fault.message)) from fault


def _compiler(template: str, facts: Any) -> typst.Compiler:
    return typst.Compiler(
        TEMPLATES / f"{template}.typ",
        root=TEMPLATES,
        font_paths=fonts(),
        ignore_system_fonts=True,
        sys_inputs={"facts": json.dumps(facts, ensure_ascii=False)},
    )


def _pdf(compiler: typst.Compiler, at: datetime) -> bytes:
    # typst takes whole seconds only.
    stamp = at.astimezone(UTC).replace(microsecond=0)
    made = compiler.compile(format="pdf", pdf_standards=[STANDARD], timestamp=stamp)
    assert isinstance(made, bytes)
    return made


def _pictures(compiler: typst.Compiler) -> list[bytes]:
    made = compiler.compile(format="png", ppi=72)  # a point is a pixel
    return [page for page in (made if isinstance(made, list) else [made]) if page is not None]


def _places(compiler: typst.Compiler) -> tuple[Place, ...]:
    """What the template told by the label `place`, from typst's top left to PDF's bottom left."""
    return tuple(_place(told) for told in json.loads(compiler.query("<place>", field="value")))


def _place(told: Mapping[str, Any]) -> Place:
    top = told["paper"] - told["y"]
    box = (told["x"], top - told["height"], told["x"] + told["width"], top)
    left, bottom, right, upper = (round(edge, 2) for edge in box)
    return Place(field=told["field"], page=told["page"] - 1, box=(left, bottom, right, upper), kind=told["kind"])


@cache
def fonts() -> typst.Fonts:
    folders = [str(glyphs.CJK.parent), str(glyphs.OTHERS)]
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=folders)
