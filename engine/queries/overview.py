"""What operators look at first: processes with their versions and numbers, and how long steps take."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from kernel.db import Unit

SAMPLE = 500  # finished instances that a heat-map looks at, the last ones


@dataclass(frozen=True, slots=True, kw_only=True)
class ProcessRow:
    """A process over all its versions. `latest` is the version that new instances start with, None if all of them are
    withdrawn; `withdrawn` counts those. `stopped` are running instances with an open incident.
    """

    process_id: str
    name: str
    latest: int | None
    versions: int
    withdrawn: int
    running: int
    stopped: int
    finished: int
    deployed_at: datetime
    deployed_by: str
    comment: str


@dataclass(frozen=True, slots=True, kw_only=True)
class VersionRow:
    """One version of a process. `latest` marks the one that new instances start with."""

    key: int
    version: int
    version_tag: str | None
    name: str
    resource_name: str
    deployed_at: datetime
    deployed_by: str
    comment: str
    withdrawn_at: datetime | None
    withdrawn_by: str | None
    latest: bool
    running: int
    stopped: int
    suspended: int
    finished: int

    @property
    def used(self) -> bool:
        """Whether any instance runs or ran on it: only an unused version can be deleted."""
        return self.running + self.finished > 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Passage:
    """How long an element took in finished instances, in seconds, over `times` passages.

    `wait_…` is the part before somebody took it on: until it was claimed or assigned, or else done.
    """

    element: str
    times: int
    median: float
    p90: float
    wait_median: float
    wait_p90: float


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkerRow:
    """A worker that asked for jobs of a type."""

    name: str
    type: str
    first_at: datetime
    last_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Hold:
    """An instance, with all that it called, that must not be removed."""

    key: int
    root_key: int
    reason: str
    placed_by: str
    placed_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class StartTimerRow:
    """A timer that starts a process; `due_at` is None after its last start."""

    key: int
    process_id: str
    element: str
    definition_key: int
    due_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class JobTypeRow:
    """The open jobs of a type: how many wait, how many are in somebody's hands, how many have stopped."""

    type: str
    waiting: int
    taken: int
    stopped: int
    oldest_at: datetime | None


_COUNTS = """select i.definition_key,
    count(*) filter (where i.ended_at is null) running,
    count(*) filter (where i.ended_at is null and exists (
      select from incident n where n.instance_key = i.key and n.state = 'ACTIVE')) stopped,
    count(*) filter (where i.state = 'SUSPENDED') suspended,
    count(*) filter (where i.ended_at is not null) finished
  from instance i join definition d on d.key = i.definition_key where d.kind = 'process' {which} group by 1"""

_PROCESSES = f"""with counts as ({_COUNTS.format(which="")}),
  newest as (select distinct on (d.id) d.id, d.name, d.deployed_at, p.actor, p.comment
    from definition d join deployment p on p.key = d.deployment_key where d.kind = 'process'
    order by d.id, d.version desc)
  select d.id, n.name, max(d.version) filter (where d.withdrawn_at is null), count(*),
    count(*) filter (where d.withdrawn_at is not null), coalesce(sum(c.running), 0)::bigint,
    coalesce(sum(c.stopped), 0)::bigint, coalesce(sum(c.finished), 0)::bigint, n.deployed_at, n.actor, n.comment
  from definition d join newest n on n.id = d.id left join counts c on c.definition_key = d.key
  where d.kind = 'process' and (%(text)s = '' or strpos(lower(d.id || ' ' || n.name), lower(%(text)s)) > 0)
  group by d.id, n.name, n.deployed_at, n.actor, n.comment
  order by sum(c.running) desc nulls last, n.deployed_at desc, d.id"""

_VERSIONS = f"""with counts as ({_COUNTS.format(which="and d.id = %(id)s")})
  select d.key, d.version, d.version_tag, d.name, d.resource_name, d.deployed_at, p.actor, p.comment, d.withdrawn_at,
    d.withdrawn_by, d.version = max(d.version) filter (where d.withdrawn_at is null) over () and d.withdrawn_at is null,
    coalesce(c.running, 0), coalesce(c.stopped, 0), coalesce(c.suspended, 0), coalesce(c.finished, 0)
  from definition d join deployment p on p.key = d.deployment_key left join counts c on c.definition_key = d.key
  where d.kind = 'process' and d.id = %(id)s order by d.version desc"""

# Where instances stand is where their open work is; a token that waits for others at a gateway has none.
_STANDING = """with live as (select key from instance where definition_key = %(key)s and ended_at is null),
  work as (
    select w.instance_key, w.token, w.element from live l join user_task w on w.instance_key = l.key
      where w.state = 'CREATED'
    union select w.instance_key, w.token, w.element from live l join job w on w.instance_key = l.key
      where w.state in ('CREATED', 'FAILED')
    union select w.instance_key, w.token, w.element from live l join timer w on w.instance_key = l.key
    union select w.instance_key, w.token, w.element from live l join subscription w on w.instance_key = l.key
    union select w.instance_key, w.token, w.element from live l join incident w on w.instance_key = l.key
      where w.state = 'ACTIVE')
  select element, count(*) from work group by 1"""

_STOPPED = """select n.element, count(*) from incident n join instance i on i.key = n.instance_key
  where i.definition_key = %(key)s and i.ended_at is null and n.state = 'ACTIVE' group by 1"""

_PASSAGES = """with last as (select key from instance where definition_key = %(key)s and state = 'COMPLETED'
    order by ended_at desc limit %(sample)s),
  passed as (select j.element, min(j.at) filter (where j.kind = 'ELEMENT_ACTIVATED') entered,
      max(j.at) filter (where j.kind = 'ELEMENT_COMPLETED') done,
      min(j.at) filter (where j.kind in ('USER_TASK_CLAIMED', 'USER_TASK_ASSIGNED')) taken
    from last l join journal j on j.instance_key = l.key
    where j.token > 0 and j.kind in ('ELEMENT_ACTIVATED', 'ELEMENT_COMPLETED', 'USER_TASK_CLAIMED',
      'USER_TASK_ASSIGNED')
    group by l.key, j.token, j.element),
  spans as (select element, extract(epoch from done - entered)::float took,
      extract(epoch from least(coalesce(taken, done), done) - entered)::float waited
    from passed where entered is not null and done is not null)
  select element, count(*), percentile_cont(0.5) within group (order by took),
    percentile_cont(0.9) within group (order by took), percentile_cont(0.5) within group (order by waited),
    percentile_cont(0.9) within group (order by waited)
  from spans group by 1 order by 1"""

_WORKERS = "select name, type, first_at, last_at from worker_seen order by last_at desc, name, type limit 500"

_JOB_TYPES = """select type, count(*) filter (where state = 'CREATED' and lease_until is null),
    count(*) filter (where state = 'CREATED' and lease_until is not null), count(*) filter (where state = 'FAILED'),
    min(created_at) filter (where state = 'CREATED')
  from job where state in ('CREATED', 'FAILED') group by 1 order by min(created_at)"""

_HOLD = """select key, root_key, reason, placed_by, placed_at from legal_hold
  where root_key = %s and lifted_at is null"""

_START_TIMERS = """select key, process_id, element, definition_key, due_at from start_timer
  where process_id = %(id)s or key = %(key)s order by due_at, element"""

_RUNNING = "select key from instance where definition_key = %s and ended_at is null order by key limit %s"

_CALLED = """select key from instance where root_key = %s order by depth, started_at, key limit 500"""


def processes(unit: Unit, text: str = "") -> list[ProcessRow]:
    """Every process whose id or name holds `text`, those with running instances first."""
    names = tuple(ProcessRow.__dataclass_fields__)
    return [ProcessRow(**dict(zip(names, row, strict=True))) for row in unit.all(_PROCESSES, {"text": text})]


def versions(unit: Unit, process_id: str) -> list[VersionRow]:
    """The versions of a process, the newest first; empty where there is no such process."""
    names = tuple(VersionRow.__dataclass_fields__)
    return [VersionRow(**dict(zip(names, row, strict=True))) for row in unit.all(_VERSIONS, {"id": process_id})]


def standing(unit: Unit, definition_key: int) -> tuple[dict[str, int], dict[str, int]]:
    """At which elements the running instances of a version wait, and where they have stopped: tokens by element."""
    given = {"key": definition_key}
    return dict(unit.all(_STANDING, given)), dict(unit.all(_STOPPED, given))


def passages(unit: Unit, definition_key: int, sample: int = SAMPLE) -> list[Passage]:
    """How long the elements of a version took in its last `sample` completed instances."""
    rows = unit.all(_PASSAGES, {"key": definition_key, "sample": sample})
    return [
        Passage(element=element, times=times, median=median, p90=p90, wait_median=wait_median, wait_p90=wait_p90)
        for element, times, median, p90, wait_median, wait_p90 in rows
    ]


def workers(unit: Unit) -> list[WorkerRow]:
    """The workers that were ever seen, by their last look for work."""
    return [
        WorkerRow(name=name, type=type, first_at=first, last_at=last) for name, type, first, last in unit.all(_WORKERS)
    ]


def job_types(unit: Unit) -> list[JobTypeRow]:
    """The types of open jobs, the one that has waited longest first."""
    return [
        JobTypeRow(type=type, waiting=waiting, taken=taken, stopped=stopped, oldest_at=oldest)
        for type, waiting, taken, stopped, oldest in unit.all(_JOB_TYPES)
    ]


def family(unit: Unit, root_key: int) -> Sequence[int]:
    """The instance that began it all and every instance that it called, in the order of calling."""
    return [key for (key,) in unit.all(_CALLED, (root_key,))]


def hold(unit: Unit, root_key: int) -> Hold | None:
    """The legal hold on an instance and all that it called, if one is placed."""
    row = unit.one(_HOLD, (root_key,))
    return Hold(**dict(zip(Hold.__dataclass_fields__, row, strict=True))) if row else None


def running(unit: Unit, definition_key: int, most: int) -> list[int]:
    """The keys of the instances that run on a version, `most` at the most."""
    return [key for (key,) in unit.all(_RUNNING, (definition_key, most))]


def start_timers(unit: Unit, process_id: str = "", key: int = 0) -> list[StartTimerRow]:
    """The timers that start a process, or the one with this key."""
    names = tuple(StartTimerRow.__dataclass_fields__)
    rows = unit.all(_START_TIMERS, {"id": process_id, "key": key})
    return [StartTimerRow(**dict(zip(names, row, strict=True))) for row in rows]
