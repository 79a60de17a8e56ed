"""Finance over HTTP (contract: demo/counterparts/openapi.yaml, tag finance), and its word that someone is settled."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

import orjson

from kernel.errors import Invalid
from kernel.text import say
from tasks import wire
from tasks.adapters import oa
from tasks.adapters.http import Peer, segment
from tasks.ports import OpenItem
from tasks.wire import Wire


@dataclass(frozen=True, slots=True)
class _Answer(Wire):
    items: tuple[OpenItem, ...]


class HttpFinance:
    """`Finance` over HTTP."""

    def __init__(self, peer: Peer) -> None:
        self._peer = peer

    def open_items(self, employee_no: str) -> tuple[OpenItem, ...]:
        return self._peer.fits(_Answer, self._peer.get(f"/employees/{segment(employee_no)}/open-items")).items


@dataclass(frozen=True, slots=True, kw_only=True)
class Settlement(Wire):
    """Everything between this person and the company is settled."""

    employee_no: str
    settled_at: datetime


def receive(secret: str, headers: Mapping[str, str], body: bytes, now: datetime) -> Settlement:
    """A settlement from a message signed as OA's are, with finance's token as the secret.

    Raises Unsigned where the proof fails, Invalid where the content does not fit.
    """
    oa.prove(secret, headers, body, now)
    try:
        return wire.read(Settlement, orjson.loads(body))
    except (orjson.JSONDecodeError, wire.Mismatch):
        raise Invalid(say("The message from finance is no settlement: send employeeNo and settledAt.")) from None
