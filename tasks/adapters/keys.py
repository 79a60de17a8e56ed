"""The keys, time authorities and roots that the settings name, over the trial authority that stands behind them."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from urllib.parse import urlsplit

from hr.documents.signing.device import Pkcs11Key
from hr.documents.signing.keyfile import KeyFile
from hr.documents.signing.keys import EventKeys, SigningKey
from hr.documents.signing.stamps import TimeAuthority, told
from kernel.clock import SystemClock
from kernel.config import Settings
from kernel.errors import Invalid
from kernel.text import say
from tasks.adapters import roots
from tasks.adapters.csc import CscKey, version_of
from tasks.adapters.http import Peer, SigningPeer
from tasks.adapters.licensed import LicensedKeys, RealName
from tasks.adapters.revocation import AllowedHosts
from tasks.adapters.tsa import HttpTimeAuthority, StampingPeer, TimeAuthorities
from tasks.seals import Seals

People = Callable[[str], RealName]

TRIAL = "trial"


def seals(settings: Settings, trial: Seals, people: People) -> Seals:
    """What the settings name; the rest is the trial authority's. Raises ValueError naming the setting at fault.

    Nothing outside is called yet. `people` gives the real-name facts of an employee number.
    """
    hosts = tuple(settings.revocation_hosts.split(",")) if settings.revocation_hosts else ()
    fetcher = AllowedHosts(hosts, settings.outbound_timeout_seconds) if hosts else None
    base = replace(trial, roots=roots.read(settings.trust_roots), fetcher=fetcher)
    peers: list[Peer] = []
    return replace(
        base,
        company=_company(settings, base, peers),
        events=_events(settings, base, people, peers),
        stamps=_stamps(settings, base, peers),
        peers=tuple(peers),
    )


def _company(settings: Settings, base: Seals, peers: list[Peer]) -> SigningKey | None:
    named = [name for name in ("company_key", "pkcs11_module", "csc_url") if getattr(settings, name)]
    if len(named) > 1:
        listed = " and ".join(f"JIAOJIE_{name.upper()}" for name in named)
        raise ValueError(f"{listed} each name the company's key. Keep one of them.")
    if settings.company_key:
        return _key_file(Path(settings.company_key), settings.company_key_password, base)
    if settings.pkcs11_module:
        return Pkcs11Key(
            settings.pkcs11_module,
            token=settings.pkcs11_token,
            pin=settings.pkcs11_pin,
            label=settings.pkcs11_label,
            roots=base.roots,
        )
    return _csc(settings, base, peers) if settings.csc_url else None


def _key_file(path: Path, password: str, base: Seals) -> KeyFile:
    try:
        return KeyFile.load(path, password, roots=base.roots)
    except Invalid as refusal:
        raise ValueError(f"JIAOJIE_COMPANY_KEY or its password is wrong. {refusal}") from None


def _csc(settings: Settings, base: Seals, peers: list[Peer]) -> CscKey:
    if not settings.csc_credential:
        raise ValueError("JIAOJIE_CSC_CREDENTIAL is empty. Name the credential that holds the company's key.")
    url, seconds = settings.csc_url, settings.outbound_timeout_seconds
    peer = SigningPeer(say("the signing service"), "JIAOJIE_CSC_URL", url, token=settings.csc_token, timeout=seconds)
    peers.append(peer)
    return CscKey(peer, version_of(url), settings.csc_credential, settings.csc_pin, base.roots)


def _events(settings: Settings, base: Seals, people: People, peers: list[Peer]) -> EventKeys | None:
    if not settings.licensed_url:
        return None
    seconds = settings.outbound_timeout_seconds
    peer = SigningPeer(
        say("the certification provider"), "JIAOJIE_LICENSED_URL", settings.licensed_url, timeout=seconds
    )
    peers.append(peer)
    # The provider bounds replays by the real time, whatever the clock of a trial says.
    clock, app, secret = SystemClock(), settings.licensed_app, settings.licensed_secret
    return LicensedKeys(peer, app, secret, clock=clock, people=people, roots=base.roots)


def _stamps(settings: Settings, base: Seals, peers: list[Peer]) -> TimeAuthority | None:
    listed = [url.strip() for url in settings.tsa_urls.split(",") if url.strip()]
    if not listed:
        return None
    found: list[TimeAuthority] = []
    for url in listed:
        if url == TRIAL:
            found.append(base.trial)
            continue
        peer = StampingPeer(
            urlsplit(url).hostname or url, "JIAOJIE_TSA_URLS", url, timeout=settings.outbound_timeout_seconds
        )
        peers.append(peer)
        found.append(HttpTimeAuthority(peer, _rests(base) if base.roots else None))
    return TimeAuthorities(found)


def _rests(base: Seals) -> Callable[[bytes, bytes], object]:
    """Whether a token's signature holds and leads to a root of the settings: the trial root does not count here."""

    def check(token: bytes, digest: bytes) -> None:
        trust = replace(base.trust, roots=base.roots)
        # Whoever signs is in an event loop here, and the check needs one of its own.
        with ThreadPoolExecutor(1) as aside:
            found = aside.submit(told, token, digest, trust, SystemClock().now()).result()
        if not found.trusted:
            raise Invalid(say("its certificate leads to no root of JIAOJIE_TRUST_ROOTS"))

    return check
