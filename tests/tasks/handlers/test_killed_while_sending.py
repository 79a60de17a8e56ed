"""A worker killed with -9 in the middle of forty letters: none arrives twice, and the log knows of each."""

import subprocess
import sys
import time
from collections import Counter
from pathlib import Path
from uuid import uuid4

import pytest

from hr.people import accounts, staff
from hr.people.staff import Hire
from kernel.db import Database

ROOT = Path(__file__).resolve().parents[3]
LETTERS = 40


@pytest.fixture
def readers(desk, clock) -> Database:
    """Forty persons in the group hr, beside those of the company."""
    with desk.database.transaction() as unit:
        for n in range(LETTERS - 1):
            login = f"reader{n:02}"
            joining = Hire(
                no=f"R{n:02}",
                login=login,
                name=login,
                department="office",
                position="x",
                hired_on=clock.now().date(),
                mail=f"{login}@qiming.example",
            )
            staff.hire(unit, desk.world.files.cipher, joining)
            accounts.create(unit, login, password_hash="x", groups=("hr",), employee=login, clock=clock)
    database: Database = desk.database
    return database


@pytest.mark.requirement("F38")
def test_a_killed_worker_sends_no_letter_twice_and_knows_what_it_does_not_know(
    readers, counterparts, database_url, tmp_path
):
    counterparts.fault("mail", delay=0.05, times=10_000)
    job = str(uuid4())
    mail_url = f"smtp://127.0.0.1:{counterparts.mail_port}"
    command = [sys.executable, "-m", "tests.tasks.handlers.sender", database_url, str(tmp_path), mail_url, job]
    kills = 0
    mail = "select count(*) from delivery where channel = 'mail' and address <> '' and state = any(%s)"
    while readers.once().one(mail, (["sent", "failed"],)) != (LETTERS,):
        worker = subprocess.Popen(command, cwd=ROOT)
        if kills < 3:
            _wait_for_more(readers, 8)
            worker.kill()
            kills += 1
        worker.wait(60)
    to = Counter(
        (letter["to"][0], letter["messageId"]) for letter in counterparts.mail() if "OFF-2026-0001" in letter["text"]
    )
    assert kills == 3
    assert max(to.values()) == 1
    (sent,) = readers.once().one(mail, (["sent"],))
    (unknown,) = readers.once().one(mail, (["failed"],))
    assert sent <= len(to) <= sent + unknown
    assert unknown <= kills


def _wait_for_more(database: Database, letters: int) -> None:
    """Until so many more letters are recorded as sent."""
    sent = "select count(*) from delivery where state = 'sent'"
    target = database.once().one(sent)[0] + letters
    for _ in range(1200):
        if database.once().one(sent)[0] >= target:
            return
        time.sleep(0.02)
    raise RuntimeError("No letters go out.")
