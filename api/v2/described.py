"""The process API told to machines: what FastAPI cannot read off a hot door's function for the OpenAPI document."""

from collections.abc import Iterable, Mapping
from typing import Any

Schema = dict[str, Any]

KEY: Schema = {"type": "string", "pattern": "^[0-9]{1,19}$", "description": "A 64-bit integer, written as text."}
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
OPERATORS = "A value, or an object of operators: $eq $neq $gt $gte $lt $lte $in $notIn $like $exists."


def several(item: Schema) -> Schema:
    return {"type": "array", "items": item}


def thing(required: str = "", /, **fields: Schema) -> Schema:
    """An object of these fields; `required` names some of them, with spaces between."""
    made: Schema = {"type": "object", "properties": fields}
    return {**made, "required": required.split()} if required else made


PROBLEM = thing(
    "type title status detail instance",
    type=TEXT,
    title={**TEXT, "description": "The kind of refusal, such as INVALID_ARGUMENT."},
    status=WHOLE,
    detail={**TEXT, "description": "What, which, why and what next, in the language that Accept-Language asks for."},
    instance=TEXT,
    problems=several(thing(file=TEXT, element=TEXT, rule=TEXT, sentence=TEXT, error=FLAG)),
    errors={**OBJECT, "description": "Sentences by the form's component."},
)
REFUSED: dict[int | str, Schema] = {
    "default": {
        "description": "A refusal (RFC 9457); nothing was changed.",
        "content": {"application/problem+json": {"schema": PROBLEM}},
    }
}


def described(
    *, takes: Schema | None = None, gives: Schema | None = None, key: str | None = None, needed: bool = True
) -> dict[str, Any]:
    """Options of a route: the body it takes, what it gives (204 where nothing), what the key in its path is of."""
    extra: dict[str, Any] = {}
    if takes is not None:
        extra["requestBody"] = {"required": needed, "content": {"application/json": {"schema": takes}}}
    if key is not None:
        extra["parameters"] = [
            {"name": "key", "in": "path", "required": True, "schema": KEY, "description": f"The {key}."}
        ]
    status = 204 if gives is None else 200
    answers: dict[int | str, dict[str, Any]] = {**REFUSED}
    if gives is not None:
        answers[200] = {"description": "Done.", "content": {"application/json": {"schema": gives}}}
    return {"status_code": status, "responses": answers, "openapi_extra": extra}


def searched(item: Schema, fields: Iterable[str], own: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """Options of a search route, over these filters."""
    names = sorted({*fields, *(own or ())})
    page = thing(
        totalItems=WHOLE,
        hasMoreTotalItems={**FLAG, "description": "There are more than are counted."},
        startCursor=MAYBE,
        endCursor={**MAYBE, "description": "`after` of the next page."},
    )
    return described(
        takes=thing(
            filter=thing("", **{name: {"description": OPERATORS} for name in names}),
            sort=several(thing("field", field={"enum": sorted(fields)}, order={"enum": ["ASC", "DESC"]})),
            page=thing("", limit=WHOLE, after=TEXT, **{"from": WHOLE}),
        ),
        gives=thing("items page", items=several(item), page=page),
        needed=False,
    )
