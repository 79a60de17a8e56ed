"""The only wiring: settings to a house, and the embedded database under it."""

import dataclasses
import logging
import os
import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from zoneinfo import ZoneInfo

from api import schema
from api.trial import TrialTime
from engine.turn import Engine
from hr.documents.files import Files
from hr.people import org
from hr.people.calendar import WorkCalendar
from hr.people.functions import functions
from hr.privacy import Cipher, cipher
from kernel.clock import Clock, SystemClock
from kernel.config import Settings
from kernel.db import Database
from kernel.errors import NotFound
from kernel.ids import Keys
from kernel.postgres import Server
from kernel.text import say
from processes.lint import form_problems
from tasks.adapters import keys, outside
from tasks.adapters.licensed import RealName
from tasks.adapters.outside import Outside
from tasks.handlers.operation import World
from tasks.house import House
from tasks.human import keeping, withdrawal
from tasks.human.batch_items import Batches
from tasks.human.evidence import Anchoring
from tasks.human.signing.abandoned import abandoned as abandoned_agreements
from tasks.human.training.abandoned import abandoned as abandoned_trainings
from tasks.human.training.exam import Lapsed
from tasks.human.training.films import Films
from tasks.human.training.forwarding import Forwarding
from tasks.seals import Seals, TrialAuthority

log = logging.getLogger(__name__)


class NotMigrated(RuntimeError):
    """The database's schema is older than this release. Run `jiaojie migrate`."""


@contextmanager
def opened(settings: Settings, clock: Clock | None = None, *, migrate: bool = False) -> Iterator[House]:
    """A house over its database, which is started where it is the embedded one, and left at the end.

    Raises NotMigrated if the schema is not of this release and `migrate` is false.
    """
    settings = completed(settings)
    server = None if settings.database_url else Server(settings.home)
    url = server.start() if server else settings.database_url
    database = Database(url)
    try:
        if migrate:
            schema.migrate(database)
        elif schema.current(database) != schema.newest():
            raise NotMigrated("The database's tables are not those of this release. Run: jiaojie migrate")
        out = outside.connect(settings, clock or SystemClock())
        house = build(settings, database, clock, out)
        try:
            yield house
        finally:
            house.world.seals.close()
            out.close()
    finally:
        database.close()
        if server:
            server.stop()


def build(settings: Settings, database: Database, clock: Clock | None = None, out: Outside | None = None) -> House:
    """The house over a migrated database. Without a clock: the machine's, or the trial mode's."""
    time: Clock = clock or (TrialTime(database, SystemClock()) if settings.trial else SystemClock())
    with database.transaction() as unit:
        calendar = WorkCalendar.load(unit)
    engine = Engine(
        database,
        time,
        Keys(database),
        form_check=form_problems,
        cancel_check=withdrawal.refuse_cancel,
        suspend_check=withdrawal.refuse_suspend,
        retention_floor=keeping.retention_floor,
        removal=keeping.remove,
        functions=functions(calendar),
        zone=ZoneInfo(settings.zone),
    )
    peers = out or outside.connect(settings, time)
    sealing = cipher(settings)
    trial = Seals(trial=TrialAuthority(database, sealing, settings.organisation, time))
    world = World(
        clock=time,
        settings=settings,
        database=database,
        files=Files(settings.home, sealing, limit=settings.upload_max_bytes),
        calendar=calendar,
        mailer=peers.mailer,
        sms=peers.sms,
        scim=peers.scim,
        oa=peers.oa,
        crm=peers.crm,
        finance=peers.finance,
        assets=peers.assets,
        identity=peers.identity,
        lrs=peers.lrs,
        keys=keys.seals(settings, trial, real_names(database, sealing)),
    )
    chores = (
        Batches(),
        Anchoring(),
        abandoned_agreements(),
        abandoned_trainings(),
        Lapsed(),
        Forwarding(),
        Films(),
    )
    return House(settings=settings, database=database, clock=time, engine=engine, world=world, chores=chores)


def real_names(database: Database, sealing: Cipher) -> Callable[[str], RealName]:
    """Who a person is, for a provider that certifies them: by employee number. Raises NotFound."""

    def of(no: str) -> RealName:
        with database.transaction() as unit:
            row = unit.one("select login, name, phone from employee where no = %s", (no,))
            if row is None:
                raise NotFound(say("There is no employee with the number {no}.", no=no))
            login, name, phone = row
            return RealName(name=name, id_number=org.identity_number(unit, login, sealing) or "", phone=phone)

    return of


def completed(settings: Settings) -> Settings:
    """The settings with a home that exists and a secret of its own, made on the first start and kept.

    In trial mode the address that is served is the public one too, so that a certificate carries a code to try.
    """
    home = settings.home.expanduser().absolute()
    home.mkdir(parents=True, exist_ok=True)
    served = f"http://{settings.host}:{settings.port}" if settings.trial else ""
    return dataclasses.replace(
        settings, home=home, secret=settings.secret or _secret(home), public_url=settings.public_url or served
    )


def _secret(home: Path) -> str:
    path = home / "secret"
    if not path.exists():
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "w") as file:
            file.write(secrets.token_urlsafe(32))
    return path.read_text().strip()
