"""Master data: departments, employees, contracts, accounts, company assets and the days of the work calendar."""

from datetime import date, datetime

from sqlalchemy import ARRAY, CheckConstraint, Column, Index, LargeBinary, Text
from sqlmodel import Field, SQLModel

from kernel.db import Instant
from kernel.text import say

FAMILIES = ("rnd", "sales", "admin", "other")
LEVEL_NAMES = {
    "executive": say("executive"),
    "senior": say("senior"),
    "middle": say("middle"),
    "junior": say("junior"),
}
LEVELS = tuple(LEVEL_NAMES)


def one_of(column: str, values: tuple[str, ...]) -> CheckConstraint:
    """An enumeration as text: only these values may stand in the column."""
    listed = ", ".join(f"'{value}'" for value in values)
    return CheckConstraint(f"{column} in ({listed})", name=f"{column}_known")


class Department(SQLModel, table=True):
    """A node of the organisation. `head` is a login; the root has no parent."""

    __tablename__ = "department"

    id: str = Field(primary_key=True)
    name: str
    parent: str | None = Field(default=None, foreign_key="department.id")
    head: str | None = None
    place: int = 0


class Employee(SQLModel, table=True):
    """A person with a labour relation. The identity number is sealed; `id_number_masked` shows only its ends."""

    __tablename__ = "employee"
    __table_args__ = (
        one_of("family", FAMILIES),
        one_of("level", LEVELS),
        CheckConstraint("left_on is null or left_on >= hired_on", name="left_after_hired"),
        Index("ix_employee_grams", "grams", postgresql_using="gin"),
    )

    no: str = Field(primary_key=True)
    login: str = Field(unique=True)
    name: str
    department: str = Field(foreign_key="department.id", index=True)
    position: str
    level: str
    family: str
    manager: str | None = Field(default=None, index=True)
    mail: str = ""
    phone: str = ""
    id_number_sealed: bytes | None = Field(default=None, sa_column=Column(LargeBinary))
    id_number_masked: str = ""
    hired_on: date
    left_on: date | None = None
    knows_secrets: bool = False
    grams: list[str] = Field(default_factory=list, sa_column=Column(ARRAY(Text), nullable=False))


class Contract(SQLModel, table=True):
    """A labour contract (LCL 17). Without `ends_on` it is open-ended (LCL 14). The latest one counts."""

    __tablename__ = "contract"
    __table_args__ = (CheckConstraint("ends_on is null or ends_on >= starts_on", name="ends_after_start"),)

    number: str = Field(primary_key=True)
    employee: str = Field(foreign_key="employee.login", index=True)
    starts_on: date
    ends_on: date | None = None
    probation_ends_on: date | None = None
    signed_on: date | None = None


class Account(SQLModel, table=True):
    """What a person signs in with. `employee` is null for a login that is no member of staff."""

    __tablename__ = "account"
    __table_args__ = (Index("ix_account_groups", "groups", postgresql_using="gin"),)

    login: str = Field(primary_key=True)
    password_hash: str
    groups: list[str] = Field(default_factory=list, sa_column=Column(ARRAY(Text), nullable=False))
    name: str = ""
    employee: str | None = Field(default=None, foreign_key="employee.login")
    active: bool = True
    created_at: datetime = Field(sa_type=Instant)

    def belongs_to(self, *groups: str) -> bool:
        """True if the account is in at least one of the groups."""
        return not set(self.groups).isdisjoint(groups)


class Asset(SQLModel, table=True):
    """A thing of the company in someone's hands, where no outside asset system is the master."""

    __tablename__ = "asset"

    tag: str = Field(primary_key=True)
    kind: str
    name: str
    serial: str = ""
    holder: str | None = Field(default=None, foreign_key="employee.login", index=True)
    issued_on: date | None = None
    value_cents: int = 0


class Holiday(SQLModel, table=True):
    """A day that overrules the published calendar: off on a weekday, or worked on a weekend."""

    __tablename__ = "holiday"

    day: date = Field(primary_key=True)
    working: bool
    name: str = ""
