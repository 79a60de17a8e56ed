"""Text messages through an HTTP gateway (contract: demo/counterparts/openapi.yaml, tag sms)."""

from kernel.errors import NotFound
from tasks.adapters.http import Peer, segment
from tasks.ports import SmsReceipt


class HttpSms:
    """`Sms` over HTTP. The job's key is the message's own name at the gateway, so it can be asked for."""

    def __init__(self, peer: Peer) -> None:
        self._peer = peer

    def send(self, phone: str, text: str, *, key: str) -> SmsReceipt:
        return self._peer.fits(
            SmsReceipt, self._peer.post("/messages", {"key": key, "to": phone, "text": text}, key=key)
        )

    def sent(self, key: str) -> SmsReceipt | None:
        try:
            return self._peer.fits(SmsReceipt, self._peer.get(f"/messages/{segment(key)}"))
        except NotFound:
            return None
