"""Random walks through the offboarding process: whatever people do or leave undone, in whatever order.

Jobs answer with made-up facts of the handlers' shape, so that a walk needs no database. What must hold at every step:
nothing gets stuck, one certificate and only one, there by the close of the last day, and every case comes to an end.
"""

import random
from collections.abc import Callable
from datetime import date, datetime, timedelta
from functools import cache, partial
from typing import Any

import pytest

import feel.dmn
from engine.model import Call, Incident, Job, Outcome, Resource, Subscription, Timer, UserTask, Work
from engine.spiff import runtime
from engine.spiff.compile import Model, compile_models
from hr.offboarding import clocks
from processes import catalog

FAMILY = catalog.home() / "offboarding"
MONDAY = datetime.fromisoformat("2026-11-02T09:00:00+08:00")
AFTER_ALL = MONDAY + timedelta(days=120)
WALKS = 60


@cache
def model() -> Model:
    return compile_models(Resource("offboarding.bpmn", (FAMILY / "offboarding.bpmn").read_bytes()))[0]


@cache
def decisions() -> dict[str, feel.dmn.Model]:
    files = {
        "access": "access",
        "exit-agreements": "exit-agreements",
        "handover-template": "handover-template",
        "notice-period": "notice",
        "courses-due": "../training/courses",
    }
    return {name: feel.dmn.load((FAMILY / f"{file}.dmn").read_bytes()) for name, file in files.items()}


def complete(token: int, values: dict[str, Any], run: runtime.Run) -> None:
    run.complete(token, values)


def trigger(timer: Timer, run: runtime.Run) -> None:
    run.trigger(timer.token, timer.index)


class Weekdays:
    """A calendar without holidays."""

    def add_working_days(self, day: date, days: int) -> date:
        while days:
            day += timedelta(days=1)
            days -= day.weekday() < 5
        return day


class Case:
    """One instance in memory, with a clock of its own and jobs that are done at once."""

    def __init__(self, dice: random.Random) -> None:
        self.dice = dice
        self.clock = MONDAY
        self.state = b""
        self.ended: str | None = None
        self.work: dict[tuple[int, int], Work] = {}
        self.passed: set[str] = set()
        self.certificates = 0

    # ---- what the engine asks of its host
    def now(self) -> datetime:
        return self.clock

    def decide(self, reference: Any, inputs: Any) -> tuple[Any, dict[str, Any]]:
        return decisions()[reference.id].decide(reference.id, inputs, clock=self).value, {}

    # ---- turns
    def start(self, variables: dict[str, Any]) -> None:
        door = self.dice.choice([None, "oa_application_received"])
        given = {} if door else variables
        self.take(runtime.start(model(), host=self, variables=given, start_element=door, payload=variables))
        self.settle()

    def turn(self, change: Callable[[runtime.Run], None]) -> None:
        run = runtime.Run.load(self.state, model(), self)
        change(run)
        self.take(run.outcome())

    def take(self, outcome: Outcome) -> None:
        self.state, self.ended = outcome.state, outcome.ended
        for closed in outcome.closed:
            self.work.pop(closed, None)
        self.work.update({(work.token, getattr(work, "index", 0)): work for work in outcome.opened})
        self.passed.update(event.element for event in outcome.events)
        assert [work for work in self.work.values() if isinstance(work, Incident)] == []

    def waiting(self, kind: type) -> list[Any]:
        return [work for work in self.work.values() if isinstance(work, kind)]

    def settle(self) -> None:
        """Do every job and fire every timer that is due, until people or time have to act."""
        while not self.ended:
            due = sorted((t for t in self.waiting(Timer) if t.due_at <= self.clock), key=lambda t: (t.due_at, t.token))
            if jobs := self.waiting(Job):
                self.turn(partial(complete, jobs[0].token, self.answer(jobs[0])))
            elif due:
                self.work.pop((due[0].token, due[0].index))
                self.turn(partial(trigger, due[0]))
            else:
                return

    def wait_until(self, moment: datetime) -> None:
        while not self.ended:
            ahead = [timer.due_at for timer in self.waiting(Timer) if timer.due_at <= moment]
            if not ahead:
                break
            self.clock = max(self.clock, min(ahead))
            self.settle()
        self.clock = moment

    # ---- what jobs answer and what people do
    def answer(self, job: Job) -> dict[str, Any]:
        """What a handler would answer, by a method of the job type's name."""
        answer = getattr(self, "_" + job.type.replace(".", "_").replace("-", "_"), None)
        return answer(job.variables) if answer else {}

    def _case_plan(self, seen: Any) -> dict[str, Any]:
        return {"plan": self.plan(seen), "recipient": seen.get("recipient")}

    def _confidentiality_check(self, seen: Any) -> dict[str, Any]:
        gaps = [{"title": title} for title in seen["coursesDue"] if self.dice.random() < 0.25]
        return {"confidentiality": {"passed": not gaps, "missing": gaps}}

    def _agreement_facts(self, seen: Any) -> dict[str, Any]:
        known = {"secretContact": self.dice.random() < 0.5, "family": seen["employee"]["family"], "level": "middle"}
        return {"signing": {**known, "signed": self.dice.choice([[], ["竞业限制协议"]])}}

    def _finance_open_items(self, seen: Any) -> dict[str, Any]:
        return {"finance": {"items": [], "total": 0, "settled": self.dice.random() < 0.5}}

    def _crm_rights(self, seen: Any) -> dict[str, Any]:
        return {"crm": {"customers": [{"id": "C-1"}] if self.dice.random() < 0.5 else []}}

    def _handover_open(self, seen: Any) -> dict[str, Any]:
        return {"handover": {"items": [dict(row, status="open") for row in seen["handoverTemplate"]]}}

    def _handover_review(self, seen: Any) -> dict[str, Any]:
        whole = all(row["status"] == "confirmed" for row in seen["handover"]["items"])
        return {"handover": {**seen["handover"], "decision": "confirmed" if whole else "returned"}}

    def _handover_seal(self, seen: Any) -> dict[str, Any]:
        return {"handover": {**seen["handover"], "decision": "sealed"}}

    def _case_record_open(self, seen: Any) -> dict[str, Any]:
        return {"openRecord": {"nodes": len(self.waiting(UserTask))}}

    def _certificate_prepare(self, seen: Any) -> dict[str, Any]:
        return {"certificate": {"status": "prepared", "issuedAt": None}}

    def _certificate_issue(self, seen: Any) -> dict[str, Any]:
        self.certificates += 1
        return {"certificate": {"status": "issued", "issuedAt": self.clock.isoformat()}}

    def plan(self, seen: Any) -> dict[str, str]:
        leaving = date.fromisoformat(seen["leavingOn"])
        begun = self.clock if seen.get("recipient") else None
        # Weekdays answers what `plan` asks of a calendar and needs no table of holidays.
        planned = clocks.plan(filed_at=MONDAY, leaving_on=leaving, calendar=Weekdays(), handover_from=begun)  # type: ignore[arg-type]
        return planned.variables()

    def act(self, task: UserTask) -> None:
        """Someone does a task, in one of the ways that its form allows."""
        pick, values = self.dice.choice, dict[str, Any]()
        match task.element:
            case "manager_confirm":
                values = {"recipientLogin": pick(["lin.tao", "chen.bo"]), "talkWished": pick([True, False])}
            case "agree_date":
                values = {"decision": pick(["agreed", "statutory"])}
            case "certificate_review":
                values = {"verdict": pick(["correct", "again"])}
            case "finance_clearance":
                values = {"outcome": pick(["settled", "agreed"])}
            case "handover_list" | "proxy_handover" | "handover_review":
                run = runtime.Run.load(self.state, model(), self)
                status = pick(["confirmed", "confirmed", "returned"])
                values = {"items": [{**row, "status": status} for row in run.variables(task.token)["items"]]}
        self.turn(partial(complete, task.token, values))
        self.settle()

    def come_back(self, call: Call) -> None:
        """An agreement or a training comes to its end, in one of the ways that it may."""
        if call.element == "make_up":
            result = {"training": {"status": self.dice.choice(["passed", "waived", "ended"])}}
        else:
            status = self.dice.choice(["sealed", "sealed", "declined", "expired", "unlawful"])
            result = {"agreement": {"number": "XY-2026-000001", "status": status}}
        self.turn(lambda run: run.call_ended(call.token, result))
        self.settle()

    def hear(self, name: str) -> None:
        """A message comes, if anyone listens."""
        heard = [wait for wait in self.waiting(Subscription) if wait.name == name]
        assert len(heard) <= 1, f"{name} is listened for twice"
        if heard:
            assert heard[0].correlation_key == "OFF-2026-0001"
            self.turn(lambda run: run.trigger(heard[0].token, heard[0].index))
            self.settle()

    def step(self) -> None:
        kind, tasks, calls = self.dice.random(), self.waiting(UserTask), self.waiting(Call)
        if kind < 0.2 and calls:
            self.come_back(self.dice.choice(calls))
        elif kind < 0.6 and tasks:
            self.act(self.dice.choice(tasks))
        elif kind < 0.7:
            self.hear(self.dice.choice(["employee-absent", "employee-back", "finance-settled"]))
        else:
            self.wait_until(self.clock + timedelta(hours=self.dice.choice([1, 8, 24, 72])))

    def last_moment(self) -> datetime | None:
        plan = runtime.Run.load(self.state, model(), self).variables().get("plan")
        return datetime.fromisoformat(plan["freezeAt"]) if plan else None


def resignation(dice: random.Random) -> dict[str, Any]:
    consent = dice.random() < 0.3
    leaving = MONDAY.date() + timedelta(days=dice.choice([0, 3, 5, 30, 45]))
    return {
        "caseNumber": "OFF-2026-0001",
        "employee": {
            "no": "1003",
            "login": "zhang.yan",
            "name": "张岩",
            "family": dice.choice(["rnd", "sales", "admin", "other"]),
            "level": "middle",
            "inProbation": dice.random() < 0.2,
            "contractEndsOn": dice.choice([None, "2028-01-03"]),
        },
        "manager": {"login": "chen.bo", "name": "陈波"},
        "departmentHead": {"login": dice.choice(["zhao.lei", "zhang.yan"]), "name": "赵磊"},
        "reason": "growth",
        "leavingOn": leaving.isoformat(),
        "leavingType": "36" if consent else dice.choice(["37", "38"]),
        "mutualConsent": consent,
        "filedAt": MONDAY.isoformat(),
        "absent": False,
        "recipient": None,
    }


def walk(seed: int) -> Case:
    dice = random.Random(seed)
    case = Case(dice)
    case.start(resignation(dice))
    for _ in range(120):
        if case.ended:
            break
        case.step()
        over = None if case.ended else case.last_moment()
        assert case.certificates <= 1
        assert case.certificates == 1 or over is None or case.clock <= over, "the last day passed without a certificate"
    case.wait_until(AFTER_ALL)
    return case


@pytest.mark.requirement("F2")
@pytest.mark.requirement("F11")
@pytest.mark.requirement("F49")
@pytest.mark.parametrize("seed", range(WALKS))
def test_whatever_happens_one_certificate_is_issued_in_time_and_the_case_ends(seed: int) -> None:
    case = walk(seed)

    assert case.ended == "COMPLETED"
    assert case.certificates == 1
    assert case.work == {}


@pytest.mark.requirement("F2")
def test_the_walks_come_to_every_element() -> None:
    passed = set[str]().union(*(walk(seed).passed for seed in range(WALKS)))

    assert {name for name, element in model().elements.items() if element.type != "process"} - passed == set()
