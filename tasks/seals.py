"""What signs and stamps in this house: keys from outside where the settings name them, else the trial authority's."""

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Protocol

from asn1crypto import x509
from pyhanko_certvalidator.fetchers import FetcherBackend

from hr.documents.signing.authority import Authority
from hr.documents.signing.keys import EventKeys, SigningKey, Trust
from hr.documents.signing.stamps import TimeAuthority
from hr.privacy import Cipher
from kernel.clock import Clock
from kernel.db import Database

ON_TRIAL = "测试专用章"
AGAIN_S = 60.0  # what was revoked meanwhile is known after so long


class Closing(Protocol):
    """A connection that ends."""

    def close(self) -> None: ...


@dataclass(eq=False)  # a signature measures a time authority once, and remembers it by itself
class TrialAuthority:
    """The trial authority of a database: loaded, and on the very first use made, when somebody asks for it.

    Opening a house costs nothing of it. It is a `TimeAuthority` too, so that it may stand among others.
    """

    database: Database
    cipher: Cipher
    organisation: str
    clock: Clock
    now: Callable[[], float] = time.monotonic
    _lock: threading.Lock = field(default_factory=threading.Lock, repr=False)
    _loaded: tuple[float, Authority] | None = field(default=None, repr=False)

    trial = True

    def get(self) -> Authority:
        """The authority as it was at most a minute ago. Raises Unreadable without the secret that sealed its keys."""
        with self._lock:
            if self._loaded is None or self.now() - self._loaded[0] > AGAIN_S:
                with self.database.transaction() as unit:
                    found = Authority.load(unit, self.cipher, organisation=self.organisation, clock=self.clock)
                self._loaded = (self.now(), found)
            return self._loaded[1]

    @property
    def name(self) -> str:
        return self.get().time.name

    def stamp(self, request: bytes) -> bytes:
        return self.get().time.stamp(request)


@dataclass(frozen=True, slots=True, kw_only=True)
class Seals:
    """The keys and authorities of a house. What is None is the trial authority's part.

    `roots` are trusted beside the trial authority's own, so that what was sealed on trial can still be checked later.
    """

    trial: TrialAuthority
    events: EventKeys | None = None
    company: SigningKey | None = None
    stamps: TimeAuthority | None = None
    roots: tuple[x509.Certificate, ...] = ()
    fetcher: FetcherBackend | None = None
    peers: tuple[Closing, ...] = ()

    @property
    def authority(self) -> Authority:
        return self.trial.get()

    @property
    def event_keys(self) -> EventKeys:
        return self.events or self.authority.event_keys

    @property
    def company_key(self) -> SigningKey:
        return self.company or self.authority.company

    @property
    def time(self) -> TimeAuthority:
        return self.stamps or self.trial

    @property
    def trust(self) -> Trust:
        """What signatures and stamps may rest on, with the trial authority's list of revoked certificates as of now."""
        authority = self.authority
        return Trust(
            roots=(authority.root, *self.roots),
            crls=(authority.crl(self.trial.clock.now()),),
            fetcher=self.fetcher,
        )

    def close(self) -> None:
        for peer in self.peers:
            peer.close()


def seal_line(key: SigningKey, name: str) -> str:
    """What the company's seal says below its star: while its key is a trial one, that; else what the seal is called."""
    return ON_TRIAL if key.trial else name
