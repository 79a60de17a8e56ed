"""Starting a process by hand: which ones, its form, and filing a resignation with its case (domain F1, F14)."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Any

from engine.commands import start as engine_start
from engine.definitions import Loaded
from engine.model import Reference
from forms import load, prepare
from forms.model import Form
from hr.offboarding import cases, clocks, dossier, notice
from hr.offboarding.cases import Filing
from hr.offboarding.tables import Case
from hr.people import org
from hr.people.org import Person
from kernel.actor import Actor
from kernel.db import Unit
from kernel.errors import Forbidden, NotFound
from kernel.text import Text, say
from tasks.house import House
from tasks.human import inbox
from tasks.human.facts import REASONS
from tasks.human.forms import Files, check, local
from tasks.human.views import Fact, FormView, Startable, StartView, Submitted

OFFBOARDING = "offboarding"
FROM_OA = "oa_application_received"


def startables(unit: Unit, actor: Actor) -> tuple[Startable, ...]:
    """The processes that the reader may start by hand. Only employees resign."""
    if org.person(unit, actor.id) is None:
        return ()
    found = unit.all(
        "select d.id, d.name, d.version from definition d where d.kind = 'process' and d.id = %s"
        " and d.withdrawn_at is null order by d.version desc limit 1",
        (OFFBOARDING,),
    )
    return tuple(Startable(process_id=id, name=name, version=version) for id, name, version in found)


def open_start(house: House, unit: Unit, actor: Actor, process_id: str) -> StartView:
    """The start form, with what the applicant should know. Raises NotFound, or Forbidden for who is no employee."""
    person, process, form = _door(house, unit, actor, process_id)
    context = application(house, unit, person)
    data = prepare.prepare(form, context, local(house)) if form else {}
    facts = (
        Fact(say("Contract ends"), person.contract_ends_on or say("Open-ended")),
        Fact(say("Notice period"), say("{days} calendar days", days=context["notice"]["days"])),
        Fact(say("Earliest lawful last day"), date.fromisoformat(context["earliestDate"])),
        Fact(say("Legal basis"), Text(context["notice"]["article"])),
    )
    return StartView(
        process=Startable(process_id=process.id, name=process.name, version=process.version),
        form=FormView(id=form.id, schema=form.schema, data=data) if form else None,
        facts=facts,
    )


def start(house: House, unit: Unit, actor: Actor, process_id: str, data: Mapping[str, Any], files: Files) -> Submitted:
    """File a resignation: the form is checked, the case opened, the process started, all in one transaction.

    Raises FormRejected with sentences by component; Invalid, naming the article, for a day that the law does not allow;
    Conflict while another case of the person is open.
    """
    person, _, form = _door(house, unit, actor, process_id)
    context = application(house, unit, person)
    values = dict(data)
    if form is not None:
        subject = f"application/{person.login}"
        values = check(house, unit, form, data, files, context=context, actor=actor, subject=subject)
    filing = Filing(
        employee=person.login,
        reason=values["reason"],
        reason_text=values.get("reasonText") or "",
        leaving_on=date.fromisoformat(values["leavingOn"]),
        mutual_consent=bool(values.get("mutualConsent")),
    )
    case = file(house, unit, filing, actor, extra=values)
    return Submitted(
        sentence=say("Your resignation is filed under {number}.", number=case.number),
        case_number=case.number,
        instance_key=case.instance_key,
        next_task=inbox.next_task(unit, actor, case.instance_key or 0),
    )


def file(house: House, unit: Unit, filing: Filing, actor: Actor, extra: Mapping[str, Any] | None = None) -> Case:
    """Open the case and start the process on it. The same external id gives the case that is there already."""
    case = cases.file(unit, filing, clock=house.clock, actor=actor, policy=policy(house))
    if case.instance_key is None:
        started = engine_start.start(
            house.engine,
            unit,
            process_id=OFFBOARDING,
            variables={**(extra or {}), **dossier.variables(unit, case.number)},
            start_element=FROM_OA if case.channel == "oa" else None,
            actor=actor,
            business_id=case.number,
        )
        cases.link(unit, case.number, started.instance_key)
    return case


def application(house: House, unit: Unit, person: Person) -> dict[str, Any]:
    """What the application form starts on: the person, the contract, and the earliest day that the law allows."""
    today = house.today()
    in_probation = person.in_probation(today)
    ground = notice.GROUNDS[notice.resignation(in_probation)]
    earliest = notice.earliest_last_day(today, in_probation)
    head = org.manager_of(unit, person.login)
    return {
        "employee": {
            "no": person.no,
            "login": person.login,
            "name": person.name,
            "department": person.department_name,
            "position": person.position,
            "inProbation": in_probation,
        },
        "manager": {"login": head.login, "name": head.name} if head else None,
        "contractEndsOn": person.contract_ends_on.isoformat() if person.contract_ends_on else None,
        "inProbation": in_probation,
        "today": today.isoformat(),
        "earliestDate": earliest.isoformat(),
        "notice": {"days": ground.days, "article": str(ground.article), "statutoryLastDay": earliest.isoformat()},
        "reasons": [{"value": code, "label": label.within(house.settings.language)} for code, label in REASONS.items()],
    }


def policy(house: House) -> clocks.Policy:
    """The organisation's time limits, in its zone."""
    return replace(clocks.DEFAULT, zone=house.settings.zone)


def _door(house: House, unit: Unit, actor: Actor, process_id: str) -> tuple[Person, Loaded, Form | None]:
    if process_id != OFFBOARDING:
        raise NotFound(say("{process} is not started by hand.", process=process_id))
    person = org.person(unit, actor.id)
    if person is None:
        raise Forbidden(say("{who} is no employee, so there is nothing to resign from.", who=actor.id))
    process = house.engine.definitions.latest(unit, process_id)
    wanted = next((s.form for s in process.model.starts if s.form is not None), None)
    return person, process, _form(house, unit, wanted, process)


def _form(house: House, unit: Unit, wanted: Reference | None, process: Loaded) -> Form | None:
    if wanted is None:
        return None
    deployed = house.engine.definitions.bound(unit, "form", wanted, process.deployment_key)
    return load.load(deployed.content, deployed.resource_name)
