"""Projects of drafts on the real database: kept byte for byte, never overwritten, every state to be had again."""

from datetime import timedelta

import pytest

from engine.model import Resource
from engine.turn import Engine
from kernel.actor import Actor
from kernel.clock import ManualClock
from kernel.db import Database, Unit
from kernel.errors import Conflict, Invalid, NotFound
from processes import catalog
from processes.studio import asides, drafts, projects, rules
from tests.processes.studio.conftest import LIN, ZHAO

FIRST = b'\xef\xbb\xbf<?xml version="1.0"?>\r\n<a/>'  # a byte order mark, CRLF, no end of line


@pytest.fixture
def project(engine: Engine, database: Database) -> int:
    """A project with one file that Lin made, committed."""
    with database.transaction() as unit:
        return projects.create(engine, unit, "离职", [Resource("a.bpmn", FIRST)], actor=LIN)


def saved(engine: Engine, unit: Unit, project: int, content: bytes, actor: Actor = LIN, comment: str = "") -> int:
    """The revision that saving on top of what is there makes."""
    expected = drafts.read(unit, project, "a.bpmn").digest
    made = drafts.save(engine, unit, project, "a.bpmn", content, expected=expected, actor=actor, comment=comment)
    assert made.content == content
    return made.revision


def test_what_goes_in_comes_out_byte_for_byte(engine: Engine, unit: Unit, project: int) -> None:
    second = '<?xml version="1.0" encoding="GB18030"?><a n="离职"/>'.encode("gb18030")
    saved(engine, unit, project, second)
    assert projects.resources(unit, project) == [Resource("a.bpmn", second)]
    assert [drafts.revision(unit, project, "a.bpmn", n).content for n in (1, 2)] == [FIRST, second]


def test_a_save_from_an_older_state_is_refused_and_its_text_is_kept(
    engine: Engine, unit: Unit, database: Database, project: int
) -> None:
    old = drafts.read(unit, project, "a.bpmn").digest
    saved(engine, unit, project, b"<mine/>", ZHAO)
    with pytest.raises(drafts.Changed, match="zhao") as refused:
        drafts.save(engine, unit, project, "a.bpmn", b"<late/>", expected=old, actor=LIN)
    assert refused.value.current is not None
    assert refused.value.current.digest == rules.digest(b"<mine/>")
    keys = {asides.keep(engine, unit, project, "a.bpmn", b"<late/>", expected=old, actor=LIN) for _ in range(2)}
    (kept,) = asides.listed(unit, project, "a.bpmn")
    assert keys == {kept.key}
    assert (kept.written_by, asides.read(unit, project, kept.key).content) == ("lin", b"<late/>")
    assert drafts.read(unit, project, "a.bpmn").content == b"<mine/>"
    drafts.save(engine, unit, project, "copy.bpmn", b"<late/>", expected=None, actor=LIN)
    assert asides.listed(unit, project, "a.bpmn") == []  # it has become a revision of a copy


def test_a_save_that_arrives_twice_is_one(engine: Engine, unit: Unit, project: int) -> None:
    old = drafts.read(unit, project, "a.bpmn").digest
    for _ in range(2):
        made = drafts.save(engine, unit, project, "a.bpmn", b"<b/>", expected=old, actor=LIN)
    assert made.revision == 2


def test_saves_of_one_person_fold_for_ten_minutes(engine: Engine, unit: Unit, clock: ManualClock, project: int) -> None:
    assert saved(engine, unit, project, b"<b/>") == 2  # the first revision stays as it was made
    clock.advance(timedelta(minutes=9))
    assert saved(engine, unit, project, b"<c/>") == 2
    clock.advance(timedelta(minutes=1))
    assert saved(engine, unit, project, b"<d/>") == 3
    assert saved(engine, unit, project, b"<e/>", ZHAO) == 4
    assert saved(engine, unit, project, b"<f/>", ZHAO, "五日内交接") == 5
    assert saved(engine, unit, project, b"<g/>", ZHAO) == 6
    told = [(r.number, r.changed_by, r.comment) for r in drafts.history(unit, project, "a.bpmn")]
    assert told[:3] == [(6, "zhao", ""), (5, "zhao", "五日内交接"), (4, "zhao", "")]
    assert drafts.revision(unit, project, "a.bpmn", 2).content == b"<c/>"
    assert unit.one("select count(*) from audit where operation = 'UPDATE'") == (5,)


def test_what_was_published_is_not_folded_into(engine: Engine, unit: Unit, project: int) -> None:
    saved(engine, unit, project, b"<b/>")
    drafts.published(unit, project, {"a.bpmn": rules.digest(b"<b/>")})
    assert saved(engine, unit, project, b"<c/>") == 3
    assert drafts.read(unit, project, "a.bpmn").base == rules.digest(b"<b/>")


def test_an_old_state_is_restored_as_a_new_one(engine: Engine, unit: Unit, project: int) -> None:
    saved(engine, unit, project, b"<b/>")
    now = drafts.read(unit, project, "a.bpmn").digest
    made = drafts.restore(engine, unit, project, "a.bpmn", 1, expected=now, actor=LIN)
    assert (made.revision, made.content) == (3, FIRST)
    with pytest.raises(drafts.Changed):
        drafts.restore(engine, unit, project, "a.bpmn", 2, expected=now, actor=LIN)
    with pytest.raises(NotFound, match="no revision 9"):
        drafts.restore(engine, unit, project, "a.bpmn", 9, expected=made.digest, actor=LIN)


def test_a_removed_file_comes_back_with_its_history(engine: Engine, unit: Unit, project: int) -> None:
    saved(engine, unit, project, b"<b/>")
    drafts.remove(engine, unit, project, "a.bpmn", expected=rules.digest(b"<b/>"), actor=ZHAO)
    with pytest.raises(drafts.Changed, match="renamed or removed"):
        drafts.save(engine, unit, project, "a.bpmn", b"<c/>", expected=rules.digest(b"<b/>"), actor=LIN)
    (gone,) = drafts.removed(unit, project)
    assert drafts.bring_back(engine, unit, project, gone.key, actor=LIN) == "a.bpmn"
    assert [r.number for r in drafts.history(unit, project, "a.bpmn")] == [2, 1]


def test_a_file_keeps_its_history_under_another_name(engine: Engine, unit: Unit, project: int) -> None:
    drafts.save(engine, unit, project, "b.bpmn", b"<b/>", expected=None, actor=LIN)
    with pytest.raises(Conflict, match="b.bpmn already"):
        drafts.rename(engine, unit, project, "a.bpmn", "b.bpmn", actor=LIN)
    with pytest.raises(Invalid, match="ending"):
        drafts.rename(engine, unit, project, "a.bpmn", "a.dmn", actor=LIN)
    drafts.rename(engine, unit, project, "a.bpmn", "离职.bpmn", actor=LIN)
    assert drafts.history(unit, project, "离职.bpmn")[0].name == "a.bpmn"
    with pytest.raises(NotFound, match="a.bpmn"):
        drafts.read(unit, project, "a.bpmn")


def test_a_new_file_takes_no_name_that_is_there(engine: Engine, unit: Unit, project: int) -> None:
    with pytest.raises(drafts.Changed):
        drafts.save(engine, unit, project, "a.bpmn", b"<other/>", expected=None, actor=ZHAO)
    same = drafts.save(engine, unit, project, "a.bpmn", FIRST, expected=None, actor=ZHAO)
    assert same.revision == 1


@pytest.mark.parametrize(
    "name",
    ["../a.bpmn", "a/b.bpmn", "a\\b.bpmn", ".bpmn", "a\x00.bpmn", "a\u202e.bpmn", "a.exe", "x" * 200 + ".dmn", ""],
)
def test_names_that_are_no_files_are_refused(engine: Engine, unit: Unit, project: int, name: str) -> None:
    with pytest.raises(Invalid):
        drafts.save(engine, unit, project, name, b"<a/>", expected=None, actor=LIN)
    assert len(projects.read(unit, project).files) == 1


def test_the_limits_are_told(engine: Engine, unit: Unit, project: int) -> None:
    drafts.save(engine, unit, project, "b.dmn", b"x" * rules.FILE_MOST, expected=None, actor=LIN)
    with pytest.raises(Invalid, match="4 MB"):
        drafts.save(engine, unit, project, "c.dmn", b"x" * (rules.FILE_MOST + 1), expected=None, actor=LIN)
    with pytest.raises(Invalid, match="empty"):
        drafts.save(engine, unit, project, "c.dmn", b"", expected=None, actor=LIN)
    for number in range(rules.FILES_MOST - 2):
        drafts.save(engine, unit, project, f"{number}.form", b"{}", expected=None, actor=LIN)
    with pytest.raises(Invalid, match="at most 100 files"):
        drafts.save(engine, unit, project, "one-more.form", b"{}", expected=None, actor=LIN)


def test_projects_are_renamed_removed_and_brought_back(engine: Engine, unit: Unit, project: int) -> None:
    other = projects.create(engine, unit, "培训", [], actor=LIN)
    with pytest.raises(Conflict, match="培训"):
        projects.rename(engine, unit, project, " 培训 ", actor=LIN)
    projects.rename(engine, unit, project, "离职 2027", actor=ZHAO)
    projects.remove(engine, unit, project, actor=LIN)
    assert [p.key for p in projects.listed(unit)] == [other]
    for gone in (projects.read, projects.resources):
        with pytest.raises(NotFound):
            gone(unit, project)
    with pytest.raises(NotFound):
        drafts.read(unit, project, "a.bpmn")
    assert [p.removed_by for p in projects.removed(unit)] == ["lin"]
    projects.bring_back(engine, unit, project, actor=LIN)
    assert projects.read(unit, project).files[0].digest == rules.digest(FIRST)


def test_one_unsaved_file_is_laid_over_the_others(engine: Engine, unit: Unit, project: int) -> None:
    drafts.save(engine, unit, project, "b.form", b"{}", expected=None, actor=LIN)
    laid = projects.overlaid(unit, project, "a.bpmn", b"<unsaved/>")
    assert laid == [Resource("a.bpmn", b"<unsaved/>"), Resource("b.form", b"{}")]
    assert projects.overlaid(unit, project, "a.bpmn", None) == projects.resources(unit, project)
    assert projects.resources(unit, project)[0].content == FIRST


def test_a_shipped_family_is_adopted_once(engine: Engine, unit: Unit) -> None:
    projects.create(engine, unit, "离职交接", [], actor=LIN)
    key = projects.adopt(engine, unit, "offboarding", actor=LIN)
    assert key is not None
    found = projects.read(unit, key)
    assert found.name == "离职交接 2"
    assert {"offboarding.bpmn", "scenarios.yaml"} < {entry.name for entry in found.files}
    assert all(entry.base == entry.digest for entry in found.files)
    on_disk = (catalog.home() / "offboarding" / "offboarding.bpmn").read_bytes()
    assert drafts.read(unit, key, "offboarding.bpmn").content == on_disk
    projects.remove(engine, unit, key, actor=LIN)
    assert projects.adopt(engine, unit, "offboarding", actor=LIN) is None
