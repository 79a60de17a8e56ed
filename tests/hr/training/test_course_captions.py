"""Captions as WebVTT: what a browser shows at its time is taken, anything else is told with its line."""

import pytest

from hr.training import captions
from hr.training.captions import Cue, NoCaptions
from hr.training.course import Slide
from hr.training.slides import spoken


def test_captions_are_read() -> None:
    source = (
        "\ufeffWEBVTT - 课\r\n\r\nNOTE 说明\r\n\r\n1\r\n00:01.000 --> 00:02.500 align:start\r\n第一句\r\n第二行\r\n\r\n"
        "01:00:00.000 --> 01:00:01.000\r\n很久以后"
    )

    assert captions.read(source) == [Cue(1.0, 2.5, "第一句\n第二行"), Cue(3600.0, 3601.0, "很久以后")]


@pytest.mark.parametrize(
    ("source", "says"),
    [
        ("", "begin with a line WEBVTT"),
        ("webvtt\n\n00:01.000 --> 00:02.000\n词", "begin with a line WEBVTT"),
        ("WEBVTT\n\nNOTE 只有说明", "have no words"),
        ("WEBVTT\n\n00:01,000 --> 00:02,000\n词", "line 3: a time is written as"),
        ("WEBVTT\n\n00:61.000 --> 00:62.000\n词", "line 3: a time is written as"),
        ("WEBVTT\n\n一句没有时间的话", "line 4: a time is written as"),
        ("WEBVTT\n\n00:02.000 --> 00:01.000\n词", "line 3: a cue ends after it begins"),
        ("WEBVTT\n\n00:05.000 --> 00:06.000\n词\n\n00:01.000 --> 00:02.000\n词", "line 6: a cue ends after it begins"),
        ("WEBVTT\n\n00:01.000 --> 00:02.000\n", "line 3: this cue has no words"),
    ],
)
def test_what_is_wrong_is_told_with_its_line(source: str, says: str) -> None:
    with pytest.raises(NoCaptions, match=says):
        captions.read(source)


def test_what_is_spoken_to_slides_becomes_captions() -> None:
    slides = (
        Slide(
            title="一",
            lines=("甲",),
            spoken="一句话。另一句要长一些，长到一行放不下，所以在逗号这里分成了两行来显示。",
            seconds=10,
        ),
        Slide(title="二", lines=("乙",), spoken="“放心”吗？", seconds=2),
    )

    cues = captions.read(spoken.vtt(slides))
    assert "".join(cue.text for cue in cues) == "".join(slide.spoken for slide in slides)
    assert [cue.start for cue in cues[1:]] == [cue.end for cue in cues[:-1]]
    assert (cues[0].start, cues[-1].end, spoken.seconds(slides)) == (0.0, 12.0, 12)
    assert max(len(cue.text) for cue in cues) <= spoken.LONGEST_CUE


def test_paragraphs_that_are_spoken_become_cues_as_well() -> None:
    slide = Slide(title="一", lines=("甲",), spoken="第一段\n只有半句\n\n第二段。\n\n\n第三段", seconds=9)

    cues = captions.read(spoken.vtt((slide,)))
    assert [cue.text for cue in cues] == ["第一段 只有半句 第二段。", "第三段"]


def test_signs_of_markup_are_escaped() -> None:
    assert "1 &lt; 2 &amp;&amp; 3 &gt; 2" in captions.written([Cue(0, 1, "1 < 2 && 3 > 2")])
