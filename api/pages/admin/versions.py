"""What is done with a version of a process: roll back to it, restore it, delete it."""

from typing import Annotated

from fastapi import APIRouter, Form, Request, Response

from api import deps
from api.access import OPERATORS, may
from api.door import Door
from api.pages import render
from api.pages.admin.asking import REASON, Question, ask, reason_of
from api.pages.told import told
from engine import queries
from engine.commands import versions
from engine.queries import overview
from engine.queries.overview import VersionRow
from kernel.db import Unit
from kernel.errors import NotFound
from kernel.text import Text, say

router = APIRouter(route_class=Door)


@router.get("/admin/versions/{key}/{act}", name=may("pages.admin.version", OPERATORS))
def ask_version(request: Request, key: int, act: str) -> Response:
    """With what it means for new cases, and for those that run."""
    with deps.house(request).database.transaction() as unit:
        row, rows = _found(unit, key)
        title, effects, danger = _told(act, row, rows)
        question = Question(
            title=title,
            action=f"/admin/versions/{key}/{act}",
            confirm=title,
            effects=effects,
            fields=[REASON],
            danger=danger,
        )
        return ask(request, unit, question)


@router.post("/admin/versions/{key}/{act}", name=may("pages.admin.version.act", OPERATORS))
def act_on_version(request: Request, key: int, act: str, reason: Annotated[str, Form()] = "") -> Response:
    house, actor = deps.house(request), deps.actor(request)
    why = reason_of(reason)
    with told(house), house.database.transaction() as unit:
        row, rows = _found(unit, key)
        process_id = queries.definition(unit, key).id
        _told(act, row, rows)
        if act == "roll-back":
            versions.roll_back(house.engine, unit, process_id, row.version, actor=actor, reason=why)
            return _rolled_back(request, process_id, row, rows)
        if act == "restore":
            versions.restore(house.engine, unit, key, actor=actor, reason=why)
            sentence = say("Version {n} can be started again.", n=row.version)
        else:
            versions.delete(house.engine, unit, key, actor=actor, reason=why)
            sentence = say("Version {n} is deleted.", n=row.version)
    return render.go(request, f"/admin/processes/{process_id}" if len(rows) > 1 else "/admin/processes", sentence)


def _rolled_back(request: Request, process_id: str, row: VersionRow, rows: list[VersionRow]) -> Response:
    """To the wizard with the cases that stay on what was withdrawn, where there are any."""
    staying = next((other for other in rows if other.version > row.version and other.running), None)
    sentence = say("New cases start with version {n} now.", n=row.version)
    if staying is None:
        return render.go(request, f"/admin/processes/{process_id}", sentence)
    return render.go(request, f"/admin/migrations/new?source={staying.key}&target={row.key}", sentence)


def _found(unit: Unit, key: int) -> tuple[VersionRow, list[VersionRow]]:
    rows = overview.versions(unit, queries.definition(unit, key).id)
    row = next((row for row in rows if row.key == key), None)
    if row is None:
        raise NotFound(say("There is no process {key}. Check the key.", key=key))
    return row, rows


def _told(act: str, row: VersionRow, rows: list[VersionRow]) -> tuple[Text, list[Text], bool]:
    if act == "roll-back":
        return say("Roll back to version {n}", n=row.version), _rolling_back(row, rows), False
    if act == "restore":
        newest = all(other.version <= row.version or other.withdrawn_at for other in rows)
        effect = say("New cases start with version {n} again.", n=row.version)
        if not newest:
            effect = say("It can be bound and restored to; new cases go on to start with the newest version.")
        return say("Restore version {n}", n=row.version), [effect], False
    if act == "delete":
        effects = [say("Version {n} and its file are gone for good. No case has ever used it.", n=row.version)]
        before = next((other for other in rows if other.key != row.key and not other.withdrawn_at), None)
        if row.latest and before is not None:
            effects.append(say("New cases start with version {n} now.", n=before.version))
        return say("Delete version {n}", n=row.version), effects, True
    raise NotFound(say("There is no such act. Reload the page."))


def _rolling_back(row: VersionRow, rows: list[VersionRow]) -> list[Text]:
    newer = [other for other in rows if other.version > row.version and not other.withdrawn_at]
    told = [say("New cases start with version {n}.", n=row.version)]
    told += [say("Version {n} is withdrawn; it can be restored.", n=other.version) for other in newer]
    told += [
        say(
            "{cases} running cases stay on version {n}; the next page offers to migrate them.",
            cases=other.running,
            n=other.version,
        )
        for other in newer
        if other.running
    ]
    return told
