"""Signing in stories: a signer in the signing room, with a real code, read where it was sent to.

They do what a person does there: agree to electronic signing, read every page, have a code sent, draw. What the product
asks of a person it asks of a story too, and says in the same words.
"""

import re
from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any

from hr.agreements import consents
from kernel.actor import Actor
from kernel.errors import Invalid
from kernel.text import say
from processes.story.stage import Stage
from processes.story.values import STROKE
from tasks.adapters import memory
from tasks.human.signing import codes, reading, room, signing, visitors
from tasks.human.signing.visitors import Visitor

A_PAGE = timedelta(seconds=5)  # before the signer's eyes
A_CODE = timedelta(seconds=20)  # on its way, and typed in
DEVICE = {"platform": "story", "screen": "390x844", "language": "zh-CN"}
_CODE = re.compile(r"(?<!\d)\d{6}(?!\d)")
# Of the story's own case and what it called: a person may be asked elsewhere too.
_OF_CASE = """
select a.number from agreement a join instance i on i.key = a.instance_key
 where i.root_key = %(case)s and %(named)s in ('', a.number, a.title, a.slug)
"""
_HERE = _OF_CASE + " and a.number = any(%(mine)s) order by array_position(%(mine)s::text[], a.number) limit 1"
_STILL = _OF_CASE + " and a.status = 'signing' order by a.prepared_at limit 1"


def sign(stage: Stage, case: int, actor: Actor, details: Mapping[str, Any]) -> None:
    """Read it all, then sign by code and by hand. `read: false` leaves the reading out, `code` enters another code."""
    visitor, number = _comes(stage, case, actor, details)
    _agree(stage, visitor, number)
    if details.get("read", True):
        _read(stage, visitor, number)
    code = _code(stage, visitor, number, details)
    signing.sign(stage.house, visitor, number, code, STROKE, True, DEVICE)


def seal(stage: Stage, case: int, actor: Actor, details: Mapping[str, Any]) -> None:
    """Set the company's seal, by code."""
    visitor, number = _comes(stage, case, actor, details)
    signing.seal(stage.house, actor, number, _code(stage, visitor, number, details), DEVICE)


def decline(stage: Stage, case: int, actor: Actor, details: Mapping[str, Any]) -> None:
    """Refuse to sign, for a `reason`."""
    visitor, number = _comes(stage, case, actor, details)
    signing.decline(stage.house, visitor, number, str(details.get("reason", "")))


def withdraw(stage: Stage, case: int, actor: Actor, details: Mapping[str, Any]) -> None:
    """Take the agreement back, for a `reason`."""
    row = stage.house.database.once().one(_STILL, {"case": case, "named": str(details.get("agreement", ""))})
    if row is None:
        raise Invalid(say("No agreement is being signed that could be taken back."))
    signing.withdraw(stage.house, actor, row[0], str(details.get("reason", "")))


ACTS: Mapping[str, Callable[[Stage, int, Actor, Mapping[str, Any]], None]] = {
    "sign": sign,
    "seal": seal,
    "decline": decline,
    "withdraw": withdraw,
}


def _comes(stage: Stage, case: int, actor: Actor, details: Mapping[str, Any]) -> tuple[Visitor, str]:
    """Who comes, and to which agreement: the one that is named by number, title or text, else the most urgent."""
    visitor, named = visitors.by_login(actor), str(details.get("agreement", ""))
    unit = stage.house.database.once()
    mine = visitors.waiting(unit, visitor, stage.clock.now())
    row = unit.one(_HERE, {"case": case, "named": named, "mine": mine})
    if row is None and not named:
        raise Invalid(say("No agreement waits for {who} at the moment.", who=actor.id))
    return visitor, row[0] if row else named


def _agree(stage: Stage, visitor: Visitor, number: str) -> None:
    language = stage.house.settings.language
    with stage.house.database.transaction() as unit:
        signing.consent(stage.house, unit, visitor, number, consents.ELECTRONIC_SIGNING, language)


def _read(stage: Stage, visitor: Visitor, number: str) -> None:
    house = stage.house
    with house.database.transaction() as unit:
        pages = room.open_room(house, unit, visitor, number).pages
        reading.opened(house, unit, visitor, number, DEVICE)
    for page in range(1, pages + 1):
        stage.clock.advance(A_PAGE)
        with house.database.transaction() as unit:
            reading.beat(house, unit, visitor, number, page, A_PAGE.total_seconds(), page == pages)


def _code(stage: Stage, visitor: Visitor, number: str, details: Mapping[str, Any]) -> str:
    """The code that was sent, as the signer reads it; or what the step enters instead."""
    channel = str(details.get("channel", "sms"))
    codes.send(stage.house, visitor, number, "sign", channel)
    stage.clock.advance(A_CODE)
    return str(details.get("code") or _last(stage, channel))


def _last(stage: Stage, channel: str) -> str:
    sms, mailer = stage.twins["sms"], stage.twins["mailer"]
    assert isinstance(sms, memory.MemorySms)
    assert isinstance(mailer, memory.MemoryMailer)
    texts = [text for _, text in sms.texts.values()] if channel == "sms" else [m.text for m in mailer.letters.values()]
    found = _CODE.search(texts[-1]) if texts else None
    return found.group() if found else ""
