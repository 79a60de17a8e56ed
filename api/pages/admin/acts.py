"""What is done to one instance: variables, tokens, standing still, going on, ending. Each act asks, then does."""

from collections.abc import Sequence
from typing import Annotated, Any

import orjson
from fastapi import APIRouter, Form, Request, Response

from api import deps
from api.access import OPERATORS, may
from api.door import Door
from api.pages import render
from api.pages.admin.asking import REASON, Field, Question, ask, reason_of
from api.pages.admin.instance import written
from api.pages.told import told
from engine import queries
from engine.commands import modify, operate, suspend
from engine.queries import Condition
from kernel.errors import Invalid, NotFound
from kernel.text import Text, say

router = APIRouter(route_class=Door)

Reason = Annotated[str, Form()]


@router.get("/admin/instances/{key}/variable", name=may("pages.admin.variable", OPERATORS))
def ask_for_variable(
    request: Request, key: int, scope: int = 0, name: str = "", value: str | None = None, reason: str = ""
) -> Response:
    """First the new value, then old and new side by side."""
    with deps.house(request).database.transaction() as unit:
        queries.instance(unit, key)
        held = queries.variables(unit, key, scope)
        old = written(held[name]) if name in held else ""
        action = f"/admin/instances/{key}/variable"
        if value is None:
            question = Question(
                title=say("Set a variable"),
                action=action,
                confirm=say("Look at the change"),
                fields=_new_value(name, old),
                hidden=(("scope", str(scope)), *((("name", name),) if name else ())),
                first=True,
            )
            return ask(request, unit, question)
        new = written(_json(value))
        before = old or render.tongue(request).say("nothing")
        question = Question(
            title=say("Set the variable {name}", name=_named(name)),
            action=action,
            confirm=say("Set"),
            effects=[
                say("Before: {value}", value=before),
                say("Afterwards: {value}", value=new),
                say("What waits for it looks at it again at once; what was decided before stays."),
            ],
            fields=[REASON],
            hidden=(("scope", str(scope)), ("name", _named(name)), ("value", new)),
        )
        return ask(request, unit, question)


@router.post("/admin/instances/{key}/variable", name=may("pages.admin.variable.set", OPERATORS))
def set_variable(
    request: Request,
    key: int,
    name: Annotated[str, Form()],
    value: Annotated[str, Form()],
    scope: Annotated[int, Form()] = 0,
    reason: Reason = "",
) -> Response:
    house, actor = deps.house(request), deps.actor(request)
    why = reason_of(reason)
    with told(house), house.database.transaction() as unit:
        values = {_named(name): _json(value)}
        operate.set_variables(house.engine, unit, key, values, actor=actor, scope=scope, local=True, reason=why)
    return render.go(request, f"/admin/instances/{key}", say("The variable is set."))


@router.get("/admin/instances/{key}/move", name=may("pages.admin.token", OPERATORS))
def ask_to_move_token(request: Request, key: int) -> Response:
    """From where to where, by the names of the steps."""
    house = deps.house(request)
    with house.database.transaction() as unit:
        found = queries.instance(unit, key)
        model = house.engine.definitions.get(unit, found.definition_key).model
        live = queries.diagram(unit, key).active
        language = deps.language(request)

        def options(ids: Sequence[str]) -> list[tuple[str, Text]]:
            named = [(i, model.elements[i].name) for i in ids if i in model.elements]
            return [(i, Text(f"{Text(name).within(language) if name else i} · {i}")) for i, name in named]

        targets = [id_ for id_ in model.nodes if model.elements[id_].type not in ("startEvent", "boundaryEvent")]
        question = Question(
            title=say("Move a token"),
            action=f"/admin/instances/{key}/move",
            confirm=say("Move"),
            effects=[
                say("What is open at the first step ends: its task, job or timers. The second step begins anew."),
                say("Nothing in between is done."),
            ],
            fields=[
                Field(name="source", label=say("From"), kind="select", options=options(list(live)), required=True),
                Field(name="target", label=say("To"), kind="select", options=options(targets), required=True),
                REASON,
            ],
        )
        return ask(request, unit, question)


@router.post("/admin/instances/{key}/move", name=may("pages.admin.token.move", OPERATORS))
def move_token(
    request: Request,
    key: int,
    source: Annotated[str, Form()] = "",
    target: Annotated[str, Form()] = "",
    reason: Reason = "",
) -> Response:
    house, actor = deps.house(request), deps.actor(request)
    order = modify.Modification(move=(modify.Move(source=source, target=target),))
    with told(house), house.database.transaction() as unit:
        modify.modify(house.engine, unit, key, order, actor=actor, reason=reason_of(reason))
    return render.go(request, f"/admin/instances/{key}", say("The token is moved."))


@router.get("/admin/instances/{key}/{act}", name=may("pages.admin.instance.ask", OPERATORS))
def ask_instance(request: Request, key: int, act: str) -> Response:
    """Suspend, resume, cancel: with how many called instances go along."""
    with deps.house(request).database.transaction() as unit:
        found = queries.instance(unit, key)
        title, effect, danger = _effect(act)
        called = queries.search_instances(
            unit, [Condition("root_key", found.root_key), Condition("ended_at", False, "exists")], limit=1000
        )
        effects = [effect]
        if len(called.items) > 1:
            effects.append(say("{n} called instances go along.", n=len(called.items) - 1))
        question = Question(
            title=title,
            action=f"/admin/instances/{key}/{act}",
            confirm=title,
            effects=effects,
            fields=[REASON],
            danger=danger,
        )
        return ask(request, unit, question)


@router.post("/admin/instances/{key}/{act}", name=may("pages.admin.instance.act", OPERATORS))
def act_on_instance(request: Request, key: int, act: str, reason: Reason = "") -> Response:
    house = deps.house(request)
    _effect(act)
    does, sentence = ACTS[act]
    with told(house), house.database.transaction() as unit:
        does(house.engine, unit, key, actor=deps.actor(request), reason=reason_of(reason))
    return render.go(request, f"/admin/instances/{key}", sentence)


EFFECTS = {
    "suspend": (
        say("Suspend"),
        say("Nothing new begins in it: no timer fires, no task or job is handed out. What somebody holds may end."),
        False,
    ),
    "resume": (say("Resume"), say("It goes on at once. Timers that came due meanwhile fire now."), False),
    "cancel": (
        say("Cancel"),
        say("It ends here, for good. Open tasks and jobs fall away; its record is kept."),
        True,
    ),
}
ACTS: dict[str, tuple[Any, Text]] = {
    "suspend": (suspend.suspend, say("The instance stands still.")),
    "resume": (suspend.resume, say("The instance goes on.")),
    "cancel": (operate.cancel, say("The instance is canceled.")),
}


def _effect(act: str) -> tuple[Text, Text, bool]:
    if act not in EFFECTS:
        raise NotFound(say("There is no such act. Reload the page."))
    return EFFECTS[act]


def _new_value(name: str, old: str) -> list[Field]:
    field = Field(
        name="value",
        label=say("New value, as JSON"),
        kind="code",
        value=old,
        hint=say('Texts stand in quotation marks: "text".'),
        required=True,
    )
    return [field] if name else [Field(name="name", label=say("Name"), required=True), field]


def _json(text: str) -> Any:
    try:
        return orjson.loads(text)
    except ValueError as fault:
        raise Invalid(say("The value is no JSON: {fault}.", fault=str(fault))) from None


def _named(name: str) -> str:
    if not name.strip():
        raise Invalid(say("Give the variable a name."))
    return name.strip()[:200]
