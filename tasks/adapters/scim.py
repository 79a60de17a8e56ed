"""Accounts in a SCIM 2.0 directory (RFC 7643, RFC 7644): looked up by `userName`, frozen by `active = false`.

Freezing is idempotent by nature, so a repeat needs no key: it reads, and changes only what is not yet so.
"""

from typing import Any

from kernel.errors import Invalid
from kernel.text import say
from tasks.adapters.http import Peer, segment
from tasks.ports import AccountState

MEDIA = "application/scim+json"  # RFC 7644 §8.1
PATCH_OP = "urn:ietf:params:scim:api:messages:2.0:PatchOp"


class ScimAccounts:
    """`Accounts` over SCIM. The base URL ends before `/Users`."""

    def __init__(self, peer: Peer) -> None:
        self._peer = peer

    def state(self, login: str) -> AccountState:
        return _state(login, self._find(login))

    def freeze(self, login: str, *, key: str) -> AccountState:
        return self._become(login, False, key)

    def unfreeze(self, login: str, *, key: str) -> AccountState:
        return self._become(login, True, key)

    def _become(self, login: str, active: bool, key: str) -> AccountState:
        user = self._find(login)
        if user is None or _active(user) is active:
            return _state(login, user)
        change = {"schemas": [PATCH_OP], "Operations": [{"op": "replace", "path": "active", "value": active}]}
        # RFC 7644 §3.5.2 lets a directory answer 204 without a body: read back what it says now.
        self._peer.patch(f"/Users/{segment(str(user['id']))}", change, key=key)
        now = self.state(login)
        if now.active is not active:
            raise self._peer.trouble(
                say("it took the change of account {login} but still shows the old state", login=login)
            )
        return now

    def _find(self, login: str) -> dict[str, Any] | None:
        """The one user with this name, None where there is none. RFC 7644 §3.4.2.2 quotes the value as JSON."""
        quoted = login.replace("\\", "\\\\").replace('"', '\\"')
        answer = self._peer.get("/Users", filter=f'userName eq "{quoted}"')
        if not isinstance(answer, dict) or not isinstance(answer.get("totalResults"), int):
            raise self._peer.trouble(say("its answer is not a SCIM list"))
        found = answer.get("Resources") or []
        if len(found) > 1:
            raise Invalid(
                say(
                    "{system} knows {count} accounts named {login}; none was touched. Make the name unique there, "
                    "then retry the incident.",
                    system=self._peer.name,
                    count=len(found),
                    login=login,
                )
            )
        return found[0] if found else None


def _active(user: dict[str, Any]) -> bool:
    # RFC 7643 §4.1.1 leaves `active` optional; a directory that does not say it has no frozen account.
    return bool(user.get("active", True))


def _state(login: str, user: dict[str, Any] | None) -> AccountState:
    return AccountState(login=login, exists=user is not None, active=user is not None and _active(user))
