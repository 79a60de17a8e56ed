"""OA, both ways, each message signed with one shared secret.

The signature is the hex HMAC-SHA256 of `timestamp + "." + body`, in the header `X-Jiaojie-Signature: v1=…`, beside
`X-Jiaojie-Timestamp` (seconds since 1970). A message older or newer than the window is refused. Inside the
window a replay is the very message that was already taken, and a resignation is filed once per `external_id`, so it
changes nothing.
"""

import hmac
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from hashlib import sha256

import orjson

from kernel.clock import Clock
from kernel.errors import Forbidden, Invalid
from kernel.text import say
from tasks import wire
from tasks.adapters.http import Peer
from tasks.ports import OaEvent, OaResignation

SIGNATURE = "X-Jiaojie-Signature"
TIMESTAMP = "X-Jiaojie-Timestamp"
WINDOW = timedelta(minutes=5)


class Unsigned(Forbidden):
    """A message that claims to come from OA does not prove it. It is refused and nothing in it is read."""


class HttpOa:
    """`Oa` over HTTP (contract: demo/counterparts/openapi.yaml, tag oa)."""

    def __init__(self, peer: Peer, secret: str, clock: Clock) -> None:
        if not secret:
            raise ValueError("JIAOJIE_OA_SECRET is empty. Messages to OA are signed: set the secret shared with it.")
        self._peer = peer
        self._secret = secret
        self._clock = clock

    def report(self, event: OaEvent, *, key: str) -> None:
        body = orjson.dumps(wire.write(event))
        self._peer.post("/events", body, key=key, headers=signed(self._secret, body, self._clock.now()))


def signed(secret: str, body: bytes, now: datetime) -> dict[str, str]:
    """The two headers that prove who sent `body` and when."""
    stamp = str(int(now.timestamp()))
    return {TIMESTAMP: stamp, SIGNATURE: f"v1={_digest(secret, stamp, body)}"}


def receive(secret: str, headers: Mapping[str, str], body: bytes, now: datetime) -> OaResignation:
    """A resignation from a signed message.

    Raises Unsigned where the proof fails, Invalid where the content does not fit.
    """
    prove(secret, headers, body, now)
    try:
        return wire.read(OaResignation, orjson.loads(body))
    except orjson.JSONDecodeError:
        raise Invalid(say("The message from OA is not JSON. Send the resignation as a JSON object.")) from None
    except wire.Mismatch as fault:
        raise Invalid(
            say(
                "The resignation from OA does not fit at {where} ({why}). Correct it in OA and send it again.",
                where=fault.where,
                why=fault.why,
            )
        ) from None


def prove(secret: str, headers: Mapping[str, str], body: bytes, now: datetime) -> None:
    """The signature is that of who shares the secret, and fresh. Raises Unsigned."""
    lower = {name.lower(): value for name, value in headers.items()}
    stamp = lower.get(TIMESTAMP.lower(), "")
    given = lower.get(SIGNATURE.lower(), "")
    if not secret:
        raise Unsigned(say("Messages from OA are not accepted: no secret is shared with it. Set JIAOJIE_OA_SECRET."))
    # The signature first: an unproven timestamp is not worth an answer of its own.
    if not stamp.isascii() or not stamp.isdigit() or not _equal(given, f"v1={_digest(secret, stamp, body)}"):
        raise Unsigned(say("The signature of the message from OA is wrong. Check the shared secret on both sides."))
    sent_at = datetime.fromtimestamp(min(int(stamp), 2**40), UTC)
    if abs(now - sent_at) > WINDOW:
        raise Unsigned(
            say(
                "The message from OA was signed at {at}, more than {minutes} minutes from now. Send it anew, "
                "and check both clocks.",
                at=sent_at.isoformat(),
                minutes=WINDOW.seconds // 60,
            )
        )


def _digest(secret: str, stamp: str, body: bytes) -> str:
    return hmac.new(secret.encode(), stamp.encode() + b"." + body, sha256).hexdigest()


def _equal(given: str, wanted: str) -> bool:
    return hmac.compare_digest(given.encode(), wanted.encode())
