"""The asset register over HTTP (contract: demo/counterparts/openapi.yaml, tag assets)."""

from dataclasses import dataclass

from tasks import wire
from tasks.adapters.http import Peer, segment
from tasks.ports import Asset, AssetReturn


@dataclass(frozen=True, slots=True)
class _Answer(wire.Wire):
    assets: tuple[Asset, ...]


class HttpAssets:
    """`Assets` over HTTP."""

    def __init__(self, peer: Peer) -> None:
        self._peer = peer

    def assigned(self, employee_no: str) -> tuple[Asset, ...]:
        return self._peer.fits(_Answer, self._peer.get(f"/employees/{segment(employee_no)}/assets")).assets

    def record(self, found: AssetReturn, *, key: str) -> None:
        self._peer.post(f"/assets/{segment(found.tag)}/return", wire.write(found), key=key)
