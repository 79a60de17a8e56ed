"""The event stream: a page hears of what changed for its reader, and of nothing else."""

import asyncio
from collections.abc import Callable
from datetime import datetime

import httpx

from api.pages.pulse import PING, Pulse, Watch, look
from kernel.clock import ManualClock
from kernel.db import Database, Unit

_TASK = """
insert into user_task(key, instance_key, definition_key, process_id, token, element, name, state, assignee,
                      candidate_groups, candidate_users, priority, headers, created_at)
values(%s, 1, 1, 'p', 1, 'e', 'n', 'CREATED', %s, %s, '{}', 50, '{}', %s)
"""


def offer(unit: Unit, key: int, login: str | None, groups: list[str], at: datetime) -> None:
    unit.run("set session_replication_role = replica")  # the instance itself plays no part here
    unit.run(_TASK, (key, login, groups, at))
    unit.run("set session_replication_role = origin")


def test_a_new_task_moves_the_mark_of_its_assignee_alone(unit: Unit, clock: ManualClock) -> None:
    watches = [Watch("li.si"), Watch("wang.wu")]
    before = look(unit, watches)
    offer(unit, 7, "li.si", [], clock.now())
    after = look(unit, watches)
    assert before[watches[0]]["tasks"] != after[watches[0]]["tasks"]
    assert before[watches[1]] == after[watches[1]]


def test_a_group_task_moves_the_mark_of_each_member(unit: Unit, clock: ManualClock) -> None:
    member, other = Watch("a", frozenset({"it"})), Watch("b", frozenset({"finance"}))
    before = look(unit, [member, other])
    offer(unit, 7, None, ["it"], clock.now())
    after = look(unit, [member, other])
    assert before[member]["tasks"] != after[member]["tasks"]
    assert before[other] == after[other]


def test_a_follower_hears_the_event_once(database: Database, clock: ManualClock) -> None:
    async def listen() -> list[str]:
        heard: list[str] = []
        stream = Pulse(database, beat_seconds=0.01).follow(Watch("li.si"))
        heard.append(await anext(stream))
        waiting = asyncio.ensure_future(anext(stream))
        await asyncio.sleep(0.1)
        with database.transaction() as unit:
            offer(unit, 7, "li.si", [], clock.now())
        heard.append(await waiting)
        await stream.aclose()
        return heard

    assert asyncio.run(listen()) == ["retry: 3000\n\n", "event: tasks\ndata: 1\n\n"]
    assert PING.startswith(":")


def test_the_stream_of_a_page_is_open_to_who_is_signed_in(sign_in: Callable[[str], httpx.Client], site: str) -> None:
    with sign_in("hr").stream("GET", "/events") as answer:
        assert answer.headers["content-type"].startswith("text/event-stream")
        assert next(answer.iter_text()) == "retry: 3000\n\n"
    assert httpx.get(f"{site}/events").status_code == 303
    listening = {"accept": "text/event-stream"}  # a browser would take the login page for a broken stream
    assert httpx.get(f"{site}/events", headers=listening).status_code == 401
