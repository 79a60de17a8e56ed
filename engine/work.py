"""Open work as rows: what an outcome opens and closes, as the parameters of the statements in `store.turns`."""

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import orjson

from engine.model import Call, Incident, Job, Outcome, Subscription, Thrown, Timer, UserTask, Values, VariableChange
from engine.rows import InstanceRow, JobRow, UserTaskRow
from engine.spiff.expression import LONGEST_NAME, is_short
from engine.spiff.values import check_all
from engine.store.parts import Closing, wait_number
from kernel.errors import Invalid
from kernel.ids import Keys
from kernel.text import Text, say

_NUL = re.compile(rb"(?<!\\)(?:\\\\)*\\u0000")  # after an even number of backslashes it is the character itself


def text(value: Any) -> str:
    """JSON text for the database. Raises Invalid for what JSON or PostgreSQL cannot hold, such as U+0000."""
    if value == []:
        return "[]"
    try:
        found = orjson.dumps(value)
    except TypeError:  # orjson stops at integers of 64 bits and at 254 levels
        found = _slow(value)
    if b"\\u0000" in found and _NUL.search(found):
        raise Invalid(say("A text holds the character U+0000, which cannot be stored. Remove it."))
    return found.decode()


def _slow(value: Any) -> bytes:
    try:
        return json.dumps(value, ensure_ascii=False, allow_nan=False, separators=(",", ":")).encode()
    except (TypeError, ValueError, RecursionError) as error:
        raise Invalid(say("A value cannot be stored as JSON: {reason}. Correct it.", reason=str(error))) from error


def checked(variables: Values | None) -> Values:
    """Variables from outside, once it is known that they can be kept. Raises Invalid with the name and the reason."""
    if not variables:
        return {}
    check_all(variables)
    return variables


def named(what: Text, given: str) -> str:
    """A text from outside by which something is found. Raises Invalid where it is too long for an index."""
    if not is_short(given):
        raise Invalid(say("{what} takes more than {most} bytes. Use a shorter one.", what=what, most=LONGEST_NAME))
    return given


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """The instance whose outcome it is, and who called it or what started it."""

    key: int
    process_id: str
    parent_key: int | None
    parent_token: int | None
    correlation_key: str | None

    @classmethod
    def of(cls, row: InstanceRow) -> "Origin":
        """From an instance as it was read."""
        return cls(
            key=row.key,
            process_id=row.process_id,
            parent_key=row.parent_key,
            parent_token=row.parent_token,
            correlation_key=row.correlation_key,
        )


def parameters(outcome: Outcome, keys: Keys, origin: Origin) -> dict[str, Any]:
    """What the outcome opens, closes, sets and owes."""
    opened: dict[type, list[dict[str, Any]]] = {kind: [] for kind in _ROWS}
    for work in outcome.opened:
        if not isinstance(work, Call):
            opened[type(work)].append({"key": keys.next(), "token": work.token, "element": work.element, **_row(work)})
    return {
        "closed": _numbers(token for token, index in outcome.closed if index == 0),
        "waits": _numbers(wait_number(token, index) for token, index in outcome.closed),
        **{name: text(opened[kind]) for kind, name in _ROWS.items()},
        "variables": text(variables(outcome.variables, keys)),
        "owed": text(_owed(outcome, origin)),
        "returns": outcome.ended == "COMPLETED" and bool(origin.parent_key),
        "result": text({"variables": outcome.result}) if outcome.ended and origin.parent_key else "null",
    }


def closing(outcome: Outcome, done: UserTaskRow | JobRow | None, *, errand: bool) -> Closing:
    """What of its closed work a turn has to look for. Most end only what their command completes: `done`."""
    if done is not None and outcome.closed == [(done.token, 0)]:
        return "task" if isinstance(done, UserTaskRow) else "job"
    return "all" if outcome.closed or errand else ""


def _numbers(found: Iterable[int]) -> str:
    """PostgreSQL's text of a bigint[]."""
    return "{" + ",".join(map(str, found)) + "}"


def variables(changes: Iterable[VariableChange], keys: Keys) -> list[dict[str, Any]]:
    """Rows of the variables that changed; a variable that is there already keeps its key."""
    return [{"scope": c.scope, "name": c.name, "key": keys.next(), "value": c.value} for c in changes]


def _owed(outcome: Outcome, origin: Origin) -> list[dict[str, Any]]:
    """What turns of their own have to do: calls, signals, what the caller has to hear, messages that came before."""
    owed = [errand("call", origin.key, work.token, _call(work)) for work in outcome.opened if isinstance(work, Call)]
    if any(isinstance(work, Subscription) and work.kind == "message" for work in outcome.opened):
        owed.append(errand("buffered", origin.key, None, {}))
    for signal in outcome.signals:
        owed.append(errand("signal", origin.key, None, {"name": signal.name, "variables": signal.variables}))
    if origin.parent_key:
        owed += [errand("thrown", origin.parent_key, origin.parent_token, _thrown(thrown)) for thrown in outcome.thrown]
    if outcome.ended and origin.correlation_key:
        held_back = {"process_id": origin.process_id, "correlation_key": origin.correlation_key}
        owed.append(errand("held-back", None, None, held_back))
    return owed


def errand(kind: str, instance_key: int | None, token: int | None, payload: Values) -> dict[str, Any]:
    """A row of `follow_up`: what this turn owes another instance, or the workers."""
    return {"kind": kind, "instance_key": instance_key, "token": token, "payload": payload}


def _call(work: Call) -> dict[str, Any]:
    process = work.process
    return {
        "element": work.element,
        "process": process.id,
        "binding": process.binding,
        "version_tag": process.version_tag,
        "variables": work.variables,
    }


def _thrown(thrown: Thrown) -> dict[str, Any]:
    return {
        "kind": thrown.kind,
        "code": thrown.code,
        "message": thrown.message,
        "variables": thrown.variables,
    }


def _row(work: UserTask | Job | Timer | Subscription | Incident) -> Mapping[str, Any]:
    if isinstance(work, UserTask):
        return _user_task(work)
    if isinstance(work, Job):
        return {"type": work.type, "retries": work.retries, "headers": work.headers, "variables": work.variables}
    if isinstance(work, Timer):
        return {"index": work.index, "due_at": work.due_at}
    if isinstance(work, Subscription):
        return {
            "index": work.index,
            "kind": work.kind,
            "name": work.name,
            "correlation_key": work.correlation_key,
        }
    return {"kind": work.kind, "message": work.message, "job_key": None}


def _user_task(work: UserTask) -> dict[str, Any]:
    return {
        "name": work.name,
        "assignee": work.assignee,
        "groups": work.candidate_groups,
        "users": work.candidate_users,
        "due_at": work.due_at,
        "follow_up_at": work.follow_up_at,
        "priority": work.priority,
        "form": work.form.id if work.form else None,
        "binding": work.form.binding if work.form else None,
        "version_tag": work.form.version_tag if work.form else None,
        "external_form": work.external_form,
        "headers": work.headers,
    }


_ROWS: dict[type, str] = {
    UserTask: "tasks",
    Job: "jobs",
    Timer: "timers",
    Subscription: "subscriptions",
    Incident: "incidents",
}

FOR_WORKERS = frozenset({Job, Timer})
