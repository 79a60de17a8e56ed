"""What has changed for those who are looking: one look at the database a beat, however many pages are open.

A follower hears `tasks`, `messages` or `case` when its own marks moved: how many tasks wait for the person or the
groups, how many messages are unread, how far the case has come. Nothing else leaves here, so a stream holds no personal
data; the page asks again for what it shows.
"""

import asyncio
from collections.abc import AsyncIterator, Iterable
from dataclasses import dataclass

from starlette.concurrency import run_in_threadpool

from kernel.db import Database, Unit

BEAT_SECONDS = 2.0
PING_SECONDS = 20.0
# A stream ends and is opened again by the browser: a session that is over is found out, and memory stays small.
STREAM_SECONDS = 600.0
PING = ": ping\n\n"

_MINE = """
select assignee, count(*), max(key) from user_task
 where state = 'CREATED' and assignee = any(%s) group by assignee
"""
_GROUPS = """
select g, count(*), max(t.key) from user_task t cross join unnest(t.candidate_groups) g
 where t.state = 'CREATED' and t.assignee is null and t.candidate_groups && %s::text[] group by g
"""
_MESSAGES = """
select recipient, count(*), max(id) from delivery
 where channel = 'message' and read_at is null and recipient = any(%s) group by recipient
"""
_CASES = """
select i.root_key, sum(i.version)::bigint, (select max(c.key) from case_comment c where c.instance_key = i.root_key)
  from instance i where i.root_key = any(%s) group by i.root_key
"""

Mark = tuple[object, ...]


@dataclass(frozen=True, slots=True)
class Watch:
    """Whose changes to tell: a person, their groups, and the case that is open, by its root instance, or 0."""

    login: str
    groups: frozenset[str] = frozenset()
    case: int = 0


def look(unit: Unit, watches: Iterable[Watch]) -> dict[Watch, dict[str, Mark]]:
    """The marks of each watch by event name. Four statements, whatever the number of watches."""
    wanted = list(watches)
    logins = sorted({watch.login for watch in wanted})
    groups = sorted({group for watch in wanted for group in watch.groups})
    mine = {row[0]: row[1:] for row in unit.all(_MINE, (logins,))}
    offered = {row[0]: row[1:] for row in unit.all(_GROUPS, (groups,))}
    messages = {row[0]: row[1:] for row in unit.all(_MESSAGES, (logins,))}
    cases = {row[0]: row[1:] for row in unit.all(_CASES, (sorted({watch.case for watch in wanted}),))}
    return {
        watch: {
            "tasks": (mine.get(watch.login), *(offered.get(group) for group in sorted(watch.groups))),
            "messages": (messages.get(watch.login),),
            "case": (cases.get(watch.case),),
        }
        for watch in wanted
    }


class Pulse:
    """Looks while someone follows, and tells each follower what moved. One an application; of one event loop."""

    def __init__(self, database: Database, *, beat_seconds: float = BEAT_SECONDS) -> None:
        self._database = database
        self._beat_seconds = beat_seconds
        self._followers: dict[asyncio.Queue[str], Watch] = {}
        self._marks: dict[Watch, dict[str, Mark]] = {}
        self._beating: asyncio.Task[None] | None = None

    async def follow(self, watch: Watch) -> AsyncIterator[str]:
        """The stream of one page, as `text/event-stream` (HTML Standard §9.2), pinged so that no proxy closes it."""
        queue: asyncio.Queue[str] = asyncio.Queue()
        self._followers[queue] = watch
        if self._beating is None or self._beating.done():
            self._beating = asyncio.create_task(self._beat())
        ends_at = asyncio.get_running_loop().time() + STREAM_SECONDS
        try:
            yield "retry: 3000\n\n"
            while asyncio.get_running_loop().time() < ends_at:
                yield await self._next(queue)
        finally:
            del self._followers[queue]

    async def _next(self, queue: asyncio.Queue[str]) -> str:
        try:
            name = await asyncio.wait_for(queue.get(), PING_SECONDS)
        except TimeoutError:
            return PING
        return f"event: {name}\ndata: 1\n\n"

    async def _beat(self) -> None:
        while self._followers:
            seen = await run_in_threadpool(self._look, set(self._followers.values()))
            for queue, watch in self._followers.items():
                self._tell(queue, self._marks.get(watch), seen.get(watch))
            self._marks = seen
            await asyncio.sleep(self._beat_seconds)
        self._marks = {}

    def _look(self, watches: set[Watch]) -> dict[Watch, dict[str, Mark]]:
        with self._database.transaction() as unit:
            return look(unit, watches)

    @staticmethod
    def _tell(queue: asyncio.Queue[str], before: dict[str, Mark] | None, now: dict[str, Mark] | None) -> None:
        if before is None or now is None:
            return
        for name, mark in now.items():
            if before[name] != mark:
                queue.put_nowait(name)
