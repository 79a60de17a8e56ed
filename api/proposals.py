"""Files that are to be published: kept, proved in the background, published byte for byte as they were proved.

Who may publish, and whether somebody else has to approve first, is set: `publishers` and `publish_approval`.
"""

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from api.background import Background, Told
from api.publishers import check_publisher
from engine import audit
from engine.model import Resource
from engine.store.definitions import KEY_OF_LATEST, LOCK
from kernel.actor import Actor
from kernel.db import Unit
from kernel.errors import Conflict, Invalid, NotFound
from kernel.text import Text, say
from processes import publish as publishing
from processes.proof import SAMPLE, Proof, prove
from processes.proof.findings import heard_sentence
from processes.proof.prove import check, deployable
from processes.publish import Published
from processes.studio import drafts, projects, rules
from tasks.house import House

_COLUMNS = """p.key, p.state, p.comment, p.created_by, p.created_at, p.sample, p.result, p.deployment_key,
  p.project_key, p.edited_by, p.approved_by, p.approved_at,
  (select array_agg(f.name order by f.name) from proposal_file f where f.proposal_key = p.key)"""
_READ = f"select {_COLUMNS} from proposal p where p.key = %s"
_LISTED = f"select {_COLUMNS} from proposal p order by p.created_at desc, p.key desc limit %s"
_OF_PROJECT = f"""select {_COLUMNS} from proposal p where p.project_key = %s
  order by p.created_at desc, p.key desc limit %s"""
_FILES = "select name, content from proposal_file where proposal_key = %s order by name"
_ADD = """insert into proposal (key, state, comment, created_by, created_at, sample, project_key, edited_by)
  values (%s, 'CREATED', %s, %s, %s, %s, %s, %s)"""
_ADD_FILE = "insert into proposal_file (proposal_key, name, content) values (%s, %s, %s)"
_BEGIN = """update proposal set state = 'RUNNING', result = null, approved_by = null, approved_at = null
  where key = %s and state in ('CREATED', 'DONE', 'FAILED')"""
_CANCEL = "update proposal set state = 'CREATED', result = null where key = %s and state = 'RUNNING'"
_CLAIM = "select 1 from proposal where key = %s for update"
_PUBLISHED = "update proposal set state = 'PUBLISHED', deployment_key = %s where key = %s"


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposed:
    """A proposal as it stands: CREATED, RUNNING, DONE, FAILED or PUBLISHED.

    `done` of `total` stories and cases have been looked at while it runs. `proof` is there once it is DONE, `failure`
    says why it could not be proved where it FAILED. `edited_by` are those who changed the files of its `project` since
    they were last published.
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
    project: int | None = None
    edited_by: tuple[str, ...] = ()
    approved_by: str | None = None
    approved_at: datetime | None = None


def create(
    house: House,
    files: Sequence[Resource],
    *,
    actor: Actor,
    sample: int = SAMPLE,
    comment: str = "",
    project: int | None = None,
) -> int:
    """Keep files as a proposal, and give its key. `project` is where in the studio they come from.

    Raises Invalid for what cannot be proved (`processes.proof.prove`) and for two files of one name.
    """
    check(files, sample)
    names = [file.name for file in files]
    twice = next((name for name in names if names.count(name) > 1), None)
    if twice is not None:
        raise Invalid(say("Two files are called {name}. Give each a name of its own.", name=twice))
    key = house.engine.keys.next()
    with house.database.transaction() as unit:
        edited_by = _editors(unit, project) if project is not None else []
        unit.run(_ADD, (key, comment, actor.id, house.clock.now(), sample, project, edited_by))
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


def of_project(unit: Unit, project: int, limit: int = 20) -> list[Proposed]:
    """Those of a project, the newest first."""
    return [_proposed(row) for row in unit.all(_OF_PROJECT, (project, limit))]


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
    return PROOFS.start(house, key)


def cancel(house: House, key: int) -> None:
    """Stop a proof: after the story or case that it is at. Raises NotFound, and Conflict where none runs."""
    unit = house.database.once()
    if unit.run(_CANCEL, (key,)) == 0:
        state = read(unit, key).state
        raise Conflict(say("Proposal {key} is {state}: no proof runs that could be stopped.", key=key, state=state))


def take_up(house: House) -> list[threading.Thread]:
    """Prove again what a process left that died over it. For the start of the web."""
    return PROOFS.take_up(house)


def publish(house: House, key: int, *, actor: Actor, reason: str = "") -> Published:
    """Deploy the files of a proved proposal together.

    Raises Forbidden for someone who may not publish. Raises Conflict where they were not proved, where nobody approved
    them although that is set, where something newer was deployed or the files of the project changed since, and where
    scenarios failed and no `reason` says why they are published all the same; that is kept in the audit log.
    """
    check_publisher(house, actor)
    with house.database.transaction() as unit:
        found = claimed(unit, key)
        proof = check_proved(found)
        if house.settings.publish_approval and found.approved_by is None:
            raise Conflict(say("Proposal {key} waits for the approval of a second person.", key=key))
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
        check_current(unit, found)
        kept = files(unit, key)
        published = publishing.publish_files(house.engine, unit, deployable(kept), actor, comment=found.comment)
        if found.project is not None:
            drafts.published(unit, found.project, {file.name: rules.digest(file.content) for file in kept})
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


def claimed(unit: Unit, key: int) -> Proposed:
    """A proposal that nobody else changes until the transaction ends. Raises NotFound."""
    if unit.one(_CLAIM, (key,)) is None:
        raise _missing(key)
    return read(unit, key)


def check_proved(found: Proposed) -> Proof:
    """The proof of a proposal that can be published. Raises Conflict where there is none."""
    if found.proof is None or found.state != "DONE":
        raise Conflict(
            say(
                "Proposal {key} is {state}. Prove it first; what is proved can be published.",
                key=found.key,
                state=found.state,
            )
        )
    return found.proof


def is_current(unit: Unit, found: Proposed) -> bool:
    """Whether the files of its project are still those of the proposal. One from elsewhere stays as it is."""
    if found.project is None:
        return True
    return {file.name: file.content for file in files(unit, found.key)} == {
        file.name: file.content for file in projects.resources(unit, found.project)
    }


def check_current(unit: Unit, found: Proposed) -> None:
    """Raises Conflict where the files of its project have changed since."""
    if not is_current(unit, found):
        raise Conflict(
            say(
                "The project's files have changed since proposal {key} was made, so its proof and any approval are "
                "void. Propose them again.",
                key=found.key,
            )
        )


def _editors(unit: Unit, project: int) -> list[str]:
    """Who changed the files of a project since they were last published."""
    found: set[str] = set()
    for entry in projects.read(unit, project).files:
        for revision in drafts.history(unit, project, entry.name):
            if revision.digest == entry.base:
                break
            found.add(revision.changed_by)
    return sorted(found)


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


# -- the work in the background


def _prove(house: House, unit: Unit, key: int, told: Told, stopped: Callable[[], bool]) -> dict[str, Any]:
    return {"proof": prove(house, files(unit, key), read(unit, key).sample, told, stopped).to_json()}


PROOFS = Background("proposal", _prove)


def _proposed(row: Any) -> Proposed:
    key, state, comment, created_by, created_at, sample, result, deployment_key, *more = row
    project, edited_by, approved_by, approved_at, names = more
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
        project=project,
        edited_by=tuple(edited_by),
        approved_by=approved_by,
        approved_at=approved_at,
    )


def _missing(key: int) -> NotFound:
    return NotFound(say("There is no proposal {key}. Check the key.", key=key))
