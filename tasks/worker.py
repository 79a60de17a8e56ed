"""The loops that run what is due: timers and errands in one, service calls side by side in another, upkeep in a third.

A job is leased, its handler's call runs outside any transaction, and its record runs in the transaction that completes
it. A worker that was too slow finds its lease gone: the completing statement writes nothing, and the record is rolled
back with it. `drain` does the same in the calling thread until nothing is due, for tests and scenarios.

The loops know nothing of each other, so that a timer is on time whatever handlers and batches do. Each sleeps until
its next due time; a commit wakes it by NOTIFY, and a poll finds what was not rung for. A worker takes only jobs that it
begins at once, so that nothing waits behind a slow call while another worker is free.
"""

import logging
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from datetime import datetime, timedelta

import psycopg

from engine import due
from engine.commands import job as jobs
from engine.commands import timer
from engine.commands.job import Lease
from engine.turn import CHANNEL, QUIET_S, Engine
from kernel.actor import Actor, system
from kernel.db import AWAY, Unit
from kernel.errors import Conflict, Refusal, Unavailable
from tasks.bell import Bell
from tasks.handlers import registry
from tasks.handlers.operation import BpmnError
from tasks.house import House
from tasks.upkeep import Upkeep

BATCH = 10
TIMERS_AT_ONCE = 50
SHORTEST_PAUSE = 0.01
SWEEP_EVERY = timedelta(hours=1)
SHOWN_EVERY_S = 60.0  # a worker that finds nothing to do
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


def run_due(house: House, name: str) -> int:
    """One round in the calling thread: what the engine owes itself, timers that are due, then some leased jobs."""
    ran = due.run(house.engine, house.database.once(), BATCH, fire=_fire)
    leases = _lease(house, name, BATCH)
    for lease in leases:
        run_job(house, lease)
    return ran + len(leases)


def _lease(house: House, name: str, limit: int) -> list[Lease]:
    timeout, unit = house.settings.lease_seconds, house.database.once()
    return jobs.activate(house.engine, unit, types=registry.types(), worker=name, timeout_s=timeout, limit=limit)


def _fire(engine: Engine, unit: Unit, key: int) -> bool:
    """Fire a timer. One that fails stands in the log and is tried again when its hold is over: others go on."""
    try:
        return timer.fire(engine, unit, key)
    except AWAY:
        raise
    except Exception:  # the boundary: a timer of one instance never stops the timers of the others
        log.exception("a timer does not fire", extra={"job": key})
        return False


def run_job(house: House, lease: Lease) -> None:
    """Run one leased job to its end: completed, a BPMN error, tried again later, or an incident.

    Where the database is away, whether it is done is not known here: it is left to its lease, and costs no retry.
    """
    try:
        _attempt(house, lease)
    except AWAY as fault:
        log.warning("the database went away under a job: %s", fault, extra={"job": lease.key})


def _attempt(house: House, lease: Lease) -> None:
    try:
        _perform(house, lease)
    except BpmnError as error:
        _throw(house, lease, error)
    except Conflict as lost:
        log.warning("a finished job came too late: %s", lost, extra={"job": lease.key})
    except Refusal as refusal:
        _fail(house, lease, str(refusal), _patience(lease) if isinstance(refusal, Unavailable) else 0)
    except AWAY:
        raise
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
        self._shown = time.monotonic()
        self._at_work: set[Future[None]] = set()
        self._job_bell = Bell()
        self._timer_bell = Bell()
        self._upkeep_bell = Bell()

    def run(self) -> None:
        """Work until stopped. A database that is away is waited for, with a line in the log."""
        upkeep = Upkeep(self._house, self._stopping.is_set, self._stopping.wait)
        loops = [
            self._thread("timer", self._timer_bell, self._timers, self._until(self._timer_bell, due.next_timer)),
            self._thread("upkeep", self._upkeep_bell, lambda: self._upkeep(upkeep), self._idle),
        ]
        with ThreadPoolExecutor(self._threads, thread_name_prefix="job") as pool:
            until = self._until(self._job_bell, self._next_job)
            self._loop(self._job_bell, lambda: self._jobs(pool), until)
        for loop in loops:
            loop.join()

    def _thread(self, name: str, bell: Bell, work: Callable[[], int], rest: Callable[[], object]) -> threading.Thread:
        thread = threading.Thread(target=self._loop, args=(bell, work, rest), name=name)
        thread.start()
        return thread

    def _next_job(self, unit: Unit) -> datetime | None:
        """When to look again. Whoever rests is there too, and is seen now and then."""
        now = time.monotonic()
        if now - self._shown > SHOWN_EVERY_S:
            self._shown = now
            jobs.see(self._house.engine, unit, registry.types(), self._name)
        return due.next_job(unit, registry.types())

    def _until(self, bell: Bell, next_due: Callable[[Unit], datetime | None]) -> Callable[[], None]:
        return lambda: self._rest(bell, next_due)

    def _upkeep(self, upkeep: Upkeep) -> int:
        try:
            return upkeep.round()
        except AWAY:
            raise
        except Exception:  # the boundary: what cannot be cleaned up stands in the log, and the worker goes on
            log.exception("upkeep failed and will be tried again")
            return 0

    def _idle(self) -> None:
        """Until a commit rings, a poll interval at most."""
        self._upkeep_bell.wait(self._house.settings.poll_seconds)

    def stop(self) -> None:
        """Finish what is under way, give back at once what is held and not begun, then end `run`."""
        self._stopping.set()
        for bell in (self._job_bell, self._timer_bell, self._upkeep_bell):
            bell.ring()

    def _loop(self, bell: Bell, work: Callable[[], int], rest: Callable[[], object]) -> None:
        while not self._stopping.is_set():
            try:
                with bell.hung(self._house.database, CHANNEL):
                    while not self._stopping.is_set():
                        if not work():
                            rest()
            except (psycopg.Error, *AWAY) as fault:
                log.warning("the database is away, trying again: %s", fault)
                self._stopping.wait(self._house.settings.poll_seconds)

    def _rest(self, bell: Bell, next_due: Callable[[Unit], datetime | None]) -> None:
        """Until a commit rings or something comes due. Costs one statement a poll interval.

        After a ring the first look comes soon: turns within QUIET_S of it do not ring themselves.
        """
        poll = self._house.settings.poll_seconds
        most, bell.rang = 2 * QUIET_S if bell.rang else poll, False
        while not self._stopping.is_set():
            at = next_due(self._house.database.once())
            left = most if at is None else (at - self._house.clock.now()).total_seconds()
            if bell.wait(max(SHORTEST_PAUSE, min(most, left))) or left < most:
                return
            most = poll

    def _timers(self) -> int:
        engine, unit = self._house.engine, self._house.database.once()
        ran = due.run(engine, unit, TIMERS_AT_ONCE, fire=_fire, stopped=self._stopping.is_set)
        now = self._house.clock.now()
        if not ran and now - self._swept > SWEEP_EVERY:
            self._swept = now
            due.sweep(engine, unit)
        return ran

    def _jobs(self, pool: ThreadPoolExecutor) -> int:
        free = self._threads - len(self._at_work)
        if not free:
            self._job_bell.wait(self._house.settings.poll_seconds)
            return 1
        leases = _lease(self._house, self._name, free)
        if leases and self._stopping.is_set():
            due.free_jobs(self._house.database.once(), leases)
            return 0
        for lease in leases:
            begun = pool.submit(run_job, self._house, lease)
            self._at_work.add(begun)
            begun.add_done_callback(self._done)
        return len(leases)

    def _done(self, begun: "Future[None]") -> None:
        self._at_work.discard(begun)
        self._job_bell.ring()  # what it led to is there now, rung for or not
        self._timer_bell.ring()
        if begun.exception():
            log.error("what became of a job could not be kept", exc_info=begun.exception())
