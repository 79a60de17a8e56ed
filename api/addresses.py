"""What a stranger's request says of where it comes from, read so that nothing in it can be anything else."""

from collections.abc import Mapping
from functools import lru_cache
from ipaddress import IPv6Address, ip_address
from typing import Any
from urllib.parse import SplitResult, urlsplit

AGENT_MOST = 500  # characters of what a browser calls itself
NOWHERE = SplitResult("", "", "", "", "")


def parts(url: str) -> SplitResult:
    """An address in its parts; all of them empty for what is no address, such as `http://[`."""
    try:
        return urlsplit(url)
    except ValueError:
        return NOWHERE


def ip(scope: Mapping[str, Any]) -> str | None:
    """The IP address that a request comes from, in its one spelling. None for a word that is none.

    The server takes it from `X-Forwarded-For` where a proxy on this machine hands the request on.
    """
    client = scope.get("client")
    return _ip(client[0]) if client else None


@lru_cache(maxsize=1024)
def _ip(word: str) -> str | None:
    try:
        found = ip_address(word)
    except ValueError:
        return None
    if isinstance(found, IPv6Address):
        if found.scope_id is not None:  # it may be any word
            return None
        found = found.ipv4_mapped or found
    return str(found)


def agent(word: str | None) -> str | None:
    """What the browser calls itself, cut to `AGENT_MOST` characters."""
    return word[:AGENT_MOST] if word is not None else None
