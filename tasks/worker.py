"""The loop that runs what is due: service calls side by side, timers in order, then sleep until the next due time.

A job is leased, its handler's call runs outside any transaction, and its record runs in the transaction that completes
it. A worker that was too slow finds its lease gone: the completing statement writes nothing, and the record is rolled
back with it. `drain` does the same in the calling thread until nothing is due, for tests and scenarios.
"""

import logging
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor, wait
from contextlib import contextmanager, suppress
from datetime import timedelta

import psycopg

from engine import due
from engine.commands import follow_up, timer
from engine.commands import job as jobs
from engine.commands.job import Lease
from engine.turn import CHANNEL
from kernel.actor import Actor, system
from kernel.errors import Conflict, Refusal, Unavailable
from tasks.handlers import registry
from tasks.handlers.operation import BpmnError
from tasks.house import House

BATCH = 10
SWEEP_EVERY = timedelta(hours=1)
BACKOFF_SECONDS = (5, 30, 120, 600, 1800)
WORKER = system("worker")

log = logging.getLogger(__name__)


def drain(house: House, rounds: int = 1000) -> int:
    """Run jobs and timers until nothing is due any more; how many there were.

    Raises RuntimeError when work keeps coming for `rounds` rounds, which only an endless model does.
    """
    done = 0
    for _ in range(rounds):
        ran = run_due(house, "drain")
        if not ran:
            return done
        done += ran
    raise RuntimeError(f"Work was still due after {rounds} rounds: does the model loop without waiting?")


def run_due(house: House, name: str, pool: ThreadPoolExecutor | None = None) -> int:
    """One round: what the engine owes itself, timers that are due, then a batch of leased jobs."""
    unit = house.database.once()
    ran = follow_up.drain(house.engine, unit, BATCH)
    for key in due.due_timers(house.engine, unit, BATCH):
        ran += _fire(house, key)
    leases = jobs.activate(
        house.engine, unit, types=registry.types(), worker=name, timeout_s=house.settings.lease_seconds, limit=BATCH
    )
    if pool is None:
        for lease in leases:
            run_job(house, lease)
    else:
        wait([pool.submit(run_job, house, lease) for lease in leases])
    return ran + len(leases)


def _fire(house: House, key: int) -> bool:
    """Fire a timer. One that fails stands in the log and is tried again when its hold is over: others go on."""
    try:
        return timer.fire(house.engine, house.database.once(), key)
    except psycopg.OperationalError:
        raise
    except Exception:  # the boundary: a timer of one instance never stops the timers of the others
        log.exception("a timer does not fire", extra={"job": key})
        return False


def run_job(house: House, lease: Lease) -> None:
    """Run one leased job to its end: completed, a BPMN error, tried again later, or an incident."""
    try:
        _perform(house, lease)
    except BpmnError as error:
        _throw(house, lease, error)
    except Conflict as lost:
        log.warning("a finished job came too late: %s", lost, extra={"job": lease.key})
    except Refusal as refusal:
        _fail(house, lease, str(refusal), _patience(lease) if isinstance(refusal, Unavailable) else 0)
    except Exception as error:  # the boundary: whatever a handler does, its job ends as an incident, never in silence
        log.exception("a handler failed", extra={"job": lease.key, "element": lease.element})
        _fail(house, lease, f"{type(error).__name__}: {error}", lease.retries - 1)


def _perform(house: House, lease: Lease) -> None:
    handler = registry.find(lease.type)
    result = handler.call(lease, house.world)
    with house.database.transaction() as unit:
        variables = handler.record(lease, result, unit, house.world)
        jobs.complete(house.engine, unit, lease, variables, actor=actor_of(lease))


def _patience(lease: Lease) -> int:
    """The retries left after a system outside was away: it costs none until every pause was tried once.

    So an outage of three quarters of an hour only delays the step; a longer one spends the retries half an hour apart.
    """
    return lease.retries if lease.attempts <= len(BACKOFF_SECONDS) else lease.retries - 1


def _throw(house: House, lease: Lease, error: BpmnError) -> None:
    with suppress_late(lease), house.database.transaction() as unit:
        jobs.throw_error(house.engine, unit, lease, error.code, error.message, error.variables, actor=WORKER)


def _fail(house: House, lease: Lease, message: str, retries: int) -> None:
    backoff = BACKOFF_SECONDS[min(lease.attempts, len(BACKOFF_SECONDS)) - 1]
    with suppress_late(lease), house.database.transaction() as unit:
        jobs.fail(house.engine, unit, lease, message, retries_left=max(0, retries), backoff_s=backoff, actor=WORKER)


@contextmanager
def suppress_late(lease: Lease) -> Iterator[None]:
    """Another worker holds the job by now: its word counts, ours only stands in the log."""
    try:
        yield
    except Conflict as lost:
        log.warning("a failed job had been leased by another: %s", lost, extra={"job": lease.key})


def actor_of(lease: Lease) -> Actor:
    """The part of the product that a job's history names: the job's type."""
    return system(lease.type)


class Worker:
    """A worker of this process: `run()` until `stop()`. Several may run on several machines."""

    def __init__(self, house: House, name: str, threads: int = 4) -> None:
        self._house = house
        self._name = name
        self._threads = threads
        self._stopping = threading.Event()
        self._swept = house.clock.now()

    def run(self) -> None:
        """Work until stopped. A database that is away is waited for, with a line in the log."""
        with ThreadPoolExecutor(self._threads, thread_name_prefix="job") as pool:
            while not self._stopping.is_set():
                try:
                    self._listen(pool)
                except psycopg.Error as fault:
                    log.warning("the database is away, trying again: %s", fault)
                    self._stopping.wait(self._house.settings.poll_seconds)

    def stop(self) -> None:
        """Finish what is under way, then end `run`."""
        self._stopping.set()

    def _listen(self, pool: ThreadPoolExecutor) -> None:
        with self._house.database.listen(CHANNEL) as bell:
            while not self._stopping.is_set():
                if not run_due(self._house, self._name, pool):
                    self._sweep()
                    self._sleep(bell)

    def _sweep(self) -> None:
        """Now and then, drop messages whose time is over."""
        now = self._house.clock.now()
        if now - self._swept > SWEEP_EVERY:
            self._swept = now
            due.sweep(self._house.engine, self._house.database.once())

    def _sleep(self, bell: psycopg.Connection[tuple[object, ...]]) -> None:
        """Until a commit rings, the next due time comes, or the poll interval is over."""
        unit = self._house.database.once()
        next_due = due.next_due(unit, registry.types())
        most = timedelta(seconds=self._house.settings.poll_seconds)
        pause = most if next_due is None else min(most, max(timedelta(0), next_due - self._house.clock.now()))
        with suppress(StopIteration):
            next(bell.notifies(timeout=max(0.01, pause.total_seconds()), stop_after=1))
