"""Cases for the demo organisation, in every stage: played in the past up to this moment, through the product's doors.

The systems outside are in memory while the past is played, so that no letter of a story goes out. Each tale begins some
days ago and is told up to now; what comes due on the way happens at its own time.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from demo import organisation, staging
from demo.organisation import Cast
from demo.staging import Acts
from hr.agreements import texts
from hr.training import texts as courses
from kernel.clock import ManualClock
from processes.story.stage import tell
from tasks.house import House

ITEMS = {
    "items": '=for i in handover.items return context put(i, "content", "已说明，见路径")',
    "confirmedComplete": True,
}
CONFIRMED = {"items": '=for i in handover.items return context put(i, "status", "confirmed")'}
RETURNED = {
    "items": "=for i in handover.items return if i.key = handover.items[1].key then context merge([i, "
    '{status: "returned", comment: "缺少联系方式，请补充"}]) else context put(i, "status", "confirmed")'
}
SIGNED = {"agreed": True, "signature": "✍"}
CONFIRMATION = "handover-confirmation"


def play(house: House, today: date) -> list[str]:
    """Play every tale that today's people allow; the names of those that were told to their end.

    A tale that a particular day does not allow (a year whose holidays are not known, say) is told as far as it goes.
    """
    with house.database.transaction() as unit:
        texts.ship(unit, clock=house.clock)
        courses.ship(unit, clock=house.clock)
        cast = organisation.people_for_cases(unit, today)
    told = []
    for role in cast:
        tale = TALES.get(role.story)
        if tale is not None and _play(house, tale, role, today):
            told.append(role.story)
    return told


@dataclass(frozen=True, slots=True)
class Tale:
    """How many days ago it began, how many days after that the last day is, and what happened in between."""

    began: int
    notice: int
    acts: Callable[["Told"], Acts]
    systems: Callable[[Cast], dict[str, Any]] = lambda cast: {}


@dataclass(frozen=True, slots=True)
class Told:
    """Who plays, and when."""

    cast: Cast
    filed_on: date
    leaving_on: date
    reason: str

    def day(self, after: int, hour: int = 10) -> dict[str, Any]:
        """So many days after the filing, in local time."""
        moment = datetime.combine(self.filed_on + timedelta(days=after), time(hour))
        return {"at": moment.isoformat()}


def _play(house: House, tale: Tale, cast: Cast, today: date) -> bool:
    zone = ZoneInfo(house.settings.zone)
    filed_on = today - timedelta(days=tale.began)
    begins = datetime.combine(filed_on, time(9, 20), zone) if tale.began else house.clock.now() - timedelta(minutes=40)
    stage = staging.past(house, ManualClock(begins))
    with house.database.transaction() as unit:
        lent = organisation.things_of(unit, cast.employee.login)
    for system, known in {"assets": {cast.employee.login: lent}, **tale.systems(cast)}.items():
        tell(stage, system, known)
    reasons = ("pay", "overtime", "growth", "family", "study")
    told = Told(
        cast, filed_on, filed_on + timedelta(days=tale.notice), reasons[len(cast.employee.login) % len(reasons)]
    )
    return staging.tell(house, stage, cast.story, "offboarding", tale.acts(told))


# ---- what happens, in pieces that tales share ------------------------------------------------------------------------


def _filed(told: Told, **more: Any) -> Acts:
    values = {"reason": told.reason, "leavingOn": told.leaving_on.isoformat(), **more}
    return [{"start": told.cast.employee.login, "values": values}]


def _confirmed(told: Told, after: int = 0, hour: int = 14, **more: Any) -> Acts:
    values = {"recipientLogin": told.cast.recipient, "signature": "✍", **more}
    return [
        *_filed(told),
        told.day(after, hour),
        {"complete": "manager_confirm", "as": told.cast.manager, "values": values},
    ]


def _listed(told: Told) -> Acts:
    who = told.cast.employee.login
    focus = {"complete": "head_arrange", "values": {"handoverFocus": "在办事项与联系人，逐项当面说明"}}
    return [*_confirmed(told), told.day(1), focus, {"complete": "handover_list", "as": who, "values": ITEMS}]


def _reviewed(told: Told, values: dict[str, Any]) -> Acts:
    review = {"complete": "handover_review", "as": told.cast.recipient, "values": values}
    return [*_listed(told), told.day(1, 16), review]


def _signed(told: Told) -> Acts:
    return [
        *_reviewed(told, CONFIRMED),
        {"complete": "handover_sign_recipient", "as": told.cast.recipient, "values": SIGNED},
        {
            "complete": "handover_sign_employee",
            "as": told.cast.employee.login,
            "values": {**SIGNED, "satisfaction": "4"},
        },
    ]


def _confirmed_on_paper(told: Told) -> Acts:
    """The list is sealed, and the confirmation of it signed by both and by the company."""
    return [
        *_signed(told),
        told.day(2, 9),
        {"sign": told.cast.employee.login, "agreement": CONFIRMATION},
        {"sign": told.cast.recipient, "agreement": CONFIRMATION},
        {"seal": "hr-head", "agreement": CONFIRMATION},
    ]


def _hr_reviewed(told: Told) -> Acts:
    checked = {"paidUntil": f"{told.filed_on:%Y-%m}", "checked": True}
    values = {"socialInsurance": checked, "housingFund": checked, "fileChecked": True}
    return [{"complete": "hr_review", "as": "hr", "values": values}]


def _returned_things(told: Told) -> Acts:
    things = '=for a in assets return {tag: a.tag, status: "returned"}'
    return [{"complete": "asset_return", "as": "administration", "values": {"assets": things}}]


def _issued(told: Told) -> Acts:
    handed_over = _confirmed_on_paper if told.cast.story == "closed" else _signed  # each signature takes its time
    return [
        *handed_over(told),
        *_hr_reviewed(told),
        told.day(3),
        *_returned_things(told),
        {"complete": "certificate_review", "as": "hr", "values": {"verdict": "correct"}},
    ]


def _left(told: Told) -> Acts:
    last = told.leaving_on.isoformat()
    return [
        *_issued(told),
        {
            "complete": "it_accounts",
            "as": "it",
            "values": {"revoked": "=for a in access return a.system", "devicesChecked": True},
        },
        {"at": f"{last}T16:00:00"},
        {"complete": "final_pay", "as": "finance", "values": {"finalPay": {"paidOn": last, "inFull": True}}},
        {"complete": "insurance_stop", "as": "hr", "values": {"insuranceStop": {"socialOn": last, "fundOn": last}}},
    ]


def _closed(told: Told) -> Acts:
    on = (told.leaving_on + timedelta(days=6)).isoformat()
    moved = {"insuranceTransfer": {"fileOn": on, "socialOn": on}}
    return [*_left(told), {"at": f"{on}T11:00:00"}, {"complete": "insurance_transfer", "as": "hr", "values": moved}]


def _from_oa(told: Told) -> Acts:
    filing = {
        "employee": told.cast.employee.login,
        "reason": told.reason,
        "leaving_on": told.leaving_on.isoformat(),
        "external_id": f"OA-{told.filed_on:%Y%m%d}-17",
    }
    return [{"file": filing}]


def _absent(told: Told) -> Acts:
    return [
        *_confirmed(told),
        told.day(5),
        {"message": "employee-absent", "key": "=caseNumber", "variables": {"absentReason": "多次电话、短信联系未果"}},
    ]


def _owing(cast: Cast) -> dict[str, Any]:
    owed = [{"reference": "L-17", "kind": "loan", "title": "备用金借款", "amount": 3000, "since": "2026-08-01"}]
    return {"finance": {cast.employee.login: owed}}


def _selling(cast: Cast) -> dict[str, Any]:
    customers = [
        {"id": "C-1", "name": "华星制造", "contact": "郑女士 1000000 3344", "stage": "合同续签"},
        {"id": "C-2", "name": "远洋物流", "contact": "高先生 1000000 5566", "stage": "方案沟通"},
    ]
    rights = {"customers": customers, "orders": ["SO-7"], "roles": ["sales"]}
    return {"crm": {cast.employee.login: rights, cast.manager: {"customers": [], "orders": [], "roles": ["sales"]}}}


TALES: dict[str, Tale] = {
    "applied": Tale(0, 32, _filed),
    "waiting-for-manager": Tale(0, 35, _filed, _selling),
    "make-up-training": Tale(4, 33, _confirmed),
    "handover-list": Tale(2, 31, _confirmed, _selling),
    "handover-review": Tale(3, 31, _listed),
    "handover-returned": Tale(3, 34, lambda told: _reviewed(told, RETURNED), _selling),
    "handover-signing": Tale(4, 33, lambda told: _reviewed(told, CONFIRMED)),
    "finance-open": Tale(6, 35, _signed, _owing),
    "assets-open": Tale(9, 31, lambda told: [*_signed(told), *_hr_reviewed(told)]),
    "certificate-review": Tale(20, 31, lambda told: [*_signed(told), *_hr_reviewed(told), *_returned_things(told)]),
    "insurance": Tale(36, 31, _left),
    "closed": Tale(55, 31, _closed, _selling),
    "probation": Tale(1, 4, _confirmed),
    "absent": Tale(12, 31, _absent),
    "refuses-handover": Tale(18, 33, _confirmed, _selling),
    "last-day-with-open-nodes": Tale(32, 31, _confirmed),
    "from-oa": Tale(1, 31, _from_oa),
}
