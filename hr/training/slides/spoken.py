"""What is said to slides, as captions and as a transcript to read."""

import re
from collections.abc import Iterator

from hr.training import captions
from hr.training.captions import Cue
from hr.training.course import Slide

LONGEST_CUE = 28  # characters: two lines on a phone
_SENTENCE = re.compile(r"[^。！？；]+[。！？；]?[”」』）]*")
_CLAUSE = re.compile(r"[^，、：]+[，、：]?[”」』）]*")


def seconds(slides: tuple[Slide, ...]) -> int:
    return sum(slide.seconds for slide in slides)


def vtt(slides: tuple[Slide, ...]) -> str:
    """The captions, cut at sentences and long sentences at commas, each shown for its share of its slide's time."""
    return captions.written(_cues(slides)) if slides else ""


def transcript(slides: tuple[Slide, ...]) -> str:
    """Markdown: the title of each slide, and what is said to it."""
    return "\n\n".join(f"## {slide.title}\n\n{slide.spoken}" for slide in slides)


def _cues(slides: tuple[Slide, ...]) -> Iterator[Cue]:
    begin = 0
    for slide in slides:
        pieces = list(_pieces(slide.spoken)) or [slide.title]
        signs, gone = sum(map(len, pieces)), 0
        for piece in pieces:
            start = begin + slide.seconds * gone / signs
            gone += len(piece)
            yield Cue(round(start, 3), round(begin + slide.seconds * gone / signs, 3), piece)
        begin += slide.seconds


def _pieces(spoken: str) -> Iterator[str]:
    for sentence in _SENTENCE.findall(" ".join(spoken.split())):  # an empty line would end the cue
        line = ""
        for clause in _CLAUSE.findall(sentence.strip()):
            if line and len(line) + len(clause) > LONGEST_CUE:
                yield line
                line = ""
            line += clause
        if line:
            yield line
