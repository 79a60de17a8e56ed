"""The demo: its counterpart systems beside the product, its organisation, its cases in every stage."""

import json
import secrets
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from zoneinfo import ZoneInfo

from demo import organisation, signings, stories, trainings
from hr.people import org
from kernel.config import Settings
from kernel.db import Unit
from tasks.house import House

PASSWORD = "jiaojie-demo"
TOKEN = "demo-token"
REGISTER = "assets-of-the-demo.json"
EPHEMERAL = 32768  # from here on the machine hands ports out by itself
LOGINS = (
    ("admin", "platform administrator"),
    ("designer", "process designer"),
    ("hr", "human resources"),
    ("hr-head", "head of human resources"),
    ("it", "IT"),
    ("administration", "administration"),
    ("finance", "finance"),
)


# Someone to try a resignation as: no case of their own, nobody's manager.
FREE = """
select e.login from employee e
 where e.manager is not null and e.family = 'rnd' and e.left_on is null
   and not exists (select from employee r where r.manager = e.login)
   and not exists (select from offboarding_case c where c.employee = e.login or c.recipient = e.login)
 order by e.no limit 1
"""


@contextmanager
def counterparts(settings: Settings) -> Iterator[Settings]:
    """The settings with the addresses of OA, CRM, finance, assets, SMS and mail, played by a process of their own.

    A system whose address the settings already name is left alone.
    """
    port, mail_port = _beside(settings.port), _free()
    secret = settings.oa_secret or secrets.token_hex(16)
    home = settings.home.expanduser().absolute()
    home.mkdir(parents=True, exist_ok=True)
    command = [
        sys.executable, "-m", "demo.counterparts", "--port", str(port), "--mail-port", str(mail_port),
        "--state", str(home / "counterparts.json"), "--register", str(home / REGISTER),
        "--token", TOKEN, "--secret", secret, "--parent",
        "--hook", f"http://{settings.host}:{settings.port}/api/hooks",
    ]  # fmt: skip
    process = subprocess.Popen(command, stdin=subprocess.PIPE)
    base = f"http://127.0.0.1:{port}"
    try:
        yield replace(
            settings,
            trial=True,
            mail_url=settings.mail_url or f"smtp://127.0.0.1:{mail_port}",
            scim_url=settings.scim_url or f"{base}/scim/v2",
            scim_token=settings.scim_token or TOKEN,
            oa_url=settings.oa_url or f"{base}/oa",
            oa_secret=secret,
            crm_url=settings.crm_url or f"{base}/crm",
            crm_token=settings.crm_token or TOKEN,
            finance_url=settings.finance_url or f"{base}/finance",
            finance_token=settings.finance_token or TOKEN,
            assets_url=settings.assets_url or f"{base}/assets",
            assets_token=settings.assets_token or TOKEN,
            sms_url=settings.sms_url or f"{base}/sms",
            sms_token=settings.sms_token or TOKEN,
        )
    finally:
        process.terminate()
        process.wait()


def _beside(port: int) -> int:
    """The port after the product's, so that the demo phone is found where it was the last time, else a free one."""
    try:
        return _free(port + 1) if port < EPHEMERAL else _free()
    except OSError:
        return _free()


def _free(wanted: int = 0) -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", wanted))
        port: int = probe.getsockname()[1]
        return port


def raise_up(house: House) -> str:
    """Load the organisation and its cases where there are none. Gives the words that the terminal shows."""
    password = house.settings.demo_password or PASSWORD
    today = house.clock.now().astimezone(ZoneInfo(house.settings.zone)).date()
    with house.database.transaction() as unit:
        seeded = organisation.seed(
            unit,
            house.settings.demo_people,
            today=today,
            password=password,
            cipher=house.world.files.cipher,
            clock=house.clock,
        )
        if seeded is not None:
            organisation.teach(unit, today, house.clock)
        _lend(unit, house.settings)
    if seeded is not None and house.settings.demo_cases:
        stories.play(house, today)
        signings.play(house, today)
        trainings.play(house, today)
    return _greeting(house, password)


def _lend(unit: Unit, settings: Settings) -> None:
    """Tell the asset register what is on file of each person, so that both know the same things by the same tags."""
    held = {no: organisation.things_of(unit, login) for no, login in unit.all("select no, login from employee")}
    written = json.dumps(held, ensure_ascii=False)
    (settings.home.expanduser() / REGISTER).write_text(written, encoding="utf-8")


def _greeting(house: House, password: str) -> str:
    with house.database.transaction() as unit:
        row = unit.one(FREE)
        employee = org.person(unit, row[0]) if row else None
    lines = ["", "Demo logins, all with the password " + password, ""]
    lines += [f"  {login:<16} {role}" for login, role in LOGINS]
    if employee is not None:
        lines += [f"  {employee.login:<16} an employee: {employee.name}, {employee.department_name}"]
        lines += [f"  {employee.manager or '':<16} the manager of {employee.name}"]
    lines += _phone(house.settings)
    return "\n".join(lines)


def _phone(settings: Settings) -> list[str]:
    """Where the text messages of the demo are read, if they go to the counterparts."""
    base, _, system = settings.sms_url.rpartition("/")
    if system != "sms" or settings.sms_token != TOKEN:
        return []
    return ["", f"Their phones, with the codes for signatures: {base}/_phone"]
