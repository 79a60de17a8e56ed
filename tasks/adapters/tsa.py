"""Time stamps from authorities outside (RFC 3161 over HTTP, §3.4), several in order, so that one may fail."""

import logging
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from asn1crypto import algos, cms, tsp

from hr.documents.signing.stamps import Response, TimeAuthority
from kernel.errors import Refusal, Unavailable
from kernel.text import Text, listed, say
from tasks.adapters.http import Peer

log = logging.getLogger(__name__)

QUERY, REPLY = "application/timestamp-query", "application/timestamp-reply"
LEFT_ALONE_S = 60.0
GRANTED = ("granted", "granted_with_mods")

# What a token must fit besides its request: `(token, digest)`. Raises where it rests on nobody who is trusted.
Check = Callable[[bytes, bytes], object]


class HttpTimeAuthority:
    """`TimeAuthority` at one URL. `check` is asked for each token before it is handed on."""

    trial = False

    def __init__(self, peer: Peer, check: Check | None = None) -> None:
        self._peer = peer
        self._check = check
        self.name = str(peer.name)

    def stamp(self, request: bytes) -> bytes:
        """The DER of a TimeStampResp that grants what was asked: its imprint, its nonce, a signature that holds."""
        answer = self._peer.send(request, media=QUERY, accept=REPLY)
        asked = tsp.TimeStampReq.load(request)
        token, why = _granted(answer, asked)
        if token is None or why is not None:
            raise self._peer.trouble(why or say("its answer is no time stamp"))
        if self._check is not None:
            self._verified(token, asked["message_imprint"]["hashed_message"].native)
        return answer

    def _verified(self, token: bytes, digest: bytes) -> None:
        assert self._check is not None
        try:
            self._check(token, digest)
        except Refusal as refusal:
            raise self._peer.trouble(refusal.message) from None


def _granted(answer: bytes, asked: Any) -> tuple[bytes | None, Text | None]:
    """The token of an answer, and what is wrong with it. Never raises: an authority may answer anything."""
    try:
        found = Response.load(answer, strict=True)
        status = found["status"]["status"].native
        if status not in GRANTED:
            return None, say("it refused the time stamp ({status})", status=str(status))
        token = cms.ContentInfo.load(found["time_stamp_token"].dump(), strict=True)
        told = token["content"]["encap_content_info"]["content"].parsed
        return token.dump(), _differs(told, asked)
    except (ValueError, TypeError, KeyError, AttributeError):
        return None, say("its answer is no time stamp")


def _differs(told: Any, asked: Any) -> Text | None:
    if told["message_imprint"].native != asked["message_imprint"].native and not _same(told, asked):
        return say("it stamped something else than was asked")
    if told["nonce"].native != asked["nonce"].native:
        return say("its time stamp answers another request")
    return None


def _same(told: Any, asked: Any) -> bool:
    """The same digest by the same algorithm: parameters may be absent or null (RFC 5754 §2)."""
    mine, theirs = asked["message_imprint"], told["message_imprint"]
    algorithm: algos.DigestAlgorithm = theirs["hash_algorithm"]
    same: bool = (
        algorithm["algorithm"].native == mine["hash_algorithm"]["algorithm"].native
        and theirs["hashed_message"].native == mine["hashed_message"].native
    )
    return same


@dataclass(eq=False)  # a signature measures an authority once, and remembers it by itself
class TimeAuthorities:
    """`TimeAuthority` of several, asked in order. One that failed is left alone for a minute, unless no other is left.

    `now` counts seconds and never goes back.
    """

    authorities: Sequence[TimeAuthority]
    now: Callable[[], float] = time.monotonic
    _failed: dict[int, float] = field(default_factory=dict)

    @property
    def name(self) -> str:
        return ", ".join(authority.name for authority in self.authorities)

    @property
    def trial(self) -> bool:
        """True where no authority outside can answer."""
        return all(authority.trial for authority in self.authorities)

    def stamp(self, request: bytes) -> bytes:
        """The first answer that holds. Raises Unavailable naming each authority and what was wrong with it."""
        troubles: list[Text] = []
        for place in sorted(range(len(self.authorities)), key=self._left_alone):
            try:
                answer = self.authorities[place].stamp(request)
            except Refusal as refusal:
                self._failed[place] = self.now()
                log.warning("a time authority failed: %s", refusal, extra={"authority": self.authorities[place].name})
                troubles.append(refusal.message)
            else:
                self._failed.pop(place, None)
                return answer
        raise Unavailable(
            say(
                "The time of the signature cannot be certified now: {troubles}. Nothing was signed; try again in a few "
                "minutes.",
                troubles=listed(troubles),
            )
        )

    def _left_alone(self, place: int) -> bool:
        failed = self._failed.get(place)
        return failed is not None and self.now() - failed < LEFT_ALONE_S


class StampingPeer(Peer):
    """A time authority's peer: what is wrong is one clause of the sentence that names them all."""

    def trouble(self, what: Text) -> Unavailable:
        return Unavailable(say("{system} cannot be used ({what})", system=self.name, what=what), system=self.name)

    def missing(self) -> Unavailable:
        return self.refused(say("it does not know what was asked for (status {status})", status=404), 404)

    def refused(self, why: Text, status: int) -> Unavailable:
        return Unavailable(
            say("{system} refuses ({why}; check {setting})", system=self.name, why=why, setting=self.setting),
            system=self.name,
            status=status,
        )
