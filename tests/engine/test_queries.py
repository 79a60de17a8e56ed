"""What others ask of the engine: search by conditions, pages, the diagram."""

import pytest

from engine import queries
from engine.commands import start
from engine.queries import Condition
from kernel.errors import Invalid, NotFound
from tests.engine.house import ZHANG, House
from tests.engine.spiff.drawing import ENDS, extend, process, tag, user

MODEL = process(
    ENDS
    + '<parallelGateway id="f"/>'
    + user("a", extend(tag("userTask"), tag("assignmentDefinition", candidateGroups="hr")))
    + user("b", extend(tag("userTask"), tag("assignmentDefinition", assignee="li"))),
    "s f a e",
    "f b e",
)


def test_tasks_are_found_by_what_they_are(house: House) -> None:
    house.deploy(MODEL)
    cases = [
        start.start(house.engine, house.unit, process_id="p", actor=ZHANG, business_id=f"OFF-2026-000{n}").instance_key
        for n in (1, 2, 3)
    ]
    find = queries.search_user_tasks
    assert find(house.unit, [Condition("assignee", "li")]).total == 3
    assert find(house.unit, [Condition("candidate_groups", ["hr", "it"], "overlaps")]).total == 3
    assert find(house.unit, [Condition("candidate_groups", "hr", "has")]).total == 3
    assert find(house.unit, [Condition("assignee", False, "exists")]).total == 3
    assert find(house.unit, [Condition("business_id", "OFF-????-0002", "like")]).total == 2
    assert find(house.unit, [Condition("business_id", "OFF_*", "like")]).total == 0
    assert find(house.unit, [Condition("instance_key", cases[:2], "in"), Condition("element", "a", "neq")]).total == 2
    assert find(house.unit, [Condition("due_at", house.clock.now(), "lt")]).total == 0


def test_pages_come_in_order_and_know_the_total(house: House) -> None:
    house.deploy(MODEL)
    keys = [house.start().instance_key for _ in range(5)]
    page = queries.search_instances(house.unit, order=[("key", True)], limit=2)
    assert ([item.key for item in page.items], page.total, page.more) == ([keys[4], keys[3]], 5, False)
    last = queries.search_instances(house.unit, order=[("key", True)], limit=2, offset=4)
    assert ([item.key for item in last.items], last.total) == ([keys[0]], 5)
    assert queries.search_instances(house.unit, limit=2, offset=10).total == 5
    assert queries.search_instances(house.unit, [Condition("state", "COMPLETED")]).total == 0


def test_unknown_fields_and_keys_are_refused_by_a_sentence(house: House) -> None:
    with pytest.raises(Invalid, match="UserTask has no field password. It has: assigned_at, "):
        queries.search_user_tasks(house.unit, [Condition("password", 1)])
    with pytest.raises(Invalid, match="0 to 10000 rows"):
        queries.search_user_tasks(house.unit, limit=-1)
    for read in (queries.instance, queries.user_task, queries.job, queries.incident, queries.definition):
        with pytest.raises(NotFound, match="4711"):
            read(house.unit, 4711)


def test_the_diagram_shows_where_tokens_wait(house: House) -> None:
    house.deploy(MODEL)
    case = house.start().instance_key
    house.done(case, "b")
    seen = queries.diagram(house.unit, case)
    assert seen.active == {"a": 1}
    assert set(seen.completed) == {"s", "f", "b", "e"}
    assert len(seen.flows) == 4
    assert seen.xml.decode() == MODEL
    with pytest.raises(NotFound):
        queries.diagram(house.unit, 4711)


def test_deployed_things_are_listed(house: House) -> None:
    house.deploy(MODEL)
    house.deploy(process(ENDS + user("a"), "s a e"))
    found = queries.definitions(house.unit, [Condition("kind", "process")], [("version", False)])
    assert [(item.id, item.version, item.latest) for item in found.items] == [("p", 1, False), ("p", 2, True)]
    assert queries.start_form(house.unit, house.engine.definitions, found.items[0].key) is None
