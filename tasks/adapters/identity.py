"""Identity checks by face or fingerprint at a provider (contract: demo/counterparts/openapi.yaml, tag identity).

The check itself runs between the person's device and the provider. What comes here is a token, and what goes out is the
token with the name and number that it has to belong to.
"""

from uuid import uuid4

from tasks.adapters.http import Peer
from tasks.ports import IdentityProof


class HttpIdentity:
    """`Identity` over HTTP. The provider spends a token at the first question."""

    def __init__(self, peer: Peer) -> None:
        self._peer = peer
        self.name = str(peer.name)

    def proof(self, token: str, *, name: str, id_number: str) -> IdentityProof:
        asked = {"token": token, "name": name, "idNumber": id_number}
        return self._peer.fits(IdentityProof, self._peer.post("/v1/proofs", asked, key=str(uuid4())))
