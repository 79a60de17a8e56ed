"""Of several who save from the same state at once, one comes first; what the others wrote is kept, whatever it is."""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from engine.model import Resource
from engine.turn import Engine
from kernel.actor import Actor
from kernel.db import Database
from processes.studio import asides, drafts, projects
from processes.studio.drafts import Changed
from tests.processes.studio.conftest import LIN

WRITTEN = st.binary(min_size=1, max_size=40).filter(lambda text: text != b"<first/>")


def save_at_once(engine: Engine, database: Database, project: int, name: str, texts: Sequence[bytes]) -> list[bool]:
    """Each text is saved by a person of their own as the page does it; whether it got in."""
    with database.transaction() as unit:
        seen = drafts.read(unit, project, name).digest
    gate = Barrier(len(texts))

    def save(number: int) -> bool:
        actor = Actor(id=f"person{number}")
        gate.wait(30)
        try:
            with database.transaction() as unit:
                drafts.save(engine, unit, project, name, texts[number], expected=seen, actor=actor)
        except Changed:
            with database.transaction() as unit:
                asides.keep(engine, unit, project, name, texts[number], expected=seen, actor=actor)
            return False
        return True

    with ThreadPoolExecutor(len(texts)) as pool:
        return list(pool.map(save, range(len(texts))))


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(texts=st.lists(WRITTEN, min_size=2, max_size=4))
def test_exactly_one_comes_first_and_nothing_that_was_written_is_lost(
    engine: Engine, database: Database, texts: list[bytes]
) -> None:
    with database.transaction() as unit:
        number = unit.one("select count(*) from project")[0]
        key = projects.create(engine, unit, f"p{number}", [Resource("a.dmn", b"<first/>")], actor=LIN)
    came = save_at_once(engine, database, key, "a.dmn", texts)
    with database.transaction() as unit:
        now = drafts.read(unit, key, "a.dmn")
        told = [drafts.revision(unit, key, "a.dmn", one.number).content for one in drafts.history(unit, key, "a.dmn")]
        kept = [asides.read(unit, key, one.key).content for one in asides.listed(unit, key, "a.dmn")]
    assert {text for text, saved in zip(texts, came, strict=True) if saved} == {now.content}
    assert told == [now.content, b"<first/>"]
    assert set(texts) | {b"<first/>"} == {*told, *kept}


def test_of_two_new_files_of_one_name_one_comes_first(engine: Engine, database: Database) -> None:
    with database.transaction() as unit:
        key = projects.create(engine, unit, "p", [], actor=LIN)
    gate = Barrier(2)

    def begin(text: bytes) -> bool:
        gate.wait(30)
        try:
            with database.transaction() as unit:
                drafts.save(engine, unit, key, "a.dmn", text, expected=None, actor=LIN)
        except Changed:
            return False
        return True

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(begin, [b"<one/>", b"<other/>"])) == [False, True]
