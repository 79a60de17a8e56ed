"""A browser that a signer came in with by link and code: it sees one agreement, for two hours at most."""

import hmac
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256

from hr.agreements.tables import AgreementSigner, SigningVisit
from hr.people import org
from kernel.actor import Actor
from kernel.db import Unit
from kernel.errors import Forbidden
from kernel.text import say
from tasks.house import House
from tasks.human.signing.visitors import Visitor

LASTS = timedelta(hours=2)


@dataclass(frozen=True, slots=True, kw_only=True)
class Opened:
    """What the browser gets: `cookie` proves the visit, `csrf` goes with every change, `number` is the agreement."""

    cookie: str
    csrf: str
    number: str
    expires_at: datetime


def begin(unit: Unit, signer: AgreementSigner, at: datetime) -> Opened:
    """Let the signer in. Visits that are over are cleared away."""
    cookie, csrf = secrets.token_urlsafe(32), secrets.token_urlsafe(24)
    unit.run("delete from signing_visit where expires_at < %s", (at,))
    unit.session.add(
        SigningVisit(
            id=_digest(cookie),
            signer_id=signer.id or 0,
            holder=signer.login or "",
            csrf=csrf,
            created_at=at,
            expires_at=at + LASTS,
        )
    )
    unit.flush()
    return Opened(cookie=cookie, csrf=csrf, number=signer.agreement_number, expires_at=at + LASTS)


def visitor(house: House, unit: Unit, cookie: str, *, ip: str | None, agent: str | None) -> Visitor | None:
    """Who came in with this cookie; None once the visit is over, or the signature is someone else's by now."""
    found = _visit(house, unit, cookie)
    signer = unit.session.get(AgreementSigner, found.signer_id) if found else None
    if found is None or signer is None or signer.login != found.holder:
        return None
    name = org.names(unit, [found.holder]).get(found.holder, found.holder)
    actor = Actor(id=found.holder, name=name, ip=ip, agent=agent)
    return Visitor(login=found.holder, name=name, actor=actor, by="link", signer_id=signer.id)


def csrf(house: House, unit: Unit, cookie: str) -> str:
    """What a page of this visit sends with every change; empty once the visit is over."""
    found = _visit(house, unit, cookie)
    return found.csrf if found else ""


def check_csrf(house: House, unit: Unit, cookie: str, sent: str) -> None:
    """Raises Forbidden for a change that no page of this visit sent."""
    known = csrf(house, unit, cookie)
    if not known or not hmac.compare_digest(known.encode(), sent.encode()):
        raise Forbidden(say("This page is too old to be sent. Reload it and send it again; nothing was changed."))


def end(unit: Unit, cookie: str) -> None:
    """The signer leaves."""
    unit.run("delete from signing_visit where id = %s", (_digest(cookie),))


def _visit(house: House, unit: Unit, cookie: str) -> SigningVisit | None:
    found = unit.session.get(SigningVisit, _digest(cookie), populate_existing=True) if cookie else None
    return found if found is not None and found.expires_at > house.clock.now() else None


def _digest(cookie: str) -> bytes:
    return sha256(cookie.encode()).digest()
