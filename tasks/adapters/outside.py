"""The systems outside that the settings name. A system without a URL is None: this organisation has none of it."""

from dataclasses import dataclass, fields, replace
from typing import Any

from kernel.clock import Clock
from kernel.config import Settings
from kernel.text import Text, say
from tasks.adapters.assets import HttpAssets
from tasks.adapters.crm import HttpCrm
from tasks.adapters.finance import HttpFinance
from tasks.adapters.http import Peer
from tasks.adapters.identity import HttpIdentity
from tasks.adapters.lrs import HttpRecordStore
from tasks.adapters.memory import (
    MemoryAccounts,
    MemoryAssets,
    MemoryCrm,
    MemoryFinance,
    MemoryMailer,
    MemoryOa,
    MemorySms,
)
from tasks.adapters.oa import HttpOa
from tasks.adapters.scim import MEDIA as SCIM_MEDIA
from tasks.adapters.scim import ScimAccounts
from tasks.adapters.sms import HttpSms
from tasks.adapters.smtp import SmtpMailer
from tasks.ports import Accounts, Assets, Crm, Finance, Identity, Mailer, Oa, RecordStore, Sms


@dataclass(frozen=True, slots=True, kw_only=True)
class Outside:
    """Every port, or None where the organisation has no such system. `close` ends the connections to all of them."""

    mailer: Mailer | None = None
    sms: Sms | None = None
    scim: Accounts | None = None
    oa: Oa | None = None
    crm: Crm | None = None
    finance: Finance | None = None
    assets: Assets | None = None
    identity: Identity | None = None
    lrs: RecordStore | None = None
    peers: tuple[Peer, ...] = ()

    def close(self) -> None:
        for peer in self.peers:
            peer.close()


def connect(settings: Settings, clock: Clock) -> Outside:
    """The real systems. Raises ValueError naming the setting that cannot be used; nothing is called yet."""
    seconds = settings.outbound_timeout_seconds

    opened: list[Peer] = []

    def peer(name: Text | str, setting: str, url: str, token: str = "", media: str = "application/json") -> Peer:
        opened.append(Peer(name, setting, url, token=token, timeout=seconds, media=media))
        return opened[-1]

    mail, sms, oa = settings.mail_url, settings.sms_url, settings.oa_url
    crm, finance, assets, scim = settings.crm_url, settings.finance_url, settings.assets_url, settings.scim_url
    identity, lrs = settings.identity_url, settings.lrs_url
    ports = Outside(
        mailer=SmtpMailer(mail, settings.mail_from, clock, timeout=seconds) if mail else None,
        sms=HttpSms(peer("SMS", "JIAOJIE_SMS_URL", sms, settings.sms_token)) if sms else None,
        scim=ScimAccounts(peer("SCIM", "JIAOJIE_SCIM_URL", scim, settings.scim_token, SCIM_MEDIA)) if scim else None,
        oa=HttpOa(peer("OA", "JIAOJIE_OA_URL", oa), settings.oa_secret, clock) if oa else None,
        crm=HttpCrm(peer("CRM", "JIAOJIE_CRM_URL", crm, settings.crm_token)) if crm else None,
        finance=HttpFinance(peer("finance", "JIAOJIE_FINANCE_URL", finance, settings.finance_token))
        if finance
        else None,
        assets=HttpAssets(peer("the asset register", "JIAOJIE_ASSETS_URL", assets, settings.assets_token))
        if assets
        else None,
        identity=HttpIdentity(
            peer(say("the identity provider"), "JIAOJIE_IDENTITY_URL", identity, settings.identity_token)
        )
        if identity
        else None,
        lrs=HttpRecordStore(
            peer(say("the learning record store"), "JIAOJIE_LRS_URL", lrs), settings.lrs_user, settings.lrs_password
        )
        if lrs
        else None,
    )
    return replace(ports, peers=tuple(opened))


def peers(settings: Settings, clock: Clock) -> dict[str, Any]:
    """The ports by the names of a handler's `World`. In trial mode a twin stands in for a system without a URL."""
    real = connect(settings, clock)
    twins = in_memory(clock) if settings.trial else Outside()
    names = [field.name for field in fields(Outside) if field.name != "peers"]
    return {name: getattr(real, name) or getattr(twins, name) for name in names}


def in_memory(clock: Clock) -> Outside:
    """Twins of every system, empty: for trial mode, simulations and tests.

    Of a check by face or fingerprint there is none, nor of a learning record store: they are off unless an organisation
    has one.
    """
    return Outside(
        mailer=MemoryMailer(clock),
        sms=MemorySms(clock),
        scim=MemoryAccounts(clock),
        oa=MemoryOa(clock),
        crm=MemoryCrm(clock),
        finance=MemoryFinance(clock),
        assets=MemoryAssets(clock),
    )
