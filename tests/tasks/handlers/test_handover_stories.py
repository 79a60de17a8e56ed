"""The handover through the real engine and worker: filled in, returned, supplemented, confirmed, signed, sealed."""

import json
from typing import Any

import pytest

from engine.commands import deploy, start, user_task
from engine.model import Resource
from engine.turn import Engine
from hr.offboarding import cases, dossier, handover, seal
from kernel.actor import Actor
from tasks import worker
from tasks.handlers import registry
from tasks.house import House
from tasks.ports import Asset, CrmRights, Customer

ZHANG = Actor(id="zhang", name="张晓雯", ip="10.1.2.3")
WU = Actor(id="wu", name="吴芳", ip="10.4.5.6")
CHEN = Actor(id="chen", name="陈涛", groups=frozenset({"hr"}))

STEPS = [
    ("open", "handover.open", None),
    ("fill", None, "handover-list"),
    ("submit", "handover.submit", None),
    ("check", None, "handover-review"),
    ("decide", "handover.review", None),
    ("things", None, "asset-return"),
    ("record_things", "assets.record", None),
    ("sign", None, "handover-sign"),
    ("close", "handover.seal", None),
]
TEMPLATE = [
    {
        "key": "customer-list",
        "title": "客户清单（含联系方式）",
        "kind": "customer",
        "required": True,
        "hint": "客户、联系人",
    },
    {"key": "open-projects", "title": "未完成项目进度", "kind": "work", "required": True, "hint": "项目、进度"},
]


def model() -> str:
    """The steps in a row; after the decision, back to filling in where the list was returned."""
    parts = [
        '<bpmn:startEvent id="begin"/>',
        '<bpmn:endEvent id="end"/>',
        '<bpmn:exclusiveGateway id="again" default="on"/>',
    ]
    for id_, job, form in STEPS:
        if job:
            inside, kind = f'<zeebe:taskDefinition type="{job}"/>', "serviceTask"
        else:
            inside, kind = f'<zeebe:userTask/><zeebe:formDefinition formId="{form}"/>', "userTask"
        parts.append(f'<bpmn:{kind} id="{id_}"><bpmn:extensionElements>{inside}</bpmn:extensionElements></bpmn:{kind}>')
    order = ["begin", *(id_ for id_, _, _ in STEPS), "end"]
    for source, target in zip(order, order[1:], strict=False):
        if source == "decide":
            parts.append('<bpmn:sequenceFlow id="f_decide" sourceRef="decide" targetRef="again"/>')
            parts.append(f'<bpmn:sequenceFlow id="on" sourceRef="again" targetRef="{target}"/>')
            parts.append(
                '<bpmn:sequenceFlow id="back" sourceRef="again" targetRef="fill"><bpmn:conditionExpression>'
                "=handover.confirmed = false</bpmn:conditionExpression></bpmn:sequenceFlow>"
            )
        else:
            parts.append(f'<bpmn:sequenceFlow id="f_{source}" sourceRef="{source}" targetRef="{target}"/>')
    return (
        '<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL"'
        ' xmlns:zeebe="http://camunda.org/schema/zeebe/1.0" targetNamespace="t" id="d">'
        f'<bpmn:process id="p" isExecutable="true">{"".join(parts)}</bpmn:process></bpmn:definitions>'
    )


class Story:
    """One instance of the drawing above on one case."""

    def __init__(self, desk, clock, number: str) -> None:
        engine = Engine(desk.database, clock)
        self.house = House(
            settings=desk.world.settings, database=desk.database, clock=clock, engine=engine, world=desk.world
        )
        self.number = number
        forms = {form for _, _, form in STEPS if form}
        files = [Resource("p.bpmn", model().encode())]
        files += [
            Resource(
                f"{form}.form",
                json.dumps({"type": "default", "id": form, "schemaVersion": 19, "components": []}).encode(),
            )
            for form in sorted(forms)
        ]
        unit = desk.database.once()
        deploy.deploy(engine, unit, files, CHEN)
        with desk.database.transaction() as inside:
            known = dossier.variables(inside, number)
        given = {**known, "handoverTemplate": TEMPLATE}
        self.instance = start.start(engine, unit, process_id="p", variables=given, actor=CHEN).instance_key
        worker.drain(self.house)

    def complete(self, element: str, actor: Actor, **variables: Any) -> None:
        """Complete the open task at an element, then let the worker do what follows."""
        unit = self.house.database.once()
        (key,) = unit.one(
            "select key from user_task where instance_key = %s and element = %s and state = 'CREATED'",
            (self.instance, element),
        )
        user_task.complete(self.house.engine, unit, key, variables=variables, actor=actor)
        worker.drain(self.house)

    def handover(self) -> dict[str, Any]:
        """The variable as the process has it."""
        (value,) = self.house.database.once().one(
            "select value from variable where instance_key = %s and name = 'handover'", (self.instance,)
        )
        found: dict[str, Any] = value
        return found

    def incident(self) -> str:
        row = self.house.database.once().one("select message from incident where instance_key = %s", (self.instance,))
        return row[0] if row else ""


@pytest.fixture
def story(desk, clock, number) -> Story:
    with desk.database.transaction() as unit:
        cases.name_recipient(unit, number, "wu", clock=clock, actor=CHEN)
    return Story(desk, clock, number)


def filled(rows: list[dict[str, Any]], **more: str) -> dict[str, Any]:
    content = {"customer-list": "华东智造", "open-projects": "九月续约", **more}
    return {"items": [{**row, "content": content.get(row["key"], row["content"])} for row in rows]}


@pytest.mark.requirement("F40")
def test_the_list_begins_with_the_roles_items_and_their_hints(story):
    items = story.handover()["items"]
    assert [(item["title"], item["required"], item["hint"]) for item in items] == [
        ("客户清单（含联系方式）", True, "客户、联系人"),
        ("未完成项目进度", True, "项目、进度"),
    ]


@pytest.mark.requirement("F42")
@pytest.mark.requirement("F7")
def test_a_list_is_returned_supplemented_confirmed_signed_and_sealed(story, desk, clock):
    story.complete("fill", ZHANG, handover=filled(story.handover()["items"]))
    rows = story.handover()["items"]
    lacking = "缺少XX客户的联系方式，请补充"
    returned = [{**row, "status": "returned" if row["key"] == "customer-list" else "confirmed"} for row in rows]
    returned[0]["comment"] = lacking
    story.complete("check", WU, handover={"items": returned})
    after = story.handover()
    assert (after["decision"], after["confirmed"], after["version"]) == ("returned", False, 2)
    assert after["items"][0]["comment"] == lacking

    story.complete("fill", ZHANG, handover=filled(after["items"], **{"customer-list": "华东智造，陈女士 138"}))
    rows = story.handover()["items"]
    story.complete("check", WU, handover={"items": [{**row, "status": "confirmed"} for row in rows]})
    assert story.handover()["confirmed"] is True

    story.complete("things", CHEN, assets=[])
    sign(story, desk, clock, "employee", ZHANG)
    sign(story, desk, clock, "recipient", WU)
    story.complete("sign", WU)
    assert story.incident() == ""
    sealed = story.handover()
    assert sealed["decision"] == "sealed"
    with desk.database.transaction() as unit:
        assert desk.world.files.read(unit, sealed["pdf"]).content.startswith(b"%PDF")
        history = [(row.event, row.actor, row.ip) for row in dossier.archive(unit, story.number).evidence]
    assert ("handover.submitted", "zhang", "10.1.2.3") in history
    assert ("handover.returned", "wu", "10.4.5.6") in history
    assert ("handover.confirmed", "wu", "10.4.5.6") in history


def sign(story: Story, desk, clock, side: str, actor: Actor) -> None:
    with desk.database.transaction() as unit:
        image = seal.keep_drawing(unit, desk.world.files, DRAWING, subject=story.number, actor=actor, clock=clock)
        shown = handover.view(unit, story.number).sheet.content_hash or ""
        seal.sign(unit, story.number, side, content_hash=shown, image_hash=image.hash, clock=clock, actor=actor)


DRAWING = (
    "data:image/svg+xml;base64,PHN2ZyB4bWxucz0iaHR0cDovL3d3dy53My5vcmcvMjAwMC9zdmciIHZpZXdCb3g9IjAgMCAzMDAgMTIwIiB3aWR0aD0i"
    "MzAwIiBoZWlnaHQ9IjEyMCI+PHBhdGggZD0iTSAxMCwxMCBDIDIwLDgwIDYwLDgwIDkwLDIwIiBzdHJva2Utd2lkdGg9IjIuMjUiIHN0cm9rZT0iYmxh"
    "Y2siIGZpbGw9Im5vbmUiIHN0cm9rZS1saW5lY2FwPSJyb3VuZCIvPjwvc3ZnPg=="
)


@pytest.mark.requirement("F24")
def test_a_handover_without_both_signatures_is_not_done(story, desk, clock):
    story.complete("fill", ZHANG, handover=filled(story.handover()["items"]))
    story.complete(
        "check", WU, handover={"items": [{**row, "status": "confirmed"} for row in story.handover()["items"]]}
    )
    story.complete("things", CHEN, assets=[])
    sign(story, desk, clock, "employee", ZHANG)
    story.complete("sign", ZHANG)
    assert "must have signed version" in story.incident()


@pytest.mark.requirement("F39")
def test_an_empty_required_item_stops_at_the_list_and_is_named(story):
    story.complete("fill", ZHANG, handover={"items": story.handover()["items"]})
    assert "“客户清单（含联系方式）” is required" in story.incident()


def test_nobody_reviews_in_the_place_of_who_takes_over(story):
    story.complete("fill", ZHANG, handover=filled(story.handover()["items"]))
    story.complete("check", CHEN, handover={"items": []})
    assert "Only the recipient" in story.incident()


@pytest.mark.requirement("F11")
def test_the_manager_hands_over_for_an_employee_who_is_absent(story, desk):
    story.complete("fill", Actor(id="li", name="李勇"), handover=filled(story.handover()["items"]), absent=True)
    assert story.incident() == ""
    assert desk.rows("select submitted_by, on_behalf from handover_list") == [("li", True)]


def test_the_manager_does_not_hand_over_for_an_employee_who_is_there(story):
    story.complete("fill", Actor(id="li", name="李勇"), handover=filled(story.handover()["items"]))
    assert "Only the leaver" in story.incident()


@pytest.mark.requirement("F94")
def test_customers_that_crm_moved_come_into_the_list_with_person_and_time(story, desk):
    customer = Customer(id="C-1", name="华东智造", contact="陈女士")
    desk.outside.crm.people["QM3"] = CrmRights(employee_no="QM3", customers=(customer,), roles=("contacts.read",))
    desk.do("crm.transfer", story.number, recipient={"login": "wu", "name": "吴芳"})
    story.complete("fill", ZHANG, handover=filled(story.handover()["items"]))
    item = story.handover()["items"][-1]
    assert item["kind"] == "customer"
    assert item["content"] == "接收人：吴芳；移交时间：2026-11-02 09:00\n华东智造（C-1）陈女士"


@pytest.mark.requirement("F45")
@pytest.mark.requirement("F98")
def test_what_administration_found_is_on_the_case_and_in_the_register(story, desk):
    things = (Asset(tag="A-1", kind="laptop", name="笔记本电脑"), Asset(tag="A-2", kind="key", name="钥匙"))
    desk.outside.assets.held["QM3"] = things
    held = desk.do("assets.list", story.number)["assets"]
    story.complete("fill", ZHANG, handover=filled(story.handover()["items"]))
    story.complete(
        "check", WU, handover={"items": [{**row, "status": "confirmed"} for row in story.handover()["items"]]}
    )
    found = [{**held[0], "status": "returned"}, {**held[1], "status": "cost", "costYuan": 50, "note": "遗失，按价赔偿"}]
    story.complete("things", CHEN, assets=found)
    assert story.incident() == ""
    rows = desk.rows("select tag, status, cost_cents, checked_by from asset_line order by tag")
    assert rows == [("A-1", "returned", 0, "chen"), ("A-2", "cost", 5000, "chen")]
    assert {tag: found.state for tag, found in desk.outside.assets.returns.items()} == {
        "A-1": "returned",
        "A-2": "returned",
    }


def test_a_review_that_returns_the_whole_returns_each_item_with_the_remark(story):
    story.complete("fill", ZHANG, handover=filled(story.handover()["items"]))
    answer = {"items": story.handover()["items"], "decision": "returned", "remark": "请补充附件"}
    story.complete("check", WU, handover=answer)
    assert [(item["comment"], item["status"]) for item in story.handover()["items"]] == [("请补充附件", "open")] * 2


def test_every_job_type_says_what_it_is_for_in_both_languages():
    for type_ in registry.types():
        handler = registry.find(type_)
        assert all((handler.title.zh, handler.title.en, handler.help.zh, handler.help.en)), type_
