"""Finished cases leave when their time is over, with everything of theirs, unless they are held."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import psycopg
import pytest

from engine import journal
from engine.commands import migrate, operate
from engine.ports import Floor
from engine.turn import Engine
from engine.upkeep import retention
from kernel.errors import Conflict, Invalid, NotFound, Refusal
from kernel.text import say
from tests.engine.house import LI, ZHANG, House
from tests.engine.spiff.drawing import ENDS, boundary, extend, process, tag, user
from tests.engine.spiff.drawing import job as work
from tests.engine.spiff.drawing import timer as clock_event

DAY = timedelta(days=1)
CALLED = f'<callActivity id="c">{extend(tag("calledElement", processId="q"))}</callActivity>'
CALLS = process(ENDS + CALLED, "s c e")
INNER = process(
    ENDS + user("a") + work("w") + boundary("t", "a", clock_event("Duration", "P9D"), interrupting=False),
    "s a e",
    "t w e",
    id="q",
)
# By these a removed case is still known: that it was, what was done to many, what was held.
RECORDS = {"removed_instance", "batch_item", "legal_hold", "audit"}


def over(house: House) -> int:
    """A finished case that has called another; both have had work of every kind."""
    case = house.start(reason="growth").instance_key
    ((child, _),) = house.children(case)
    house.done(child, "a", approved=True)
    return case


def rows(house: House) -> dict[str, int]:
    """How many rows there are in each table that holds something by instance."""
    named = house.unit.all(
        "select table_name from information_schema.columns where table_schema = 'public' and column_name = %s",
        ("instance_key",),
    )
    tables = {name for (name,) in named} - RECORDS | {"instance"}
    assert {"journal", "variable", "user_task", "timer", "case_comment", "delivery"} <= tables
    return {name: house.unit.one(f"select count(*) from {name}")[0] for name in sorted(tables)}


def keep(house: House, days: int, process_id: str = "p") -> None:
    retention.set_days(house.engine, house.unit, process_id, days, actor=LI)


def clean(house: House, limit: int = 100) -> int:
    return retention.clean_some(house.engine, house.database, limit)


@pytest.mark.requirement("F52")
def test_a_finished_case_leaves_when_its_time_is_over_with_all_that_it_called(house: House) -> None:
    house.deploy(CALLS, INNER)
    case = over(house)
    heads = house.unit.all("select key, journal_seq, journal_head from instance order by key")
    assert len(heads) == 2
    keep(house, 30)
    house.clock.advance(30 * DAY - timedelta(seconds=1))
    assert clean(house) == 0
    house.clock.advance(timedelta(seconds=1))
    assert clean(house) == 1
    assert set(rows(house).values()) == {0}, rows(house)
    left = house.unit.all(
        "select key, journal_seq, journal_head, root_key, state, removed_by, why from removed_instance order by key"
    )
    assert [row[:3] for row in left] == heads, "the end of each journal is kept"
    assert {row[3:] for row in left} == {(case, "COMPLETED", "retention", "Its time of retention, 30 days, is over.")}
    assert clean(house) == 0


def test_what_runs_and_what_has_no_time_stays(house: House) -> None:
    house.deploy(CALLS, INNER)
    over(house)
    running = house.start().instance_key
    house.clock.advance(9000 * DAY)
    assert clean(house) == 0, "nobody has said how long"
    keep(house, 30)
    assert clean(house) == 1
    ((child, _),) = house.children(running)
    assert house.unit.all("select key from instance order by key") == [(running,), (child,)]
    assert journal.verify(house.unit, running) is None
    retention.forget(house.engine, house.unit, "p", actor=LI)
    with pytest.raises(NotFound, match="has no time of retention"):
        retention.forget(house.engine, house.unit, "p", actor=LI)


def test_called_cases_leave_with_the_one_that_called_them_alone(house: House) -> None:
    house.deploy(CALLS, INNER)
    case = over(house)
    ((child, _),) = house.children(case)
    keep(house, 1, "q")
    house.clock.advance(9 * DAY)
    assert clean(house) == 0
    with pytest.raises(Conflict, match=f"Delete {case}, which began it all"):
        retention.remove(house.engine, house.unit, child, actor=LI)


@pytest.mark.requirement("F52")
def test_a_hold_keeps_a_case_whatever_its_age(house: House) -> None:
    house.deploy(CALLS, INNER)
    case, other = over(house), over(house)
    ((child, _),) = house.children(case)
    retention.place(house.engine, house.unit, child, "劳动仲裁", actor=ZHANG)
    with pytest.raises(Conflict, match="under a legal hold, placed by zhang at 2026-11-02 01:00Z: 劳动仲裁"):
        retention.place(house.engine, house.unit, case, "again", actor=LI)
    keep(house, 1)
    house.clock.advance(2 * DAY)
    assert clean(house) == 1
    assert {key for (key,) in house.unit.all("select key from instance")} == {case, child}
    with pytest.raises(Conflict, match="Lift the hold first"):
        retention.remove(house.engine, house.unit, case, actor=LI)
    (hold,) = retention.holds(house.unit)
    assert (hold.root_key, hold.reason, hold.placed_by) == (case, "劳动仲裁", "zhang")

    retention.lift(house.engine, house.unit, case, "结案", actor=LI)
    assert retention.holds(house.unit) == []
    assert [(one.lifted_by, one.lifted_why) for one in retention.holds(house.unit, lifted=True)] == [("li", "结案")]
    assert clean(house) == 1
    with pytest.raises(NotFound, match="is under no hold"):
        retention.lift(house.engine, house.unit, other, "no", actor=LI)
    with pytest.raises(NotFound, match="There is no process instance"):
        retention.place(house.engine, house.unit, other, "too late", actor=LI)
    for act in (retention.place, retention.lift):
        with pytest.raises(Invalid, match="Say why"):
            act(house.engine, house.unit, case, "", actor=LI)
    done = house.unit.all("select entity, operation from audit where entity <> 'RESOURCE' order by key")
    assert done == [("LEGAL_HOLD", "CREATE"), ("RETENTION", "UPDATE"), ("LEGAL_HOLD", "DELETE")]


def test_the_law_sets_the_least_time(house: House) -> None:
    house.engine.retention_floor = lambda process_id: Floor(731, say("The law says so.")) if process_id == "p" else None
    house.deploy(CALLS, INNER)
    case = over(house)
    with pytest.raises(Invalid, match="730 days are less than the law asks for p: The law says so. Keep at least 731"):
        keep(house, 730)
    for days in (0, 40_000):
        with pytest.raises(Invalid, match="Keep for 1 to 36500 days"):
            keep(house, days, "q")
    house.unit.run("insert into retention values ('p', 1, 'an older release', now())")
    house.clock.advance(730 * DAY)
    assert clean(house) == 0
    with pytest.raises(Conflict, match="is kept until 2028-11-02: The law says so"):
        retention.remove(house.engine, house.unit, case, actor=LI)
    house.clock.advance(DAY)
    assert clean(house) == 1


def test_the_law_keeps_a_tree_for_what_it_called(house: House) -> None:
    house.engine.retention_floor = lambda process_id: Floor(731, say("The law says so.")) if process_id == "q" else None
    house.deploy(CALLS, INNER)
    case = over(house)
    keep(house, 1)
    house.clock.advance(730 * DAY)
    assert clean(house) == 0
    assert retention.due(house.engine, house.unit) == {"p": 0}
    with pytest.raises(Conflict, match=f"Instance {case} of q is kept until 2028-11-02: The law says so"):
        retention.remove(house.engine, house.unit, case, actor=LI)
    house.clock.advance(DAY)
    assert retention.due(house.engine, house.unit) == {"p": 1}
    assert clean(house) == 1


def test_a_move_to_another_process_does_not_shorten_the_time_of_the_law(house: House) -> None:
    house.engine.retention_floor = lambda process_id: Floor(731, say("The law says so.")) if process_id == "q" else None
    house.deploy(process(ENDS + user("a"), "s a e", id="q"))
    case = house.start("q").instance_key
    other = house.deploy(process(ENDS + user("a"), "s a e")).definitions[0].key
    migrate.migrate(house.engine, house.unit, case, other, [migrate.Mapping(source="a", target="a")], actor=LI)
    house.done(case, "a")
    keep(house, 1)
    house.clock.advance(730 * DAY)
    assert clean(house) == 0
    with pytest.raises(Conflict, match="of q is kept until 2028-11-02"):
        retention.remove(house.engine, house.unit, case, actor=LI)
    house.clock.advance(DAY)
    assert clean(house) == 1


def test_a_finished_case_is_deleted_by_hand_and_a_running_one_is_not(house: House) -> None:
    house.deploy(CALLS, INNER)
    case, running = over(house), house.start().instance_key
    retention.remove(house.engine, house.unit, case, actor=LI, why="a trial case")
    with pytest.raises(Conflict, match="is not over"):
        retention.remove(house.engine, house.unit, running, actor=LI)
    with pytest.raises(NotFound, match="There is no process instance"):
        retention.remove(house.engine, house.unit, case, actor=LI)
    assert house.unit.all("select distinct removed_by, why from removed_instance") == [("li", "a trial case")]
    told = house.unit.one("select entity, operation, data from audit where entity_key = %s", (case,))
    assert told == ("PROCESS_INSTANCE", "DELETE", {"reason": "a trial case", "instances": 2})


def test_what_others_keep_leaves_in_the_same_transaction_or_nothing_does(house: House) -> None:
    house.deploy(CALLS, INNER)
    case, seen = over(house), []
    before = rows(house)

    def refuse(unit: object, keys: object) -> None:
        seen.append(keys)
        raise Conflict(say("There is a draft."))

    house.engine.removal = refuse
    with pytest.raises(Conflict, match="There is a draft"):
        retention.remove(house.engine, house.unit, case, actor=LI)
    assert rows(house) == before
    ((child, _),) = house.children(case)
    assert seen == [[case, child]]


def test_the_journal_lets_nothing_else_go(house: House) -> None:
    house.deploy(CALLS, INNER)
    case = over(house)
    with pytest.raises(psycopg.errors.RaiseException, match="journal only grows"):
        house.unit.run("delete from journal where instance_key = %s", (case,))
    retention.remove(house.engine, house.unit, case, actor=LI)
    with pytest.raises(psycopg.errors.RaiseException, match="removed_instance only grows"):
        house.unit.run("delete from removed_instance")


def test_a_hold_races_with_a_removal(house: House) -> None:
    """Either it is held and there, or it is gone and the hold is refused."""
    house.deploy(CALLS, INNER)
    keep(house, 1)
    for _ in range(10):
        case, gate = over(house), Barrier(2)
        house.clock.advance(2 * DAY)

        def hold(case: int = case, gate: Barrier = gate) -> bool:
            engine = Engine(house.database, house.clock)
            gate.wait()
            try:
                return bool(retention.place(engine, house.unit, case, "a suit", actor=LI))
            except Refusal:
                return False

        def go(gate: Barrier = gate) -> int:
            engine = Engine(house.database, house.clock)
            gate.wait()
            return retention.clean_some(engine, house.database)

        with ThreadPoolExecutor(2) as pool:
            held, gone = pool.submit(hold), pool.submit(go)
            there = house.unit.one("select count(*) from instance where key = %s", (case,)) if held.result() else (0,)
            assert gone.result() == (0 if held.result() else 1)
        assert there == ((1,) if held.result() else (0,))


def test_two_workers_share_what_leaves(house: House) -> None:
    house.deploy(CALLS, INNER)
    for _ in range(30):
        over(house)
    keep(house, 1)
    house.clock.advance(2 * DAY)

    def toil(_: int) -> int:
        return retention.clean_some(Engine(house.database, house.clock), house.database)

    with ThreadPoolExecutor(2) as pool:
        assert sum(pool.map(toil, range(2))) + clean(house) == 30
    assert house.unit.one("select count(*) from removed_instance") == (60,)


def test_the_space_is_used_again(house: House) -> None:
    """Rounds of cases that come and leave: after the first ones the tables do not grow."""
    house.deploy(CALLS, INNER)
    keep(house, 1)
    sizes = []
    for _ in range(5):
        for _ in range(40):
            over(house)
        house.clock.advance(2 * DAY)
        assert clean(house) == 40
        for table in ("instance", "journal", "variable", "user_task", "job", "timer"):
            house.unit.run(f"vacuum {table}")
        pages = "select sum(pg_relation_size(oid)) from pg_class where relname in ('instance', 'journal', 'variable')"
        sizes.append(house.unit.one(pages)[0])
    assert sizes[-1] <= sizes[1]


def test_a_cancelled_case_leaves_too(house: House) -> None:
    house.deploy(CALLS, INNER)
    case = house.start().instance_key
    operate.cancel(house.engine, house.unit, case, actor=LI)
    keep(house, 1)
    house.clock.advance(2 * DAY)
    assert clean(house) == 1
    assert set(rows(house).values()) == {0}
