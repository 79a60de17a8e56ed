"""The trial authority's keys, and every certificate that was issued for a signature."""

from datetime import datetime

from sqlalchemy import Column, LargeBinary
from sqlmodel import Field, SQLModel

from kernel.db import Instant

PARTS = ("root", "events", "company", "time", "sm2")


class AuthorityKey(SQLModel, table=True):
    """A key of the trial authority with its certificate (DER). The key (PKCS #8, DER) is sealed under its name."""

    __tablename__ = "authority_key"

    part: str = Field(primary_key=True)
    certificate: bytes = Field(sa_column=Column(LargeBinary, nullable=False))
    key_sealed: bytes = Field(sa_column=Column(LargeBinary, nullable=False))
    created_at: datetime = Field(sa_type=Instant)


class IssuedCertificate(SQLModel, table=True):
    """A certificate that the trial authority issued for one signature. Its key is gone; this is all that is left."""

    __tablename__ = "issued_certificate"

    serial: str = Field(primary_key=True)
    subject: str
    bound_to: str = Field(index=True)
    certificate: bytes = Field(sa_column=Column(LargeBinary, nullable=False))
    issued_at: datetime = Field(sa_type=Instant)
    revoked_at: datetime | None = Field(default=None, sa_type=Instant)
