"""10,000 running cases move to the next version while people work: `python -m bench.migration [--cases N]`.

The product runs as it is installed: `jiaojie web` and `jiaojie worker` in processes of their own, the embedded
PostgreSQL with its durable settings in a folder that is thrown away. The cases stand in five states: at a user task
with a boundary timer, at a timer, at a message within a sub-process, in a called process, and at an element that the
next version does not have, which has to be refused. One batch moves them all by the process API; somebody opens the
inbox all the while. In the middle the worker is killed (kill -9) and started again.

Then every case is looked at: moved exactly once or refused with a reason, its open work where it has to be, its due
times as they were, its journal unbroken.
"""

import argparse
import http.client
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from api import bootstrap
from bench.http import LOGIN, PASSWORD, Client, percentile, web
from engine import journal
from engine.commands import deploy, start
from engine.model import Resource
from hr.people import accounts
from kernel.actor import system
from kernel.config import Settings
from kernel.db import Unit
from tasks.house import House

BENCH = system("bench")
STATES = ("person", "timer", "message", "call", "gone")
OLD = {state: state for state in STATES}
NEW = {"person": "approve", "timer": "cool", "message": "answer", "call": "asset"}
KILL_AT = 0.4  # of the cases
PATIENCE_S, WARM_UP_S = 900.0, 5.0
HEAD = """<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL"
  xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"
  xmlns:zeebe="http://camunda.org/schema/zeebe/1.0" targetNamespace="bench">"""
CHILD = f"""{HEAD}<process id="child" name="child" isExecutable="true"><startEvent id="s"/>
  <sequenceFlow id="c1" sourceRef="s" targetRef="return"/><userTask id="return" name="Return the laptop">
  <extensionElements><zeebe:userTask/><zeebe:assignmentDefinition candidateGroups="it"/></extensionElements></userTask>
  <sequenceFlow id="c2" sourceRef="return" targetRef="e"/><endEvent id="e"/></process></definitions>"""


def model(names: dict[str, str], more: str = "") -> bytes:
    """A version of the process, its elements by these names; the way to one that is not named is not there."""

    ways = "".join(
        f"""<sequenceFlow id="to_{state}" sourceRef="which" targetRef="{names[state]}">
  <conditionExpression xsi:type="tFormalExpression">=state = "{state}"</conditionExpression></sequenceFlow>
<sequenceFlow id="from_{state}" sourceRef="{names[state]}" targetRef="end"/>"""
        for state in names
    )
    gone = f'<userTask id="{names["gone"]}" name="Print on paper"/>' if "gone" in names else ""
    return f"""{HEAD}<message id="m" name="answer"><extensionElements>
  <zeebe:subscription correlationKey="=number"/></extensionElements></message>
<process id="bench" name="bench" isExecutable="true"><startEvent id="start"/>
<sequenceFlow id="f1" sourceRef="start" targetRef="which"/><exclusiveGateway id="which" default="none"/>
<sequenceFlow id="none" sourceRef="which" targetRef="end"/>{ways}{gone}{more}
<userTask id="{names["person"]}" name="Approve"><extensionElements><zeebe:userTask/>
  <zeebe:assignmentDefinition candidateGroups="hr"/></extensionElements></userTask>
<boundaryEvent id="late" attachedToRef="{names["person"]}" cancelActivity="false"><timerEventDefinition>
  <timeDuration>P30D</timeDuration></timerEventDefinition></boundaryEvent>
<sequenceFlow id="f2" sourceRef="late" targetRef="told"/><endEvent id="told"/>
<intermediateCatchEvent id="{names["timer"]}"><timerEventDefinition>
  <timeDuration>P40D</timeDuration></timerEventDefinition></intermediateCatchEvent>
<subProcess id="{names["message"]}"><startEvent id="s1"/><sequenceFlow id="f3" sourceRef="s1" targetRef="asked"/>
  <intermediateCatchEvent id="asked"><messageEventDefinition messageRef="m"/></intermediateCatchEvent>
  <sequenceFlow id="f4" sourceRef="asked" targetRef="e1"/><endEvent id="e1"/></subProcess>
<callActivity id="{names["call"]}"><extensionElements><zeebe:calledElement processId="child"/></extensionElements>
</callActivity><endEvent id="end"/></process></definitions>""".encode()


EXTRA = """<sequenceFlow id="f8" sourceRef="which" targetRef="extra"><conditionExpression
  xsi:type="tFormalExpression">=state = "extra"</conditionExpression></sequenceFlow>
<userTask id="extra" name="Another step"/><sequenceFlow id="f9" sourceRef="extra" targetRef="end"/>"""


@dataclass
class Inbox:
    """Somebody who opens the inbox again and again, as a browser with a session. Milliseconds of each."""

    port: int
    took: list[float] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    over: threading.Event = field(default_factory=threading.Event)

    def sign_in(self) -> str:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        body = urlencode({"login": LOGIN, "password": PASSWORD, "next": "/inbox"})
        connection.request("POST", "/login", body, {"Content-Type": "application/x-www-form-urlencoded"})
        answer = connection.getresponse()
        answer.read()
        (cookie,) = re.findall(r"^[^;]+", answer.getheader("Set-Cookie") or "")
        return str(cookie)

    def run(self) -> None:
        cookie = self.sign_in()
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        while not self.over.is_set():
            began = time.perf_counter()
            connection.request("GET", "/inbox", headers={"Cookie": cookie})
            answer = connection.getresponse()
            answer.read()
            self.took.append((time.perf_counter() - began) * 1000)
            if answer.status != 200:
                self.errors.append(f"{answer.status}")
            self.over.wait(0.1)


@contextmanager
def opened(home: Path) -> Iterator[House]:
    with bootstrap.opened(Settings(home=home), migrate=True) as house:
        hashed = accounts.hash_password(PASSWORD)
        with house.database.transaction() as unit:
            accounts.create(unit, LOGIN, password_hash=hashed, groups=("hr", "admin"), clock=house.clock)
            deploy.deploy(house.engine, unit, [Resource("child.bpmn", CHILD.encode())], BENCH)
            deploy.deploy(house.engine, unit, [Resource("bench.bpmn", model(OLD))], BENCH)
        yield house


def begin(house: House, cases: int) -> None:
    """So many cases, a fifth in each state."""

    def one(number: int) -> None:
        given = {"state": STATES[number % len(STATES)], "number": str(number)}
        start.start(house.engine, house.database.once(), actor=BENCH, process_id="bench", variables=given)

    with ThreadPoolExecutor(4) as threads:
        list(threads.map(one, range(cases)))


def worker(home: Path) -> "subprocess.Popen[bytes]":
    command = [sys.executable, "-m", "api", "worker"]
    return subprocess.Popen(command, env=os.environ | {"JIAOJIE_HOME": str(home)}, cwd=Path(__file__).parents[1])


def done(unit: Unit, batch: int) -> int:
    found: int = unit.one("select count(*) from batch_item where batch_key = %s and state <> 'ACTIVE'", (batch,))[0]
    return found


def watch(unit: Unit, batch: int, most: int) -> None:
    """Until so many items are done."""
    until = time.monotonic() + PATIENCE_S
    while done(unit, batch) < most:
        if time.monotonic() > until:
            raise RuntimeError(f"only {done(unit, batch)} of {most} were done in {PATIENCE_S:.0f} s")
        time.sleep(0.05)


def moved(house: House, home: Path, cases: int, batch: int) -> tuple[float, float]:
    """Seconds of work on the batch up to the kill and after it."""
    unit = house.database.once()
    process = worker(home)
    began = time.monotonic()
    watch(unit, batch, 1)
    first = time.monotonic()
    watch(unit, batch, int(cases * KILL_AT))
    process.kill()
    process.wait()
    killed = time.monotonic()
    print(f"killed after {done(unit, batch)} of {cases}; the first was done {first - began:.1f} s after the start")
    process = worker(home)
    watch(unit, batch, cases)
    over = time.monotonic()
    time.sleep(1)
    process.terminate()
    process.wait(30)
    return killed - first, over - killed


def faults(unit: Unit, batch: int, old: int, new: int, cases: int) -> list[str]:
    """What is not as it has to be, in words."""
    found: list[str] = []

    def expect(what: str, query: str, args: tuple[Any, ...], wanted: Any) -> None:
        seen = unit.one(query, args)[0]
        if seen != wanted:
            found.append(f"{what}: {seen} instead of {wanted}")

    fifth = cases // len(STATES)
    expect("on the new version", "select count(*) from instance where definition_key = %s", (new,), cases - fifth)
    expect("left on the old", "select count(*) from instance where definition_key = %s", (old,), fifth)
    times = "select count(*) from journal where kind = 'INSTANCE_MIGRATED'"
    expect("told in journals", times, (), cases - fifth)
    once = f"{times} group by instance_key order by 1 desc limit 1"
    expect("most times of one case", once, (), 1)
    refused = "select count(*) from batch_item where batch_key = %s and state = 'FAILED' and length(message) > 20"
    expect("refused with a reason", refused, (batch,), fifth)
    for state, element in NEW.items():
        kind = {"person": "user_task", "timer": "timer", "call": "", "message": ""}[state]
        if kind:
            at = f"select count(*) from {kind} where element = %s"
            expect(f"{kind} at {element}", at, (element,), fifth)
    expect("subscriptions", "select count(*) from subscription where element = 'asked'", (), fifth)
    late = "select count(*) from timer where element = 'late'"
    expect("boundary timers", late, (), fifth)
    away = """select count(*) from timer t join instance i on i.key = t.instance_key
      where abs(extract(epoch from t.due_at - i.started_at) - 86400 * case t.element when 'late' then 30 else 40 end)
        > 1"""
    expect("timers whose due time changed", away, (), 0)
    return found


def broken(unit: Unit) -> list[int]:
    """Instances whose journal does not hold, of a hundred."""
    keys = [key for (key,) in unit.all("select key from instance order by md5(key::text) limit 100")]
    return [key for key in keys if journal.verify(unit, key) is not None]


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--cases", type=int, default=10_000, help="a number that five divides")
    cases = parser.parse_args().cases
    home = Path(tempfile.mkdtemp(prefix="jiaojie-bench-"))
    home.chmod(0o711)  # as root, a system user of its own runs the database there
    try:
        with opened(home) as house:
            run(house, home, cases)
    finally:
        shutil.rmtree(home, ignore_errors=True)


def run(house: House, home: Path, cases: int) -> None:
    began = time.monotonic()
    begin(house, cases)
    print(f"{cases} cases were started in {time.monotonic() - began:.0f} s")
    unit = house.database.once()
    old = unit.one("select key from definition where id = 'bench'")[0]
    with house.database.transaction() as inside:
        made = deploy.deploy(house.engine, inside, [Resource("bench.bpmn", model(NEW, EXTRA))], BENCH)
    new = made.definitions[0].key
    with web(home) as (port, _):
        inbox = Inbox(port)
        person = threading.Thread(target=inbox.run)
        person.start()
        time.sleep(WARM_UP_S)
        inbox.took = []
        time.sleep(WARM_UP_S)
        before, inbox.took = sorted(inbox.took), []
        client = Client(port)
        asked = time.perf_counter()
        batch = create(client, old, new)
        created_s = time.perf_counter() - asked
        first, second = moved(house, home, cases, batch)
        inbox.over.set()
        person.join()
    during = sorted(inbox.took)
    wrong = faults(unit, batch, old, new, cases) + [f"journal of {key} does not hold" for key in broken(unit)]
    print(*wrong, *inbox.errors, sep="\n")
    print(f"inbox before: p95 {percentile(before, 95):.0f} ms of {len(before)}")
    print(f"inbox meanwhile: p50 {percentile(during, 50):.0f}, p95 {percentile(during, 95):.0f} ms of {len(during)}")
    figures = {
        "cases": cases,
        "faults": len(wrong) + len(inbox.errors),
        "created_s": round(created_s, 2),
        "moved_per_s": round(cases / (first + second)),
        "inbox_p95_ms": round(percentile(during, 95)),
        "inbox_p95_ms_before": round(percentile(before, 95)),
        "load": round(os.getloadavg()[0], 2),
    }
    print(json.dumps(figures))


def create(client: Client, old: int, new: int) -> int:
    mappings = [{"sourceElementId": OLD[state], "targetElementId": NEW[state]} for state in NEW]
    mappings += [{"sourceElementId": name, "targetElementId": name} for name in ("asked", "late")]
    plan = {"targetProcessDefinitionKey": str(new), "mappingInstructions": mappings}
    wanted = {"filter": {"processDefinitionKey": str(old), "state": "ACTIVE"}, "migrationPlan": plan}
    return int(json.loads(client.post("/v2/process-instances/migration", wanted, 200))["batchOperationKey"])


if __name__ == "__main__":
    main()
