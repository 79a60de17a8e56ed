"""Captions of videos as WebVTT (W3C, Candidate Recommendation of 2019): what is said, and from when to when."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from kernel.text import Text, say

MOST_CUES = 2000
_TIME = r"(?:(\d{2,}):)?([0-5]\d):([0-5]\d)\.(\d{3})"
_TIMING = re.compile(rf"{_TIME}[ \t]+-->[ \t]+{_TIME}(?:[ \t]+\S.*)?")
_SKIPPED = ("NOTE", "STYLE", "REGION")


@dataclass(frozen=True, slots=True)
class Cue:
    """Words that are shown from `start` to `end`, in seconds."""

    start: float
    end: float
    text: str


class NoCaptions(ValueError):
    """It is not WebVTT. `sentence` says what is wrong, at which line."""

    def __init__(self, sentence: Text) -> None:
        super().__init__(str(sentence))
        self.sentence = sentence


def read(source: str) -> list[Cue]:
    """The cues of a WebVTT file. Raises NoCaptions for what a browser would not show, or show at the wrong time."""
    lines = source.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n").split("\n")
    if not re.fullmatch(r"WEBVTT(?:[ \t].*)?", lines[0]):
        raise NoCaptions(say("Captions begin with a line WEBVTT. Add it at the top."))
    cues: list[Cue] = []
    for first, block in _blocks(lines[1:]):
        if block[0].split(" ")[0] in _SKIPPED and "-->" not in block[0]:
            continue
        cues.append(_cue(first, block, cues[-1].start if cues else 0.0))
    if not cues:
        raise NoCaptions(say("The captions have no words. Write what is said, with times."))
    if len(cues) > MOST_CUES:
        raise NoCaptions(say("The captions have more than {most} cues. Join some.", most=MOST_CUES))
    return cues


def _blocks(lines: list[str]) -> Iterable[tuple[int, list[str]]]:
    """Lines between empty ones, with the number of the first; line 1 is WEBVTT."""
    block: list[str] = []
    for number, line in enumerate([*lines, ""], 2):
        if line.strip():
            block.append(line)
        elif block:
            yield number - len(block), block
            block = []


def _cue(first: int, block: list[str], before: float) -> Cue:
    at = 0 if "-->" in block[0] else 1
    match = _TIMING.fullmatch(block[at].strip()) if at < len(block) else None
    if match is None:
        said = say(
            "Captions, line {line}: a time is written as 00:00:01.000 --> 00:00:04.500, with the words in the lines "
            "below it.",
            line=first + at,
        )
        raise NoCaptions(said)
    start, end = _seconds(match.groups()[:4]), _seconds(match.groups()[4:])
    text = "\n".join(block[at + 1 :]).strip()
    if not before <= start < end:
        raise NoCaptions(
            say(
                "Captions, line {line}: a cue ends after it begins, and begins no earlier than the one before it.",
                line=first + at,
            )
        )
    if not text:
        raise NoCaptions(say("Captions, line {line}: this cue has no words. Write them below it.", line=first + at))
    return Cue(start, end, text)


def _seconds(parts: tuple[str | None, ...]) -> float:
    hours, minutes, seconds, thousandths = (int(part or 0) for part in parts)
    return hours * 3600 + minutes * 60 + seconds + thousandths / 1000


def written(cues: Iterable[Cue]) -> str:
    """The cues as WebVTT. Signs that would be markup there are escaped."""
    return "\n\n".join(
        ["WEBVTT", *(f"{_clock(cue.start)} --> {_clock(cue.end)}\n{_escaped(cue.text)}" for cue in cues)]
    )


def _clock(seconds: float) -> str:
    whole = round(seconds * 1000)
    return f"{whole // 3_600_000:02}:{whole // 60_000 % 60:02}:{whole // 1000 % 60:02}.{whole % 1000:03}"


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
