"""A header alone is no picture: what no decoder reads is not taken in as one."""

import pytest

from hr.documents.kinds import FileRefused, examine
from hr.documents.pictures import readable
from tests.hr.pictures import jpeg, png, webp

WHOLE = {"png": png(), "jpg": jpeg(), "webp": webp()}


@pytest.mark.requirement("F41")
@pytest.mark.parametrize("ending", sorted(WHOLE))
def test_a_whole_picture_is_taken_in(ending: str) -> None:
    assert examine(f"照片.{ending}", WHOLE[ending]).name == f"照片.{ending}"


@pytest.mark.requirement("F41")
@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("head.png", png()[:8]),
        ("cut.png", png()[:-4]),
        ("sum.png", png().replace(b"IHDR\x00\x00\x00\x01", b"IHDR\x00\x00\x00\x02")),
        ("pixels.png", png().replace(b"IDAT", b"IDAX")),
        ("head.jpg", jpeg()[:11]),
        ("noscan.jpg", jpeg()[:33]),
        ("noend.jpg", jpeg()[:-2]),
        ("cut.webp", webp()[:-5]),
        ("head.webp", webp()[:12]),
    ],
)
def test_a_part_of_a_picture_is_refused(name: str, content: bytes) -> None:
    with pytest.raises(FileRefused, match="does not hold"):
        examine(name, content)


def test_a_picture_of_every_length_is_told_without_an_error() -> None:
    for ending, whole in WHOLE.items():
        assert [readable(ending, whole[:length]) for length in range(len(whole))].count(True) == 0, ending
