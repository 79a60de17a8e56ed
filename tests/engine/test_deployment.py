"""Files are deployed together, all or none; the same content makes no new version."""

import json
from concurrent.futures import ThreadPoolExecutor

import pytest

from engine import queries
from engine.commands import deploy, start
from engine.model import ModelRefused, Problem, Reference, Resource
from engine.queries import Condition
from engine.turn import Engine
from kernel.errors import Invalid, NotFound
from kernel.text import say
from tests.engine.house import ZHANG, House
from tests.engine.spiff.drawing import ENDS, extend, process, tag, user

DMN = """<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" id="d" name="d" namespace="n">
  <decision id="notice" name="notice"><decisionTable id="t" hitPolicy="UNIQUE">
    <input id="i"><inputExpression id="ie" typeRef="boolean"><text>inProbation</text></inputExpression></input>
    <output id="o" name="days" typeRef="number"/>
    <rule id="r1"><inputEntry id="a"><text>true</text></inputEntry>
      <outputEntry id="b"><text>3</text></outputEntry></rule>
    <rule id="r2"><inputEntry id="c"><text>false</text></inputEntry>
      <outputEntry id="f"><text>DAYS</text></outputEntry></rule>
  </decisionTable></decision></definitions>"""


def notice(days: str = "30") -> tuple[str, str]:
    return "notice.dmn", DMN.replace("DAYS", days)


def form(label: str = "Reason", id: str = "talk") -> tuple[str, str]:
    field = {"type": "textfield", "key": "reason", "label": label, "id": "f"}
    return f"{id}.form", json.dumps({"id": id, "type": "default", "schemaVersion": 19, "components": [field]})


def decides(binding: str = "latest") -> tuple[str, str]:
    called = tag("calledDecision", decisionId="notice", resultVariable="days", bindingType=binding)
    return "p.bpmn", process(
        ENDS + f'<businessRuleTask id="r">{extend(called)}</businessRuleTask>' + user("a"), "s r a e"
    )


def asks(binding: str = "latest") -> tuple[str, str]:
    shown = tag("formDefinition", formId="talk", bindingType=binding)
    return "p.bpmn", process(ENDS + user("a", extend(tag("userTask"), shown)), "s a e")


def versions(deployment: deploy.Deployment) -> list[tuple[str, str, int, bool]]:
    return [(d.kind, d.id, d.version, d.new) for d in deployment.definitions]


def test_the_same_bytes_make_no_new_version(house: House) -> None:
    first = house.deploy(decides(), notice(), form())
    assert versions(first) == [("process", "p", 1, True), ("decision", "notice", 1, True), ("form", "talk", 1, True)]
    again = house.deploy(decides(), notice(), form("Why"))
    assert versions(again) == [("process", "p", 1, False), ("decision", "notice", 1, False), ("form", "talk", 2, True)]
    assert [d.key for d in again.definitions[:2]] == [d.key for d in first.definitions[:2]]
    assert queries.content(house.unit, first.definitions[1].key).decode() == notice()[1]


@pytest.mark.requirement("F25")
def test_running_cases_stay_on_their_version(house: House) -> None:
    house.deploy(process(ENDS + user("a"), "s a e"))
    old = house.start()
    house.deploy(process(ENDS + user("a non_compete"), "s a non_compete e"))
    new = house.start()
    assert (old.version, new.version) == (1, 2)
    assert house.done(old.instance_key, "a").ended == "COMPLETED"
    assert house.done(new.instance_key, "a").ended is None
    third = start.start(house.engine, house.unit, process_id="p", version=1, actor=ZHANG)
    assert third.version == 1


def test_another_node_hears_of_a_new_version(house: House) -> None:
    house.deploy(process(ENDS + user("a"), "s a e"))
    house.start()
    other = Engine(house.database, house.clock)
    drawn = process(ENDS + user("b"), "s b e").encode()
    deploy.deploy(other, house.unit, [Resource("p.bpmn", drawn)], ZHANG)
    assert house.start().version == 2


def test_a_decision_answers_and_leaves_its_trace(house: House) -> None:
    house.deploy(decides(), notice())
    case = house.start(inProbation=False).instance_key
    assert queries.variables(house.unit, case)["days"] == 30
    (entry,) = [e for e in queries.history(house.unit, case) if e.kind == "DECISION_EVALUATED"]
    told = entry.data.get("trace", entry.data)
    assert (told["decision"], told["version"], told["output"]) == ("notice", 1, 30)
    assert told["evaluated"][0]["matchedRules"][0]["ruleId"] == "r2"


def test_latest_follows_and_deployment_stays(house: House) -> None:
    house.deploy(decides("latest"), notice())
    house.deploy(notice("45"))
    assert queries.variables(house.unit, house.start(inProbation=False).instance_key)["days"] == 45

    house.deploy(decides("deployment"), notice("45"))
    house.deploy(notice("60"))
    assert queries.variables(house.unit, house.start(inProbation=False).instance_key)["days"] == 45
    changed = house.deploy(decides("deployment"), notice("60"))
    assert versions(changed)[0] == ("process", "p", 3, True), "what it is bound to changed, so it is a new version"
    assert queries.variables(house.unit, house.start(inProbation=False).instance_key)["days"] == 60


@pytest.mark.parametrize("binding", ["latest", "deployment"])
def test_a_task_gets_its_form(house: House, binding: str) -> None:
    deployed = house.deploy(asks(binding), form())
    house.deploy(form("Why"))
    task = queries.user_task(house.unit, house.task(house.start().instance_key, "a"))
    expected = queries.definitions(house.unit, [Condition("kind", "form"), Condition("latest", True)]).items[0].key
    assert task.form_key == (expected if binding == "latest" else deployed.definitions[1].key)
    reference = Reference(id="talk", binding="latest")
    key, content = queries.form(house.unit, house.engine.definitions, reference, task.definition_key)
    assert (key, b"Why" in content) == (expected, True)


def test_a_decision_that_is_missing_is_an_incident(house: House) -> None:
    house.deploy(decides())
    case = house.start(inProbation=True).instance_key
    found = queries.incident(house.unit, house.incident(case, "r"))
    assert "There is no decision notice" in found.message


def test_all_problems_are_told_and_nothing_is_kept(house: House) -> None:
    def check(resource: Resource) -> list[Problem]:
        return [Problem(file=resource.name, element="f", rule="form.label", sentence=say("The label is empty."))]

    house.engine.form_check = check
    broken = process(ENDS + user("a"), "s a")
    with pytest.raises(ModelRefused) as refused:
        house.deploy(("a.bpmn", broken), ("b.bpmn", "<nonsense/>"), form(), notice("then"))
    assert {problem.file for problem in refused.value.problems} >= {"b.bpmn", "talk.form", "notice.dmn"}
    assert house.unit.one("select count(*) from deployment") == (0,)


@pytest.mark.parametrize(
    ("file", "said"),
    [(("a.txt", ""), "no .bpmn, .dmn or .form"), (("a.form", "[]"), "is no form"), (("a.dmn", "x"), "as DMN")],
)
def test_other_files_are_refused_by_name(house: House, file: tuple[str, str], said: str) -> None:
    with pytest.raises(ModelRefused, match=said):
        house.deploy(file)


def test_what_is_in_two_files_is_refused(house: House) -> None:
    one = process(ENDS + user("a"), "s a e")
    with pytest.raises(ModelRefused, match="process p is in m0.bpmn and in m1.bpmn"):
        house.deploy(one, one)
    with pytest.raises(Invalid, match="no tenant other"):
        deploy.deploy(house.engine, house.unit, [Resource("p.bpmn", one.encode())], ZHANG, tenant="other")


def test_deployments_at_once_count_without_gaps(house: House) -> None:
    def go(n: int) -> None:
        drawn = process(ENDS + user(f"a{n}"), f"s a{n} e").encode()
        engine = Engine(house.database, house.clock)
        deploy.deploy(engine, house.database.once(), [Resource("p.bpmn", drawn)], ZHANG)

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(go, range(8)))
    assert house.unit.all("select version from definition order by version") == [(n,) for n in range(1, 9)]


def test_unknown_processes_are_refused_by_a_sentence(house: House) -> None:
    form_key = house.deploy(form()).definitions[0].key
    with pytest.raises(NotFound, match="There is no process nothing"):
        house.start("nothing")
    with pytest.raises(NotFound, match="no definition 4711"):
        start.start(house.engine, house.unit, definition_key=4711, actor=ZHANG)
    with pytest.raises(NotFound, match="key of a form, not of a process"):
        start.start(house.engine, house.unit, definition_key=form_key, actor=ZHANG)
    house.deploy(process(ENDS + user("a"), "s a e"))
    with pytest.raises(NotFound, match="has no version 9"):
        start.start(house.engine, house.unit, process_id="p", version=9, actor=ZHANG)


def test_what_an_earlier_release_accepted_runs_on(house: House) -> None:
    """A model that this release would refuse to deploy is not taken from the cases that run on it."""
    drawn = process(ENDS + user("a"), "s a e")
    house.deploy(drawn)
    case = house.start().instance_key
    stale = drawn.replace('<userTask id="a"', '<userTask id="b" startQuantity="200"/><userTask id="a"')
    assert stale != drawn
    house.unit.run("update resource set content = %s", (stale.encode(),))
    house.engine = Engine(house.database, house.clock)
    house.done(case, "a")
    assert house.state(case) == "COMPLETED"
