"""Decisions tried out before they are deployed: what they ask, what they answer, and which rules fire.

Nothing is kept. What is evaluated is what stands in the designer's editor, by the engine that runs the cases.
"""

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request, Response
from fastapi.responses import JSONResponse

import feel
from api import deps
from api.access import DESIGNERS, may
from api.door import BODY_MOST, Door
from api.pages import render
from api.v2 import shapes
from feel.dmn import Asked, Decided, Evaluated, Model, Problem
from kernel.clock import ZonedClock
from kernel.errors import Invalid
from kernel.text import Text, say
from processes.studio import projects
from tasks.house import House

router = APIRouter(route_class=Door)


async def _body(request: Request) -> dict[str, Any]:
    """The JSON object that a page sends. Raises Invalid for anything else, or more than a project may hold."""
    read = bytearray()
    async for chunk in request.stream():
        read += chunk
        if len(read) > BODY_MOST:
            raise Invalid(say("The decision model is larger than {most} MB.", most=BODY_MOST // 1024 // 1024))
    return shapes.body(bytes(read))


Body = Annotated[dict[str, Any], Depends(_body)]


@router.post("/studio/{project}/decisions", name=may("pages.studio.decisions", DESIGNERS))
def describe(request: Request, project: int, body: Body) -> Response:
    """What each decision of the file asks for, and what is wrong with the file.

    Takes `{content}`; gives `{decisions: [{id, name, kind, fields: [{path, label, type, choices, examples}]}],
    problems: [{element, cell, sentence}]}`. `path` leads to the field's value among the `inputs` of `decide`.
    """
    house, tongue = deps.house(request), render.tongue(request)
    with house.database.transaction() as unit:
        projects.read(unit, project)
    content, model = _model(house, body)
    functions = house.engine.definitions.functions
    found = [
        {
            "id": decision.id,
            "name": decision.name or decision.id,
            "kind": decision.kind,
            "fields": [_field(field) for field in feel.dmn.asked(content, decision.id, functions=functions)],
        }
        for decision in model.decisions
    ]
    return JSONResponse({"decisions": found, "problems": _problems(model, tongue)})


@router.post("/studio/{project}/decide", name=may("pages.studio.decide", DESIGNERS))
def decide(request: Request, project: int, body: Body) -> Response:
    """Make one decision on the inputs given.

    Takes `{content, decision, inputs}`; gives `{value, failure, warnings, problems, decisions: [{id, name, kind, value,
    inputs: [{id, name, value}], rules: [{id, index}]}]}`, required decisions first.
    """
    house, tongue = deps.house(request), render.tongue(request)
    with house.database.transaction() as unit:
        projects.read(unit, project)
    _, model = _model(house, body)
    decided, value, made = _made(house, model, body)
    failure = decided.failure_told
    return JSONResponse(
        {
            "value": value,
            "failure": tongue.show(failure.into(Text)) if failure is not None else None,
            "warnings": [_warning(warning, tongue) for warning in decided.warnings],
            "problems": _problems(model, tongue),
            "decisions": made,
        }
    )


def _model(house: House, body: dict[str, Any]) -> tuple[bytes, Model]:
    """The file that the request brings, and what it means."""
    content = shapes.text(body, "content").encode()
    try:
        return content, feel.dmn.load(content, functions=house.engine.definitions.functions)
    except feel.FeelError as error:
        raise Invalid(say("The decision model cannot be read: {why}", why=error.whole.into(Text))) from error


def _made(house: House, model: Model, body: dict[str, Any]) -> tuple[Decided, Any, list[dict[str, Any]]]:
    """The answer, its value as JSON, and the decisions on the way."""
    wanted, inputs = shapes.text(body, "decision"), shapes.values(body, "inputs")
    try:
        decided = model.decide(wanted, inputs, clock=ZonedClock(house.clock, house.engine.zone))
        return decided, feel.to_json(decided.value), [_decision(evaluated) for evaluated in decided.trace]
    except feel.FeelError as error:
        raise Invalid(say("The decision cannot be made: {why}", why=error.whole.into(Text))) from error


def _warning(warning: feel.FeelWarning, tongue: render.Tongue) -> str:
    """The place in the model, then what became null there."""
    told = warning.told
    if warning.where is not None:
        told = feel.say("In {place}: {sentence}", place=warning.where, sentence=told)
    return tongue.show(told.into(Text))


def _field(field: Asked) -> dict[str, Any]:
    return {
        "path": field.path,
        "label": field.label,
        "type": field.type,
        "choices": feel.to_json(list(field.choices)),
        "examples": field.examples,
    }


def _problems(model: Model, tongue: render.Tongue) -> list[dict[str, str]]:
    return [_problem(problem, tongue) for problem in model.problems]


def _problem(problem: Problem, tongue: render.Tongue) -> dict[str, str]:
    return {"element": problem.element, "cell": problem.cell, "sentence": tongue.show(problem.whole.into(Text))}


def _decision(evaluated: Evaluated) -> dict[str, Any]:
    return {
        "id": evaluated.id,
        "name": evaluated.name or evaluated.id,
        "kind": evaluated.kind,
        "value": feel.to_json(evaluated.output),
        "inputs": [{"id": i.id, "name": i.name, "value": feel.to_json(i.value)} for i in evaluated.inputs],
        "rules": [{"id": rule.id, "index": rule.index} for rule in evaluated.rules],
    }
