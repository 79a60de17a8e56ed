"""Completion of training for HR: by department, course and month, and training by training; a table to take along."""

import csv
import io
from collections.abc import Iterator
from datetime import date
from urllib.parse import urlencode

from fastapi import APIRouter, Request, Response

from api import deps
from api.access import HR, STAFF, may
from api.door import Door
from api.pages import render
from api.pages.training import chart
from hr.people import org
from kernel.errors import Invalid
from kernel.text import Text, say
from tasks.human.training import views, waivers
from tasks.human.training.views import TrainingRow, Wanted

router = APIRouter(route_class=Door)

TABS: tuple[tuple[str, Text], ...] = (("", say("All")), *views.STATES.items())
HEADS = (
    say("Number"),
    say("Staff number"),
    say("Employee"),
    say("Department"),
    say("Course"),
    say("Why it was assigned"),
    say("State"),
    say("Assigned"),
    say("Due"),
    say("Ended"),
    say("Score"),
    say("Certificate"),
    say("Valid until"),
    say("Ended by"),
    say("Why it ended"),
)
BOM = "\ufeff"  # Excel reads UTF-8 by it
FORMULA = ("=", "+", "-", "@", "\t", "\r")  # what a table of Excel would carry out


@router.get("/training", name=may("pages.training", STAFF))
def show(
    request: Request,
    department: str = "",
    course: str = "",
    since: str = "",
    until: str = "",
    state: str = "",
    q: str = "",
    page: int = 1,
    waived: str = "",
) -> Response:
    """The whole page; for a script, which asks when a filter changes, what stands below the filters alone.

    `waived` is the number of a training that was waived just now: its line is marked.
    """
    house, actor = deps.house(request), deps.actor(request)
    wanted = _wanted(department, course, since, until, state, q)
    with house.database.transaction() as unit:
        found = views.completion(house, unit, actor, wanted)
        rows = views.trainings(house, unit, actor, wanted, page)
        return render.page(
            request,
            unit,
            "training-body.html" if render.by_htmx(request) else "training-completion.html",
            here="training",
            wanted=wanted,
            found=found,
            chart=chart.of(found.months),
            rows=rows,
            waivable={row.number for row in rows.rows if not row.ended_at and waivers.may(actor, row.person.login)},
            waived=waived,
            tabs=TABS,
            states=views.STATES,
            query=urlencode(_given(wanted)),
            departments=org.departments(unit, "", 1000),
            courses=unit.all("select slug, title from course order by title, slug"),
            hr=actor.has(*HR),
        )


@router.get("/training/table.csv", name=may("pages.training.table", STAFF))
def table(
    request: Request,
    department: str = "",
    course: str = "",
    since: str = "",
    until: str = "",
    state: str = "",
    q: str = "",
) -> Response:
    """Every training that is asked for, a line each."""
    house, actor = deps.house(request), deps.actor(request)
    with house.database.transaction() as unit:
        rows = views.every(house, unit, actor, _wanted(department, course, since, until, state, q))
    tongue, out = render.tongue(request), io.StringIO()
    lines = csv.writer(out)
    lines.writerow([tongue.show(head) for head in HEADS])
    lines.writerows([_safe(value) for value in _line(row, tongue)] for row in rows)
    headers = {"Content-Disposition": 'attachment; filename="training.csv"', "Cache-Control": "no-store"}
    return Response((BOM + out.getvalue()).encode(), media_type="text/csv; charset=utf-8", headers=headers)


def _line(row: TrainingRow, tongue: render.Tongue) -> Iterator[str]:
    yield from (row.number, row.no, row.person.name, row.person.department, row.title)
    yield from (tongue.show(row.reason), tongue.show(views.STATES[row.state]))
    for at in (row.assigned_at, row.due_at, row.ended_at):
        yield f"{at.astimezone(tongue.zone):%Y-%m-%d %H:%M}" if at else ""
    yield "" if row.score is None else str(row.score)
    yield row.certificate or ""
    yield row.valid_until.isoformat() if row.valid_until else ""
    yield from (row.ended_by if row.ended_reason else "", row.ended_reason)


def _safe(value: str) -> str:
    """A cell that no program takes for a formula."""
    return f"'{value}" if value.startswith(FORMULA) else value


def _wanted(department: str, course: str, since: str, until: str, state: str, q: str) -> Wanted:
    return Wanted(
        department=department[:100],
        course=course[:100],
        since=_day(since),
        until=_day(until),
        state=state if state in views.STATES else "",
        text=q[:100],
    )


def _day(text: str) -> date | None:
    """A day of a filter. Raises Invalid for what is none."""
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        raise Invalid(say("{text} is no day. Write it as 2026-11-02.", text=text[:20])) from None


def _given(wanted: Wanted) -> dict[str, str]:
    """The filters as a query, without state, text and page."""
    given = {
        "department": wanted.department,
        "course": wanted.course,
        "since": wanted.since.isoformat() if wanted.since else "",
        "until": wanted.until.isoformat() if wanted.until else "",
    }
    return {name: value for name, value in given.items() if value}
