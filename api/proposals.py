"""Files that are to be published: kept, proved in the background, published byte for byte as they were proved.

While a proof runs, its thread holds a lock of its database session under the proposal's key. A process that dies lets
go of it: whoever starts next takes up what was left, and does nothing about what runs elsewhere.
"""

import logging
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import psycopg
from psycopg.types.json import Jsonb

from engine import audit
from engine.model import Resource
from engine.store.definitions import KEY_OF_LATEST, LOCK
from kernel.actor import Actor
from kernel.db import Unit
from kernel.errors import Conflict, Invalid, NotFound, Refusal
from kernel.text import Text, say
from processes import publish as publishing
from processes.proof import SAMPLE, Proof, Stopped, prove
from processes.proof.findings import heard_sentence, kept_sentence
from processes.proof.prove import check, deployable
from processes.publish import Published
from tasks.house import House

log = logging.getLogger(__name__)

TELL_EVERY_S = 0.5

_COLUMNS = """p.key, p.state, p.comment, p.created_by, p.created_at, p.sample, p.result, p.deployment_key,
  (select array_agg(f.name order by f.name) from proposal_file f where f.proposal_key = p.key)"""
_READ = f"select {_COLUMNS} from proposal p where p.key = %s"
_LISTED = f"select {_COLUMNS} from proposal p order by p.created_at desc, p.key desc limit %s"
_FILES = "select name, content from proposal_file where proposal_key = %s order by name"
_ADD = """insert into proposal (key, state, comment, created_by, created_at, sample)
  values (%s, 'CREATED', %s, %s, %s, %s)"""
_ADD_FILE = "insert into proposal_file (proposal_key, name, content) values (%s, %s, %s)"
_BEGIN = (
    "update proposal set state = 'RUNNING', result = null where key = %s and state in ('CREATED', 'DONE', 'FAILED')"
)
_CANCEL = "update proposal set state = 'CREATED', result = null where key = %s and state = 'RUNNING'"
_TELL = "update proposal set result = %s where key = %s and state = 'RUNNING'"
_END = "update proposal set state = %s, result = %s where key = %s and state = 'RUNNING'"
_LEFT = "select key from proposal where state = 'RUNNING' order by key"
_HOLD = "select pg_advisory_lock(hashtextextended('jiaojie.proposal', %s))"
_CLAIM = "select state, comment, result from proposal where key = %s for update"
_PUBLISHED = "update proposal set state = 'PUBLISHED', deployment_key = %s where key = %s"


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposed:
    """A proposal as it stands: CREATED, RUNNING, DONE, FAILED or PUBLISHED.

    `done` of `total` stories and cases have been looked at while it runs. `proof` is there once it is DONE, `failure`
    says why it could not be proved where it FAILED.
    """

    key: int
    state: str
    comment: str
    created_by: str
    created_at: datetime
    sample: int
    files: tuple[str, ...]
    done: int = 0
    total: int = 0
    proof: Proof | None = None
    failure: Text | None = None
    deployment_key: int | None = None


def create(house: House, files: Sequence[Resource], *, actor: Actor, sample: int = SAMPLE, comment: str = "") -> int:
    """Keep files as a proposal, and give its key. Raises Invalid for what cannot be proved (`processes.proof.prove`)
    and for two files of one name.
    """
    check(files, sample)
    names = [file.name for file in files]
    twice = next((name for name in names if names.count(name) > 1), None)
    if twice is not None:
        raise Invalid(say("Two files are called {name}. Give each a name of its own.", name=twice))
    key = house.engine.keys.next()
    with house.database.transaction() as unit:
        unit.run(_ADD, (key, comment, actor.id, house.clock.now(), sample))
        for file in files:
            unit.run(_ADD_FILE, (key, file.name, file.content))
        audit.note(
            unit,
            house.engine,
            actor,
            entity="RESOURCE",
            operation="EVALUATE",
            entity_key=key,
            what="PROPOSED",
            proposal=str(key),
            files=names,
            comment=comment,
        )
    return key


def read(unit: Unit, key: int) -> Proposed:
    """Raises NotFound."""
    row = unit.one(_READ, (key,))
    if row is None:
        raise _missing(key)
    return _proposed(row)


def listed(unit: Unit, limit: int = 50) -> list[Proposed]:
    """The proposals, the newest first."""
    return [_proposed(row) for row in unit.all(_LISTED, (limit,))]


def files(unit: Unit, key: int) -> list[Resource]:
    """The files of a proposal, byte for byte, by name."""
    return [Resource(name, bytes(content)) for name, content in unit.all(_FILES, (key,))]


def begin(house: House, key: int) -> threading.Thread:
    """Prove a proposal in a thread of its own; one that has been proved is proved anew.

    Where that is under way already it is waited for, and not done twice. Raises NotFound, and Conflict for one that was
    published.
    """
    unit = house.database.once()
    if unit.run(_BEGIN, (key,)) == 0 and (state := read(unit, key).state) != "RUNNING":
        raise Conflict(say("Proposal {key} is {state} and cannot be proved again.", key=key, state=state))
    thread = threading.Thread(target=_run, args=(house, key), name=f"proof-{key}", daemon=True)
    thread.start()
    return thread


def cancel(house: House, key: int) -> None:
    """Stop a proof: after the story or case that it is at. Raises NotFound, and Conflict where none runs."""
    unit = house.database.once()
    if unit.run(_CANCEL, (key,)) == 0:
        state = read(unit, key).state
        raise Conflict(say("Proposal {key} is {state}: no proof runs that could be stopped.", key=key, state=state))


def take_up(house: House) -> list[threading.Thread]:
    """Prove again what a process left that died over it. For the start of the web."""
    return [begin(house, key) for (key,) in house.database.once().all(_LEFT)]


def publish(house: House, key: int, *, actor: Actor, reason: str = "") -> Published:
    """Deploy the files of a proved proposal together.

    Raises Conflict where they were not proved, where something newer was deployed since, and where scenarios failed and
    no `reason` says why they are published all the same; that is kept in the audit log.
    """
    with house.database.transaction() as unit:
        row = unit.one(_CLAIM, (key,))
        if row is None:
            raise _missing(key)
        state, comment, result = row
        if state != "DONE":
            raise Conflict(
                say("Proposal {key} is {state}. Prove it first; what is proved can be published.", key=key, state=state)
            )
        proof = Proof.from_json(result["proof"])
        failed = [scenario.name for process in proof.processes for scenario in process.failed]
        if failed and not reason.strip():
            raise Conflict(
                say(
                    "{count} scenarios fail on proposal {key}, among them {name}. Correct the files, or give a reason.",
                    count=len(failed),
                    key=key,
                    name=failed[0],
                )
            )
        unit.run(LOCK)
        _check_standing(unit, key, proof)
        published = publishing.publish_files(house.engine, unit, deployable(files(unit, key)), actor, comment=comment)
        if failed:
            audit.note(
                unit,
                house.engine,
                actor,
                entity="RESOURCE",
                operation="CREATE",
                entity_key=published.deployment.key,
                proposal=str(key),
                failed=failed,
                reason=reason,
            )
        unit.run(_PUBLISHED, (published.deployment.key, key))
    return published


def _check_standing(unit: Unit, key: int, proof: Proof) -> None:
    for name, proved in proof.standing.items():
        kind, _, id = name.partition(" ")
        found = unit.one(KEY_OF_LATEST, (kind, id))
        if (found[0] if found else 0) != proved:
            raise Conflict(
                say(
                    "{kind} {id} was deployed by someone else since proposal {key} was proved. Prove it again.",
                    kind=kind,
                    id=id,
                    key=key,
                )
            )


# -- the thread of a proof


def _run(house: House, key: int) -> None:
    unit = house.database.once()
    try:
        unit.one(_HOLD, (key,))
        _prove(house, unit, key)
    except psycopg.Error:  # the database is gone, perhaps with this process: whoever starts next takes it up
        log.warning("the proof of proposal %s was left", key, exc_info=True)
    finally:
        unit.cursor.connection.close()  # and with it the lock


def _prove(house: House, unit: Unit, key: int) -> None:
    proposed = read(unit, key)
    if proposed.state != "RUNNING":
        return
    teller = _Teller(unit, key)
    try:
        proof = prove(house, files(unit, key), proposed.sample, teller.told, lambda: teller.canceled)
    except Stopped:
        return
    except Refusal as refusal:
        unit.run(_END, ("FAILED", Jsonb({"failure": kept_sentence(refusal.message)}), key))
    except psycopg.Error:
        raise
    except Exception as fault:  # the boundary: a fault of ours ends this proof in words
        log.exception("proposal %s could not be proved", key)
        told = say("It could not be proved because of a fault of ours ({kind}). Try again.", kind=type(fault).__name__)
        unit.run(_END, ("FAILED", Jsonb({"failure": kept_sentence(told)}), key))
    else:
        unit.run(_END, ("DONE", Jsonb({"proof": proof.to_json()}), key))


class _Teller:
    """Tells how far a proof is, for the page, and hears whether it is still wanted."""

    def __init__(self, unit: Unit, key: int) -> None:
        self._unit, self._key = unit, key
        self._told_at = 0.0
        self.canceled = False

    def told(self, done: int, total: int) -> None:
        if time.monotonic() - self._told_at < TELL_EVERY_S:
            return
        self._told_at = time.monotonic()
        self.canceled = self._unit.run(_TELL, (Jsonb({"done": done, "total": total}), self._key)) == 0


def _proposed(row: Any) -> Proposed:
    key, state, comment, created_by, created_at, sample, result, deployment_key, names = row
    found: dict[str, Any] = result or {}
    return Proposed(
        key=key,
        state=state,
        comment=comment,
        created_by=created_by,
        created_at=created_at,
        sample=sample,
        files=tuple(names or ()),
        done=found.get("done", 0),
        total=found.get("total", 0),
        proof=Proof.from_json(found["proof"]) if "proof" in found else None,
        failure=heard_sentence(found.get("failure")),
        deployment_key=deployment_key,
    )


def _missing(key: int) -> NotFound:
    return NotFound(say("There is no proposal {key}. Check the key.", key=key))
