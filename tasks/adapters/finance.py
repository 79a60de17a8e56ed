"""Finance over HTTP (contract: demo/counterparts/openapi.yaml, tag finance)."""

from dataclasses import dataclass

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
