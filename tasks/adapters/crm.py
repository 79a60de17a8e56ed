"""CRM over HTTP (contract: demo/counterparts/openapi.yaml, tag crm).

Owners change and roles are taken; nothing is ever deleted.
"""

from tasks.adapters.http import Peer, segment
from tasks.ports import CrmRevocation, CrmRights, CrmTransfer


class HttpCrm:
    """`Crm` over HTTP."""

    def __init__(self, peer: Peer) -> None:
        self._peer = peer

    def rights(self, employee_no: str) -> CrmRights:
        return self._peer.fits(CrmRights, self._peer.get(f"/employees/{segment(employee_no)}/rights"))

    def transfer(self, from_no: str, to_no: str, *, key: str) -> CrmTransfer:
        answer = self._peer.post("/transfers", {"fromNo": from_no, "toNo": to_no}, key=key)
        return self._peer.fits(CrmTransfer, answer)

    def revoke(self, employee_no: str, *, key: str) -> CrmRevocation:
        answer = self._peer.post(f"/employees/{segment(employee_no)}/revocation", {}, key=key)
        return self._peer.fits(CrmRevocation, answer)

    def restore(self, employee_no: str, *, key: str) -> CrmRights:
        answer = self._peer.post(f"/employees/{segment(employee_no)}/restoration", {}, key=key)
        return self._peer.fits(CrmRights, answer)
