"""Zips: what goes in comes out byte for byte, and a hostile one is refused in words before it can do anything."""

import struct
import zipfile
from collections.abc import Callable
from io import BytesIO

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.model import Resource
from kernel.errors import Invalid
from processes.studio import archive, rules

NAMES = st.from_regex(r"[a-z0-9离职交接]{1,12}\.(bpmn|dmn|form)", fullmatch=True)


def zipped(*members: tuple[str | zipfile.ZipInfo, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    made = BytesIO()
    with zipfile.ZipFile(made, "w", method) as file:
        for name, content in members:
            file.writestr(name, content)
    return made.getvalue()


@given(files=st.dictionaries(NAMES, st.binary(min_size=1, max_size=200), min_size=1, max_size=6))
def test_what_is_packed_is_unpacked(files: dict[str, bytes]) -> None:
    given = [Resource(name, content) for name, content in files.items()]
    assert archive.unpack(archive.pack(given)) == given


def test_the_same_files_are_the_same_zip() -> None:
    files = [Resource("a.bpmn", b"<a/>"), Resource("scenarios.yaml", b"")]
    assert archive.pack(files) == archive.pack(files)


def test_folders_are_left_and_so_is_what_no_project_has() -> None:
    found = archive.opened(
        zipped(
            ("offboarding/offboarding.bpmn", b"<a/>"),
            ("forms/handover.form", b"{}"),
            ("offboarding/README.md", b"#"),
            ("__MACOSX/offboarding/._offboarding.bpmn", b"\0"),
            ("offboarding/.DS_Store", b"\0"),
        )
    )
    assert [file.name for file in found.files] == ["offboarding.bpmn", "handover.form"]
    assert found.left_out == ["offboarding/README.md"]


def test_chinese_names_of_old_zips_are_read() -> None:
    """Windows writes them in GB18030 and does not say so."""
    raw = zipped(("AAAA.bpmn", b"<a/>")).replace(b"AAAA.bpmn", "离职".encode("gb18030") + b".bpmn")
    assert archive.unpack(raw)[0].name == "离职.bpmn"


def link() -> bytes:
    member = zipfile.ZipInfo("a.bpmn")
    member.create_system, member.external_attr = 3, 0o120777 << 16
    return zipped((member, b"/etc/passwd"))


def bomb() -> bytes:
    """Eleven files of four megabytes of nothing, in some kilobytes."""
    return zipped(*((f"{number}.dmn", b"\0" * rules.FILE_MOST) for number in range(11)))


def liar() -> bytes:
    """A member of five megabytes that says it has one byte."""
    raw = zipped(("a.dmn", b"\0" * (rules.FILE_MOST + 1000)))
    size = struct.pack("<L", rules.FILE_MOST + 1000)
    assert size in raw
    return raw.replace(size, struct.pack("<L", 1))


def locked() -> bytes:
    """A member that says it is encrypted."""
    raw = bytearray(zipped(("a.bpmn", b"<a/>")))
    for sign, at in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        raw[raw.index(sign) + at] |= 1
    return bytes(raw)


HOSTILE: dict[str, tuple[Callable[[], bytes], str]] = {
    "a path that leads out": (lambda: zipped(("../../etc/a.bpmn", b"<a/>")), "leads elsewhere"),
    "a path of its own": (lambda: zipped(("/etc/a.bpmn", b"<a/>")), "leads elsewhere"),
    "a drive": (lambda: zipped(("C:\\a.bpmn", b"<a/>")), "leads elsewhere"),
    "backslashes": (lambda: zipped(("..\\a.bpmn", b"<a/>")), "leads elsewhere"),
    "invisible letters": (lambda: zipped(("a\x1b[31m.bpmn", b"<a/>")), "invisible letters"),
    "turned letters": (lambda: zipped(("a\u202enpmb.bpmn", b"<a/>")), "invisible letters"),
    "a link": (link, "is a link"),
    "a bomb": (bomb, "unpacks to more than 40 MB"),
    "a lie about its size": (liar, "4 MB|damaged"),
    "an encrypted member": (locked, "encrypted"),
    "two of one name": (lambda: zipped(("a/a.bpmn", b"<a/>"), ("b/a.bpmn", b"<b/>")), "two files called a.bpmn"),
    "too many": (lambda: zipped(*((f"{n}.txt", b"") for n in range(1001))), "more than 1000 files"),
    "nothing of ours": (lambda: zipped(("a.exe", b"MZ")), "no file of a project"),
    "no zip": (lambda: b"PK\x03\x04 and no more", "cannot be read"),
    "half a zip": (lambda: zipped(("a.bpmn", b"<a/>" * 1000))[:60], "cannot be read"),
    "too large": (lambda: b"PK\x03\x04" + b"\0" * archive.PACKED_MOST, "more than 20 MB"),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_zip_is_refused_in_words(name: str) -> None:
    make, words = HOSTILE[name]
    with pytest.raises(Invalid, match=words):
        archive.unpack(make())


@given(content=st.binary(max_size=300))
def test_bytes_that_only_begin_like_a_zip_are_refused(content: bytes) -> None:
    with pytest.raises(Invalid, match=r"\.$"):
        archive.unpack(b"PK\x03\x04" + content)
