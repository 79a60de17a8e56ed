"""The engine's nouns as tables of the operation pages."""

from collections.abc import Callable, Mapping, Sequence

from api.pages.admin_names import Names
from api.pages.views import Cell, Row, Table
from api.pages.words import Tone
from engine import queries
from engine.queries import Condition
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


def looked_for(text: str, key_field: str = "instance_key", id_field: str = "process_id") -> list[Condition]:
    """What a search means: digits are a key, anything else how the process id begins."""
    if not text:
        return []
    if text.isdecimal():
        return [Condition(key_field, int(text))]
    return [Condition(id_field, f"{text}*", "like")]


def incidents(names: Names, text: str, offset: int) -> Table:
    """Open incidents, the newest first, each with a button to try again."""
    return incidents_of(names, [Condition("state", "ACTIVE"), *looked_for(text)], offset)


def incidents_of(names: Names, conditions: Sequence[Condition], offset: int = 0) -> Table:
    found = queries.incidents(names.unit, conditions, [("created_at", True)], PER_PAGE, offset)
    rows = [
        Row(
            cells=(
                names.process(i.definition_key, i.instance_key),
                names.element(i.definition_key, i.element),
                Cell(value=i.message, below=i.kind),
                Cell(value=i.created_at),
            ),
            action=f"/admin/incidents/{i.key}/retry" if i.state == "ACTIVE" else "",
        )
        for i in found.items
    ]
    heads = (say("Process"), say("Element"), say("Why"), say("Since"))
    return Table(heads=heads, rows=rows, total=found.total, more=offset + len(rows) < found.total)


def instances(names: Names, text: str, offset: int) -> Table:
    """Instances, the newest first."""
    found = queries.search_instances(names.unit, looked_for(text, "key"), [("started_at", True)], PER_PAGE, offset)
    rows = [
        Row(
            cells=(
                Cell(
                    value=Text(i.process_name or i.process_id),
                    href=f"/admin/instances/{i.key}",
                    below=f"v{i.process_version} · {i.key}",
                    clip=True,
                ),
                Cell(value=i.business_id or "—", clip=True),
                Cell(value=say("Incidents"), tone="bad") if i.incidents else state(i.state),
                Cell(value=i.started_at, below=i.started_by),
                Cell(value=i.ended_at or "—"),
            )
        )
        for i in found.items
    ]
    heads = (say("Process"), say("Number"), say("State"), say("Started"), say("Ended"))
    return Table(heads=heads, rows=rows, total=found.total, more=offset + len(rows) < found.total)


def jobs(names: Names, text: str, offset: int) -> Table:
    """Jobs, the newest first."""
    return jobs_of(names, looked_for(text), offset)


def jobs_of(names: Names, conditions: Sequence[Condition], offset: int = 0) -> Table:
    found = queries.jobs(names.unit, conditions, [("created_at", True)], PER_PAGE, offset)
    rows = [
        Row(
            cells=(
                Cell(value=j.type, clip=True),
                names.element(j.definition_key, j.element),
                names.process(j.definition_key, j.instance_key),
                state(j.state),
                Cell(value=j.retries, below=j.error_message or ""),
                Cell(value=j.ended_at, below=say("ended")) if j.ended_at else Cell(value=j.due_at, below=say("due")),
            )
        )
        for j in found.items
    ]
    heads = (say("Type"), say("Element"), say("Process"), say("State"), say("Retries left"), say("Time"))
    return Table(heads=heads, rows=rows, total=found.total, more=offset + len(rows) < found.total)


def timers(names: Names, text: str, offset: int) -> Table:
    """Waiting timers, the next one first."""
    return timers_of(names, looked_for(text), offset)


def timers_of(names: Names, conditions: Sequence[Condition], offset: int = 0) -> Table:
    found = queries.timers(names.unit, conditions, [("due_at", False)], PER_PAGE, offset)
    rows = [
        Row(
            cells=(
                names.process(key := names.definition_of(t.instance_key), t.instance_key),
                names.element(key, t.element),
                Cell(value=t.due_at),
            )
        )
        for t in found.items
    ]
    heads = (say("Process"), say("Element"), say("Due"))
    return Table(heads=heads, rows=rows, total=found.total, more=offset + len(rows) < found.total)


def definitions(names: Names, text: str, offset: int) -> Table:
    """Deployed files, the newest first; each can be downloaded as it was deployed."""
    found = queries.definitions(names.unit, looked_for(text, "key", "id"), [("deployed_at", True)], PER_PAGE, offset)
    rows = [
        Row(
            cells=(
                Cell(value=Text(d.name or d.id), href=f"/admin/definitions/{d.key}", below=d.id, clip=True),
                Cell(value=KINDS.get(d.kind, Text(d.kind))),
                Cell(value=f"v{d.version}", tone="info" if d.latest else ""),
                Cell(value=d.deployed_at, below=d.resource_name, clip=True),
            )
        )
        for d in found.items
    ]
    heads = (say("Name"), say("Kind"), say("Version"), say("Deployed"))
    return Table(heads=heads, rows=rows, total=found.total, more=offset + len(rows) < found.total)


KINDS = {"process": say("Process"), "decision": say("Decision"), "form": say("Form")}

TABLES: Mapping[str, Callable[[Names, str, int], Table]] = {
    "incidents": incidents,
    "instances": instances,
    "jobs": jobs,
    "timers": timers,
    "definitions": definitions,
}
