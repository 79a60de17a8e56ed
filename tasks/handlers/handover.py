"""The handover list around its forms: begun from the role's template, fixed, reviewed and sealed (F7, F24, F39–F44).

The forms fill the variable `handover.items`; these jobs carry each act into the record in the name of who did it, and
give back what the record holds: its version, its content hash and every item's state.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from hr.documents.files import Stored
from hr.offboarding import cases, handover, seal
from hr.offboarding.handover import Decision, View
from hr.offboarding.items import Item
from kernel.actor import system
from kernel.clock import aware
from kernel.db import Unit
from tasks.handlers import doers
from tasks.handlers.operation import Job, World, records
from tasks.wire import Wire

LIST_FORM, REVIEW_FORM = "handover-list", "handover-review"
CUSTOMERS = "crm-customers"


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenOrder(Wire):
    """Which case, and the rows of the role's template: `key`, `title`, `kind`, `required`."""

    case_number: str
    handover_template: tuple[dict[str, Any], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """The variable `handover`, as far as these jobs read it."""

    items: tuple[dict[str, Any], ...] = ()
    decision: str | None = None
    remark: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Order(Wire):
    """Which case, and the list as the form left it."""

    case_number: str
    handover: Sheet = Sheet()


@dataclass(frozen=True, slots=True, kw_only=True)
class SubmitOrder(Order):
    """As `Order`. `absent` says that the process has gone on without the employee, so that others may act for her."""

    absent: bool | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer(Wire):
    """Sets the variable `handover`: `version`, `hash`, `items`, `decision`, `confirmed`."""

    handover: dict[str, Any]


@records(
    "handover.open",
    title=("生成交接清单", "Open the handover list"),
    help=(
        "按岗位模板（变量 handoverTemplate）生成交接清单；已生成的保持不变。",
        "Begins the list with the rows of the variable handoverTemplate. A list that is begun stays as it is.",
    ),
)
def open_list(order: OpenOrder, job: Job, unit: Unit, world: World) -> Answer:
    rows = [Item.of(row) for row in order.handover_template]
    return _answer(
        handover.open_list(unit, order.case_number, rows, clock=world.clock, actor=system(job.type)),
        order.handover_template,
    )


@records(
    "handover.submit",
    title=("固定清单版本", "Submit the handover list"),
    help=(
        "以填写人的名义提交清单：必填项为空则拒绝，固定版本并计算内容哈希；CRM 已移交的客户自动列入。",
        "Submits the list in the name of who filled it in, fixes its version and hash. Customers moved in CRM are "
        "added.",
    ),
)
def submit(order: SubmitOrder, job: Job, unit: Unit, world: World) -> Answer:
    doer = doers.required(unit, job, LIST_FORM)
    if order.absent is not None and order.absent != cases.find(unit, order.case_number).absent:
        cases.mark_absent(unit, order.case_number, order.absent, clock=world.clock, actor=system(job.type))
    rows = [Item.of(row) for row in order.handover.items] + _from_crm(unit, order, world.settings.zone)
    view = handover.submit(unit, order.case_number, rows, clock=world.clock, actor=doer)
    return _answer(view, order.handover.items)


def _from_crm(unit: Unit, order: Order, zone: str) -> list[Item]:
    """Who took over which customers and when, as CRM said it: one item of the list (F94)."""
    crm: Mapping[str, Any] = cases.find(unit, order.case_number).crm or {}
    taker = crm.get("transferredTo")
    if not taker or any(row.get("key") == CUSTOMERS for row in order.handover.items):
        return []
    lines = [f"{customer['name']}（{customer['id']}）{customer['contact']}".strip() for customer in crm["customers"]]
    at = aware(crm["transferredAt"]).astimezone(ZoneInfo(zone))
    head = f"接收人：{taker['name'] or taker['login']}；移交时间：{at:%Y-%m-%d %H:%M}"
    return [Item(key=CUSTOMERS, title="CRM 客户移交", kind="customer", content="\n".join([head, *lines]))]


@records(
    "handover.review",
    title=("记录核对结果", "Record the review"),
    help=(
        "以对接人的名义记录逐项核对：任一项退回，清单即退回补充；全部确认才可签字。",
        "Records the recipient's decision on each item. One item returned returns the list; only a confirmed one is "
        "signed.",
    ),
)
def review(order: Order, job: Job, unit: Unit, world: World) -> Answer:
    doer = doers.required(unit, job, REVIEW_FORM)
    before = handover.view(unit, order.case_number)
    reviewed = handover.review(
        unit, order.case_number, decisions(order.handover, before), clock=world.clock, actor=doer
    )
    decided = reviewed.variables()
    if decided["confirmed"]:
        return _answer(reviewed, order.handover.items)
    # The employee goes on with the next draft; what was decided stays with the version that it was decided on.
    return _answer(handover.view(unit, order.case_number), order.handover.items, decision=decided["decision"])


def decisions(sheet: Sheet, before: View) -> list[Decision]:
    """What the recipient decided on each item.

    An item is returned where its row says so. Where the whole is returned without naming an item, it is those with a
    new comment, else all of them, with the remark on the whole.
    """
    said = {comment.item_key: comment.text for comment in before.comments}
    rows = {str(row.get("key")): row for row in sheet.items}
    named = {key for key, row in rows.items() if row.get("status") == "returned"}
    if sheet.decision == "returned" and not named:
        commented = {key for key, row in rows.items() if row.get("comment") and row["comment"] != said.get(key)}
        named = commented or {item.key for item in before.items}
    return [_decision(item.key, rows.get(item.key, {}), item.key in named, sheet.remark, said) for item in before.items]


def _decision(
    key: str, row: Mapping[str, Any], returned: bool, remark: str | None, said: Mapping[str, str]
) -> Decision:
    comment = str(row.get("comment") or "")
    if returned:
        return Decision(key=key, confirmed=False, comment=comment or remark or "")
    return Decision(key=key, confirmed=True, comment="" if comment == said.get(key) else comment)


@dataclass(frozen=True, slots=True, kw_only=True)
class SealOrder(Wire):
    """Which case."""

    case_number: str


@records(
    "handover.seal",
    title=("封存交接清单", "Seal the handover list"),
    help=(
        "核对双方签字与内容哈希一致，排版为 PDF 并封存。双方的签字由签字表单提交时记录。",
        "Checks that both sides signed the very content, sets the list as PDF and closes it. Signatures are recorded "
        "when the signing forms are submitted.",
    ),
)
def seal_list(order: SealOrder, job: Job, unit: Unit, world: World) -> Answer:
    stored: Stored = seal.seal(
        unit,
        world.files,
        order.case_number,
        clock=world.clock,
        actor=system(job.type),
        organisation=world.settings.organisation,
        zone=world.settings.zone,
    )
    answer = _answer(handover.view(unit, order.case_number))
    answer.handover["pdf"] = stored.hash
    return answer


def _answer(view: View, rows: tuple[dict[str, Any], ...] = (), decision: str | None = None) -> Answer:
    """The list as a variable; hints of the template's rows go along for the form."""
    hints = {row.get("key"): row["hint"] for row in rows if row.get("hint")}
    answer = view.variables()
    answer["items"] = [
        {**item, "hint": hints[item["key"]]} if item["key"] in hints else item for item in answer["items"]
    ]
    if decision is not None:
        answer["decision"] = decision
    return Answer(handover=answer)
