"""Telling OA what became of a resignation that came from it (F91)."""

from dataclasses import dataclass, field
from typing import Any

from kernel.errors import Invalid
from kernel.text import say
from tasks.handlers.operation import Job, Label, Setting, World, handles
from tasks.handlers.subjects import Leaver
from tasks.ports import OaEvent
from tasks.wire import Wire


@dataclass(frozen=True, slots=True, kw_only=True)
class Order(Wire):
    """Which resignation. Header: `event`, such as `check-passed`, `check-failed`, `closed`."""

    case_number: str
    employee: Leaver
    external_id: str | None = None
    confidentiality: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Told(Wire):
    """Leaves no variable behind."""


@handles(
    "oa.report",
    title=("回传 OA", "Report to OA"),
    help=(
        "将核查结果或办理进度签名回传 OA；仅对由 OA 发起的离职申请生效，其余直接通过。",
        "Reports a result to OA, signed. Only for resignations that came from OA; for others it does nothing.",
    ),
    settings=(
        Setting(
            name="event",
            label=Label("事件", "Event"),
            help=Label("OA 用来识别办理进度的代码。", "The code by which OA knows how far the case is."),
            value="closed",
            placeholder="check",
        ),
    ),
)
def report(order: Order, job: Job, world: World) -> Told:
    event = job.headers.get("event", "")
    if not event:
        raise Invalid(
            say("Element {element} does not say what to report. Give it the header event.", element=job.element)
        )
    if world.oa is not None and order.external_id:
        world.oa.report(
            OaEvent(
                external_id=order.external_id,
                event=event,
                case_number=order.case_number,
                employee_no=order.employee.no,
                at=job.created_at,
                details={"confidentiality": order.confidentiality} if order.confidentiality else {},
            ),
            key=str(job.uuid),
        )
    return Told()
