"""A film of pictures: WebM with VP9, without sound, the same bytes for the same pictures on the same machine."""

from collections.abc import Iterator, Sequence
from fractions import Fraction
from io import BytesIO

import av
from av.video.frame import PictureType, VideoFrame
from av.video.reformatter import ColorRange, Colorspace

from hr.training.course import Lesson, Slide
from hr.training.slides import pictures

RATE = 4  # pictures a second
_ENCODER = {"deadline": "realtime", "cpu-used": "8", "crf": "34", "threads": "1", "row-mt": "0"}
_MUXER = {"fflags": "bitexact"}  # no random number of the file, no name of the program
KEY_EVERY = 5  # seconds: where a player can go to at once


def video(lesson: Lesson) -> bytes:
    """The film of the slides of a lesson, as long as they say together; each line comes for its share of its slide."""
    stills = [_still(picture) for picture in pictures.png(lesson.title, lesson.slides)]
    return _encoded(_frames(stills, lesson.slides))


def _still(picture: bytes) -> VideoFrame:
    with av.open(BytesIO(picture), "r", format="png_pipe") as opened:
        still = next(opened.decode(video=0)).reformat(
            format="yuv420p", dst_colorspace=Colorspace.ITU709, dst_color_range=ColorRange.MPEG
        )
    still.pict_type = PictureType.NONE  # else each picture of the film would be whole: PNG's is
    return still


def _frames(stills: Sequence[VideoFrame], slides: Sequence[Slide]) -> Iterator[VideoFrame]:
    left = iter(stills)
    for slide in slides:
        frames, lines = slide.seconds * RATE, max(1, len(slide.lines))
        for line in range(lines):
            still = next(left)
            for _ in range(frames * line // lines, frames * (line + 1) // lines):
                yield still


def _encoded(frames: Iterator[VideoFrame]) -> bytes:
    written = BytesIO()
    with av.open(written, "w", format="webm", options=_MUXER) as container:
        stream = container.add_stream("libvpx-vp9", rate=RATE, options=_ENCODER)
        stream.width, stream.height, stream.pix_fmt = pictures.WIDTH, pictures.HEIGHT, "yuv420p"
        stream.bit_rate = 0
        stream.codec_context.color_range = ColorRange.MPEG
        stream.codec_context.colorspace = Colorspace.ITU709
        stream.gop_size = RATE * KEY_EVERY
        stream.time_base = Fraction(1, RATE)
        for number, frame in enumerate(frames):
            frame.pts, frame.time_base = number, Fraction(1, RATE)
            container.mux(stream.encode(frame))
        container.mux(stream.encode())
    return written.getvalue()
