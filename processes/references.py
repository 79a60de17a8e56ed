"""What the files of a family name in each other, and in the product: forms, decisions, processes, job types, groups."""

from collections.abc import Callable, Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import orjson

import feel
from engine.model import ModelRefused, Problem, Reference
from engine.spiff.compile import compile_models, ids_of_processes
from engine.spiff.model import Model
from hr.people import accounts
from hr.people.calendar import WorkCalendar
from hr.people.functions import functions
from kernel.text import Text, say
from processes import catalog
from processes.catalog import Source
from processes.document import Node, read
from tasks.handlers import registry

Models = Mapping[Source, Sequence[Model]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What may be named although no file at hand has it: what is deployed, or lies beside the file.

    `apart`: it was deployed apart from the files, so it does not answer for what they bind by deployment. `elsewhere`
    are processes and decisions of other families, which may be called in their latest version. `functions` are those
    that expressions may call beside FEEL's own.
    """

    forms: frozenset[str] = frozenset()
    decisions: frozenset[str] = frozenset()
    processes: frozenset[str] = frozenset()
    groups: frozenset[str] = frozenset(accounts.GROUPS)
    apart: bool = False
    elsewhere: frozenset[str] = frozenset()
    functions: feel.Functions = field(default_factory=lambda: functions(WorkCalendar()))


@dataclass(slots=True)
class Names:
    """The ids that files give to forms, decisions and processes, each with the files that give it."""

    forms: dict[str, list[Source]] = field(default_factory=dict)
    decisions: dict[str, list[Source]] = field(default_factory=dict)
    processes: dict[str, list[Source]] = field(default_factory=dict)
    models: list[tuple[Source, Model]] = field(default_factory=list)

    def known(self) -> Known:
        """These names as ones that may be referred to."""
        return Known(
            forms=frozenset(self.forms), decisions=frozenset(self.decisions), processes=frozenset(self.processes)
        )


def names(sources: Iterable[Source], known: Known | None = None, compiled: Models | None = None) -> Names:
    """The names that the files give. Files that cannot be read give none.

    `compiled` are models that someone has compiled already, by their file.
    """
    found = Names()
    for source in sources:
        if source.ending != ".bpmn":
            _others(source, found)
            continue
        for model in models(source, known) if compiled is None else compiled.get(source, ()):
            found.models.append((source, model))
            found.processes.setdefault(model.process_id, []).append(source)
    return found


def beside(sources: Iterable[Source]) -> Known:
    """What files may refer to that are not checked themselves: the names that they give. Nothing is compiled."""
    found = Names()
    for source in sources:
        if source.ending != ".bpmn":
            _others(source, found)
            continue
        for process in ids_of_processes(source.resource):
            found.processes.setdefault(process, []).append(source)
    return found.known()


def elsewhere(paths: Iterable[Path | str]) -> frozenset[str]:
    """The processes and decisions of the families beside those that the paths are of."""
    beside = [folder for path in paths for folder in catalog.kin(Path(path))]
    return frozenset(id for folder in beside for id in (*_processes(folder), *_decisions(folder)))


def called(folder: Path) -> list[Path]:
    """The families beside this one whose processes it calls, and those that they call, what is called first."""
    owners = {id: other for other in catalog.kin(folder) for id in _processes(other)}
    found, ahead = list[Path](), [folder.resolve()]
    while ahead:
        asked = {node.called for node in _nodes(ahead.pop(), "callActivity")}
        new = list(dict.fromkeys(owners[id] for id in sorted(asked & owners.keys()) if owners[id] not in found))
        found, ahead = [*found, *new], [*ahead, *new]
    return found[::-1]


def _processes(folder: Path) -> Iterator[str]:
    return (node.id for node in _nodes(folder, "process"))


def _decisions(folder: Path) -> Iterator[str]:
    return (node.id for file in sorted(folder.glob("*.dmn")) for node in read(file.read_bytes()).of("decision"))


def _nodes(folder: Path, tag: str) -> Iterator[Node]:
    return (node for file in sorted(folder.glob("*.bpmn")) for node in read(file.read_bytes()).of(tag))


def _others(source: Source, found: Names) -> None:
    if source.ending == ".dmn":
        for node in read(source.resource.content).of("decision"):
            found.decisions.setdefault(node.id, []).append(source)
        return
    for identity in _form_id(source):
        found.forms.setdefault(identity, []).append(source)


def _form_id(source: Source) -> Iterator[str]:
    try:
        schema = orjson.loads(source.resource.content)
    except ValueError:
        return
    if isinstance(schema, dict) and isinstance(schema.get("id"), str):
        yield schema["id"]


def models(source: Source, known: Known | None = None) -> list[Model]:
    """The executable processes of a BPMN file; none where it cannot be accepted."""
    try:
        return compile_models(source.resource, (known or Known()).functions)
    except ModelRefused:
        return []


def problems(found: Names, known: Known) -> Iterator[Problem]:
    """References that lead nowhere, names given twice, forms that nothing uses, job types and groups nobody knows."""
    yield from _twice(found)
    for source, model in found.models:
        forms = model.forms + _start_forms(model)
        yield from _missing(source, forms, {*found.forms, *known.forms}, "form", _no_form)
        decisions, calls = _here(model.decisions, known), _here(model.calls, known)
        yield from _missing(source, decisions, {*found.decisions, *known.decisions}, "decision", _no_decision)
        yield from _missing(source, calls, {*found.processes, *known.processes}, "call", _no_process)
        if known.apart:
            yield from _left_out(source, forms, found.forms, known.forms)
            yield from _left_out(source, model.decisions, found.decisions, known.decisions)
            yield from _left_out(source, model.calls, found.processes, known.processes)
        yield from _job_types(source, model)
    yield from _unused(found)
    for source in {id(source): source for source, _ in found.models}.values():
        yield from _groups(source, known.groups)


def _here(references: Iterable[tuple[str, Reference]], known: Known) -> list[tuple[str, Reference]]:
    """Those that another family does not answer for in its latest version."""
    return [one for one in references if one[1].binding != "latest" or one[1].id not in known.elsewhere]


def _start_forms(model: Model) -> list[tuple[str, Reference]]:
    return [(start.element, start.form) for start in model.starts if start.form is not None]


def _missing(
    source: Source,
    references: list[tuple[str, Reference]],
    there: set[str],
    rule: str,
    sentence: Callable[[str, str], Text],
) -> Iterator[Problem]:
    for element, reference in dict.fromkeys(references):
        if reference.id not in there:
            yield Problem(
                file=str(source.path),
                element=element,
                rule=f"{rule}-missing",
                sentence=sentence(element, reference.id),
                # Called in its latest version, a process may be deployed later; until then the call is an incident.
                error=rule != "call" or reference.binding != "latest",
            )


def _left_out(
    source: Source, references: list[tuple[str, Reference]], here: Container[str], deployed: frozenset[str]
) -> Iterator[Problem]:
    """What is bound by deployment is looked for among the files of that deployment alone."""
    for element, reference in dict.fromkeys(references):
        if reference.binding == "deployment" and reference.id in deployed and reference.id not in here:
            yield Problem(
                file=str(source.path),
                element=element,
                rule="deployment-incomplete",
                sentence=say(
                    "{element} binds {name} by deployment, and {name} is not among these files. Deploy both together, "
                    "or bind its latest version.",
                    element=element,
                    name=reference.id,
                ),
            )


def _no_form(element: str, name: str) -> Text:
    return say(
        "{element} shows the form {name}, which no file has. Add the form or correct the id.",
        element=element,
        name=name,
    )


def _no_decision(element: str, name: str) -> Text:
    return say(
        "{element} asks the decision {name}, which no file has. Add the DMN file or correct the id.",
        element=element,
        name=name,
    )


def _no_process(element: str, name: str) -> Text:
    return say(
        "{element} calls the process {name}, which no file has. Deploy the process too, or correct the id.",
        element=element,
        name=name,
    )


def _job_types(source: Source, model: Model) -> Iterator[Problem]:
    there = set(registry.types())
    for element, type in model.job_types:
        if type is not None and type not in there:
            yield Problem(
                file=str(source.path),
                element=element,
                rule="job-type-unknown",
                sentence=say(
                    "{element} makes jobs of type {type}, which no handler here performs. Start a worker for it, "
                    "or choose an operation from the templates.",
                    element=element,
                    type=type,
                ),
                error=False,
            )


def _groups(source: Source, known: frozenset[str]) -> Iterator[Problem]:
    for node in read(source.resource.content).of("userTask"):
        for group in _named_groups(node):
            if group not in known:
                yield Problem(
                    file=str(source.path),
                    element=node.id,
                    rule="group-unknown",
                    sentence=say(
                        "{element} is offered to the group {group}, which nobody is in. Known are: {known}.",
                        element=node.id,
                        group=group,
                        known=", ".join(sorted(known)),
                    ),
                    error=False,
                )


def _named_groups(node: Node) -> list[str]:
    """The groups of a user task that can be told without running it."""
    source = node.groups
    if not source.startswith("="):
        return [name.strip() for name in source.split(",") if name.strip()]
    try:
        expression = feel.compile(source[1:])
        value = None if expression.names else feel.to_json(expression.evaluate({}))
    except feel.FeelError:
        return []
    listed = [value] if isinstance(value, str) else value
    return [name for name in listed if isinstance(name, str)] if isinstance(listed, list) else []


def _twice(found: Names) -> Iterator[Problem]:
    for kind, given in (("form", found.forms), ("decision", found.decisions), ("process", found.processes)):
        for name, sources in given.items():
            if len(sources) > 1:
                yield Problem(
                    file=str(sources[1].path),
                    element=name,
                    rule=f"{kind}-twice",
                    sentence=say(
                        "{name} is given by {one} and by {other}. Rename one: the later would replace the earlier.",
                        name=name,
                        one=sources[0].path.name,
                        other=sources[1].path.name,
                    ),
                )


def _unused(found: Names) -> Iterator[Problem]:
    used = {reference.id for _, model in found.models for _, reference in model.forms + _start_forms(model)}
    for name, sources in found.forms.items():
        if found.models and name not in used:
            yield Problem(
                file=str(sources[0].path),
                element=name,
                rule="form-unused",
                sentence=say("The form {name} is shown by no element. Use it or remove the file.", name=name),
                error=False,
            )
