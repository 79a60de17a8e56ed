"""One task: everything needed to decide it, and taking it, giving it back, handing it on."""

from typing import Any

from engine.commands import user_task
from engine.definitions import Loaded
from forms import load, prepare, render
from hr.people import org
from kernel.actor import Actor
from kernel.db import Unit
from kernel.errors import Forbidden, NotFound
from kernel.text import Text, say
from tasks.house import House
from tasks.human import access, alone, conversation, facts, files, find, progress
from tasks.human.forms import local
from tasks.human.signing import turns as signing_turns
from tasks.human.training import turns as training_turns
from tasks.human.views import Abilities, FormView, Person, TaskView

FILES = "/files/"  # where the pages give a stored file out, by its hash


def open_task(house: House, unit: Unit, actor: Actor, key: int, language: str) -> TaskView:
    """The task as this reader sees it: to fill in, or as a record in their language. Raises NotFound."""
    found = find.task(house.engine, unit, actor, key)
    task, instance = found.task, found.instance
    process = house.engine.definitions.get(unit, instance.definition_key)
    is_open = task.state == "CREATED"
    signing = signing_turns.agreement_of(unit, key) if is_open else ""
    learning = training_turns.enrolment_of(unit, key) if is_open else ""
    own = bool(signing or learning)
    may = Abilities(
        complete=is_open and not own and access.may_complete(actor, task),
        claim=is_open and access.may_claim(actor, task),
        release=is_open and task.assignee == actor.id and bool(task.candidate_groups or task.candidate_users),
        assign=is_open and not own and actor.has(*access.ASSIGNERS),
        comment=access.may_see_case(unit, actor, instance.root_key),
    )
    created, form_key = unit.one("select created_at, form_key from user_task where key = %s", (key,))
    work = progress.work(house.engine, unit, instance.root_key)
    names = progress.people(unit, work)
    head = facts.header(unit, instance.root_key)
    ending = next((known.ending for known in work if known.key == key), None)
    view, record = _form(house, unit, None if own else form_key, found.visible, None if may.complete else language)
    return TaskView(
        key=key,
        name=task.name,
        process=process.name,
        version=process.version,
        instance_key=instance.root_key,
        created_at=created,
        may=may,
        subject=head.subject,
        case_number=head.number,
        due_at=task.due_at,
        completed_at=task.ended_at if task.state == "COMPLETED" else None,
        assignee=_person(names, task.assignee),
        completed_by=_person(names, task.ended_by) if task.state == "COMPLETED" else None,
        ended_at=task.ended_at if task.state == "CANCELED" else None,
        ended=ending.sentence if ending else None,
        undone=ending is not None and ending.undone,
        groups=tuple(task.candidate_groups),
        facts=facts.of_case(head),
        form=view,
        signing=signing if access.may_complete(actor, task) else "",
        learning=learning if access.may_complete(actor, task) else "",
        record=record,
        stages=progress.stages(work, names, actor, house.clock.now(), head.by_system, head.ended is not None),
        files=files.of_case(unit, actor, head.number),
        comments=conversation.thread(unit, actor, instance.root_key),
    )


def _form(
    house: House, unit: Unit, form_key: int | None, visible: dict[str, Any], language: str | None
) -> tuple[FormView | None, str]:
    """The form to fill in, or its read-only HTML in `language` where one is given."""
    if form_key is None:
        return None, ""
    deployed: Loaded = house.engine.definitions.get(unit, form_key)
    form = load.load(deployed.content, deployed.resource_name)
    if language is not None:
        return None, render.render(form, visible, language, file_url=FILES)
    return FormView(id=form.id, schema=form.schema, data=prepare.prepare(form, visible, local(house))), ""


def _person(names: dict[str, str], login: str | None) -> Person | None:
    return Person(login=login, name=names.get(login, login)) if login else None


def claim(house: House, unit: Unit, actor: Actor, key: int) -> None:
    """Take a task that is offered to a group of the actor."""
    found = find.task(house.engine, unit, actor, key)
    if found.task.assignee is None and not access.is_candidate(actor, found.task):
        raise Forbidden(say("The task {name} is not offered to you.", name=Text(found.task.name)))
    user_task.claim(house.engine, unit, key, actor=actor)


def release(house: House, unit: Unit, actor: Actor, key: int) -> None:
    """Give a task back to its group."""
    found = find.task(house.engine, unit, actor, key)
    if found.task.assignee != actor.id and not actor.has(*access.ASSIGNERS):
        raise Forbidden(say("The task {name} is not with you.", name=Text(found.task.name)))
    alone.refuse_giving_back(unit, key)
    user_task.unclaim(house.engine, unit, key, actor=actor)


def assign(house: House, unit: Unit, actor: Actor, key: int, login: str) -> None:
    """Hand a task to someone else: HR and administrators only."""
    found = find.task(house.engine, unit, actor, key)
    if not actor.has(*access.ASSIGNERS):
        raise Forbidden(say("Only HR hands the task {name} on.", name=Text(found.task.name)))
    alone.refuse_handing_on(unit, key)
    if org.person(unit, login) is None:
        raise NotFound(say("There is no colleague with the login {login}.", login=login))
    user_task.assign(house.engine, unit, key, login, actor=actor)
