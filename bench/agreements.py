"""1,000 agreements are sealed as a batch while people work: `python -m bench.agreements [--count N] [--workers N]`.

The product runs as it is installed: `jiaojie web` and `jiaojie worker` in processes of their own, the embedded
PostgreSQL with its durable settings in a folder that is thrown away, keys and stamps of the trial authority. One
agreement of the shipped text is prepared and signed by its employee; the others are that one under numbers of their
own, for only the seal is measured: its page read from the encrypted store, the signature PAdES B-LTA with two stamps,
the seam over the pages, the new file, rows and evidence in one commit. Somebody opens the inbox all the while. In the
middle a worker is killed (kill -9) and started again.

Then every agreement is looked at: sealed once, its chain unbroken; some of the files are validated.
"""

import argparse
import json
import os
import shutil
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from subprocess import Popen

import psutil  # type: ignore[import-untyped]  # it has no types

from api import bootstrap
from bench.http import LOGIN, PASSWORD, percentile, web
from bench.migration import Inbox, worker
from hr.agreements import acts, batches, requests, texts
from hr.agreements.batches import Listed
from hr.documents.signing import pades
from hr.documents.signing.keys import Subject
from hr.documents.verify.pdf import examine
from hr.evidence import log
from hr.people import accounts, identity, staff
from hr.people.staff import Hire
from kernel.actor import Actor, system
from kernel.config import Settings
from kernel.db import Unit
from tasks.handlers.agreements import letterhead
from tasks.house import House

BENCH = system("bench")
TEXT = "confidentiality"
KILL_AT = 0.4  # of the agreements
PATIENCE_S, WARM_UP_S = 3600.0, 5.0
LOOKED_AT = 10
COPY = """
insert into agreement
select (jsonb_populate_record(a, jsonb_build_object('number', 'BENCH-' || n, 'verify_code', 'BENCH-' || n))).*
  from agreement a, generate_series(2, %s) n where a.number = %s
"""
COPY_SIGNERS = """
insert into agreement_signer (agreement_number, place, role, field, login, name, nonce, status, decline_reason)
select 'BENCH-' || n, place, role, field, login, name, nonce, status, ''
  from agreement_signer, generate_series(2, %s) n where agreement_number = %s
"""


@contextmanager
def opened(home: Path) -> Iterator[House]:
    with bootstrap.opened(Settings(home=home), migrate=True) as house:
        hashed = accounts.hash_password(PASSWORD)
        with house.database.transaction() as unit:
            groups = ("hr", "admin", "seal")
            accounts.create(unit, LOGIN, password_hash=hashed, groups=groups, clock=house.clock)
            texts.ship(unit, clock=house.clock)
            staff.add_department(unit, "sales", "销售一部")
            number = "99000019900315003"
            person = Hire(
                no="QM3",
                login="zhang",
                name="张晓雯",
                department="sales",
                position="销售代表",
                hired_on=date(2021, 7, 1),
                id_number=number + identity.check_character(number),
            )
            staff.hire(unit, house.world.files.cipher, person)
        yield house


def first(house: House) -> str:
    """An agreement that its employee has signed."""
    world = house.world
    with house.database.transaction() as unit:
        order = requests.Order(slug=TEXT, employee="zhang")
        made = requests.prepare(unit, world.files, order, letterhead=letterhead(world), clock=house.clock, actor=BENCH)
        number, document = made.number, world.files.read(unit, made.current_hash).content
    subject = Subject(name="张晓雯", no="QM3", organisation=house.settings.organisation, role="员工")
    at = house.clock.now()
    key = world.event_keys.issue(subject, at=at, bound={"agreement": number})
    signed = pades.sign(
        document,
        field="employee",
        key=key,
        time=world.time,
        trust=world.trust,
        mark=None,
        name=subject.name,
        reason="签署",
        location="",
        at=at,
    )
    with house.database.transaction() as unit:
        agreement = acts.find(unit, number, locked=True)
        agreement.current_hash = acts.keep(unit, world.files, agreement, signed, BENCH, at).hash
        unit.run("update agreement_signer set status = 'signed' where role = 'employee'")
    return number


def multiplied(house: House, number: str, count: int) -> list[Listed]:
    """So many of it, each with a chain of its own."""
    with house.database.transaction() as unit:
        unit.run(COPY, (count, number))
        unit.run(COPY_SIGNERS, (count, number))
        rows = unit.all("select number, current_hash, employee from agreement order by number")
        for other, document, _ in rows:
            if other != number:
                log.append(unit, other, "agreement.prepared", BENCH, house.clock.now(), content_hash=document)
        return [Listed(number=other, document=document, login=login) for other, document, login in rows]


def done(unit: Unit, key: int) -> int:
    found: int = unit.one(
        "select count(*) from agreement_batch_item where batch_key = %s and state <> 'WAITING'", (key,)
    )[0]
    return found


def watch(unit: Unit, key: int, most: int) -> None:
    """Until so many items are done, with a line now and then."""
    until, told = time.monotonic() + PATIENCE_S, time.monotonic()
    while (now := done(unit, key)) < most:
        if time.monotonic() > until:
            raise RuntimeError(f"only {now} of {most} were sealed in {PATIENCE_S:.0f} s")
        if time.monotonic() - told > 30:
            told = time.monotonic()
            print(f"{now} are sealed", flush=True)
        time.sleep(0.05)


def sealed(house: House, home: Path, key: int, count: int, workers: int) -> tuple[float, float]:
    """Seconds that the workers were at it, and milliseconds of their CPU for each seal, up to the kill."""
    unit = house.database.once()
    crew = [worker(home) for _ in range(workers)]
    watch(unit, key, 1)
    began, spent, so_far = time.monotonic(), cpu_s(crew), done(unit, key)
    watch(unit, key, max(so_far + 1, int(count * KILL_AT)))
    each = (cpu_s(crew) - spent) / (done(unit, key) - so_far) * 1000
    crew[0].kill()
    crew[0].wait()
    crew[0] = worker(home)
    watch(unit, key, count)
    took = time.monotonic() - began
    for process in crew:
        _leave(process)
    return took, each


def cpu_s(crew: list["Popen[bytes]"]) -> float:
    """User and system time of the workers so far."""
    return sum(sum(psutil.Process(process.pid).cpu_times()[:2]) for process in crew)


def _leave(process: "Popen[bytes]") -> None:
    process.terminate()
    process.wait(60)


def faults(house: House, key: int, listed: list[Listed]) -> list[str]:
    """What is not as it has to be, in words."""
    found = []
    with house.database.transaction() as unit:
        for state, count in unit.all(
            "select state, count(*) from agreement_batch_item where batch_key = %s group by 1", (key,)
        ):
            if (state, count) != ("DONE", len(listed)):
                found.append(f"items {state}: {count}")
        for one in listed:
            events = [row.event for row in log.rows(unit, one.number)]
            if events.count("sealed") != 1 or log.walk(unit, one.number).broken_at is not None:
                found.append(f"{one.number}: {events}")
        for one in listed[:: max(1, len(listed) // LOOKED_AT)]:
            content = house.world.files.read(unit, acts.find(unit, one.number).current_hash).content
            seen = examine(content, house.world.trust, at=house.clock.now())
            if not seen.intact or len(seen.signatures) != 2:
                found.append(f"{one.number}: {seen.problems}")
    return found


def run(house: House, home: Path, count: int, workers: int) -> None:
    began = time.monotonic()
    listed = multiplied(house, first(house), count)
    holder = Actor(id=LOGIN, groups=frozenset({"seal"}))
    with house.database.transaction() as unit:
        key = batches.seal(unit, house.engine.keys.next(), listed, title=TEXT, actor=holder, clock=house.clock).key
    print(f"{count} agreements wait for the seal after {time.monotonic() - began:.0f} s", flush=True)
    with web(home) as (port, _):
        inbox = Inbox(port)
        person = threading.Thread(target=inbox.run)
        person.start()
        time.sleep(WARM_UP_S)
        inbox.took = []
        time.sleep(WARM_UP_S)
        before, inbox.took = sorted(inbox.took), []
        took, each = sealed(house, home, key, count, workers)
        inbox.over.set()
        person.join()
    during = sorted(inbox.took)
    wrong = faults(house, key, listed)
    print(*wrong, *inbox.errors, sep="\n")
    figures = {
        "agreements": count,
        "workers": workers,
        "faults": len(wrong) + len(inbox.errors),
        "sealed_per_s": round(count / took, 2),
        "cpu_ms_per_seal": round(each),
        "inbox_p50_ms": round(percentile(during, 50)),
        "inbox_p95_ms": round(percentile(during, 95)),
        "inbox_p95_ms_before": round(percentile(before, 95)),
        "load": round(os.getloadavg()[0], 2),
    }
    print(json.dumps(figures))


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--count", type=int, default=1000)
    parser.add_argument("--workers", type=int, default=1)
    asked = parser.parse_args()
    home = Path(tempfile.mkdtemp(prefix="jiaojie-bench-"))
    home.chmod(0o711)  # as root, a system user of its own runs the database there
    try:
        with opened(home) as house:
            run(house, home, asked.count, asked.workers)
    finally:
        shutil.rmtree(home, ignore_errors=True)


if __name__ == "__main__":
    main()
