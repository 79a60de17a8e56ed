"""One worker process that tells the whole group `hr` something by mail, and may be killed while it does."""

import sys
from dataclasses import replace
from pathlib import Path
from uuid import UUID

from hr.documents.files import Files
from hr.people.calendar import WorkCalendar
from hr.privacy import Cipher
from kernel.clock import SystemClock
from kernel.config import Settings
from kernel.db import Database
from tasks.adapters.smtp import SmtpMailer
from tasks.handlers import registry
from tasks.handlers.operation import World
from tests.tasks.handlers.conftest import Ticket

VARIABLES = {
    "to": "group:hr",
    "caseNumber": "OFF-2026-0001",
    "employee": {"name": "张晓雯", "department": "销售一部"},
    "leavingOn": "2026-12-02",
}


def send(url: str, home: str, mail_url: str, job: str) -> None:
    settings = Settings(home=Path(home), mail_url=mail_url)
    database, clock = Database(url), SystemClock()
    world = World(
        clock=clock,
        settings=settings,
        database=database,
        files=Files(settings.home, Cipher(["x"])),
        calendar=WorkCalendar(),
        mailer=SmtpMailer(mail_url, settings.mail_from, clock),
    )
    headers = {"template": "overdue", "channels": "mail"}
    ticket = replace(Ticket(type="notify", variables=VARIABLES, headers=headers), uuid=UUID(job))
    registry.find("notify").call(ticket, world)
    database.close()


if __name__ == "__main__":
    send(*sys.argv[1:])
