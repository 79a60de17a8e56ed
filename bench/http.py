"""What an instance costs over HTTP: `python -m bench.http [--quick] [--rounds N] [--instances N]`.

The product runs as it is installed: `jiaojie web` in a process of its own, the embedded PostgreSQL with its durable
settings (fsync and synchronous_commit on) in a folder that is thrown away. Each client creates an instance, looks its
task up and completes it, over a connection that it keeps, with HTTP Basic, and goes on when the answer is there. The
process: start, FEEL script, user task for a group, exclusive gateway, script, end.

CPU is user and system time of the web's and PostgreSQL's process trees; the client's own is not in it. `loop_ms` is the
time of a fixed loop before each round, by which figures of machines, or of a busy machine's hours, can be compared.
"""

import argparse
import base64
import dataclasses
import json
import os
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.client import HTTPConnection
from pathlib import Path

import psutil  # type: ignore[import-untyped]  # it has no types

from api import bootstrap
from engine.commands import deploy
from engine.model import Resource
from hr.people import accounts
from kernel.actor import system
from kernel.config import Settings
from kernel.postgres import Server

BENCH = system("bench")
LOGIN, PASSWORD = "bench", "measured-2026"
HEADERS = {
    "Authorization": "Basic " + base64.b64encode(f"{LOGIN}:{PASSWORD}".encode()).decode(),
    "Content-Type": "application/json",
}
WARM_UP, START_SECONDS = 200, 60
MODEL = """<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL"
  xmlns:zeebe="http://camunda.org/schema/zeebe/1.0" targetNamespace="bench">
<process id="bench" name="bench" isExecutable="true">
  <startEvent id="start"/><sequenceFlow id="f1" sourceRef="start" targetRef="prepare"/>
  <scriptTask id="prepare" name="Prepare"><extensionElements>
    <zeebe:script expression="=1" resultVariable="x"/></extensionElements></scriptTask>
  <sequenceFlow id="f2" sourceRef="prepare" targetRef="approve"/>
  <userTask id="approve" name="Approve"><extensionElements><zeebe:userTask/>
    <zeebe:assignmentDefinition candidateGroups="hr"/></extensionElements></userTask>
  <sequenceFlow id="f3" sourceRef="approve" targetRef="approved"/>
  <exclusiveGateway id="approved" default="f6"/>
  <sequenceFlow id="f4" sourceRef="approved" targetRef="record">
    <conditionExpression>=approved = true</conditionExpression></sequenceFlow>
  <scriptTask id="record" name="Record"><extensionElements>
    <zeebe:script expression="=x + 1" resultVariable="y"/></extensionElements></scriptTask>
  <sequenceFlow id="f5" sourceRef="record" targetRef="end"/><endEvent id="end"/>
  <sequenceFlow id="f6" sourceRef="approved" targetRef="refused"/><endEvent id="refused"/>
</process></definitions>"""


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Round:
    """One closed loop: milliseconds of CPU an instance, instances a second, latencies in ms, the calibration loop."""

    clients: int
    web_ms: float
    postgres_ms: float
    per_s: float
    begin_p50_ms: float
    begin_p95_ms: float
    complete_p50_ms: float
    complete_p95_ms: float
    loop_ms: float

    @property
    def cpu_ms(self) -> float:
        return self.web_ms + self.postgres_ms


@dataclasses.dataclass(frozen=True, slots=True)
class Running:
    """The product under test: its port, and the processes whose children count as well."""

    port: int
    web: psutil.Process
    postgres: psutil.Process


class Client:
    """One caller with a connection of its own."""

    def __init__(self, port: int) -> None:
        self._connection = HTTPConnection("127.0.0.1", port, timeout=60)

    def post(self, path: str, body: object, expected: int) -> bytes:
        self._connection.request("POST", path, json.dumps(body), HEADERS)
        answer = self._connection.getresponse()
        said = answer.read()
        if answer.status != expected:
            raise RuntimeError(f"{path}: {answer.status} {said.decode()}")
        return said

    def begin(self) -> str:
        """Create an instance and find its task."""
        created = json.loads(self.post("/v2/process-instances", {"processDefinitionId": "bench"}, 200))
        wanted = {"filter": {"processInstanceKey": created["processInstanceKey"], "state": "CREATED"}}
        (task,) = json.loads(self.post("/v2/user-tasks/search", wanted, 200))["items"]
        key: str = task["userTaskKey"]
        return key

    def complete(self, key: str) -> None:
        self.post(f"/v2/user-tasks/{key}/completion", {"variables": {"approved": True}}, 204)

    def close(self) -> None:
        self._connection.close()


@contextmanager
def product() -> Iterator[Running]:
    """A product of its own: tables made, an account, the process deployed, the web running."""
    home = Path(tempfile.mkdtemp(prefix="jiaojie-bench-"))
    home.chmod(0o711)  # as root, a system user of its own runs the database there
    settings = Settings(home=home)
    try:
        with bootstrap.opened(settings, migrate=True) as house:
            hashed = accounts.hash_password(PASSWORD)
            with house.database.transaction() as unit:
                accounts.create(unit, LOGIN, password_hash=hashed, groups=("hr",), clock=house.clock)
                deploy.deploy(house.engine, unit, [Resource("bench.bpmn", MODEL.encode())], BENCH)
            pid = int((Server(home).data / "postmaster.pid").read_text().split("\n", 1)[0])
            with web(home) as (port, process):
                yield Running(port, psutil.Process(process), psutil.Process(pid))
    finally:
        shutil.rmtree(home, ignore_errors=True)


@contextmanager
def web(home: Path) -> Iterator[tuple[int, int]]:
    """`jiaojie web` over a home: its port and process id."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port: int = free.getsockname()[1]
    command = [sys.executable, "-m", "api", "web", "--port", str(port)]
    process = subprocess.Popen(command, env=os.environ | {"JIAOJIE_HOME": str(home)}, cwd=Path(__file__).parents[1])
    try:
        _wait_for(port, process)
        yield port, process.pid
    finally:
        process.terminate()
        process.wait(20)


def _wait_for(port: int, process: "subprocess.Popen[bytes]") -> None:
    until = time.monotonic() + START_SECONDS
    while time.monotonic() < until and process.poll() is None:
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
        except OSError:
            time.sleep(0.05)
        else:
            return
    raise RuntimeError(f"the web does not answer on port {port}")


def cpu_ms(process: psutil.Process) -> float:
    """User and system time of a process, its living children and those it has reaped, in ms."""
    total = sum(process.cpu_times()[:4])
    for child in process.children(recursive=True):
        try:
            total += sum(child.cpu_times()[:2])
        except psutil.NoSuchProcess:
            continue  # reaped in this moment: its parent's next reading has it
    return float(total) * 1000


def drive(port: int, clients: int, instances: int) -> tuple[float, list[float], list[float]]:
    """Seconds for all instances, and the ms of each to begin (create, find) and to complete. Stops at an error."""
    numbers, lock = iter(range(instances)), threading.Lock()
    begun: list[float] = []
    completed: list[float] = []
    errors: list[Exception] = []

    def work() -> None:
        client = Client(port)
        try:
            while not errors:
                with lock:
                    if next(numbers, None) is None:
                        return
                started = time.perf_counter()
                key = client.begin()
                found = time.perf_counter()
                client.complete(key)
                begun.append((found - started) * 1000)
                completed.append((time.perf_counter() - found) * 1000)
        except Exception as error:  # told below, on the thread that asked
            errors.append(error)
        finally:
            client.close()

    threads = [threading.Thread(target=work) for _ in range(clients)]
    started = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if errors:
        raise errors[0]
    return time.perf_counter() - started, sorted(begun), sorted(completed)


def measure(running: Running, clients: int, instances: int) -> Round:
    loop = calibrate()
    before = cpu_ms(running.web), cpu_ms(running.postgres)
    seconds, begun, completed = drive(running.port, clients, instances)
    after = cpu_ms(running.web), cpu_ms(running.postgres)
    return Round(
        clients=clients,
        web_ms=(after[0] - before[0]) / instances,
        postgres_ms=(after[1] - before[1]) / instances,
        per_s=instances / seconds,
        begin_p50_ms=percentile(begun, 50),
        begin_p95_ms=percentile(begun, 95),
        complete_p50_ms=percentile(completed, 50),
        complete_p95_ms=percentile(completed, 95),
        loop_ms=loop,
    )


def calibrate() -> float:
    """ms of CPU for a loop that is always the same: what else runs makes the cores slower."""
    began, total = time.process_time(), 0
    for number in range(1_500_000):
        total += number & 7
    return (time.process_time() - began) * 1000


def percentile(values: list[float], percent: int) -> float:
    """Of sorted values."""
    return values[min(len(values) - 1, len(values) * percent // 100)]


def spread(rounds: list[Round], figure: Callable[[Round], float]) -> str:
    """The median, and what it lies between."""
    found = sorted(figure(one) for one in rounds)
    return f"{statistics.median(found):.2f} ({found[0]:.2f} to {found[-1]:.2f})"


COLUMNS: dict[str, Callable[[Round], float]] = {
    "CPU ms an instance": lambda r: r.cpu_ms,
    "web": lambda r: r.web_ms,
    "PostgreSQL": lambda r: r.postgres_ms,
    "instances a second": lambda r: r.per_s,
    "create and find p50 ms": lambda r: r.begin_p50_ms,
    "create and find p95 ms": lambda r: r.begin_p95_ms,
    "complete p50 ms": lambda r: r.complete_p50_ms,
    "complete p95 ms": lambda r: r.complete_p95_ms,
    "calibration loop ms": lambda r: r.loop_ms,
}


def report(rounds: list[Round]) -> None:
    by_clients = {n: [r for r in rounds if r.clients == n] for n in sorted({r.clients for r in rounds})}
    print(
        f"{'median (lowest to highest)':28}"
        + "".join(f"{f'{n} clients' if n > 1 else '1 client':>28}" for n in by_clients)
    )
    for name, figure in COLUMNS.items():
        print(f"{name:28}" + "".join(f"{spread(of, figure):>28}" for of in by_clients.values()))
    one, most = by_clients[min(by_clients)], by_clients[max(by_clients)]

    def median(of: list[Round], figure: Callable[[Round], float]) -> float:
        return round(statistics.median(figure(r) for r in of), 2)

    figures = {
        "cpu_ms_per_instance": median(one, lambda r: r.cpu_ms),
        "cpu_ms_per_instance_lowest": round(min(r.cpu_ms for r in one), 2),
        "cpu_ms_per_instance_4_clients": median(most, lambda r: r.cpu_ms),
        "web_ms": median(one, lambda r: r.web_ms),
        "postgres_ms": median(one, lambda r: r.postgres_ms),
        "instances_per_s": median(most, lambda r: r.per_s),
        "instances_per_s_1_client": median(one, lambda r: r.per_s),
        "complete_p95_ms": median(one, lambda r: r.complete_p95_ms),
        "complete_p95_ms_4_clients": median(most, lambda r: r.complete_p95_ms),
        "loop_ms": median(rounds, lambda r: r.loop_ms),
        "load": round(os.getloadavg()[0], 2),
    }
    print(json.dumps(figures))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--quick", action="store_true", help="one short round, a few seconds")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--instances", type=int, default=400, help="of each round")
    given = parser.parse_args()
    count, instances = (1, 100) if given.quick else (given.rounds, given.instances)
    with product() as running:
        drive(running.port, 4, WARM_UP)
        rounds = [measure(running, clients, instances) for _ in range(count) for clients in (1, 4)]
    report(rounds)


if __name__ == "__main__":
    main()
