"""The pictures of slides, set in the type of the documents."""

from hr.documents import typeset
from hr.training.course import Slide

WIDTH, HEIGHT = 960, 540


def png(heading: str, slides: tuple[Slide, ...]) -> list[bytes]:
    """One picture for each line of each slide, in order: the lines come one after another. A slide without lines: one.

    `heading` stands small above every title.
    """
    shown = [{"title": slide.title, "lines": slide.lines} for slide in slides]
    return typeset.slides({"heading": heading, "slides": shown})
