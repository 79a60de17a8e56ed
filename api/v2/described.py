"""The process API told to machines: what FastAPI cannot read off a hot door's function for the OpenAPI document."""

from collections.abc import Collection, Mapping
from typing import Any

from fastapi import Path

from api.v2 import shapes
from api.v2.search import LIMIT, LISTED, MOST, OPERATORS, OR, Fields, Own, Reader

Schema = dict[str, Any]

KEY: Schema = {"type": "string", "pattern": "^[0-9]{1,18}$", "description": "A 64-bit integer, written as text."}
TEXT: Schema = {"type": "string"}
MAYBE: Schema = {"type": ["string", "null"]}
WHOLE: Schema = {"type": "integer"}
FLAG: Schema = {"type": "boolean"}
INSTANT: Schema = {"type": "string", "format": "date-time"}
MAYBE_INSTANT: Schema = {"type": ["string", "null"], "format": "date-time"}
MAYBE_KEY: Schema = {**KEY, "type": ["string", "null"]}
VARIABLES: Schema = {"type": "object", "additionalProperties": True, "description": "Variables by name, any JSON."}
ANY: Schema = {}
OBJECT: Schema = {"type": "object", "additionalProperties": True}
NAMED: Schema = {"type": "string", "minLength": 1}
TENANT: Schema = {"const": "<default>"}
FLAG_ALONE: Schema = {
    "anyOf": [FLAG, {"type": "object", "properties": {"$eq": FLAG}, "required": ["$eq"], "additionalProperties": False}]
}
REFERENCE: Schema = {"type": "integer", "minimum": 1, "description": "A number of the caller's; it is not kept."}


def several(item: Schema) -> Schema:
    return {"type": "array", "items": item}


def thing(required: str = "", /, **fields: Schema) -> Schema:
    """An object of these fields; `required` names some of them, with spaces between."""
    made: Schema = {"type": "object", "properties": fields}
    return {**made, "required": required.split()} if required else made


def result(**fields: Schema) -> Schema:
    """An object that has all of these fields."""
    return thing(" ".join(fields), **fields)


def body(required: str = "", /, **fields: Schema) -> Schema:
    """What a caller sends: where a field need not be there, null says the same as leaving it out."""
    needed = required.split()
    return thing(required, **{name: schema if name in needed else or_null(schema) for name, schema in fields.items()})


def choice(*words: str) -> Schema:
    return {"type": "string", "enum": list(words)}


def or_null(schema: Schema) -> Schema:
    """The same, or null."""
    if not schema:
        return schema
    if not isinstance(schema.get("type"), str):
        return {"anyOf": [schema, {"type": "null"}]}
    found = {**schema, "type": [schema["type"], "null"]}
    return {**found, "enum": [*schema["enum"], None]} if "enum" in schema else found


def whole(least: int, most: int, description: str = "") -> Schema:
    told = {"description": description} if description else {}
    return {"type": "integer", "minimum": least, "maximum": most, **told}


PROBLEM = thing(
    "type title status detail instance",
    type=TEXT,
    title={**TEXT, "description": "The kind of refusal, such as INVALID_ARGUMENT."},
    status=WHOLE,
    detail={**TEXT, "description": "What, which, why and what next, in the language that Accept-Language asks for."},
    instance=TEXT,
    problems=several(thing(file=TEXT, element=TEXT, token=WHOLE, rule=TEXT, sentence=TEXT, error=FLAG)),
    errors={**OBJECT, "description": "Sentences by the form's component."},
)
REFUSED: dict[int | str, Schema] = {
    "default": {
        "description": "A refusal (RFC 9457); nothing was changed.",
        "content": {"application/problem+json": {"schema": PROBLEM}},
    }
}


def described(
    *,
    takes: Schema | None = None,
    gives: Schema | None = None,
    key: str | None = None,
    pattern: str = "",
    needed: bool = True,
    asks: Mapping[str, Schema] | None = None,
    must: Collection[str] = (),
    nothing: str = "",
) -> dict[str, Any]:
    """Options of a route: the body it takes, what it gives (204 where nothing), what the key in its path is of, what it
    asks in its query and of that must be there. `nothing` tells when it gives nothing after all.
    """
    extra: dict[str, Any] = {}
    if takes is not None:
        extra["requestBody"] = {"required": needed, "content": {"application/json": {"schema": takes}}}
    parameters = [
        {"name": name, "in": "query", "required": name in must, "schema": schema}
        for name, schema in (asks or {}).items()
    ]
    if key is not None:
        schema = {"type": "string", "pattern": pattern} if pattern else KEY
        of_path = {"name": "key", "in": "path", "required": True, "schema": schema, "description": f"The {key}."}
        parameters.insert(0, of_path)
    if parameters:
        extra["parameters"] = parameters
    status = 204 if gives is None else 200
    answers: dict[int | str, dict[str, Any]] = {**REFUSED}
    if gives is not None:
        answers[200] = {"description": "Done.", "content": {"application/json": {"schema": gives}}}
    if nothing:
        answers[204] = {"description": nothing}
    return {"status_code": status, "responses": answers, "openapi_extra": extra}


def file(*media_types: str) -> dict[int | str, dict[str, Any]]:
    """The responses of a route that gives a file."""
    bytes_: Schema = {"type": "string", "format": "binary"}
    content = {kind: {"schema": OBJECT if kind == "application/json" else bytes_} for kind in media_types}
    return {**REFUSED, 200: {"description": "The file.", "content": content}}


def of_key(noun: str) -> Any:
    """What is told of the key in the path of a route that FastAPI describes otherwise."""
    return Path(description=f"The {noun}.", json_schema_extra={"pattern": KEY["pattern"]})


PAGE = result(
    totalItems=WHOLE,
    hasMoreTotalItems={**FLAG, "description": "There are more than are counted."},
    startCursor={**MAYBE, "description": "`before` of the page before."},
    endCursor={**MAYBE, "description": "`after` of the next page."},
)
_OF_READER: dict[Any, Schema] = {
    shapes.key: KEY,
    shapes.word: TEXT,
    shapes.whole: WHOLE,
    shapes.flag: FLAG,
    shapes.moment: INSTANT,
}


def read_by(read: Reader) -> Schema:
    """What a reader of values takes."""
    return choice(*read.words) if isinstance(read, shapes.OneOf) else _OF_READER[read]


def compared(read: Reader) -> Schema:
    """A value, or an object of operators that all hold."""
    value, listed = read_by(read), {"type": "array", "maxItems": LISTED, "items": read_by(read)}
    special = {"$exists": FLAG, "$in": listed, "$notIn": listed, "$like": TEXT}
    signs = [sign for sign in OPERATORS if sign != "$like" or shapes.is_text(read)]
    operators = {**thing("", **{sign: special.get(sign, value) for sign in signs}), "additionalProperties": False}
    return {"anyOf": [value, operators]}


def filtered(
    fields: Fields, own: Own | None = None, *, shown: Mapping[str, Schema] | None = None, either: bool = True
) -> Schema:
    """The filter of a search; `shown` are those that are made for each request."""
    found = {name: compared(read) for name, (_, read) in fields.items()} | dict(shown or {})
    found |= {name: dict(filter_.schema) for name, filter_ in (own or {}).items()}
    one: Schema = {**thing("", **dict(sorted(found.items()))), "additionalProperties": False}
    if not either:
        return one
    properties = {**one["properties"], OR: {**several(one), "maxItems": LISTED}}
    return {**one, "properties": properties}


def paged(fields: Fields, filter_: Schema | None = None, needs: str = "") -> Schema:
    """The body of a search: filter, sort and page."""
    order = choice("ASC", "DESC", "asc", "desc")
    sort = body("field", field=choice(*sorted(fields)), order=order) if fields else OBJECT
    limits = {"limit": whole(0, MOST, f"{LIMIT} where it is not said.")}
    page = body("", **limits, after=TEXT, before=TEXT, **{"from": whole(0, shapes.LARGEST)})
    return body(needs, **({} if filter_ is None else {"filter": filter_}), sort=several(sort), page=page)


def listed(item: Schema) -> Schema:
    """The answer to a search."""
    return result(items=several(item), page=PAGE)


def searched(item: Schema, fields: Fields, own: Own | None = None, *, key: str | None = None) -> dict[str, Any]:
    """Options of a search route, over these filters."""
    return described(takes=paged(fields, filtered(fields, own)), gives=listed(item), key=key, needed=False)
