"""Two versions of a process side by side, their changes coloured and told in words."""

from collections import Counter
from typing import Any

from fastapi import APIRouter, Request, Response
from fastapi.responses import JSONResponse

from api import deps
from api.access import OPERATORS, may
from api.door import Door
from api.pages.admin import kinds
from api.pages.admin.asking import page
from api.pages.admin.processes import versions_of
from engine import queries
from kernel.errors import NotFound
from kernel.text import say
from processes import compare as comparing
from processes import labels

router = APIRouter(route_class=Door)

KINDS = (
    ("added", say("Added"), "ok"),
    ("removed", say("Removed"), "bad"),
    ("changed", say("Changed"), "warn"),
    ("moved", say("Moved"), "info"),
)


@router.get("/admin/processes/{process_id}/compare", name=may("pages.admin.compare", OPERATORS))
def show(request: Request, process_id: str, before: int = 0, after: int = 0) -> Response:
    """Two versions by their numbers: by default the newest and the one before it."""
    with deps.house(request).database.transaction() as unit:
        versions = versions_of(unit, process_id)
        numbers = [row.version for row in versions]
        after = after or numbers[0]
        before = before or next((number for number in numbers if number < after), after)
        keys = {row.version: row.key for row in versions}
        if before not in keys or after not in keys:
            raise NotFound(say("This process has no version {version}. Choose one of its list.", version=before))
        changes = comparing.compare(queries.content(unit, keys[before]), queries.content(unit, keys[after]))
        return page(
            request,
            unit,
            "admin-compare.html",
            tab="processes",
            process_id=process_id,
            versions=versions,
            before=before,
            after=after,
            keys=keys,
            changes=[(change, kinds.element_kind(change.tag), change.title) for change in comparing.in_order(changes)],
            counts=Counter(change.kind for change in changes),
            kinds=KINDS,
        )


@router.get("/admin/compare/{before}/{after}", name=may("pages.admin.compare.diagrams", OPERATORS))
def diagrams(request: Request, before: int, after: int) -> Response:
    """Both files, and for each its elements by what happened to them."""
    language = deps.language(request)
    with deps.house(request).database.transaction() as unit:
        old, new = queries.content(unit, before), queries.content(unit, after)
    changes = comparing.compare(old, new)
    told: dict[str, Any] = {
        "before": {
            "xml": labels.translated(old, language).decode(),
            "marks": {change.element: change.kind for change in changes if change.kind != "added"},
        },
        "after": {
            "xml": labels.translated(new, language).decode(),
            "marks": {change.element: change.kind for change in changes if change.kind != "removed"},
        },
    }
    return JSONResponse(told)
