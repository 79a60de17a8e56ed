"""Course material is told by its content, measured by the server, and kept once."""

import io
from fractions import Fraction
from pathlib import Path

import av
import pytest

from hr.training.media import Media, MediaRefused
from kernel.clock import ManualClock
from kernel.db import Unit
from kernel.errors import NotFound
from tests.hr.conftest import actor
from tests.hr.pictures import jpeg

HR = actor("hr", "hr")


def video(seconds: int, *, container: str = "webm", codec: str = "libvpx-vp9") -> bytes:
    """A grey video of one picture a second."""
    held = io.BytesIO()
    with av.open(held, "w", format=container) as written:
        track = written.add_stream(codec, rate=1)
        track.width, track.height, track.pix_fmt = 32, 32, "yuv420p"
        track.time_base = Fraction(1, 1)
        for second in range(seconds):
            picture = av.VideoFrame(32, 32, "yuv420p")
            for plane in picture.planes:
                plane.update(bytes([128]) * plane.buffer_size)
            picture.pts, picture.time_base = second, Fraction(1, 1)
            written.mux(track.encode(picture))
        written.mux(track.encode())
    return held.getvalue()


@pytest.fixture
def media(tmp_path: Path) -> Media:
    return Media(tmp_path / "media", limit=64 * 1024)


@pytest.mark.requirement("F79")
def test_a_video_is_measured_by_the_server_and_kept_once(unit: Unit, media: Media, clock: ManualClock) -> None:
    content = video(7)
    first = media.add(unit, "C:\\课程\\保密.mp4", content, actor=HR, at=clock.now())
    assert (first.kind, first.media_type, first.name) == ("video", "video/webm", "保密.mp4")
    assert first.seconds == pytest.approx(7, abs=1.1)
    assert first.facts == {"width": 32, "height": 32, "codec": "vp9"}
    assert media.path(first.hash).read_bytes() == content
    again = media.add(unit, "另一个名字.webm", io.BytesIO(content), actor=actor("hr-head"), at=clock.now())
    assert (again.hash, again.name) == (first.hash, "保密.mp4")


def test_bytes_that_were_lost_come_back_by_uploading_them_again(unit: Unit, media: Media, clock: ManualClock) -> None:
    kept = media.add(unit, "a.jpg", jpeg(), actor=HR, at=clock.now())
    media.path(kept.hash).unlink()
    with pytest.raises(NotFound, match=kept.hash):
        media.path(kept.hash)
    media.add(unit, "a.jpg", jpeg(), actor=HR, at=clock.now())
    assert media.path(kept.hash).read_bytes() == jpeg()


@pytest.mark.parametrize(
    ("name", "content", "why"),
    [
        ("a.webm", b"", "is empty"),
        ("a.mp4", b"<html><script>1</script></html>", "is of a kind that courses do not take"),
        ("a.webm", video(2)[:200], "is damaged and cannot be played"),
        ("a.png", b"\x89PNG\r\n\x1a\n" + bytes(40), "The picture a.png is damaged"),
        ("a.webm", b"\x1a\x45\xdf\xa3" + bytes(64 * 1024), "is larger than"),
        ("a.mp4", video(2, container="mp4", codec="mpeg4"), "browsers do not play mpeg4"),
        ("a.webm", video(2).replace(b"V_VP9", b"V_ZZ9"), "its codec is unknown"),
    ],
)
def test_anything_else_is_refused_in_words(
    unit: Unit, media: Media, clock: ManualClock, tmp_path: Path, name: str, content: bytes, why: str
) -> None:
    with pytest.raises(MediaRefused, match=why):
        media.add(unit, name, content, actor=HR, at=clock.now())
    assert unit.one("select count(*) from course_media") == (0,)
    assert [path for path in (tmp_path / "media").rglob("*") if path.is_file()] == []


@pytest.mark.parametrize("hash", ["../../etc/passwd", "", "A" * 64])
def test_a_path_is_a_hash_or_nothing(media: Media, hash: str) -> None:
    with pytest.raises(NotFound):
        media.path(hash)
