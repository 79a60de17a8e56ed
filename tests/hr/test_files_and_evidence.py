"""Files keep their bytes, signatures are strokes only, evidence cannot be rewritten."""

import base64
import io
import zipfile
from pathlib import Path

import psycopg
import pytest

from hr.documents import drawn
from hr.documents.files import Files, belongs, may_attach, uses
from hr.documents.kinds import FileRefused, examine
from hr.evidence import log
from hr.evidence.canonical import canonical, content_hash
from hr.privacy import Cipher, Unreadable
from kernel.clock import ManualClock
from kernel.db import Database, Unit
from kernel.errors import NotFound
from tests.hr.conftest import STROKES, actor, drawing
from tests.hr.pictures import jpeg

ZHANG = actor("zhang")
PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\n%%EOF\n"


def office(folder: str, *more: str) -> bytes:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as archive:
        for name in ("[Content_Types].xml", f"{folder}/document.xml", *more):
            archive.writestr(name, "<x/>")
    return held.getvalue()


@pytest.mark.requirement("F41")
def test_a_content_is_kept_once_encrypted_and_read_back(
    unit: Unit, files: Files, tmp_path: Path, clock: ManualClock
) -> None:
    first = files.put(unit, PDF, name="a.pdf", actor=ZHANG, at=clock.now(), subject="OFF-1")
    second = files.put(unit, PDF, name="b.pdf", actor=actor("wu"), at=clock.now(), subject="OFF-2")
    assert first.hash == second.hash
    (path,) = [path for path in (tmp_path / "files").rglob("*") if path.is_file()]
    assert PDF not in path.read_bytes()
    assert path.stat().st_mode & 0o077 == 0
    assert files.read(unit, first.hash).content == PDF
    assert files.read(unit, first.hash).media_type == "application/pdf"
    assert [use.name for use in uses(unit, "OFF-1")] == ["a.pdf"]
    assert belongs(unit, first.hash, "OFF-2")
    assert not may_attach(unit, first.hash, login="li", subject="OFF-3")


@pytest.mark.requirement("F53")
def test_bytes_that_were_altered_or_exchanged_are_not_read(
    unit: Unit, files: Files, tmp_path: Path, clock: ManualClock
) -> None:
    one = files.put(unit, PDF, name="a.pdf", actor=ZHANG, at=clock.now())
    two = files.put(unit, PDF + b"2", name="b.pdf", actor=ZHANG, at=clock.now())
    place = {stored.hash: tmp_path / "files" / stored.hash[:2] / stored.hash for stored in (one, two)}
    place[one.hash].write_bytes(place[two.hash].read_bytes())
    with pytest.raises(Unreadable):
        files.read(unit, one.hash)
    with pytest.raises(NotFound):
        files.read(unit, "../../etc/passwd")


@pytest.mark.requirement("F41")
@pytest.mark.parametrize(
    ("name", "content", "media_type"),
    [
        ("清单.pdf", PDF, "application/pdf"),
        ("照片.JPG", jpeg(), "image/jpeg"),
        ("客户.csv", "姓名,电话\n".encode("gb18030"), "text/csv"),
        (
            "C:\\桌面\\计划.docx",
            office("word"),
            "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        ),
    ],
)
def test_a_file_that_is_what_its_name_says_is_taken_in(name: str, content: bytes, media_type: str) -> None:
    named = examine(name, content)
    assert named.media_type == media_type
    assert "\\" not in named.name


@pytest.mark.requirement("F41")
@pytest.mark.parametrize(
    ("name", "content", "why"),
    [
        ("virus.exe", b"MZ\x90\x00", "not taken in"),
        ("page.html", b"<html>", "not taken in"),
        ("drawing.svg", STROKES.encode(), "not taken in"),
        ("no-ending", PDF, "not taken in"),
        ("photo.png", PDF, "does not hold"),
        ("letter.pdf", b"MZ\x90\x00" + b"0" * 64, "does not hold"),
        ("notes.txt", b"\x00\x01\x02", "does not hold"),
        ("macro.docx", office("word", "word/vbaProject.bin"), "does not hold"),
        ("table.xlsx", office("word"), "does not hold"),
        ("empty.pdf", b"", "empty"),
    ],
)
def test_any_other_file_is_refused(name: str, content: bytes, why: str) -> None:
    with pytest.raises(FileRefused, match=why):
        examine(name, content)


@pytest.mark.requirement("F41")
def test_a_file_beyond_the_limit_or_caught_by_the_scanner_is_refused(
    unit: Unit, tmp_path: Path, cipher: Cipher, clock: ManualClock
) -> None:
    def scan(content: bytes) -> None:
        if b"EICAR" in content:
            raise FileRefused("The file carries a virus.")

    files = Files(tmp_path, cipher, limit=100, scan=scan)
    with pytest.raises(FileRefused, match="at most"):
        files.put(unit, PDF * 10, name="a.pdf", actor=ZHANG, at=clock.now())
    with pytest.raises(FileRefused, match="virus"):
        files.put(unit, b"EICAR", name="a.txt", actor=ZHANG, at=clock.now())


@pytest.mark.requirement("F52")
def test_forgetting_a_subject_keeps_what_another_uses(
    unit: Unit, files: Files, tmp_path: Path, clock: ManualClock
) -> None:
    shared = files.put(unit, PDF, name="a.pdf", actor=ZHANG, at=clock.now(), subject="OFF-1")
    files.put(unit, PDF, name="a.pdf", actor=ZHANG, at=clock.now(), subject="OFF-2")
    files.put(unit, b"only here", name="b.txt", actor=ZHANG, at=clock.now(), subject="OFF-1")
    assert files.forget(unit, "OFF-1") == 1
    assert files.read(unit, shared.hash).content == PDF
    assert files.forget(unit, "OFF-2") == 1
    assert not [path for path in (tmp_path / "files").rglob("*") if path.is_file()]


@pytest.mark.requirement("F43")
def test_a_drawn_signature_is_kept_as_strokes() -> None:
    content = drawn.from_data_url(drawing())
    assert b"<path" in content
    dot = STROKES.format('<circle r="1.5" cx="30" cy="40" fill="black"/>')
    assert b"<circle" in drawn.checked(dot.encode())


@pytest.mark.parametrize(
    "hostile",
    [
        STROKES.format('<script>alert(1)</script><path d="M 1,1"/>'),
        STROKES.format('<path d="M 1,1" onload="alert(1)"/>'),
        STROKES.format('<path d="M 1,1" fill="url(https://example.org/x)"/>'),
        STROKES.format('<image href="https://example.org/x.png"/><path d="M 1,1"/>'),
        STROKES.format('<style>path{}</style><path d="M 1,1"/>'),
        STROKES.format("<foreignObject/><path d='M 1,1'/>"),
        STROKES.format("<text>张三</text>"),
        STROKES.format(""),
        '<!DOCTYPE svg [<!ENTITY x SYSTEM "file:///etc/passwd">]>' + STROKES.format('<path d="&x;"/>'),
        '<svg viewBox="0 0 1 1"><path d="M 1,1"/></svg>',
        "not xml",
        STROKES.format('<path d="' + "M 1,1 " * 60_000 + '"/>'),
    ],
)
def test_a_signature_with_anything_else_is_refused(hostile: str) -> None:
    with pytest.raises(FileRefused):
        drawn.from_data_url("data:image/svg+xml;base64," + base64.b64encode(hostile.encode()).decode())


@pytest.mark.parametrize(
    "unseen",
    [
        '<path d=""/>',
        "<path/>",
        '<path d="M 10,10"/>',
        '<path d="M 10,10 M 50,50"/>',
        '<path d="M 10,10 L 10,10 Z"/>',
        '<path d="10 10 50 50"/>',
        '<path d="M 10,10 L 50"/>',
        '<path d="M 10,10 L 50,50" stroke="white" fill="none"/>',
        '<path d="M 10,10 L 50,50" stroke="#fff" fill="#FDFDFD"/>',
        '<path d="M 10,10 L 50,50" stroke="#00000000" fill="transparent"/>',
        '<path d="M 10,10 L 50,50" fill="none"/>',
        '<path d="M 10,10 L 50,50" stroke="black" stroke-width="0" fill="none"/>',
        '<g stroke="white" fill="none"><path d="M 10,10 L 50,50"/></g>',
        '<path d="M 400,10 l 50,50 h 9 v 9" stroke="black"/>',
        '<path d="M 10,-90 C 20,-80 60,-80 90,-20" stroke="black"/>',
        '<circle cx="30" cy="40" r="0"/>',
        '<circle cx="30" cy="-40" r="2"/>',
        '<circle cx="30" cy="40" r="2" fill="white"/>',
    ],
)
def test_a_signature_that_nobody_could_see_is_refused(unseen: str) -> None:
    with pytest.raises(FileRefused, match="is empty"):
        drawn.checked(STROKES.format(unseen).encode())
    seen = '<path d="M 20,20 l 30,10" stroke="black"/>'
    assert b"<path" in drawn.checked(STROKES.format(unseen + seen).encode())
    with pytest.raises(FileRefused, match="is empty"):
        drawn.checked(STROKES.replace("0 0 300 120", "0 0 0 0").format(seen).encode())


@pytest.mark.parametrize(
    "stroke",
    [
        '<g fill="none" stroke="#10182b" stroke-width="2.2"><path d="M20 20h0.1"/></g>',  # a dot of our own pen
        '<g fill="#10182b"><path d="M20 20L50 20L50 50Z"/></g>',
        '<path d="M-5 20 50-20.5.5.5" stroke="black"/>',
        '<path d="m 5 5 9 9 a 5 5 0 0 1 9 9 z" stroke="blue" fill="none"/>',
        '<path d="M 5 5 V 50 H 40 q 1 1 2 2 t 3 3 s 1 1 2 2" stroke="#123"/>',
    ],
)
def test_whatever_a_pen_writes_is_seen(stroke: str) -> None:
    assert b"<path" in drawn.checked(STROKES.format(stroke).encode())


@pytest.mark.parametrize("url", ["", "data:image/png;base64,AAAA", "data:image/svg+xml;base64,!!!"])
def test_what_is_no_drawing_is_refused(url: str) -> None:
    with pytest.raises(FileRefused):
        drawn.from_data_url(url)


@pytest.fixture
def chain(unit: Unit, clock: ManualClock) -> Unit:
    for place in range(1, 6):
        log.append(unit, "OFF-1", "step.done", ZHANG, clock.now(), content_hash=content_hash(place), place=place)
    return unit


@pytest.mark.requirement("F21")
@pytest.mark.requirement("F118")
def test_every_row_says_who_when_from_where_about_what(chain: Unit, clock: ManualClock) -> None:
    row = log.rows(chain, "OFF-1")[2]
    assert (row.sequence, row.actor, row.at, row.ip, row.agent) == (
        3,
        "zhang",
        clock.now(),
        "10.1.2.3",
        "Mobile Safari",
    )
    assert row.content_hash == content_hash(3)
    walk = log.walk(chain, "OFF-1")
    assert (walk.length, walk.broken_at) == (5, None)
    assert log.walk(chain, "nothing") == log.Walk(length=0, head=log.FIRST, broken_at=None)


@pytest.mark.requirement("F53")
@pytest.mark.requirement("F118")
@pytest.mark.parametrize("statement", ["update evidence set ip = null", "delete from evidence", "truncate evidence"])
def test_the_database_refuses_to_rewrite_evidence(chain: Unit, database: Database, statement: str) -> None:
    with (
        pytest.raises(psycopg.errors.RestrictViolation, match="only ever added"),
        chain.cursor.connection.transaction(),
    ):
        chain.run(statement)


@pytest.mark.requirement("F53")
@pytest.mark.parametrize(
    ("tampering", "broken_at"),
    [
        ("update evidence set ip = '10.9.9.9' where sequence = 3", 3),
        ("update evidence set detail = '{}' where sequence = 5", 5),
        ("delete from evidence where sequence = 2", 2),
        ("update evidence set at = at + interval '1 microsecond' where sequence = 1", 1),
    ],
)
def test_rows_rewritten_behind_the_triggers_back_are_found(chain: Unit, tampering: str, broken_at: int) -> None:
    chain.run("alter table evidence disable trigger all")
    chain.run(tampering)
    assert log.walk(chain, "OFF-1").broken_at == broken_at


def test_the_canonical_form_does_not_depend_on_order() -> None:
    assert canonical({"乙": 1, "a": [True, None, "é"]}) == '{"a":[true,null,"é"],"乙":1}'.encode()
    assert content_hash({"a": 1, "b": 2}) == content_hash({"b": 2, "a": 1})
    with pytest.raises(ValueError, match="Out of range"):
        canonical(float("nan"))
