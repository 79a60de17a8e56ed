"""Every message that the product owes someone, and what became of it."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, Column, Identity, Index
from sqlmodel import Field, SQLModel, UniqueConstraint

from kernel.db import Instant

CHANNELS = ("message", "mail", "sms")
STATES = ("queued", "sent", "failed")


class Delivery(SQLModel, table=True):
    """One message to one person on one channel for one job: the log of F38, and the in-app inbox (`message`).

    `attempts` grows before each try. `last_word_at` is set just before a letter itself is said: a row that is still
    `queued` with it belongs to a worker that died there, and nobody knows whether the server took the letter.
    `address` is the mailbox or number used, empty in the app. `receipt` is the Message-ID or the gateway's id.
    """

    __tablename__ = "delivery"
    __table_args__ = (
        UniqueConstraint("job", "recipient", "channel", name="uq_delivery_job_recipient_channel"),
        CheckConstraint("channel in ('message', 'mail', 'sms')", name="channel_known"),
        CheckConstraint("state in ('queued', 'sent', 'failed')", name="state_known"),
        CheckConstraint("(state = 'sent') = (sent_at is not null)", name="sent_has_instant"),
        CheckConstraint("read_at is null or channel = 'message'", name="read_in_app_only"),
        Index("ix_delivery_inbox", "recipient", "id", postgresql_where="channel = 'message'"),
        Index("ix_delivery_case", "case_number", "id"),
        Index("ix_delivery_instance_key", "instance_key"),
    )

    id: int | None = Field(default=None, sa_column=Column(BigInteger, Identity(always=True), primary_key=True))
    job: UUID
    instance_key: int = Field(sa_type=BigInteger)
    case_number: str = ""
    recipient: str
    channel: str
    address: str = ""
    template: str
    subject: str
    body: str
    state: str = "queued"
    attempts: int = 0
    error: str = ""
    receipt: str = ""
    queued_at: datetime = Field(sa_type=Instant)
    last_word_at: datetime | None = Field(default=None, sa_type=Instant)
    sent_at: datetime | None = Field(default=None, sa_type=Instant)
    read_at: datetime | None = Field(default=None, sa_type=Instant)


class MessageTemplate(SQLModel, table=True):
    """Words of the organisation that take the place of a shipped template, by name and language."""

    __tablename__ = "message_template"

    name: str = Field(primary_key=True)
    language: str = Field(primary_key=True)
    source: str
    changed_at: datetime = Field(sa_type=Instant)
    changed_by: str
