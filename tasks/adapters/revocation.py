"""OCSP answers, revocation lists and missing certificates of authorities outside, for pyHanko's validator.

Where to ask stands in the certificates, which anybody may write: so only hosts that the settings allow are asked, over
httpx, without redirects, with a limit on size and number. What the protocols want is the library's; how the bytes
travel is ours.
"""

import asyncio
import logging
import time
from collections.abc import Awaitable, Iterable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import httpx
from pyhanko_certvalidator.fetchers.api import FetcherBackend, Fetchers, FetchLimits
from pyhanko_certvalidator.fetchers.common_utils import FetchBudget
from pyhanko_certvalidator.fetchers.requests_fetchers.cert_fetch_client import RequestsCertificateFetcher
from pyhanko_certvalidator.fetchers.requests_fetchers.crl_client import RequestsCRLFetcher
from pyhanko_certvalidator.fetchers.requests_fetchers.ocsp_client import RequestsOCSPFetcher

log = logging.getLogger(__name__)

LARGEST = 8 * 1024 * 1024  # revocation lists of public authorities reach some megabytes
AT_MOST = FetchLimits(max_requests=40, max_cert_requests=10, max_aia_urls_per_object=3)


@dataclass(frozen=True, slots=True)
class Answer:
    """What the library's fetchers look at."""

    content: bytes
    headers: httpx.Headers


class Line:
    """The way out to the allowed hosts, each written as `host` or `host:port`."""

    def __init__(self, hosts: Iterable[str], timeout: float) -> None:
        self.hosts = frozenset(host.strip().lower() for host in hosts if host.strip())
        self._timeout = timeout

    def ask(self, method: str, url: str, **request: Any) -> Answer:
        """One exchange. Raises ValueError for whatever the fetchers shall go on without."""
        place = urlsplit(url)
        if place.scheme not in ("http", "https") or not self.hosts & {place.hostname, place.netloc.lower()}:
            raise ValueError(f"{url} is at no host of JIAOJIE_REVOCATION_HOSTS.")
        try:
            return self._exchange(method, url, **request)
        except httpx.HTTPError as fault:
            raise ValueError(f"{url} does not answer: {fault}") from fault

    def _exchange(self, method: str, url: str, **request: Any) -> Answer:
        deadline = time.monotonic() + self._timeout
        content = bytearray()
        with (
            httpx.Client(timeout=self._timeout, follow_redirects=False, trust_env=False) as client,
            client.stream(method, url, **request) as answer,
        ):
            for part in answer.iter_bytes():
                content += part
                if len(content) > LARGEST or time.monotonic() > deadline:
                    raise ValueError(f"{url} answers with too much, or too slowly.")
            if answer.status_code != httpx.codes.OK:
                raise ValueError(f"{url} answers with status {answer.status_code}.")
            return Answer(bytes(content), answer.headers)


class _Ours:
    """Puts our line in place of the library's. The names are the library's."""

    line: Line

    def _get(self, url: str, *, acceptable_content_types: Iterable[str]) -> Awaitable[Answer]:
        headers = {"Accept": ",".join(acceptable_content_types)}
        return asyncio.to_thread(self.line.ask, "GET", url, headers=headers)

    def _post(
        self, url: str, data: bytes, *, content_type: str, acceptable_content_types: Iterable[str]
    ) -> Awaitable[Answer]:
        headers = {"Accept": ",".join(acceptable_content_types), "Content-Type": content_type}
        return asyncio.to_thread(self.line.ask, "POST", url, headers=headers, content=data)


class _Ocsp(_Ours, RequestsOCSPFetcher):  # type: ignore[misc]  # ours in its place
    pass


class _Crl(_Ours, RequestsCRLFetcher):  # type: ignore[misc]  # ours in its place
    pass


class _Certificates(_Ours, RequestsCertificateFetcher):  # type: ignore[misc]  # ours in its place
    pass


class AllowedHosts(FetcherBackend):
    """The fetchers of one validation, each with a budget of its own."""

    def __init__(self, hosts: Iterable[str], timeout: float) -> None:
        self._line = Line(hosts, timeout)

    def get_fetchers(self) -> Fetchers:
        budget = FetchBudget(AT_MOST)
        crl = _Crl(budget=budget)  # type: ignore[no-untyped-call]  # untyped there
        ocsp, certificates = _Ocsp(budget=budget), _Certificates(budget=budget)
        ocsp.line = crl.line = certificates.line = self._line
        return Fetchers(ocsp_fetcher=ocsp, crl_fetcher=crl, cert_fetcher=certificates)
