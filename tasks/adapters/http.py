"""One HTTP peer: JSON in and out, to a configured host only, with a deadline and errors that a person can act on.

A `Peer` is asked by a job, which comes back by itself. A `SigningPeer` is asked while somebody waits with the pen in
the hand: what it says tells them that nothing was signed.

A repeat carries the same `Idempotency-Key` (draft-ietf-httpapi-idempotency-key-header), so a peer does the work once. A
redirect is never followed: it would carry the credentials to a host that nobody configured. Proxies of the environment
are not used, for the same reason.
"""

import logging
import ssl
import time
from collections.abc import Mapping
from functools import cache
from http import HTTPStatus
from typing import Any
from urllib.parse import quote, unquote, urlsplit

import httpx
import orjson

from kernel.errors import Invalid, NotFound, Refusal, Unavailable
from kernel.text import Text, say
from tasks import wire

log = logging.getLogger(__name__)

LARGEST = 4 * 1024 * 1024
LATER = {408, 423, 425, 429}


@cache
def _trusted() -> ssl.SSLContext:
    """Whom TLS trusts, for all peers of the process: to load it takes 50 ms."""
    return httpx.create_ssl_context(trust_env=False)


class Peer:
    """An outside system behind one base URL.

    `name` is how sentences call it ("CRM"), `setting` the variable that holds its URL, and `timeout` bounds the whole
    exchange in seconds: connecting, sending and reading together. A user and password in the URL go as Basic
    credentials, and are never shown.
    """

    def __init__(
        self,
        name: Text | str,
        setting: str,
        base_url: str,
        *,
        token: str = "",
        timeout: float = 10.0,
        media: str = "application/json",
    ) -> None:
        base, auth = _credentials(base_url)
        if not base.startswith(("http://", "https://")):
            raise ValueError(f"{setting} is {base!r}; it must start with http:// or https://.")
        self.name = name
        self.setting = setting
        self._base = base.rstrip("/")
        self._timeout = timeout
        self._media = media
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        self._client = httpx.Client(
            timeout=timeout, follow_redirects=False, trust_env=False, headers=headers, auth=auth, verify=_trusted()
        )

    def get(self, path: str, **query: str) -> Any:
        """The JSON answer of a GET. Raises NotFound where the peer says 404."""
        return self._json(self._exchange("GET", path, params=query))

    def post(self, path: str, body: Any, *, key: str, headers: Mapping[str, str] | None = None) -> Any:
        """The JSON answer of a POST under an idempotency key, None where the answer is empty."""
        headers = {**self._keyed(key), **(headers or {})}
        return self._json(self._exchange("POST", path, content=_bytes(body), headers=headers))

    def patch(self, path: str, body: Any, *, key: str) -> Any:
        """The JSON answer of a PATCH under an idempotency key, None where the answer is empty."""
        return self._json(self._exchange("PATCH", path, content=_bytes(body), headers=self._keyed(key)))

    def send(self, content: bytes, *, media: str, accept: str) -> bytes:
        """The bytes that the base URL itself answers a POST of bytes with, as TSA and OCSP do (RFC 3161 §3.4)."""
        return self._exchange("POST", "", content=content, headers={"Content-Type": media, "Accept": accept})

    def fits(self, kind: type[wire.F], answer: Any) -> wire.F:
        """The answer as a fact of ours. Raises Unavailable where it is not what the contract says."""
        try:
            return wire.read(kind, answer)
        except wire.Mismatch as fault:
            raise self.trouble(
                say("its answer does not fit the contract at {where}", where=fault.where or "top")
            ) from None

    def close(self) -> None:
        self._client.close()

    def trouble(self, what: Text) -> Unavailable:
        """The refusal for a peer that cannot be used now."""
        return Unavailable(
            say(
                "{system} cannot be used at the moment: {what}. It is tried again by itself; if it stays so, check the "
                "system and the setting {setting}.",
                system=self.name,
                what=what,
                setting=self.setting,
            ),
            system=self.name,
        )

    def _keyed(self, key: str) -> dict[str, str]:
        return {"Idempotency-Key": f'"{key}"', "Content-Type": self._media}

    def _exchange(self, method: str, path: str, **request: Any) -> bytes:
        begun = time.monotonic()
        try:
            status, content = self._send(method, self._base + path, **request)
        except httpx.TimeoutException:
            raise self.trouble(say("it did not answer within {seconds} seconds", seconds=self._timeout)) from None
        except httpx.RequestError:
            raise self.trouble(say("it cannot be reached at {url}", url=self._base)) from None
        took = round((time.monotonic() - begun) * 1000)
        log.info("%s %s", method, self.name, extra={"system": self.name, "status": status, "ms": took})
        if not HTTPStatus.OK <= status < HTTPStatus.MULTIPLE_CHOICES:
            raise self._refusal(status, content)
        return content

    def _send(self, method: str, url: str, **request: Any) -> tuple[int, bytes]:
        deadline = time.monotonic() + self._timeout
        parts: list[bytes] = []
        size = 0
        with self._client.stream(method, url, **request) as answer:
            for part in answer.iter_bytes():
                parts.append(part)
                size += len(part)
                if size > LARGEST:
                    raise self.trouble(say("its answer is larger than {bytes} bytes", bytes=LARGEST))
                if time.monotonic() > deadline:
                    raise httpx.ReadTimeout("deadline")
            return answer.status_code, b"".join(parts)

    def _json(self, content: bytes) -> Any:
        try:
            return orjson.loads(content) if content else None
        except orjson.JSONDecodeError:
            raise self.trouble(say("its answer is not JSON")) from None

    def _refusal(self, status: int, content: bytes) -> Exception:
        if status >= HTTPStatus.INTERNAL_SERVER_ERROR or status in LATER:
            return self.trouble(say("it answered with status {status}", status=status))
        if status == HTTPStatus.NOT_FOUND:
            return self.missing()
        if HTTPStatus.MULTIPLE_CHOICES <= status < HTTPStatus.BAD_REQUEST:
            why = say("it points to another address (status {status}), which is never followed", status=status)
        elif status in (HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN):
            why = say("it does not accept our credentials (status {status})", status=status)
        else:
            why = say("it answered with status {status}: {words}", status=status, words=_words(content))
        return self.refused(why, status)

    def missing(self) -> Refusal:
        """The refusal for what the peer answers 404 to."""
        return NotFound(say("{system} does not know what was asked for.", system=self.name), system=self.name)

    def refused(self, why: Text, status: int) -> Refusal:
        """The refusal for a request that the peer did not take."""
        return Invalid(
            say(
                "{system} refused the request: {why}. Check the setting {setting} and its credentials, then retry the "
                "incident.",
                system=self.name,
                why=why,
                setting=self.setting,
            ),
            system=self.name,
            status=status,
        )


class SigningPeer(Peer):
    """A peer whose answer somebody waits for who signs. Whatever is wrong there, nothing was signed, and it can be
    tried again: both refusals are Unavailable.
    """

    def trouble(self, what: Text) -> Unavailable:
        return Unavailable(
            say(
                "{system} cannot be used at the moment: {what}. Nothing was signed. Try again in a few minutes; if it "
                "stays so, tell an administrator, who checks {setting}.",
                system=self.name,
                what=what,
                setting=self.setting,
            ),
            system=self.name,
        )

    def missing(self) -> Unavailable:
        return self.refused(say("it does not know what was asked for (status {status})", status=404), 404)

    def refused(self, why: Text, status: int) -> Unavailable:
        return Unavailable(
            say(
                "{system} refused the request: {why}. Nothing was signed. Tell an administrator, who checks {setting} "
                "and its credentials; then try again.",
                system=self.name,
                why=why,
                setting=self.setting,
            ),
            system=self.name,
            status=status,
        )


def _credentials(url: str) -> tuple[str, tuple[str, str] | None]:
    """The URL without user and password, and those."""
    parts = urlsplit(url)
    if parts.username is None:
        return url, None
    bare = parts._replace(netloc=parts.netloc.rpartition("@")[2]).geturl()
    return bare, (unquote(parts.username), unquote(parts.password or ""))


def segment(value: str) -> str:
    """A value as one segment of a path, so that no value can climb out of it. Raises Invalid for none and for dots."""
    if value in ("", ".", ".."):
        raise Invalid(say("{value} cannot name anything in an outside system. Correct the number.", value=repr(value)))
    return quote(value, safe="")


def _bytes(body: Any) -> bytes:
    return body if isinstance(body, bytes) else orjson.dumps(body)


def _words(content: bytes) -> str:
    """The peer's own words: title and detail of a problem document (RFC 9457), or the start of its text."""
    try:
        problem = orjson.loads(content)
        words = " ".join(str(problem[name]) for name in ("title", "detail") if problem.get(name))
    except (orjson.JSONDecodeError, AttributeError):
        words = content.decode("utf-8", "replace")
    return " ".join(words.split())[:200] or "no words"
