"""The frame of the studio speaks Chinese: each of its sentences has one in the list, and the list has no others."""

import re
from pathlib import Path

STUDIO = Path(__file__).parents[3] / "web" / "src" / "studio"
FRAME = ("bytes.js", "dialogs.js", "draft.js", "frame.js", "kept.js")
SAID = re.compile(r"""\bsay\(\s*'((?:[^'\\]|\\.)*)'""")
LISTED = re.compile(r"""^  (?:'([^']*)'|(\w+)):\s*'((?:[^'\\]|\\.)*)',?$""", re.M)
PLACE = re.compile(r"{\w+}")


def listed() -> dict[str, str]:
    text = re.sub(r":\n\s+'", ": '", (STUDIO / "words.js").read_text(encoding="utf-8"))
    return {quoted or plain: chinese for quoted, plain, chinese in LISTED.findall(text)}


def said() -> set[str]:
    return {sentence for name in FRAME for sentence in SAID.findall((STUDIO / name).read_text(encoding="utf-8"))}


def test_every_sentence_of_the_frame_is_in_the_list() -> None:
    assert len(said()) > 25
    assert sorted(said() - listed().keys()) == []
    assert sorted(listed().keys() - said()) == []


def test_the_chinese_has_the_same_places() -> None:
    for english, chinese in listed().items():
        assert sorted(PLACE.findall(english)) == sorted(PLACE.findall(chinese)), english
        assert re.search(r"[\u3400-\u9fff]", chinese), english
