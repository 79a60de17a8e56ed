"""What other systems send us: a resignation filed in OA, a settlement done in finance. Signed, and taken once."""

from datetime import date
from typing import Any

from fastapi import APIRouter, Request
from starlette.concurrency import run_in_threadpool

from api import deps
from api.access import EVERYBODY, may
from api.door import Door
from engine.commands import message
from hr.offboarding import notice
from hr.offboarding.cases import Filing
from hr.people import org
from hr.people.org import Person
from kernel.actor import Actor
from kernel.clock import SystemClock
from kernel.errors import NotFound
from kernel.text import say
from tasks.adapters import finance, oa
from tasks.house import House
from tasks.human import start
from tasks.ports import OaResignation

router = APIRouter(prefix="/api/hooks", route_class=Door, tags=["Hooks"])

# Who signs a message has the machine's time, whatever a trial makes of ours.
MACHINE = SystemClock()
DAY_SECONDS = 24 * 3600
OA = Actor(id="oa", kind="client", name="OA")


@router.post("/oa/resignations", name=may("api.hooks.oa", EVERYBODY), status_code=202)
async def resignation(request: Request) -> dict[str, Any]:
    """File a resignation that OA took, once per external id. The message proves itself by its signature."""
    body = await request.body()
    return await run_in_threadpool(_file, deps.house(request), dict(request.headers), body)


def lawful(house: House, taken: OaResignation, person: Person) -> date:
    """The day that was asked for, or the earliest lawful one: the notice is valid even where its day is too early.

    A resignation takes effect when its notice has run (LCL 37), so a day before that is read as that day.
    """
    filed_on = start.policy(house).day_of(taken.filed_at)
    return max(taken.leaving_on, notice.earliest_last_day(filed_on, person.in_probation(filed_on)))


def _file(house: House, headers: dict[str, str], body: bytes) -> dict[str, Any]:
    taken = oa.receive(house.settings.oa_secret, headers, body, MACHINE.now())
    with house.database.transaction() as unit:
        row = unit.one("select login from employee where no = %s", (taken.employee_no,))
        person = org.person(unit, row[0]) if row else None
        if person is None:
            raise NotFound(say("There is no employee with the number {no}. Correct it in OA.", no=taken.employee_no))
        filing = Filing(
            employee=person.login,
            reason=taken.reason,
            reason_text=taken.reason_text,
            leaving_on=lawful(house, taken, person),
            channel="oa",
            external_id=taken.external_id,
            filed_at=taken.filed_at,
        )
        case = start.file(house, unit, filing, OA)
    return {"caseNumber": case.number, "externalId": taken.external_id}


FINANCE = Actor(id="finance-system", kind="client", name="Finance")


@router.post("/finance/settlements", name=may("api.hooks.finance", EVERYBODY), status_code=202)
async def settlement(request: Request) -> dict[str, Any]:
    """Finance has settled everything with a person: the clearance of the open case closes by itself (domain F96)."""
    body = await request.body()
    return await run_in_threadpool(_settle, deps.house(request), dict(request.headers), body)


def _settle(house: House, headers: dict[str, str], body: bytes) -> dict[str, Any]:
    taken = finance.receive(house.settings.finance_token, headers, body, MACHINE.now())
    with house.database.transaction() as unit:
        row = unit.one(
            "select c.number from offboarding_case c join employee e on e.login = c.employee"
            " where e.no = %s and c.status = 'open'",
            (taken.employee_no,),
        )
        if row is None:
            raise NotFound(say("The employee {no} has no open case; nothing waits for this.", no=taken.employee_no))
        message.publish(
            house.engine,
            unit,
            "finance-settled",
            row[0],
            variables={"settledAt": taken.settled_at.isoformat()},
            message_id=f"finance/{taken.employee_no}/{taken.settled_at.isoformat()}",
            ttl_s=DAY_SECONDS,
            actor=FINANCE,
        )
    return {"caseNumber": row[0]}
