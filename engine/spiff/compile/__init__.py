"""BPMN files in the zeebe dialect to models. What cannot be run is refused with element, rule and remedy."""

import logging
from dataclasses import dataclass
from functools import lru_cache

from engine.model import ModelRefused, Problem, Resource
from engine.spiff.compile.checks import check_ids, check_process, check_references
from engine.spiff.compile.dialect import extensions
from engine.spiff.compile.document import Document
from engine.spiff.compile.interchange import check_interchange
from engine.spiff.compile.placement import check_extensions
from engine.spiff.compile.report import Refused, Report
from engine.spiff.compile.scopes import ScopeBuilder
from engine.spiff.compile.structure import check_file
from engine.spiff.compile.vendors import check_vendors
from engine.spiff.compile.xml import Tree, read
from engine.spiff.model import Element, Model, Start
from feel import Functions
from kernel.text import say

__all__ = ["Compiled", "Element", "Model", "Start", "compile_models", "compiled", "problems", "ids_of_processes"]

log = logging.getLogger(__name__)

KEPT = 64  # files


@dataclass(frozen=True, slots=True)
class Compiled:
    """A file read once: its executable processes, as far as they could be built, and what was found in it."""

    models: list[Model]
    problems: list[Problem]

    @property
    def errors(self) -> list[Problem]:
        """The problems that stand in the way of running it."""
        return [problem for problem in self.problems if problem.error]


def compiled(resource: Resource, functions: Functions | None = None) -> Compiled:
    """A file's models together with its errors and warnings, in the order of finding. Never raises.

    `functions` are those of the application that the model's expressions may call. The same file is compiled once: it
    is read when it is deployed, when it is first used, and by each story that plays on it.
    """
    try:
        return _compiled(resource, functions)
    except ModelRefused as refused:
        return Compiled([], refused.problems)
    except Exception as error:  # the boundary: one file that nobody foresaw is told, and the others are read
        log.exception("a model could not be compiled: %s", resource.name)
        report = Report(resource.name)
        report.add(
            "",
            "internal",
            say(
                "The file could not be checked because of a fault of ours ({kind}). Undo your last change of it, and "
                "send us the file.",
                kind=type(error).__name__,
            ),
        )
        return Compiled([], report.problems)


def compile_models(resource: Resource, functions: Functions | None = None) -> list[Model]:
    """Every executable process of a file. Raises ModelRefused with all errors that were found."""
    found = compiled(resource, functions)
    if found.errors:
        raise ModelRefused(found.errors)
    return found.models


def problems(resource: Resource, functions: Functions | None = None) -> list[Problem]:
    """Errors and warnings of a file, in the order of finding. Never raises."""
    return compiled(resource, functions).problems


def ids_of_processes(resource: Resource) -> list[str]:
    """The ids of a file's executable processes, without compiling them; none for a file that cannot be read."""
    try:
        root = read(resource)
    except ModelRefused:
        return []
    return [process.get("id", "") for process in Document(root, Report(resource.name)).processes()]


@lru_cache(KEPT)
def _compiled(resource: Resource, functions: Functions | None) -> Compiled:
    report = Report(resource.name)
    return Compiled(_compile(resource, functions, report), report.problems)


def _compile(resource: Resource, functions: Functions | None, report: Report) -> list[Model]:
    root = read(resource)
    document = Document(root, report)
    check_ids(root, report)
    check_file(root, report)
    processes = document.processes()
    if not processes:
        report.add(
            next((id for id in document.ids_of_processes() if id), ""),
            "no-process",
            say("The file has no executable process. Set isExecutable on one."),
        )
    check_extensions([*document.shared(), *processes], report)
    check_vendors(processes, report)
    check_interchange(root, processes, report)
    return [_process(process, document, functions) for process in processes]


def _process(process: Tree, document: Document, functions: Functions | None) -> Model:
    id: str = process.get("id", "")
    model = Model(process_id=id, name=process.get("name") or id, functions=functions)
    if not id:
        document.report.add("", "missing-id", say("The process has no id. Give it one."))
    try:
        found = extensions(process)
        model.version_tag = found.get("versionTag").get("value", "")
        properties = {"properties": found.properties} if found.properties else {}
        model.elements[id] = Element(id=id, type="process", name=model.name, scope="", attributes=properties)
    except Refused as refused:
        document.report.refuse(refused)
    check_references(process, document.report)
    model.spec = ScopeBuilder(process, document, model).build()
    check_process(model, document.report)
    return model
