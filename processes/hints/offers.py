"""What is deployed or in the project as element templates: processes to call, decisions to ask, forms for user tasks.

Whatever is in the project stands for what is deployed under the same id.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from pydantic.alias_generators import to_camel

from engine.model import Resource
from engine.spiff.compile.xml import bpmn
from engine.turn import Engine
from kernel.db import Unit
from kernel.text import translate
from processes.hints import names
from processes.hints.drawing import drawing
from processes.hints.family import Family, loaded
from processes.hints.tables import Decided, tables
from processes.hints.upstream import Upstream
from tasks.handlers.element_templates import ENGINES, GROUPS, SCHEMA, Json, element_templates, stage, within
from tasks.handlers.icons import icon
from tasks.handlers.operation import Label

MOST_INPUTS = 12
_LATEST = """select distinct on (kind, id) key from definition where withdrawn_at is null
  order by kind, id, version desc"""
_GROUPS = {
    "called": Label("调用", "Call"),
    "person": Label("办理人", "Who does it"),
    "input": Label("输入", "Input"),
    "output": Label("输出", "Output"),
    "case": GROUPS["case"],
}
_BINDINGS = (
    ("latest", Label("最新版本", "Latest version")),
    ("deployment", Label("与本流程一起发布的版本", "The version deployed with this process")),
)
_EMPTY = Label("留空则读取同名变量（如有）。", "If empty, the variable of this name is read where there is one.")


@dataclass(frozen=True, slots=True)
class _Offer:
    """A process, decision or form; `own` if it lies in the project."""

    kind: str
    id: str
    name: str
    words: str
    inputs: tuple[tuple[str, str], ...]
    own: bool


def templates(engine: Engine, unit: Unit, resources: Iterable[Resource], language: str) -> list[Json]:
    """The handlers, then processes, decisions and forms, each by name."""
    functions = engine.definitions.functions
    files = tuple(resources)
    family = Family(resources=files, functions=functions) if functions is not None else Family(resources=files)
    found = {(offer.kind, offer.id): offer for offer in _deployed(engine, unit, family)}
    found |= {(offer.kind, offer.id): offer for file in files for offer in _offers(file, family, own=True)}
    order = ("process", "decision", "form")
    offers = sorted(found.values(), key=lambda offer: (order.index(offer.kind), offer.name, offer.id))
    return [*element_templates(language), *(_TEMPLATES[offer.kind](offer, language) for offer in offers)]


def _deployed(engine: Engine, unit: Unit, family: Family) -> Iterator[_Offer]:
    """Every definition that may be used, read from the file that it was deployed with."""
    seen: set[tuple[str, bytes]] = set()
    wanted: set[tuple[str, str]] = set()
    files: list[Resource] = []
    for (key,) in unit.all(_LATEST):
        found = engine.definitions.get(unit, key)
        wanted.add((found.kind, found.id))
        if (found.resource_name, found.content) not in seen:
            seen.add((found.resource_name, found.content))
            files.append(Resource(found.resource_name, found.content))
    there = Family(resources=tuple(files), functions=family.functions)
    for file in files:
        yield from (offer for offer in _offers(file, there, own=False) if (offer.kind, offer.id) in wanted)


def _offers(file: Resource, family: Family, *, own: bool) -> Iterator[_Offer]:
    low = file.name.lower()
    if low.endswith(".bpmn"):
        yield from _processes(file, family, own)
    elif low.endswith(".dmn"):
        for decided in tables(file).decisions:
            words = "、".join(label for label, _ in decided.asks)
            text = " ".join(part for part in (decided.words, words) if part)
            yield _Offer("decision", decided.id, decided.name or decided.id, text, _asked(decided), own)
    elif low.endswith(".form"):
        schema = loaded(file.content)
        if isinstance(schema, dict) and isinstance(schema.get("id"), str):
            name = _shown_by(schema["id"], family) or _heading(schema) or schema["id"]
            yield _Offer("form", schema["id"], name, "", (), own)


def _processes(file: Resource, family: Family, own: bool) -> Iterator[_Offer]:
    drawn = drawing(file)
    upstream = Upstream(family=family, drawn=drawn)
    for id, process in drawn.processes.items():
        documentation = process.find(bpmn("documentation"))
        words = " ".join((documentation.text or "").split()) if documentation is not None else ""
        yield _Offer("process", id, process.get("name") or id, words, _starts_with(id, upstream), own)


def _starts_with(process: str, upstream: Upstream) -> tuple[tuple[str, str], ...]:
    """The variables that a process reads and nothing in it sets, with what its start form asks for."""
    if not upstream.known:
        return ()
    asked: dict[str, str] = {}
    for node in upstream.drawn.nodes.values():
        if node.tag == "startEvent" and node.scope == process:
            asked |= {name: shape.words for name, shape in upstream.provided[node.id].result.items()}
    for place in upstream.drawn.places:
        holder = upstream.drawn.nodes.get(place.element) or upstream.flows.get(place.element)
        if place.expression and holder is not None and holder.process == process:
            for name in sorted(names.names(place.text, upstream.family.functions)):
                if name not in upstream.everything:
                    asked.setdefault(name, "")
    return tuple(asked.items())[:MOST_INPUTS]


def _asked(decided: Decided) -> tuple[tuple[str, str], ...]:
    """The variables that a decision's own inputs read, with the input that asks."""
    found: dict[str, str] = {}
    for label, source in decided.asks:
        for name in sorted(names.names(source, None)):
            found.setdefault(name, label)
    return tuple(found.items())[:MOST_INPUTS]


def _shown_by(form: str, family: Family) -> str:
    """The name of the first element that shows a form."""
    shown = (
        node.name
        for drawn in family.drawings.values()
        for node in drawn.nodes.values()
        if drawn.extension(node.id, "formDefinition").get("formId") == form
    )
    return next(shown, "")


def _heading(schema: dict[str, Any]) -> str:
    """The first heading of a form."""
    for component in schema.get("components") or ():
        text = component.get("text") if isinstance(component, dict) else None
        if isinstance(text, str) and text.lstrip().startswith("#") and "{{" not in text:
            return text.lstrip("# \n").split("\n")[0].strip()
    return ""


def _whole(offer: _Offer, element: str, category: Label, properties: list[Json], language: str) -> Json:
    shown = [*properties, stage(language)]
    used = {prop.get("group") for prop in shown}
    return {
        "$schema": SCHEMA,
        "id": f"jiaojie.{offer.kind}.{offer.id}",
        "name": translate(offer.name, language),
        "description": translate(offer.words, language) if offer.words else "",
        "keywords": [offer.id],
        "engines": ENGINES,
        "category": {"id": f"jiaojie-{offer.kind}", "name": within(category, language)},
        "icon": {"contents": icon(offer.kind)},
        "appliesTo": ["bpmn:Task", f"bpmn:{element}"],
        "elementType": {"value": f"bpmn:{element}"},
        "entriesVisible": True,
        "groups": [{"id": id, "label": within(label, language)} for id, label in _GROUPS.items() if id in used],
        "properties": shown,
    }


def _binding(offer: _Offer, extension: str, language: str) -> Json:
    return {
        "label": within(Label("版本", "Version"), language),
        "type": "Dropdown",
        "group": "called",
        "value": "deployment" if offer.own else "latest",
        "choices": [{"name": within(label, language), "value": value} for value, label in _BINDINGS],
        "binding": {"type": extension, "property": "bindingType"},
    }


def _inputs(offer: _Offer, language: str) -> list[Json]:
    return [
        {
            "label": f"{label} {name}".strip(),
            "description": within(_EMPTY, language),
            "placeholder": f"={name}",
            "group": "input",
            "type": "String",
            "feel": "required",
            "optional": True,
            "constraints": {"notEmpty": False},
            "binding": {"type": "zeebe:input", "name": name},
        }
        for name, label in offer.inputs
    ]


def _process(offer: _Offer, language: str) -> Json:
    extension = "zeebe:calledElement"
    # The modeller turns both off before it applies each property of a called element: only the last one stays as told.
    carries = (
        (
            "propagateAllChildVariables",
            Label("带回被调用流程的全部变量", "Brings all variables of the called process back"),
            False,
        ),
        (
            "propagateAllParentVariables",
            Label("带入本流程的全部变量", "Takes all variables of this process along"),
            True,
        ),
    )
    properties: list[Json] = [
        {"type": "Hidden", "value": offer.id, "binding": {"type": extension, "property": "processId"}},
        _binding(offer, extension, language),
        *(
            {
                "label": within(label, language),
                "type": "Boolean",
                "group": "input" if name.endswith("ParentVariables") else "output",
                "value": carried,
                "binding": {"type": extension, "property": name},
            }
            for name, label, carried in carries
        ),
        *_inputs(offer, language),
    ]
    return _whole(offer, "CallActivity", Label("流程（调用）", "Processes to call"), properties, language)


def _decision(offer: _Offer, language: str) -> Json:
    extension = "zeebe:calledDecision"
    properties: list[Json] = [
        {"type": "Hidden", "value": offer.id, "binding": {"type": extension, "property": "decisionId"}},
        _binding(offer, extension, language),
        {
            "label": within(Label("结果变量", "Result variable"), language),
            "type": "String",
            "group": "output",
            "value": to_camel(re.sub(r"\W+", "_", offer.id)),
            "constraints": {"notEmpty": True},
            "binding": {"type": extension, "property": "resultVariable"},
        },
        *_inputs(offer, language),
    ]
    return _whole(offer, "BusinessRuleTask", Label("决策", "Decisions"), properties, language)


def _form(offer: _Offer, language: str) -> Json:
    extension = "zeebe:formDefinition"
    person = (
        ("zeebe:assignmentDefinition", "assignee", Label("办理人（登录名）", "Assignee (login)"), "=employee.login"),
        ("zeebe:assignmentDefinition", "candidateGroups", Label("候选组", "Candidate groups"), "hr"),
        ("zeebe:taskSchedule", "dueDate", Label("到期时间", "Due date"), "=plan.managerDueAt"),
    )
    properties: list[Json] = [
        {"type": "Hidden", "binding": {"type": "zeebe:userTask"}},
        {"type": "Hidden", "value": offer.id, "binding": {"type": extension, "property": "formId"}},
        _binding(offer, extension, language),
        *(
            {
                "label": within(label, language),
                "type": "String",
                "feel": "required" if name == "dueDate" else "optional",
                "group": "person",
                "placeholder": example,
                "binding": {"type": binding, "property": name},
            }
            for binding, name, label, example in person
        ),
    ]
    return _whole(offer, "UserTask", Label("表单（人工任务）", "Forms (user tasks)"), properties, language)


_TEMPLATES = {"process": _process, "decision": _decision, "form": _form}
