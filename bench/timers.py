"""What a million waiting timers cost, and how late the next ones are: `python -m bench.timers [--quick]`.

The embedded PostgreSQL in a folder that is thrown away, with fsync. Two databases that differ in how many timers wait,
1,000 and 1,000,000, are asked in turn, so that the machine's other work is in both. Then `jiaojie worker` as it is
installed, over the million: at rest, with a backlog, and with 100 timers coming due a second. A waiting instance is
started once, and copied in the database.

`look` is what a worker does when it is woken for nothing: errands, start timers, timers, and the next due time.
Lateness is from the instant at which a timer was due to that of the turn that let it fire, by the machine's clock.
"""

import argparse
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import psycopg
from psycopg import sql
from psycopg.conninfo import make_conninfo

from api import bootstrap
from bench import stock
from engine import due
from engine.commands import deploy, start
from engine.model import Resource
from engine.turn import Engine
from kernel.actor import system
from kernel.clock import SystemClock
from kernel.config import Settings
from kernel.db import Database, Unit
from kernel.postgres import Server

BENCH = system("bench")
FEW, MANY = 1_000, 1_000_000
BACKLOG, A_SECOND = 5_000, 100
MODEL = """<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" targetNamespace="bench">
<process id="bench" isExecutable="true"><startEvent id="start"/>
  <sequenceFlow id="f1" sourceRef="start" targetRef="pause"/>
  <intermediateCatchEvent id="pause"><timerEventDefinition><timeDuration>P9Y</timeDuration></timerEventDefinition>
  </intermediateCatchEvent>
  <sequenceFlow id="f2" sourceRef="pause" targetRef="end"/><endEvent id="end"/></process></definitions>"""

# Copies of an instance that waits, with keys of their own below zero, due one after the other.
COPY = """with n as (select generate_series(%(first)s, %(last)s) as n),
  i as (insert into instance (key, definition_key, process_id, process_version, version, state, blob, journal_seq,
      journal_head, root_key, depth, tags, started_at, started_by)
    select -n, definition_key, process_id, process_version, version, state, blob, journal_seq, journal_head, -n, depth,
      tags, started_at, started_by from instance, n where key = %(key)s)
insert into timer (key, instance_key, token, index, element, due_at)
  select -n, -n, token, index, element, %(at)s::timestamptz + n.n * %(apart)s::interval
  from timer, n where instance_key = %(key)s and key > 0"""
WAIT = """insert into timer (key, instance_key, token, index, element, due_at)
  select -10000000 - n, -10000000 - n, token, index, element, due_at + n * interval '10 s'
  from timer, generate_series(1, %(rows)s) as n where instance_key = %(key)s and key > 0"""
FIRED = """select at, (data::json ->> 'due_at')::timestamptz from journal
  where kind = 'TIMER_FIRED' and instance_key between %s and %s order by at"""


@dataclass(frozen=True, slots=True)
class Place:
    """A database with timers, and the instance that others are copies of."""

    database: Database
    engine: Engine
    instance: int

    @property
    def unit(self) -> Unit:
        return self.database.once()


@contextmanager
def places(many: int) -> Iterator[tuple[Path, Place, Place]]:
    """A home whose database has so many waiting timers, and beside it one with FEW."""
    home = Path(tempfile.mkdtemp(prefix="jiaojie-bench-"))
    home.chmod(0o711)  # as root, a system user of its own runs the database there
    try:
        with bootstrap.opened(Settings(home=home), migrate=True) as house:
            with house.database.transaction() as unit:
                deploy.deploy(house.engine, unit, [Resource("bench.bpmn", MODEL.encode())], BENCH)
            begun = start.start(house.engine, house.database.once(), actor=BENCH, process_id="bench")
            house.database.close()
            url = Server(home).url
            with psycopg.connect(make_conninfo(url, dbname="postgres"), autocommit=True) as connection:
                connection.execute(sql.SQL("create database few template jiaojie"))
            opened = [Database(url), Database(make_conninfo(url, dbname="few"))]
            found = [Place(database, Engine(database, SystemClock()), begun.instance_key) for database in opened]
            for place, rows in zip(found, (many, FEW), strict=True):
                waiting(place, rows)
            yield home, found[0], found[1]
            for database in opened:
                database.close()
    finally:
        shutil.rmtree(home, ignore_errors=True)


def waiting(place: Place, rows: int) -> None:
    """So many timers wait, years from now."""
    place.unit.run("set session_replication_role = replica")  # their instances are not there: nobody asks for them
    place.unit.run(WAIT, {"rows": rows, "key": place.instance})
    place.unit.run("set session_replication_role = default")
    place.unit.run("vacuum analyze timer")


def look(place: Place) -> None:
    due.run(place.engine, place.unit)
    due.next_timer(place.unit)


def looks(many: Place, few: Place, rounds: int, each: int = 200) -> tuple[list[float], list[float], float]:
    """ms a look in each round, of each, and the ratio of them: the median over rounds that stand side by side."""
    found: dict[int, list[float]] = {0: [], 1: []}
    for n in range(rounds + 1):
        for which, place in enumerate((many, few) if n % 2 else (few, many)):
            began = time.perf_counter()
            for _ in range(each):
                look(place)
            found[which if n % 2 else 1 - which].append((time.perf_counter() - began) / each * 1000)
    pairs = list(zip(found[0][1:], found[1][1:], strict=True))  # the first is to warm up
    return found[0][1:], found[1][1:], statistics.median(a / b for a, b in pairs)


@contextmanager
def worker(home: Path) -> Iterator[None]:
    command = [sys.executable, "-m", "api", "worker"]
    process = subprocess.Popen(command, env=os.environ | {"JIAOJIE_HOME": str(home)}, cwd=Path(__file__).parents[1])
    try:
        yield
    finally:
        process.terminate()
        process.wait(20)


def fired(place: Place, first: int, rows: int, at: datetime, apart: timedelta) -> list[tuple[datetime, datetime]]:
    """Let `rows` timers come due, and wait: when each fired, and was due."""
    last = first + rows - 1
    given = {"first": first, "last": last, "key": place.instance, "at": at - apart * first, "apart": apart}
    place.unit.run(COPY, given)
    place.unit.run("select pg_notify('jiaojie_work', '')")
    until = time.monotonic() + 120
    while place.unit.one("select exists (select from timer where key between %s and %s)", (-last, -first))[0]:
        if time.monotonic() > until:
            raise RuntimeError("the worker stands still")
        time.sleep(0.2)
    found: list[tuple[datetime, datetime]] = place.unit.all(FIRED, (-last, -first))
    return found


def per_second(found: list[tuple[datetime, datetime]]) -> float:
    return (len(found) - 1) / (found[-1][0] - found[0][0]).total_seconds()


def lateness(found: list[tuple[datetime, datetime]]) -> list[float]:
    """Seconds, sorted."""
    return sorted((at - was_due).total_seconds() for at, was_due in found)


def at_rest(place: Place, seconds: float) -> float:
    """Statements a minute: each is a transaction. The server counts a transaction a moment after its end."""
    count = "select xact_commit from pg_stat_database where datname = current_database()"
    time.sleep(1.5)
    before, began = place.unit.one(count)[0], time.monotonic()
    time.sleep(seconds)
    return float((place.unit.one(count)[0] - before) / (time.monotonic() - began) * 60)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--quick", action="store_true", help="a tenth of it, for a look")
    quick = parser.parse_args().quick
    rounds, seconds = (5, 5) if quick else (25, 20)
    with places(MANY // 10 if quick else MANY) as (home, many, few):
        of_many, of_few, ratio = looks(many, few, rounds)
        with worker(home):
            now = datetime.now(UTC)
            fired(many, 1, 100, now, timedelta(0))  # it is up, and warm
            rest = at_rest(many, seconds / 2)
            backlog = fired(many, 1_000, BACKLOG, datetime.now(UTC), timedelta(0))
            soon = datetime.now(UTC) + timedelta(seconds=1)
            paced = fired(many, 10_000, A_SECOND * seconds, soon, timedelta(seconds=1 / A_SECOND))
    report(of_many, of_few, ratio, rest, backlog, lateness(paced))


def for_the_library(duration: str) -> str:
    """A case that waits for a timer, as the stock library reads it: its durations are Python's texts."""
    return (
        '<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" targetNamespace="bench">'
        '<process id="p" isExecutable="true"><startEvent id="s"/><endEvent id="e"/>'
        '<intermediateCatchEvent id="t"><timerEventDefinition>'
        f'<timeDuration>"{duration}"</timeDuration></timerEventDefinition></intermediateCatchEvent>'
        '<sequenceFlow id="f1" sourceRef="s" targetRef="t"/><sequenceFlow id="f2" sourceRef="t" targetRef="e"/>'
        "</process></definitions>"
    )


def report(
    of_many: list[float],
    of_few: list[float],
    ratio: float,
    rest: float,
    backlog: list[tuple[datetime, datetime]],
    late: list[float],
) -> None:
    for name, found in (("1,000,000", of_many), ("1,000", of_few)):
        print(f"a look with {name} waiting: {statistics.median(found):.3f} ms ({min(found):.3f} to {max(found):.3f})")
    print(f"a backlog of {len(backlog)}: {per_second(backlog):.0f} fired a second")
    print(
        f"{A_SECOND} a second: late by {late[len(late) // 2] * 1000:.0f} ms in the middle, {late[-1] * 1000:.0f} most"
    )
    print(f"at rest: {rest:.0f} statements a minute")
    stock_look = stock.timers_looked_at(for_the_library("PT1H"), 1000)
    stock_fired = stock.timers_fired(for_the_library("PT0.001S"))
    told = f"{stock_look:.0f} ms for a look at 1,000 waiting, {stock_fired:.0f} fired a CPU second"
    print(f"the stock library, without a database: {told}")
    figures = {
        "look_ratio_1m_to_1k": round(ratio, 2),
        "look_ms_1m": round(statistics.median(of_many), 3),
        "look_ms_1k": round(statistics.median(of_few), 3),
        "fired_per_s": round(per_second(backlog)),
        "lateness_p99_s": round(late[len(late) * 99 // 100], 3),
        "lateness_p50_s": round(late[len(late) // 2], 3),
        "idle_statements_per_minute": round(rest),
        "stock_look_ms_1k": round(stock_look),
        "stock_fired_per_cpu_s": round(stock_fired),
        "load": round(os.getloadavg()[0], 2),
    }
    print(json.dumps(figures))


if __name__ == "__main__":
    main()
