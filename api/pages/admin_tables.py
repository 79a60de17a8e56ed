"""The engine's nouns as tables of the operation pages."""

from collections.abc import Callable, Mapping, Sequence

from api.pages.views import Cell, Row, Table
from api.pages.words import Tone
from engine import queries
from engine.queries import Condition
from kernel.db import Unit
from kernel.text import Text, say

PER_PAGE = 50

STATES: Mapping[str, tuple[Text, Tone]] = {
    "ACTIVE": (say("Running"), "info"),
    "COMPLETED": (say("Completed"), "ok"),
    "TERMINATED": (say("Terminated"), ""),
    "CREATED": (say("Waiting"), "info"),
    "FAILED": (say("Failed"), "bad"),
}

NAMES = (
    ("incidents", say("Incidents")),
    ("instances", say("Instances")),
    ("jobs", say("Jobs")),
    ("timers", say("Timers")),
    ("definitions", say("Definitions")),
)


def state(name: str) -> Cell:
    """A state as a chip; one that is not known here as it is."""
    text, tone = STATES.get(name, (Text(name), ""))
    return Cell(value=text, tone=tone)


def instance_cell(key: int, process_id: str) -> Cell:
    """A process and, below, the instance it leads to."""
    return Cell(value=process_id, href=f"/admin/instances/{key}", below=str(key))


def looked_for(text: str, key_field: str = "instance_key", id_field: str = "process_id") -> list[Condition]:
    """What a search means: digits are a key, anything else how the process id begins."""
    if not text:
        return []
    if text.isdecimal():
        return [Condition(key_field, int(text))]
    return [Condition(id_field, f"{text}*", "like")]


def incidents(unit: Unit, text: str, offset: int) -> Table:
    """Open incidents, the newest first, each with a button to try again."""
    return incidents_of(unit, [Condition("state", "ACTIVE"), *looked_for(text)], offset)


def incidents_of(unit: Unit, conditions: Sequence[Condition], offset: int = 0) -> Table:
    found = queries.incidents(unit, conditions, [("created_at", True)], PER_PAGE, offset)
    rows = [
        Row(
            cells=(
                instance_cell(i.instance_key, i.process_id),
                Cell(value=i.element),
                Cell(value=i.message, below=i.kind),
                Cell(value=i.created_at),
            ),
            action=f"/admin/incidents/{i.key}/retry" if i.state == "ACTIVE" else "",
        )
        for i in found.items
    ]
    heads = (say("Process"), say("Element"), say("Why"), say("Since"))
    return Table(heads=heads, rows=rows, total=found.total, more=offset + len(rows) < found.total)


def instances(unit: Unit, text: str, offset: int) -> Table:
    """Instances, the newest first."""
    found = queries.search_instances(unit, looked_for(text, "key"), [("started_at", True)], PER_PAGE, offset)
    rows = [
        Row(
            cells=(
                Cell(
                    value=Text(i.process_name or i.process_id),
                    href=f"/admin/instances/{i.key}",
                    below=f"v{i.process_version} · {i.key}",
                ),
                Cell(value=i.business_id or "—"),
                Cell(value=say("Incidents"), tone="bad") if i.incidents else state(i.state),
                Cell(value=i.started_at, below=i.started_by),
                Cell(value=i.ended_at or "—"),
            )
        )
        for i in found.items
    ]
    heads = (say("Process"), say("Number"), say("State"), say("Started"), say("Ended"))
    return Table(heads=heads, rows=rows, total=found.total, more=offset + len(rows) < found.total)


def jobs(unit: Unit, text: str, offset: int) -> Table:
    """Jobs, the newest first."""
    return jobs_of(unit, looked_for(text), offset)


def jobs_of(unit: Unit, conditions: Sequence[Condition], offset: int = 0) -> Table:
    found = queries.jobs(unit, conditions, [("created_at", True)], PER_PAGE, offset)
    rows = [
        Row(
            cells=(
                Cell(value=j.type, below=j.element),
                instance_cell(j.instance_key, j.process_id),
                state(j.state),
                Cell(value=j.retries, below=j.error_message or ""),
                Cell(value=j.due_at),
            )
        )
        for j in found.items
    ]
    heads = (say("Type"), say("Process"), say("State"), say("Retries left"), say("Due"))
    return Table(heads=heads, rows=rows, total=found.total, more=offset + len(rows) < found.total)


def timers(unit: Unit, text: str, offset: int) -> Table:
    """Waiting timers, the next one first."""
    return timers_of(unit, looked_for(text), offset)


def timers_of(unit: Unit, conditions: Sequence[Condition], offset: int = 0) -> Table:
    found = queries.timers(unit, conditions, [("due_at", False)], PER_PAGE, offset)
    rows = [
        Row(cells=(instance_cell(t.instance_key, t.process_id), Cell(value=t.element), Cell(value=t.due_at)))
        for t in found.items
    ]
    heads = (say("Process"), say("Element"), say("Due"))
    return Table(heads=heads, rows=rows, total=found.total, more=offset + len(rows) < found.total)


def definitions(unit: Unit, text: str, offset: int) -> Table:
    """Deployed files, the newest first; each can be downloaded as it was deployed."""
    found = queries.definitions(unit, looked_for(text, "key", "id"), [("deployed_at", True)], PER_PAGE, offset)
    rows = [
        Row(
            cells=(
                Cell(value=Text(d.name or d.id), href=f"/admin/definitions/{d.key}", below=d.id),
                Cell(value=KINDS.get(d.kind, Text(d.kind))),
                Cell(value=f"v{d.version}", tone="info" if d.latest else ""),
                Cell(value=d.deployed_at, below=d.resource_name),
            )
        )
        for d in found.items
    ]
    heads = (say("Name"), say("Kind"), say("Version"), say("Deployed"))
    return Table(heads=heads, rows=rows, total=found.total, more=offset + len(rows) < found.total)


KINDS = {"process": say("Process"), "decision": say("Decision"), "form": say("Form")}

TABLES: Mapping[str, Callable[[Unit, str, int], Table]] = {
    "incidents": incidents,
    "instances": instances,
    "jobs": jobs,
    "timers": timers,
    "definitions": definitions,
}
