"""Line by line: what went, what came, and which letters of a line are others."""

from hypothesis import given
from hypothesis import strategies as st

from processes.studio.differences import Line, differences, text_of

TEXT = st.lists(st.sampled_from(["", "a", "b", "<a>", "离职", "a b"]), max_size=12).map("\n".join)


def marks(lines: list[Line]) -> list[tuple[str, str]]:
    return [(line.mark, "".join(text for text, _ in line.parts)) for line in lines]


def test_a_changed_line_tells_its_letters() -> None:
    before, after = b"a\nname: PT72H\nz\n", b"a\nname: PT48H\nz\n"
    assert differences(before, after) == [
        Line(mark="same", before=1, after=1, parts=(("a", False),)),
        Line(mark="removed", before=2, parts=(("name: PT", False), ("72", True), ("H", False))),
        Line(mark="added", after=2, parts=(("name: PT", False), ("48", True), ("H", False))),
        Line(mark="same", before=3, after=3, parts=(("z", False),)),
    ]


def test_what_is_alike_is_left_out_with_its_number() -> None:
    lines = [f"line {number}" for number in range(40)]
    after = [*lines[:20], "new", *lines[20:]]
    found = marks(differences("\n".join(lines).encode(), "\n".join(after).encode()))
    assert found[0] == ("gap", "17")
    assert ("added", "new") in found
    assert found[-1] == ("gap", "17")


def test_a_form_on_one_line_is_laid_out() -> None:
    found = marks(differences(b'{"a": 1, "b": 2}', b'{"a": 1, "b": 3}'))
    assert ("removed", '  "b": 2') in found
    assert ("added", '  "b": 3') in found


def test_texts_are_read_in_their_encoding() -> None:
    xml = '<?xml version="1.0" encoding="GB18030"?><a n="离职"/>'
    assert text_of(xml.encode("gb18030")) == xml
    assert text_of("离职".encode("utf-16")) == "离职"
    assert text_of(b'<?xml version="1.0" encoding="no-such"?>') == '<?xml version="1.0" encoding="no-such"?>'
    assert text_of(b"\xff\x80a").endswith("a")


@given(before=TEXT, after=TEXT)
def test_the_lines_that_stay_and_come_are_the_later_text(before: str, after: str) -> None:
    """Read with what is left out, the lines tell both texts whole."""
    found = differences(before.encode(), after.encode())
    old, new = before.splitlines(), after.splitlines()
    if not found:
        assert old == new
    for line in found:
        text = "".join(part for part, _ in line.parts)
        if line.before is not None:
            assert old[line.before - 1] == text
        if line.after is not None:
            assert new[line.after - 1] == text
    shown = sum(line.mark in ("same", "added") for line in found)
    left_out = sum(int(line.parts[0][0]) for line in found if line.mark == "gap")
    assert not found or shown + left_out == len(new)
