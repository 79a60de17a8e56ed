"""What the editors ask about a project as it stands, one file perhaps unsaved: problems, variables, templates."""

import codecs
import gzip
import re
from collections.abc import Mapping
from threading import Semaphore
from typing import Annotated, Any

import orjson
from fastapi import APIRouter, Depends, Request, Response

import feel
from api import deps
from api.access import DESIGNERS, may
from api.door import Door, at_most
from api.pages.studio.files import attached
from api.v2 import shapes
from engine.model import Resource
from kernel.errors import Invalid, NotFound
from kernel.text import LANGUAGES, Text, say
from processes import publish
from processes.hints import called, names, offers, problems, syntax
from processes.hints.drawing import Node, drawing
from processes.hints.family import Family
from processes.hints.hint import Hint
from processes.hints.upstream import Upstream
from processes.hints.variables import Offered, variables
from processes.studio import projects, rules

router = APIRouter(route_class=Door)

# A check is work for the processor alone: more of them at once would only hold up everybody else.
_CHECKS = Semaphore(2)
_PACKED_FROM = 16 * 1024  # bytes of an answer
_DECLARED = re.compile(r"""^\s*<\?xml[^>]*\bencoding\s*=\s*["']([\w.-]+)["']""")


async def _asked(request: Request) -> dict[str, Any]:
    """The JSON object that an editor sends. Raises Invalid for anything else."""
    receive = at_most(3 * rules.FILE_MOST, request.receive)
    return shapes.body(await Request(request.scope, receive).body())


Asked = Annotated[dict[str, Any], Depends(_asked)]


@router.post("/studio/{project}/problems", name=may("pages.studio.problems", DESIGNERS))
def find(request: Request, project: int, asked: Asked) -> Response:
    """Every problem of the project, with `{name, content}` laid over it.

    Gives `{problems: [{file, element, name?, rule, error, sentence, property?, line?, column?}]}`, errors first.
    """
    house = deps.house(request)
    with house.database.transaction() as unit:
        files, known = _files(request, unit, project, asked), publish.deployed(house.engine, unit)
        elsewhere = called.elements(house.engine, unit, files)
    with _CHECKS:
        found = problems.problems(files, known, elsewhere)
    drawn = {file.name: drawing(file).nodes for file in files if file.name.lower().endswith(".bpmn")}
    language = deps.language(request)
    return _answer(request, {"problems": [_told(hint, _name(hint, drawn), language) for hint in found]})


@router.post("/studio/{project}/variables", name=may("pages.studio.variables", DESIGNERS))
def name_variables(request: Request, project: int, asked: Asked) -> Response:
    """What FEEL may name at each element of the file `name`; with `element`, at that one alone.

    Gives `{elements: {id: [{name, type?, detail?, origin?, element?, isList?, entries?}]}}`.
    """
    with deps.house(request).database.transaction() as unit:
        files = _files(request, unit, project, asked)
    with _CHECKS:
        found = variables(_family(request, files), _text(asked, "name"))
    wanted = asked.get("element")
    if isinstance(wanted, str) and wanted:
        found = {wanted: found.get(wanted, [])}
    return _answer(request, {"elements": _offered(found, deps.language(request))})


@router.post("/studio/{project}/expressions", name=may("pages.studio.expressions", DESIGNERS))
def examine(request: Request, project: int, asked: Asked) -> Response:
    """What is wrong with one expression, at an element if one is named.

    Takes `{expression, element?, name?, content?}`; gives `{problems: [{line, column, sentence, error}]}`.
    """
    language, source = deps.language(request), _text(asked, "expression").strip().removeprefix("=")
    with deps.house(request).database.transaction() as unit:
        files = _files(request, unit, project, asked)
    family = _family(request, files)
    fault = syntax.of_expression(source, family.functions)
    if fault is not None:
        sentence = fault.told.into(Text).within(language)
        told = [{"line": fault.line, "column": fault.column, "sentence": sentence, "error": True}]
        return _answer(request, {"problems": told})
    drawn = family.drawings.get(str(asked.get("name") or ""))
    unknown = [] if drawn is None else names.unknown(Upstream(family=family, drawn=drawn), asked.get("element"), source)
    told = [{"line": 0, "column": 0, "sentence": one.within(language), "error": False} for one in unknown]
    return _answer(request, {"problems": told})


@router.get("/studio/{project}/templates", name=may("pages.studio.templates", DESIGNERS))
def offer(request: Request, project: int) -> Response:
    """Element templates: handlers, and the processes, decisions and forms that are deployed or in the project."""
    house = deps.house(request)
    with house.database.transaction() as unit:
        files = projects.resources(unit, project)
        return _answer(request, offers.templates(house.engine, unit, files, deps.language(request)))


@router.get("/studio/templates/{language}.json", name=may("pages.studio.templates.download", DESIGNERS))
def download(request: Request, language: str) -> Response:
    """The same without a project's, for the folder `resources/element-templates` of Camunda Modeler."""
    if language not in LANGUAGES:
        raise NotFound(
            say(
                "There are no templates in {language}. There are: {known}.",
                language=language,
                known=", ".join(LANGUAGES),
            )
        )
    house = deps.house(request)
    with house.database.transaction() as unit:
        found = offers.templates(house.engine, unit, (), language)
    return attached(f"jiaojie-{language}.json", orjson.dumps(found, option=orjson.OPT_INDENT_2))


def _files(request: Request, unit: Any, project: int, asked: dict[str, Any]) -> list[Resource]:
    """The project's files, with the one that is sent in its place."""
    name, content = asked.get("name"), asked.get("content")
    if content is None:
        return projects.resources(unit, project)
    if not isinstance(content, str) or not isinstance(name, str):
        raise Invalid(say("An unsaved file is sent as name and content, both texts."))
    written = _bytes(content)
    if len(written) > rules.FILE_MOST:
        raise Invalid(say("The file is larger than {most} MB. Split it.", most=rules.FILE_MOST // 1024 // 1024))
    return projects.overlaid(unit, project, name, written)


def _bytes(content: str) -> bytes:
    """A text as the file has it: XML in the encoding that it declares, anything else in UTF-8."""
    declared = _DECLARED.match(content)
    if declared is not None:
        try:
            return content.encode(codecs.lookup(declared[1]).name)
        except (LookupError, UnicodeEncodeError):
            pass
    return content.encode("utf-8", "replace")


def _family(request: Request, files: list[Resource]) -> Family:
    functions = deps.house(request).engine.definitions.functions
    return Family(resources=tuple(files), functions=functions or feel.Functions())


def _text(asked: dict[str, Any], name: str) -> str:
    found = asked.get(name)
    if not isinstance(found, str):
        raise Invalid(say("{name} is missing, or is no text.", name=name))
    return found


def _name(hint: Hint, called: Mapping[str, Mapping[str, Node]]) -> str:
    """What people call the element, where it has a name."""
    node = called.get(hint.file, {}).get(hint.element)
    return node.name if node is not None else ""


def _told(hint: Hint, name: str, language: str) -> dict[str, Any]:
    told = {
        "file": hint.file,
        "element": hint.element,
        "rule": hint.rule,
        "error": hint.error,
        "sentence": hint.sentence.within(language),
    }
    more = {"name": name, "property": hint.property, "line": hint.line, "column": hint.column}
    return told | {name: value for name, value in more.items() if value}


def _offered(found: dict[str, list[Offered]], language: str) -> dict[str, list[orjson.Fragment]]:
    """Most elements see most variables alike: each is written once."""
    made: dict[int, orjson.Fragment] = {}

    def written(offered: Offered) -> orjson.Fragment:
        if id(offered) not in made:
            made[id(offered)] = orjson.Fragment(orjson.dumps(offered.told(language)))
        return made[id(offered)]

    return {element: [written(one) for one in listed] for element, listed in found.items()}


def _answer(request: Request, value: Any) -> Response:
    """The value as JSON, packed where it is long: the same variables stand at many elements."""
    body, headers = orjson.dumps(value), {"Vary": "Accept-Encoding"}
    if len(body) >= _PACKED_FROM and "gzip" in request.headers.get("accept-encoding", ""):
        body, headers["Content-Encoding"] = gzip.compress(body, compresslevel=1), "gzip"
    return Response(body, media_type="application/json", headers=headers)
