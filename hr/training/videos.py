"""Videos as browsers play them, MP4 with H.264 or AV1, WebM with VP8, VP9 or AV1, and their length as measured here."""

from dataclasses import dataclass
from pathlib import Path

import av
from av.container import InputContainer
from av.video.stream import VideoStream

from kernel.text import Text, say

_EBML = b"\x1a\x45\xdf\xa3"
_FORMATS = {"mp4": "mov", "webm": "matroska"}  # as the library calls them
_CODECS = {"mp4": ("h264", "av1"), "webm": ("vp8", "vp9", "av1")}
LONGEST = 4 * 3600.0  # seconds
SHORTEST = 1.0


class Unplayable(Exception):
    """A video that browsers would not play, with the reason as a sentence."""

    def __init__(self, sentence: Text) -> None:
        self.sentence = sentence
        super().__init__(str(sentence))


@dataclass(frozen=True, slots=True, kw_only=True)
class Video:
    """Length in seconds, width and height in pixels, and the codec of the first picture track."""

    seconds: float
    width: int
    height: int
    codec: str


def container(head: bytes) -> str | None:
    """`mp4` or `webm` by the first bytes of a file, None for anything else (ISO 14496-12 §4.3, RFC 8794 §8)."""
    if head[4:8] == b"ftyp" and head[8:12] != b"qt  ":
        return "mp4"
    return "webm" if head.startswith(_EBML) and b"webm" in head[:64] else None


def measured(path: Path, container: str) -> Video:
    """Open the video, decode its first picture and measure its length. Raises Unplayable."""
    try:
        with path.open("rb") as file, av.open(file, "r", format=_FORMATS[container]) as opened:
            if not opened.streams.video:
                raise Unplayable(say("it has sound, but no pictures. Upload a video."))
            track = opened.streams.video[0]
            codec = _codec(track)
            if codec not in _CODECS[container]:
                raise Unplayable(
                    say("browsers do not play {codec}. Convert it to MP4 with H.264, or WebM with VP9.", codec=codec)
                )
            picture = next(opened.decode(track))
            seconds = _seconds(opened, track)
    except (av.FFmpegError, ValueError, EOFError, StopIteration):
        raise Unplayable(say("it is damaged and cannot be played. Export it again.")) from None
    if not SHORTEST <= seconds <= LONGEST:
        raise Unplayable(say("it lasts {seconds} s. Videos of 1 second to 4 hours are taken in.", seconds=int(seconds)))
    return Video(seconds=round(seconds, 2), width=picture.width, height=picture.height, codec=codec)


def _codec(track: VideoStream) -> str:
    """Its name. Raises Unplayable for one that no decoder is there for."""
    if track.codec_context is not None:
        return track.codec_context.codec.canonical_name
    raise Unplayable(say("its codec is unknown. Convert it to MP4 with H.264, or WebM with VP9."))


def _seconds(opened: InputContainer, track: VideoStream) -> float:
    """What the container states; where it states nothing, as recordings of browsers do, the end of the last picture."""
    if opened.duration:
        return opened.duration / av.time_base
    opened.seek(0)
    ends = [packet.pts + (packet.duration or 0) for packet in opened.demux(track) if packet.pts is not None]
    return float(max(ends, default=0) * (track.time_base or 0))
