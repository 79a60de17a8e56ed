"""What a signer sees is a picture of the very bytes: the page, its fields, the marks on it."""

import io
from itertools import combinations

import pytest
import typst
from PIL import Image

from hr.documents import glyphs, pages
from hr.documents.signing import marks, pades
from hr.documents.signing.authority import Authority
from kernel.clock import ManualClock
from kernel.errors import Invalid, NotFound
from tests.hr.documents.conftest import PLACES, STROKES, event_key, paper, sealed

WIDTH = 595  # an A4 page is 595 points wide, so that a pixel is a point


def seen(pdf: bytes, page: int = 1, width: int = WIDTH) -> Image.Image:
    image = Image.open(io.BytesIO(pages.picture(pdf, page, width)))
    image.load()
    assert (image.format, image.mode) == ("PNG", "RGB")
    return image


def within(image: Image.Image, box: tuple[float, float, float, float]) -> list[tuple[int, int, int]]:
    """The pixels of a box in points, from the bottom left corner of an A4 page."""
    left, bottom, right, top = box
    cut = image.crop((int(left), int(image.height - top), int(right), int(image.height - bottom)))
    return [cut.getpixel((x, y)) for x in range(cut.width) for y in range(cut.height)]  # type: ignore[misc]


def dark(pixels: list[tuple[int, int, int]]) -> int:
    return sum(max(pixel) < 100 for pixel in pixels)


def red(pixels: list[tuple[int, int, int]]) -> int:
    return sum(r > 150 and g < 120 and b < 120 for r, g, b in pixels)


@pytest.mark.requirement("F67")
def test_the_marks_of_signers_and_company_are_seen_where_they_were_made(
    authority: Authority, clock: ManualClock
) -> None:
    prepared = pades.prepare(paper(3), PLACES[::2], seam=True)
    hand, company = (place.box for place in PLACES[::2])
    edge = (595 - 39, 421 - 60, 595, 421 + 60)
    blank = seen(prepared)
    assert (dark(within(blank, hand)), red(within(blank, company)), red(within(blank, edge))) == (0, 0, 0)

    signed = pades.sign(
        prepared, field="Employee", key=event_key(authority, "张𬎆", clock), time=authority.time,
        trust=authority.trust, mark=marks.hand(STROKES, "张𬎆", "2026-11-02 09:00"), name="张𬎆", reason="同意",
        location="", at=clock.now(),
    )  # fmt: skip
    assert dark(within(seen(signed), hand)) > 100
    assert red(within(seen(signed), company)) == 0

    done = sealed(signed, authority.company, authority.time, authority.trust, clock)
    assert red(within(seen(done), company)) > 500
    slices = [red(within(seen(done, page), edge)) for page in (1, 2, 3)]
    assert all(found > 100 for found in slices)
    assert slices[0] != slices[1], "each page carries a slice of its own"


@pytest.mark.parametrize("width", [1, 390, 2400])
def test_a_picture_is_as_wide_as_was_asked_for(width: int) -> None:
    assert abs(seen(paper(), width=width).width - width) <= 1
    assert seen(paper(), width=99999).width <= pages.WIDEST + 1


def test_rare_characters_are_drawn_each_as_it_is() -> None:
    fonts = typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[str(glyphs.CJK.parent)])

    def drawn(character: str) -> bytes:
        source = (
            f'#set page(width: 60pt, height: 60pt, margin: 4pt)\n#set text(48pt, font: "Noto Sans CJK SC")\n{character}'
        )
        return seen(bytes(typst.Compiler(source.encode(), font_paths=fonts).compile(format="pdf")), width=60).tobytes()

    drawings = {character: drawn(character) for character in "龘㛃𬎆张\U00100000"}
    assert all(one != other for one, other in combinations(drawings.values(), 2))


def test_pages_are_counted_and_others_are_refused_in_words() -> None:
    assert pages.count(paper(3)) == 3
    for page in (0, 4):
        with pytest.raises(NotFound, match="has 3"):
            pages.picture(paper(3), page, 100)
    for broken in (b"", b"%PDF-1.7", b"no document", paper()[:400]):
        with pytest.raises(Invalid, match="cannot be shown"):
            pages.count(broken)
