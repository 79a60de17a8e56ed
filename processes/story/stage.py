"""The stage of one story: a database of its own, a small organisation, a clock that stands still, systems in memory."""

import secrets
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, LiteralString, cast
from zoneinfo import ZoneInfo

import psycopg
from psycopg import sql
from psycopg.conninfo import make_conninfo

from engine.turn import Engine
from hr.agreements import texts
from hr.documents.files import Files
from hr.people import accounts, org
from hr.people.calendar import WorkCalendar
from hr.people.functions import functions
from hr.privacy import Cipher
from hr.training import texts as courses
from kernel import db
from kernel.actor import Actor
from kernel.clock import ManualClock
from kernel.config import Settings
from kernel.db import Database
from kernel.errors import Invalid
from kernel.ids import BLOCK, SEQUENCE
from kernel.text import say
from processes.story import organisation
from processes.story.overheard import Call, Overheard
from processes.story.script import Story
from processes.story.stamps import Stamps
from tasks import wire
from tasks.adapters import memory
from tasks.handlers.operation import World
from tasks.house import House
from tasks.human import keeping, withdrawal
from tasks.ports import Asset, CrmRights, OpenItem
from tasks.seals import Seals, TrialAuthority

PACKAGES = ("engine", "hr", "tasks", "processes")
SECRET = "a secret for stories alone"
LAST_YEAR = 9999
BEFORE = "2020-01-01T00:00:00+00:00"  # any story begins
ZONE = Settings(home=Path(), secret=SECRET).zone  # that stories are told in
FAMILY = "jiaojie_story"  # how the names of all theatres' databases begin
_LEFT = "select datname from pg_database where datname ~ %s order by length(datname) desc"
_TRY: LiteralString = "select pg_try_advisory_lock(hashtextextended(%s, 0))"
_UNLOCK: LiteralString = "select pg_advisory_unlock(hashtextextended(%s, 0))"


@dataclass(frozen=True, slots=True, kw_only=True)
class Stage:
    """A house that a story plays in. The clock is its house's clock; the twins are those of its world.

    `calls` is what was asked of them, in order.
    """

    house: House
    clock: ManualClock
    twins: Mapping[str, memory.Twin]
    calls: list[Call] = field(default_factory=list)

    def actor(self, login: str) -> Actor:
        """A person as the one who acts. Raises Invalid for a login that the story does not have."""
        with self.house.database.transaction() as unit:
            account = accounts.find(unit, login)
            if account is None:
                raise Invalid(say("The story has nobody with the login {login}.", login=login))
            return Actor(id=login, name=account.name, groups=frozenset(account.groups))


class Theatre:
    """A database server where each story gets a fresh database, copied from one with every table.

    An open theatre holds a lock of a database session under its name. What a process left that died is dropped by the
    next one that opens: its lock is free, and nobody is connected. Each database has theatres of its own.
    """

    def __init__(self, server: str) -> None:
        self._server = server
        self._template = ""
        self._keeper: psycopg.Connection[Any] | None = None

    def open(self) -> None:
        """Make the template database. Raises psycopg's InsufficientPrivilege where the user may create none."""
        self._keeper = psycopg.connect(self._server, autocommit=True)
        try:
            family = self._family()
            self._template = f"{family}_{secrets.token_hex(6)}"
            self._keeper.execute("select pg_advisory_lock(hashtextextended(%s, 0))", (self._template,))
            self._sweep(family)
            self._execute("create database {}", self._template)
            make_tables(make_conninfo(self._server, dbname=self._template))
            _furnish_all(make_conninfo(self._server, dbname=self._template))
        except BaseException:
            self.close()
            raise

    def close(self) -> None:
        """Drop the template, and give the lock back."""
        if self._keeper is None:
            return
        try:
            if self._template:
                self._execute("drop database if exists {} with (force)", self._template)
        finally:
            self._keeper.close()
            self._keeper = None

    @property
    def is_open(self) -> bool:
        """Whether stages can be had: the server may have been started again, and the lock be lost."""
        return self._keeper is not None and not db.hung_up(self._keeper)

    @contextmanager
    def opened(self) -> Iterator["Theatre"]:
        """The theatre with its template database, which is dropped at the end."""
        self.open()
        try:
            yield self
        finally:
            self.close()

    def sweep(self) -> None:
        """Drop what theatres left whose processes died. For one that is not open."""
        with psycopg.connect(self._server, autocommit=True) as self._keeper:
            self._sweep(self._family())
        self._keeper = None

    def _family(self) -> str:
        assert self._keeper is not None
        row = self._keeper.execute("select oid from pg_database where datname = current_database()").fetchone()
        return f"{FAMILY}_{row[0] if row else 0}"

    def _sweep(self, family: str) -> None:
        """Drop what nobody holds any more."""
        assert self._keeper is not None
        left = self._keeper.execute(_LEFT, (f"^{family}_[0-9a-f]{{12}}(_[0-9a-f]{{6}})?$",)).fetchall()
        for (name,) in left:
            template = name[: len(family) + 13]
            if template == self._template or not self._lock(_TRY, template):
                continue
            with suppress(psycopg.errors.ObjectInUse):
                self._execute("drop database if exists {}", name)
            self._lock(_UNLOCK, template)

    def _lock(self, statement: LiteralString, name: str) -> bool:
        assert self._keeper is not None
        row = self._keeper.execute(statement, (name,)).fetchone()
        return bool(row and row[0])

    @contextmanager
    def stage(self, story: Story) -> Iterator[Stage]:
        """A stage with the story's organisation, gone when the story is over."""
        with self.database() as database, TemporaryDirectory(prefix="jiaojie-story-") as home:
            yield furnish(story, database, Path(home))

    @contextmanager
    def database(self) -> Iterator[Database]:
        """A fresh database with every table, dropped at the end."""
        name = f"{self._template}_{secrets.token_hex(3)}"
        self._execute("create database {} template {}", name, self._template)
        self._execute("alter database {} set synchronous_commit to off", name)  # nothing of it is kept
        database = Database(make_conninfo(self._server, dbname=name))
        try:
            yield database
        finally:
            database.close()
            self._execute("drop database if exists {} with (force)", name)

    def _execute(self, statement: str, *names: str) -> None:
        with psycopg.connect(self._server, autocommit=True) as connection:
            connection.execute(sql.SQL(statement).format(*map(sql.Identifier, names)))


def make_tables(url: str) -> None:
    """Every table of the packages below, as their models have them."""
    database = Database(url)
    with database.transaction() as unit:
        unit.run(f"create sequence if not exists {SEQUENCE} increment {BLOCK}")
        db.metadata(PACKAGES).create_all(unit.session.connection())
    database.close()


def _furnish_all(url: str) -> None:
    """What every stage has from the first: the texts that agreements are made from, and the courses."""
    database = Database(url)
    try:
        with database.transaction() as unit:
            texts.ship(unit, clock=ManualClock(BEFORE))
            courses.ship(unit, clock=ManualClock(BEFORE))
    finally:
        database.close()


def furnish(story: Story, database: Database, home: Path) -> Stage:
    """The house of a story: its people hired, its systems told what they know."""
    settings = Settings(home=home, secret=SECRET)
    clock = ManualClock(instant(story.at, settings.zone))
    cipher = Cipher([SECRET])
    with database.transaction() as unit:
        organisation.hire_all(unit, cipher, story.organisation, clock)
        calendar = WorkCalendar.load(unit)
    twins: dict[str, memory.Twin] = {
        "mailer": memory.MemoryMailer(clock),
        "sms": memory.MemorySms(clock),
        "scim": memory.MemoryAccounts(clock),
        "oa": memory.MemoryOa(clock),
        "crm": memory.MemoryCrm(clock),
        "finance": memory.MemoryFinance(clock),
        "assets": memory.MemoryAssets(clock),
        "identity": memory.MemoryIdentity(clock),
    }
    calls: list[Call] = []
    trial = TrialAuthority(database, cipher, settings.organisation, clock)
    stamps = Stamps(clock, authority=trial)
    world = World(
        clock=clock,
        settings=settings,
        database=database,
        files=Files(home, cipher),
        calendar=calendar,
        keys=Seals(trial=trial, stamps=stamps),
        **{name: cast(Any, Overheard(name, twin, calls)) for name, twin in twins.items()},
    )
    engine = Engine(
        database,
        clock,
        cancel_check=withdrawal.refuse_cancel,
        suspend_check=withdrawal.refuse_suspend,
        retention_floor=keeping.retention_floor,
        removal=keeping.remove,
        functions=functions(calendar),
        zone=ZoneInfo(settings.zone),
    )
    house = House(settings=settings, database=database, clock=clock, engine=engine, world=world)
    stage = Stage(house=house, clock=clock, twins={**twins, "time": stamps}, calls=calls)
    for system, known in story.systems.items():
        tell(stage, system, known)
    return stage


def instant(written: datetime | str, zone: str) -> datetime:
    """An instant as a story writes it: without an offset it is local time of the organisation. Raises Invalid."""
    try:
        found = datetime.fromisoformat(written) if isinstance(written, str) else written
        if not 1 < found.year < LAST_YEAR:  # in every zone there has to be such a day
            raise ValueError(written)
    except ValueError:
        raise Invalid(
            say("{text} is no instant. Write it as 2026-12-02T09:00 or with an offset at its end.", text=written)
        ) from None
    return found if found.tzinfo is not None else found.replace(tzinfo=ZoneInfo(zone))


def tell(stage: Stage, system: str, known: Any) -> None:
    """Let a system know things by login: open items of finance, assets in hand, rights in CRM, active accounts."""
    if not isinstance(known, Mapping):
        raise Invalid(say("What {system} knows is told by login.", system=system))
    with stage.house.database.transaction() as unit:
        by_no = {login: (org.required(unit, login).no, facts) for login, facts in known.items()}
    twin = stage.twins.get(system)
    for login, (no, facts) in by_no.items():
        match twin:
            case memory.MemoryCrm() if not isinstance(facts, Mapping):
                raise Invalid(say("What {system} knows is told by login.", system=system))
            case memory.MemoryFinance():
                twin.items[no] = wire.read(tuple[OpenItem, ...], facts)
            case memory.MemoryAssets():
                twin.held[no] = wire.read(tuple[Asset, ...], facts)
            case memory.MemoryCrm():
                twin.people[no] = wire.read(CrmRights, {"employeeNo": no, **facts})
            case memory.MemoryAccounts():
                twin.active[login] = bool(facts)
            case _:
                raise Invalid(
                    say(
                        "A story cannot tell {system} anything. It can tell finance, assets, crm and scim.",
                        system=system,
                    )
                )
