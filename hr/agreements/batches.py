"""Many agreements at once: one text sent to each of a list of people, or a list sealed by one holder of the seal.

Here are the records: what was asked for, what became of each, how far it is. Who carries an item out does so in the
transaction in which its record changes, so that whatever crashes each is done once; one that is refused keeps the
sentence.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from hr.agreements import clauses, facts, fill, texts
from hr.agreements.tables import AgreementBatch, AgreementBatchItem
from hr.evidence.canonical import content_hash
from hr.people import org
from hr.people.org import Person
from hr.privacy import Cipher
from kernel.actor import Actor
from kernel.clock import Clock
from kernel.db import Unit
from kernel.errors import Conflict, Invalid, NotFound, Refusal
from kernel.text import Text, listed, recognised, say

MOST = 5000
SHOWN = 50

_OPEN_ALREADY = """
select number from agreement
 where employee = %s and slug = %s and status = 'signing' order by prepared_at desc limit 1
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """One line of a list: a login or an employee number as it was written, and the values of this person alone."""

    who: str
    values: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """One agreement of a list to seal: `document` is the hash of the very document that the holder saw listed."""

    number: str
    document: str
    login: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """How it went with one item. `agreement` is the number and its status, once there is one."""

    place: int
    login: str
    name: str
    state: str
    sentence: Text | None
    agreement: str | None
    status: str | None
    done_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """A batch and how far it is. `items` is one page of them; `trouble` is what it waits for at the moment."""

    key: int
    kind: str
    title: str
    state: str
    created_by: str
    created_at: datetime
    ended_at: datetime | None
    total: int
    done: int
    refused: int
    waiting: int
    trouble: Text | None
    items: tuple[Outcome, ...]

    @property
    def moving(self) -> bool:
        """Whether another look may show more: there are items to do, or agreements that are being prepared."""
        prepared = all(item.status is not None for item in self.items if item.state == "DONE")
        return self.state == "RUNNING" or not prepared


def send(
    unit: Unit,
    key: int,
    slug: str,
    people: Sequence[Wanted],
    *,
    values: Mapping[str, Any] | None = None,
    witness: str | None = None,
    days: int | None = None,
    today: date,
    actor: Actor,
    clock: Clock,
) -> AgreementBatch:
    """A batch that sends a published text to each of these people, with values for all and of their own.

    Who cannot be sent it at all (not on file, twice in the list, has left) is in the batch with the sentence, refused
    at once. Raises NotFound or Conflict for a text that is not there to be used, Invalid for no people or too many.
    """
    _, text = texts.published(unit, slug)
    _refuse_size(len(people))
    order = {"slug": slug, "values": dict(values or {}), "witness": witness, "days": days}
    batch = _add(unit, key, "send", text.title, order, "", actor, clock.now())
    known = _known(unit, people)
    seen: set[str] = set()
    for place, line in enumerate(people, 1):
        person = known.get(line.who)
        against = _against(line, person, seen, today)
        login = person.login if person is not None else line.who
        seen.add(login)
        item = AgreementBatchItem(batch_key=key, place=place, login=login, values=dict(line.values))
        _put(unit, item, against, clock.now())
    unit.flush()
    return batch


def seal(unit: Unit, key: int, found: Sequence[Listed], *, title: str, actor: Actor, clock: Clock) -> AgreementBatch:
    """A batch that sets the seal on these very documents, in the name of the actor, who has proved their will for
    exactly this list. Raises Invalid for none or too many.
    """
    _refuse_size(len(found))
    batch = _add(unit, key, "seal", title, {}, list_hash(found), actor, clock.now())
    for place, one in enumerate(found, 1):
        item = AgreementBatchItem(
            batch_key=key, place=place, login=one.login, document_hash=one.document, agreement_number=one.number
        )
        _put(unit, item, None, clock.now())
    unit.flush()
    return batch


def list_hash(found: Sequence[Listed]) -> str:
    """The digest of a list to seal: numbers and documents, in their order."""
    return content_hash([[one.number, one.document] for one in found])


def unlawful(
    unit: Unit, cipher: Cipher, item: AgreementBatchItem, order: Mapping[str, Any], **told: Any
) -> Text | None:
    """Why an item of `send` cannot become an agreement: another one waits, values are missing, the law forbids it.

    `told` are `organisation`, `today` and `clock`.
    """
    waiting = unit.one(_OPEN_ALREADY, (item.login, order["slug"]))
    if waiting is not None:
        return say("{number} of this text waits for this person's signature already.", number=waiting[0])
    try:
        _, text = texts.published(unit, order["slug"])
        known = facts.of(unit, cipher, item.login, organisation=told["organisation"], number="", dated_on=told["today"])
        filled = fill.fill(text, {**order["values"], **item.values}, known, clock=told["clock"])
    except Refusal as refusal:
        return refusal.message
    errors = [one.sentence for one in clauses.findings(filled, known) if one.severity == "error"]
    return listed(errors) if errors else None


def find(unit: Unit, key: int) -> AgreementBatch:
    """The batch. Raises NotFound."""
    batch = unit.session.get(AgreementBatch, key, populate_existing=True)
    if batch is None:
        raise NotFound(say("There is no batch {key}. Check the address.", key=key))
    return batch


def cancel(unit: Unit, key: int, *, clock: Clock) -> None:
    """Drop what is not done yet; what is done stays done. Raises Conflict for a batch that is over."""
    ended = unit.run(
        "update agreement_batch set state = 'CANCELED', ended_at = %s where key = %s and state = 'RUNNING'",
        (clock.now(), key),
    )
    if not ended:
        find(unit, key)
        raise Conflict(say("This batch is over; nothing changes."))
    unit.session.expire_all()


def progress(unit: Unit, key: int, *, after: int = 0, state: str | None = None) -> Progress:
    """How far a batch is, with the items after a place, SHOWN at most, in one state or in all. Raises NotFound."""
    batch = find(unit, key)
    counted = dict(unit.all("select state, count(*) from agreement_batch_item where batch_key = %s group by 1", (key,)))
    trouble = unit.one(
        "select sentence from agreement_batch_item where batch_key = %s and state = 'WAITING' and sentence <> ''"
        " order by place limit 1",
        (key,),
    )
    return Progress(
        key=batch.key,
        kind=batch.kind,
        title=batch.title,
        state=batch.state,
        created_by=batch.created_by,
        created_at=batch.created_at,
        ended_at=batch.ended_at,
        total=sum(counted.values()),
        done=counted.get("DONE", 0),
        refused=counted.get("REFUSED", 0),
        waiting=counted.get("WAITING", 0),
        trouble=recognised(trouble[0]) if trouble and batch.state == "RUNNING" else None,
        items=tuple(_outcome(row) for row in unit.all(_ITEMS, {"key": key, "after": after, "state": state})),
    )


_ITEMS = f"""
select i.place, i.login, coalesce(e.name, ''), i.state, i.sentence, a.number, a.status, i.done_at
  from agreement_batch_item i
  left join employee e on e.login = i.login
  left join agreement a on a.number = i.agreement_number or (a.batch_key = i.batch_key and a.employee = i.login)
 where i.batch_key = %(key)s and i.place > %(after)s and (%(state)s::text is null or i.state = %(state)s)
 order by i.place limit {SHOWN}
"""


def _outcome(row: Sequence[Any]) -> Outcome:
    place, login, name, state, sentence, number, status, done_at = row
    return Outcome(
        place=place,
        login=login,
        name=name,
        state=state,
        sentence=recognised(sentence) if sentence else None,
        agreement=number,
        status=status,
        done_at=done_at,
    )


def _refuse_size(count: int) -> None:
    if not 0 < count <= MOST:
        raise Invalid(say("A batch takes from 1 to {most} at once, not {count}.", most=MOST, count=count))


def _add(
    unit: Unit, key: int, kind: str, title: str, order: dict[str, Any], digest: str, actor: Actor, at: datetime
) -> AgreementBatch:
    batch = AgreementBatch(
        key=key,
        kind=kind,
        title=title,
        order=order,
        list_hash=digest,
        created_by=actor.id,
        created_at=at,
        ip=actor.ip,
        agent=actor.agent,
    )
    unit.session.add(batch)
    unit.flush()
    return batch


def _put(unit: Unit, item: AgreementBatchItem, against: Text | None, at: datetime) -> None:
    if against is not None:
        item.state, item.sentence, item.done_at = "REFUSED", str(against), at
    unit.session.add(item)


def _known(unit: Unit, people: Sequence[Wanted]) -> dict[str, Person]:
    """The people of a list by what was written: login or number."""
    written = [line.who for line in people]
    logins = dict(unit.all("select no, login from employee where no = any(%s)", (written,)))
    found = org.people(unit, [*written, *logins.values()])
    return {**{no: found[login] for no, login in logins.items()}, **found}


def _against(line: Wanted, person: Person | None, seen: set[str], today: date) -> Text | None:
    if person is None:
        return say("Nobody on file has the login or the number {who}. Correct the list.", who=line.who)
    if person.login in seen:
        return say("{name} is in the list twice. One agreement is sent.", name=person.name)
    if person.left_on is not None and person.left_on < today:
        return say("{name} left on {day}.", name=person.name, day=person.left_on.isoformat())
    return None
