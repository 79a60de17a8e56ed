"""The engine's nouns as tables of the operation pages."""

from collections.abc import Callable, Mapping, Sequence

from api.pages.admin.names import Names
from api.pages.views import Act, Cell, Row, Table
from api.pages.words import Tone
from engine import queries
from engine.queries import Condition
from kernel.text import Text, recognised, say

PER_PAGE = 50
PROCESS = say("Process")

STATES: Mapping[str, tuple[Text, Tone]] = {
    "ACTIVE": (say("Running"), "info"),
    "SUSPENDED": (say("Suspended"), "warn"),
    "COMPLETED": (say("Completed"), "ok"),
    "TERMINATED": (say("Terminated"), ""),
    "CREATED": (say("Waiting"), "info"),
    "FAILED": (say("Failed"), "bad"),
}


def retry(key: int) -> Act:
    """What can be done about an incident."""
    return Act(label=say("Retry"), href=f"/admin/incidents/{key}/retry", icon="rotate-cw")


def set_retries(key: int) -> Act:
    """What can be done about a job."""
    return Act(label=say("Set retries"), href=f"/admin/jobs/{key}/retries", icon="rotate-cw")


def move(key: int) -> Act:
    """What can be done with a timer that is not due yet."""
    return Act(label=say("Change date"), href=f"/admin/timers/{key}/move", icon="calendar")


def fire(key: int) -> Act:
    """The other thing that can be done with it."""
    return Act(label=say("Fire now"), href=f"/admin/timers/{key}/fire", icon="timer")


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
                Cell(value=recognised(i.message), below=i.kind),
                Cell(value=i.created_at),
            ),
            acts=[retry(i.key)] if i.state == "ACTIVE" else (),
        )
        for i in found.items
    ]
    heads = (PROCESS, say("Element"), say("Why"), say("Since"))
    return Table(heads=heads, rows=rows, total=found.total, more=offset + len(rows) < found.total)


def instance_rows(found: Sequence[queries.Instance]) -> list[Row]:
    """Instances as lines that can be chosen."""
    return [
        Row(
            cells=(
                Cell(
                    value=Text(i.process_name or i.process_id),
                    href=f"/admin/instances/{i.key}",
                    below=f"v{i.process_version} · {i.key}",
                    clip=True,
                ),
                Cell(value=i.business_id or "—", clip=True),
                Cell(value=say("{n} incidents", n=i.incidents), tone="bad") if i.incidents else state(i.state),
                Cell(value=i.started_at, below=i.started_by),
                Cell(value=i.ended_at or "—"),
            ),
            key=i.key,
        )
        for i in found
    ]


INSTANCE_HEADS = (say("Process"), say("Number"), say("State"), say("Started"), say("Ended"))


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
                Cell(value=j.retries, below=recognised(j.error_message) if j.error_message else ""),
                Cell(value=j.ended_at, below=say("ended")) if j.ended_at else Cell(value=j.due_at, below=say("due")),
            ),
            acts=[set_retries(j.key)] if j.state in ("CREATED", "FAILED") else (),
        )
        for j in found.items
    ]
    heads = (say("Type"), say("Element"), PROCESS, say("State"), say("Retries left"), say("Time"))
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
            ),
            acts=[move(t.key), fire(t.key)],
        )
        for t in found.items
    ]
    heads = (PROCESS, say("Element"), say("Due"))
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
    "jobs": jobs,
    "timers": timers,
    "definitions": definitions,
}
