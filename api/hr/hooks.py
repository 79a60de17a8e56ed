"""What other systems send us: a resignation filed in OA, a settlement done in finance. Signed, and taken once."""

from datetime import date
from typing import Any

from fastapi import APIRouter, Request
from starlette.concurrency import run_in_threadpool

from api import deps
from api.access import EVERYBODY, may
from api.door import Door
from hr.offboarding import notice
from hr.offboarding.cases import Filing
from hr.people import org
from hr.people.org import Person
from kernel.actor import Actor
from kernel.errors import NotFound
from kernel.text import say
from tasks.adapters import oa
from tasks.house import House
from tasks.human import start
from tasks.ports import OaResignation

router = APIRouter(prefix="/api/hooks", route_class=Door, tags=["Hooks"])

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
    taken = oa.receive(house.settings.oa_secret, headers, body, house.clock.now())
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
