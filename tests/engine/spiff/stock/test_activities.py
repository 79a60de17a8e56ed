"""Activities: what the library does, and what ours does with the same drawing."""

import pytest
from SpiffWorkflow.spiff.parser import SpiffBpmnParser

import feel
from engine.model import ModelRefused
from tests.engine.spiff.drawing import ENDS, many, process, script, tags, user
from tests.engine.spiff.play import Play
from tests.engine.spiff.stock.library import Stock, fault


def ours(xml: str, **variables: object) -> Play:
    return Play(xml, stepped=False, **variables)


def played(xml: str, **variables: object) -> None:
    stock = Stock(xml, **variables)
    while stock.open:
        stock.do(stock.open[0], r=1)


@fault("manual")
def test_a_manual_task_and_a_task_of_no_kind():
    xml = process(ENDS + '<task id="t"/><manualTask id="m"/>', "s t m e")
    assert Stock(xml).open == ["t"]
    assert ours(xml).ended


@fault("script")
def test_a_script_reaches_the_machine():
    python = '<scriptTask id="x"><script>import os\nhere = os.getcwd()</script></scriptTask>'
    stock = Stock(process(ENDS + python + user("a"), "s x a e"))
    assert stock.ready("a").data["here"].startswith("/")
    with pytest.raises(ModelRefused):
        ours(process(ENDS + python + user("a"), "s x a e"))
    story = ours(process(ENDS + script("x", "=os.getcwd()", "here"), "s x e"))
    assert "/" not in str(story.variables.get("here"))


@fault("complex")
def test_what_is_not_supported_is_ignored_where_nothing_leads_to_it():
    xml = process(ENDS + tags("choreographyTask", "c") + user("a"), "s a e")
    assert Stock(xml).open == ["a"]
    with pytest.raises(ModelRefused):
        ours(xml)


@fault("ad-hoc")
def test_an_ad_hoc_sub_process():
    until = "<completionCondition>=done</completionCondition>"
    xml = process(ENDS + f'<adHocSubProcess id="h">{user("a b")}{until}</adHocSubProcess>', "s h e")
    with pytest.raises(KeyError):
        played(xml, done=False)
    story = ours(xml, done=False)
    assert story.do("a") == ["b"]
    assert story.do("b") == []
    assert story.ended


@fault("cardinality-output")
def test_iterations_by_number_with_an_output_that_is_there_already():
    marker = (
        "<multiInstanceLoopCharacteristics><loopCardinality>=2</loopCardinality>"
        '<loopDataOutputRef>out</loopDataOutputRef><outputDataItem id="r"/></multiInstanceLoopCharacteristics>'
    )
    with pytest.raises(NameError):
        played(process(ENDS + f'<userTask id="a">{marker}</userTask>', "s a e"), out=[])
    story = ours(process(ENDS + f'<userTask id="a">{many(output="=r")}</userTask>', "s a e"), list=[1, 2], out=[7])
    story.do("a", r=1)
    story.do("a", r=2)
    assert story.ended


TABLE = """<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" id="d" name="d" namespace="x">
<decision id="D" name="D"><decisionTable id="t" hitPolicy="UNIQUE">
<input id="i"><inputExpression id="ie" typeRef="number"><text>n</text></inputExpression></input>
<output id="o" name="res" typeRef="string"/>
<rule id="1"><inputEntry id="i1"><text>&gt; 1</text></inputEntry>
<outputEntry id="o1"><text>"A"</text></outputEntry></rule>
<rule id="2"><inputEntry id="i2"><text>&gt; 0</text></inputEntry>
<outputEntry id="o2"><text>"B"</text></outputEntry></rule>
</decisionTable></decision></definitions>"""


@fault("dmn")
def test_two_rules_match_where_one_may():
    called = '<sp:calledDecisionId xmlns:sp="http://spiffworkflow.org/bpmn/schema/1.0/core">D</sp:calledDecisionId>'
    task = f'<businessRuleTask id="b"><extensionElements>{called}</extensionElements></businessRuleTask>'
    parser = SpiffBpmnParser()
    parser.add_dmn_str(TABLE.encode())
    parser.add_bpmn_str(process(ENDS + task + user("a"), "s b a e").encode())
    stock = Stock((parser.get_spec("p"), {}), n=5)
    assert stock.ready("a").data["res"] == '"A"', "the first of two, and nobody is told"
    decided = feel.dmn.load(TABLE.encode()).decide("D", {"n": 5})
    assert decided.value is None
    assert [warning.code for warning in decided.warnings] == ["HIT_POLICY_VIOLATED"]
