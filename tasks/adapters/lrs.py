"""A learning record store by xAPI 1.0.3 (Communication 2.1.1): statements are posted, some at a time."""

import logging
from base64 import b64encode
from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Any

from kernel.errors import Invalid, NotFound, Refusal, Unavailable
from tasks.adapters.http import Peer

VERSION = "1.0.3"
# One statement of a batch can bring these upon all of them.
OF_ONE = {HTTPStatus.BAD_REQUEST, HTTPStatus.CONFLICT, HTTPStatus.REQUEST_ENTITY_TOO_LARGE, 422}

log = logging.getLogger(__name__)


class HttpRecordStore:
    """`RecordStore` over HTTP, with Basic credentials where there is a user."""

    def __init__(self, peer: Peer, user: str, password: str) -> None:
        self._peer = peer
        self._headers = {"X-Experience-API-Version": VERSION}
        if user:
            self._headers["Authorization"] = f"Basic {b64encode(f'{user}:{password}'.encode()).decode()}"

    def keep(self, statements: Sequence[Mapping[str, Any]]) -> tuple[str, ...]:
        if self._refusal(statements) is None:
            return tuple(str(one["id"]) for one in statements)
        return tuple(str(one["id"]) for one in statements if self._taken(one))

    def _taken(self, statement: Mapping[str, Any]) -> bool:
        """Whether the store has the statement now. A conflict tells that it had it before."""
        refusal = self._refusal([statement])
        if refusal is None or refusal.details.get("status") == HTTPStatus.CONFLICT:
            return True
        log.error("the statement %s is not taken: %s", statement["id"], refusal.message)
        return False

    def _refusal(self, statements: Sequence[Mapping[str, Any]]) -> Refusal | None:
        """Post them; why they were not taken, where it may be for one of them alone."""
        key = str(statements[0]["id"])
        try:
            self._peer.post("/statements", [dict(one) for one in statements], key=key, headers=self._headers)
        except (Invalid, NotFound) as refusal:
            if refusal.details.get("status") in OF_ONE:
                return refusal
            raise Unavailable(refusal.message) from None
        return None
