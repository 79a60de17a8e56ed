"""BPMN files in the zeebe dialect to models. What cannot be run is refused with element, rule and remedy."""

from engine.model import ModelRefused, Problem, Resource
from engine.spiff.compile.checks import check_ids, check_process, check_references
from engine.spiff.compile.dialect import extensions
from engine.spiff.compile.document import Document
from engine.spiff.compile.report import Refused, Report
from engine.spiff.compile.scopes import ScopeBuilder
from engine.spiff.compile.structure import check_file
from engine.spiff.compile.xml import Tree, read
from engine.spiff.model import Element, Model, Start
from feel import Functions
from kernel.text import say

__all__ = ["Element", "Model", "Start", "compile_models", "problems"]


def compile_models(resource: Resource, functions: Functions | None = None) -> list[Model]:
    """Every executable process of a file. Raises ModelRefused with all errors that were found.

    `functions` are those of the application that the model's expressions may call.
    """
    models, report = _compile(resource, functions)
    if report.errors:
        raise ModelRefused(report.errors)
    return models


def problems(resource: Resource, functions: Functions | None = None) -> list[Problem]:
    """Errors and warnings of a file, in the order of finding. Never raises."""
    try:
        return _compile(resource, functions)[1].problems
    except ModelRefused as refused:
        return refused.problems


def _compile(resource: Resource, functions: Functions | None) -> tuple[list[Model], Report]:
    root = read(resource)
    report = Report(resource.name)
    document = Document(root, report)
    check_ids(root, report)
    check_file(root, report)
    processes = document.processes()
    if not processes:
        report.add("", "no-process", say("The file has no executable process. Set isExecutable on one."))
    return [_process(process, document, functions) for process in processes], report


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
