"""The report of an evidence package, in the words of a Chinese court: who did what, when, from where, on which content.

It tells what the events and rows hold and adds nothing; whoever doubts it finds them beside it, as they are hashed.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any
from zoneinfo import ZoneInfo

from asn1crypto import x509

from hr.agreements.signers import COMPANY
from hr.agreements.tables import Agreement, AgreementSigner, Consent, PageRead, SigningCode
from hr.documents.signing.certificates import is_trial
from hr.evidence.tables import Anchor, Evidence

TITLE = "电子签署证据报告"
_STATUS = {
    "signing": "签署中",
    "sealed": "已由各方签署",
    "declined": "已拒签",
    "expired": "已过期",
    "withdrawn": "已撤回",
}
_ROLE = {"employee": "员工", "manager": "上级", "witness": "见证人", COMPANY: "公司（用印）"}
_STATE = {"waiting": "未通知", "asked": "已通知，未签", "signed": "已签署", "declined": "已拒签", "void": "已失效"}
_CHANNEL = {"sms": "短信", "mail": "邮件"}
_PURPOSE = {"open": "打开文件", "sign": "签署", "electronic-signing": "以电子方式签署"}
_EVENT = {
    "agreement.prepared": "生成协议",
    "signer.asked": "通知签署人",
    "message.sent": "发出消息",
    "reminded": "催办",
    "link.opened": "打开签署链接",
    "document.opened": "打开文件",
    "page.read": "阅读页面",
    "document.read": "读至末页",
    "consent.given": "同意电子签署",
    "code.sent": "发出验证码",
    "code.unsent": "验证码未发出",
    "code.wrong": "验证码错误",
    "code.checked": "验证码正确",
    "understood": "确认已阅读并理解",
    "signed": "签署",
    "sealed": "用印",
    "declined": "拒签",
    "delivered": "送达",
    "downloaded": "下载",
    "expired": "过期",
    "withdrawn": "撤回",
    "archived": "归档",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Rows:
    """Everything that the database holds of one agreement, with its files by name."""

    agreement: Agreement
    signers: Sequence[AgreementSigner]
    codes: Sequence[SigningCode]
    reading: Sequence[PageRead]
    consents: Sequence[Consent]
    events: Sequence[Evidence]
    anchors: Sequence[Anchor]
    documents: Mapping[str, bytes]
    images: Mapping[str, bytes]


def facts(rows: Rows, *, organisation: str, zone: str, verify_url: str, at: datetime) -> dict[str, Any]:
    """What the template `evidence-report` prints."""
    told = _Told(rows, ZoneInfo(zone))
    agreement = rows.agreement
    return {
        "title": TITLE,
        "organisation": organisation,
        "number": agreement.number,
        "document": agreement.title,
        "status": _STATUS[agreement.status],
        "reason": agreement.ended_reason,
        "made_at": told.local(at),
        "prepared_at": told.local(agreement.prepared_at),
        "ended_at": told.local(agreement.ended_at),
        "pages": agreement.pages,
        "verify_code": agreement.verify_code,
        "verify_url": verify_url,
        "sha256": agreement.current_hash,
        "sm3": agreement.sealed_sm3 or "",
        "prepared_hash": agreement.prepared_hash,
        "trial": any(is_trial(x509.Certificate.load(one.certificate)) for one in rows.signers if one.certificate),
        "signers": [told.signer(one) for one in rows.signers],
        "events": [told.event(one) for one in rows.events],
        "head": rows.events[-1].hash,
        "anchors": [
            {"sequence": one.sequence, "at": told.local(one.stamped_at), "authority": one.authority, "head": one.head}
            for one in rows.anchors
        ],
        "files": [
            {"name": f"documents/{name}", "hash": sha256(content).hexdigest()}
            for name, content in sorted(rows.documents.items())
        ],
    }


class _Told:
    """Rows as text, in the organisation's zone."""

    def __init__(self, rows: Rows, zone: ZoneInfo) -> None:
        self._rows = rows
        self._zone = zone

    def local(self, instant: datetime | None) -> str:
        return f"{instant.astimezone(self._zone):%Y-%m-%d %H:%M:%S}" if instant else "—"

    def signer(self, one: AgreementSigner) -> dict[str, Any]:
        last = next((e for e in reversed(self._rows.events) if e.detail.get("field") == one.field and e.ip), None)
        return {
            "role": _ROLE[one.role],
            "name": one.name,
            "login": one.login or "",
            "state": _STATE[one.status],
            "at": self.local(one.ended_at) if one.ended_at else "",
            "ip": (last.ip if last else None) or "—",
            "device": _device(last) if last else "",
            "codes": [self._code(code) for code in self._rows.codes if code.signer_id == one.id],
            "reading": self._reading(one),
            "consents": [self._consent(consent) for consent in self._rows.consents if consent.person == one.login],
            "certificate": self._certificate(one.certificate) if one.certificate else [],
            "image": self._rows.images.get(one.field, b"").decode(),
            "reason": one.decline_reason,
        }

    def _code(self, code: SigningCode) -> str:
        used = f"，{self.local(code.used_at)} 验证通过" if code.used_at else "，未使用"
        wrong = f"，输错 {code.attempts} 次" if code.attempts and not code.used_at else ""
        sent = f"{_CHANNEL[code.channel]}发至 {code.address_masked}，{self.local(code.sent_at)}"
        return f"{_PURPOSE[code.purpose]}：{sent}{used}{wrong}"

    def _reading(self, one: AgreementSigner) -> list[str]:
        """Seconds a page, over every state of the document that the signer had before them."""
        pages: dict[int, float] = {}
        for row in self._rows.reading:
            if row.signer_id == one.id:
                pages[row.page] = pages.get(row.page, 0.0) + row.seconds
        return [f"第 {page} 页 {seconds:.0f} 秒" for page, seconds in sorted(pages.items())]

    def _consent(self, consent: Consent) -> str:
        purpose = _PURPOSE.get(consent.purpose, consent.purpose)
        ended = f"，{self.local(consent.withdrawn_at)} 撤回" if consent.withdrawn_at else ""
        return f"{purpose}：{self.local(consent.given_at)}，IP {consent.ip or '—'}{ended}"

    def _certificate(self, der: bytes) -> list[str]:
        made = x509.Certificate.load(der)
        valid = f"{self.local(made.not_valid_before)} 至 {self.local(made.not_valid_after)}"
        return [
            f"持有人 {_common(made.subject)}，颁发者 {_common(made.issuer)}",
            f"序列号 {made.serial_number:X}",
            f"有效期 {valid}",
        ]

    def event(self, one: Evidence) -> dict[str, Any]:
        return {
            "sequence": one.sequence,
            "at": self.local(one.at),
            "event": _EVENT.get(one.event, one.event),
            "detail": _detail(one.detail),
            "actor": one.actor_name or one.actor,
            "ip": one.ip or "—",
            "device": _device(one),
            "hash": one.content_hash or "",
        }


def _detail(detail: Mapping[str, Any]) -> str:
    """What else an event tells, where it is short: a page, a channel, a reason."""
    names = {"page": "第 {} 页", "channel": "{}", "address": "{}", "reason": "{}", "purpose": "{}"}
    words = {**_CHANNEL, **_PURPOSE}
    found = [(form, detail[name]) for name, form in names.items() if detail.get(name)]
    return "　".join(form.format(words.get(str(value), value)) for form, value in found)


def _device(one: Evidence) -> str:
    """What the browser told of the device, else how it names itself."""
    told = one.detail.get("device")
    shown = [str(value) for value in told.values() if value] if isinstance(told, dict) else []
    return " · ".join(shown) or (one.agent or "")[:80]


def _common(name: x509.Name) -> str:
    found = name.native.get("common_name", "")
    return str(found[0] if isinstance(found, list) else found)
