"""Films of slides: as long as they say, the same each time, small, and played by an independent decoder."""

import time
from io import BytesIO
from pathlib import Path

import av
import pytest

from hr.training import films, reader, texts
from hr.training.course import Lesson, Slide
from hr.training.media import Media
from hr.training.slides import film, pictures
from kernel.clock import ManualClock
from kernel.db import Database
from tests.hr.training.sound import film as lesson_with_slides
from tests.hr.training.sound import text

SLIDES = (
    Slide(title="只有一个家：授权系统", lines=("CRM", "合同库", "共享目录"), spoken="写进授权的系统。", seconds=6),
    Slide(title="小结", lines=(), spoken="记住。", seconds=2),
)
LESSON = Lesson(key="home", title="存在哪里", kind="video", video="shipped:home", slides=SLIDES)


@pytest.fixture(scope="module")
def made() -> bytes:
    return film.video(LESSON)


def test_a_slide_is_set_once_for_each_of_its_lines() -> None:
    stills = pictures.png(LESSON.title, SLIDES)

    assert len(stills) == 4
    assert len(set(stills)) == 4
    with av.open(BytesIO(stills[0]), "r") as opened:
        assert (opened.streams.video[0].width, opened.streams.video[0].height) == (960, 540)


def test_a_film_is_as_long_as_its_slides_say(made: bytes) -> None:
    with av.open(BytesIO(made), "r") as opened:
        track = opened.streams.video[0]
        frames = [float(frame.time or 0) for frame in opened.decode(track)]
        assert track.codec_context.name == "vp9"
        assert (track.width, track.height) == (960, 540)
        assert opened.duration == pytest.approx(8 * av.time_base, abs=av.time_base / 10)
        assert len(frames) == 8 * film.RATE
        assert frames == sorted(frames)


def test_lines_come_one_after_another(made: bytes) -> None:
    """The picture changes where a line comes: at 0, 2 and 4 seconds, and at 6 with the next slide."""
    with av.open(BytesIO(made), "r") as opened:
        shown = [bytes(frame.reformat(96, 54, "gray").planes[0]) for frame in opened.decode(video=0)]
    pairs = enumerate(zip(shown, shown[1:], strict=False), 1)
    moved = [n / film.RATE for n, (one, more) in pairs if max(map(abs, map(int.__sub__, one, more))) > 24]

    assert moved == [2.0, 4.0, 6.0]


def test_the_same_slides_make_the_same_bytes(made: bytes) -> None:
    assert film.video(LESSON) == made


def test_a_character_without_a_shape_stops_nothing() -> None:
    odd = (Slide(title="\U0010ffff #strong[x] $x$", lines=("\u202e", '"); panic("x'), spoken="x", seconds=1),)

    assert len(pictures.png("*一*", odd)) == 2


def test_a_shipped_film_is_quick_and_small() -> None:
    course = reader.read((texts.SHIPPED / "customer-information-storage.yaml").read_text(), "customer-x")
    began = time.process_time()
    content = film.video(course.lessons[1])

    assert len(content) < 1_500_000
    assert time.process_time() - began < 5


def test_a_film_is_made_once_and_found_by_what_it_says(database: Database, clock: ManualClock, tmp_path: Path) -> None:
    media, lesson = Media(tmp_path, 10**7), lesson_with_slides()
    with database.transaction() as unit:
        assert films.of(unit, lesson) is None

    first = films.ready(database, media, lesson, clock)
    again = films.ready(database, media, lesson, clock)
    assert first is not None
    assert again is not None
    assert first.hash == again.hash
    assert first.kind == "video"
    assert first.seconds == pytest.approx(6.0, abs=0.1)
    assert media.path(first.hash).read_bytes().startswith(b"\x1a\x45\xdf\xa3")
    with database.transaction() as unit:
        known = films.of(unit, lesson)
        assert known is not None
        assert known.hash == first.hash
        assert films.of(unit, lesson_with_slides(title="另一个")) is None


def test_a_lesson_without_slides_has_the_film_that_it_names(
    database: Database, clock: ManualClock, tmp_path: Path
) -> None:
    media = Media(tmp_path, 10**7)
    first = films.ready(database, media, lesson_with_slides(), clock)
    assert first is not None

    named = lesson_with_slides(video=first.hash, slides=())
    assert films.ready(database, media, text(), clock) is None
    found = films.ready(database, media, named, clock)
    assert found is not None
    assert found.hash == first.hash
