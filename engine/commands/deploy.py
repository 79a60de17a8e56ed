"""Deploy files: processes, decisions and forms, several together."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

import orjson

import feel
from engine import audit
from engine.model import ModelRefused, Problem, Resource
from engine.spiff.compile import Model, compile_models
from engine.store import definitions as sql
from engine.turn import Engine, Host
from feel import dmn
from kernel.actor import Actor
from kernel.db import Unit
from kernel.errors import Invalid
from kernel.text import Text, say

Kind = Literal["process", "decision", "form"]
TENANTS = ("", "<default>")


@dataclass(frozen=True, slots=True, kw_only=True)
class Deployed:
    """A definition as the deployment left it: `new`, or the version that was there with the same content."""

    key: int
    kind: Kind
    id: str
    name: str
    version: int
    version_tag: str | None
    resource: str
    new: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Deployment:
    """What was deployed together."""

    key: int
    at: datetime
    definitions: list[Deployed]


@dataclass(frozen=True, slots=True, kw_only=True)
class Foreseen:
    """A definition as a deployment would leave it: in a `new` version, or in the one that is there.

    `before` is the key of the version that is there now, None for a definition that is not deployed.
    """

    kind: Kind
    id: str
    name: str
    resource: str
    version: int
    new: bool
    before: int | None


@dataclass(slots=True, kw_only=True)
class _Found:
    """A definition read from a file, before it is known whether it is new."""

    kind: Kind
    id: str
    name: str
    version_tag: str | None
    resource: Resource
    model: Model | None = None
    digest: bytes = field(default=b"")


def deploy(
    engine: Engine, unit: Unit, resources: Sequence[Resource], actor: Actor, tenant: str = "", *, comment: str = ""
) -> Deployment:
    """Deploy `.bpmn`, `.dmn` and `.form` files in one deployment, all or none.

    `comment` says what is new. The same content as the latest version makes no new one. A process with references bound
    by deployment is the same only if every file beside it is. Raises ModelRefused with all problems, Invalid for other
    files and tenants.
    """
    if tenant not in TENANTS:
        raise Invalid(say("There is no tenant {tenant}: one organisation is one database here.", tenant=tenant))
    if not resources:
        raise Invalid(say("There is nothing to deploy. Give at least one .bpmn, .dmn or .form file."))
    found = _read(engine, resources)
    if unit.autocommit:
        with engine.database.transaction() as inside:
            return _write(engine, inside, found, actor, comment)
    return _write(engine, unit, found, actor, comment)


def foresee(engine: Engine, unit: Unit, resources: Sequence[Resource]) -> list[Foreseen]:
    """What deploying these files together would make of their definitions. Nothing is written. Raises ModelRefused."""
    return [_foreseen(unit, found) for found in _read(engine, resources)]


def _foreseen(unit: Unit, found: _Found) -> Foreseen:
    latest = unit.one(sql.LATEST_DIGEST, (found.kind, found.id))
    new = latest is None or latest[2] != found.digest
    return Foreseen(
        kind=found.kind,
        id=found.id,
        name=found.name,
        resource=found.resource.name,
        version=unit.one(sql.NEXT_VERSION, (found.kind, found.id))[0] if new else latest[1],
        new=new,
        before=latest[0] if latest is not None else None,
    )


def _read(engine: Engine, resources: Sequence[Resource]) -> list[_Found]:
    found: list[_Found] = []
    problems: list[Problem] = []
    for resource in resources:
        try:
            found += _definitions(engine, resource)
        except ModelRefused as refused:
            problems += refused.problems
    problems += _twice(found)
    if any(problem.error for problem in problems):
        raise ModelRefused(problems)
    every = b"".join(sorted(hashlib.sha256(resource.content).digest() for resource in resources))
    for definition in found:
        content = definition.resource.content
        definition.digest = hashlib.sha256(content + every if _bound(definition.model) else content).digest()
    return found


def _definitions(engine: Engine, resource: Resource) -> list[_Found]:
    ending = resource.name.rpartition(".")[2].lower()
    if ending in ("bpmn", "xml"):
        return [
            _Found(
                kind="process",
                id=model.process_id,
                name=model.name or model.process_id,
                version_tag=model.version_tag or None,
                resource=resource,
                model=model,
            )
            for model in compile_models(resource, engine.definitions.functions)
        ]
    if ending == "dmn":
        return _decisions(engine, resource)
    if ending in ("form", "json"):
        return [_form(engine, resource)]
    raise _refused(
        resource,
        "file.ending",
        say("{file} is no .bpmn, .dmn or .form file. Name it by what it holds.", file=resource.name),
    )


def _decisions(engine: Engine, resource: Resource) -> list[_Found]:
    try:
        model = dmn.load(resource.content, functions=engine.definitions.functions)
    except feel.FeelError as error:
        sentence = say("{file} cannot be read as DMN: {reason}", file=resource.name, reason=error.whole.into(Text))
        raise _refused(resource, "dmn.unreadable", sentence) from error
    if model.problems:
        raise ModelRefused(
            [
                Problem(
                    file=resource.name,
                    element=problem.element,
                    rule="dmn.expression",
                    sentence=say("{problem} Correct the expression.", problem=problem.whole.into(Text)),
                )
                for problem in model.problems
            ]
        )
    return [
        _Found(kind="decision", id=decision.id, name=decision.name, version_tag=None, resource=resource)
        for decision in model.decisions
    ]


def _form(engine: Engine, resource: Resource) -> _Found:
    problems = engine.form_check(resource) if engine.form_check else []
    if any(problem.error for problem in problems):
        raise ModelRefused(problems)
    try:
        schema = orjson.loads(resource.content)
        form_id, tag = schema["id"], schema.get("versionTag")
    except (orjson.JSONDecodeError, KeyError, TypeError, AttributeError) as error:
        raise _refused(
            resource,
            "form.unreadable",
            say("{file} is no form: it needs to be a JSON object with an id.", file=resource.name),
        ) from error
    return _Found(kind="form", id=str(form_id), name=str(form_id), version_tag=tag, resource=resource)


def _refused(resource: Resource, rule: str, sentence: Text) -> ModelRefused:
    return ModelRefused([Problem(file=resource.name, element="", rule=rule, sentence=sentence)])


def _twice(found: Sequence[_Found]) -> list[Problem]:
    seen: dict[tuple[str, str], str] = {}
    problems = []
    for definition in found:
        name = definition.resource.name
        first = seen.setdefault((definition.kind, definition.id), name)
        if first != name:
            sentence = say(
                "{kind} {id} is in {first} and in {file}. Deploy it once.",
                kind=definition.kind,
                id=definition.id,
                first=first,
                file=name,
            )
            problems.append(Problem(file=name, element=definition.id, rule="definition.twice", sentence=sentence))
    return problems


def _bound(model: Model | None) -> bool:
    """Whether what the process refers to is fixed by what it is deployed with."""
    if model is None:
        return False
    return any(reference.binding == "deployment" for _, reference in (*model.forms, *model.decisions, *model.calls))


def _write(engine: Engine, unit: Unit, found: Sequence[_Found], actor: Actor, comment: str) -> Deployment:
    unit.run(sql.LOCK)
    key, now = engine.keys.next(), engine.clock.now()
    unit.run(sql.ADD_DEPLOYMENT, (key, now, actor.id, comment))
    resources: dict[str, int] = {}
    deployed = [_put(engine, unit, definition, key, now, resources) for definition in found]
    for definition in deployed:
        unit.run(sql.ADD_ENTRY, (key, definition.key, definition.kind, definition.id, definition.new))
        if definition.new and definition.kind == "process":
            engine.definitions.forget_latest(definition.id)
    told = [{"kind": d.kind, "id": d.id, "version": d.version, "new": d.new} for d in deployed]
    audit.note(
        unit, engine, actor, entity="RESOURCE", operation="CREATE", entity_key=key, comment=comment, definitions=told
    )
    return Deployment(key=key, at=now, definitions=deployed)


def _put(
    engine: Engine, unit: Unit, found: _Found, deployment_key: int, now: datetime, resources: dict[str, int]
) -> Deployed:
    latest = unit.one(sql.LATEST_DIGEST, (found.kind, found.id))
    if latest is not None and latest[2] == found.digest:
        return _told(found, latest[0], latest[1], new=False)
    name = found.resource.name
    if name not in resources:
        resources[name] = engine.keys.next()
        unit.run(sql.ADD_RESOURCE, (resources[name], deployment_key, name, found.resource.content))
    key, version = engine.keys.next(), unit.one(sql.NEXT_VERSION, (found.kind, found.id))[0]
    row = (key, found.kind, found.id, found.name, version, found.version_tag, deployment_key, resources[name], name)
    unit.run(sql.ADD_DEFINITION, (*row, found.digest, now))
    if found.model is not None:
        listen(engine, unit, found.model, key, Host(engine, unit, deployment_key, now))
    return _told(found, key, version, new=True)


def _told(found: _Found, key: int, version: int, *, new: bool) -> Deployed:
    return Deployed(
        key=key,
        kind=found.kind,
        id=found.id,
        name=found.name,
        version=version,
        version_tag=found.version_tag,
        resource=found.resource.name,
        new=new,
    )


def listen(engine: Engine, unit: Unit, model: Model, key: int, host: Host) -> None:
    """Messages, signals and timers start this version of a process from now on."""
    process_id = model.process_id
    unit.run(sql.DROP_START_SUBSCRIPTIONS, (process_id,))
    unit.run(sql.DROP_START_TIMERS, (process_id, [s.element for s in model.starts if s.kind == "timer"]))
    for start in model.starts:
        if start.kind in ("message", "signal"):
            unit.run(sql.ADD_START_SUBSCRIPTION, (process_id, start.element, key, start.kind, start.name))
        elif start.timer is not None:
            unit.run(sql.SET_START_TIMER, _timer(engine, process_id, key, start, host))


def _timer(engine: Engine, process_id: str, key: int, start: Any, host: Host) -> tuple[Any, ...]:
    due = start.timer.first_due(host, engine.zone)
    expression = f"{start.timer.kind} {start.timer.expression.text}"
    timer = (due.at, due.left, due.period) if due else (None, 0, "")
    return (process_id, start.element, engine.keys.next(), key, expression, *timer)
