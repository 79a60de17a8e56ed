"""Names that nothing provides: the mistyped ones are told, and no other, in the shipped family and in public models."""

import pytest

from engine.model import Resource
from processes.hints import names, problems
from processes.hints.names import nearest
from processes.references import Known
from tests.engine.spiff import drawing
from tests.engine.spiff.drawing import ENDS, extend, io, job, process, script, tag
from tests.processes.hints.conftest import KNOWN, changed, shipped


def of(hints, rule="name-unknown"):
    return [(hint.element, str(hint.sentence)) for hint in hints if hint.rule == rule]


def test_the_shipped_family_has_no_warning_that_is_wrong(look):
    assert look(*shipped()) == []


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ('assignee="=employee.login"', 'assignee="=employe.login"', ("Assignee", "employe", "employee")),
        ('source="=[manager.login]"', 'source="=[managr.login]"', ("Input to", "managr", "manager")),
        ("=talkWished = true", "=talkwished = true", ("Condition", "talkwished", "talkWished")),
        ("=plan.managerDueAt</bpmn:timeDate>", "=paln.managerDueAt</bpmn:timeDate>", ("Timer", "paln", "plan")),
        ('source="=housingFund"', 'source="=housingFond"', ("Output housingFund", "housingFond", "housingFund")),
    ],
)  # fmt: skip
def test_a_slip_in_a_real_model_is_told_with_what_was_meant(look, old, new, told):
    (hint,) = look(*changed(shipped(), "offboarding.bpmn", old, new))
    place, name, meant = told
    sentence = f"{place}: {name} is not known here. Did you mean {meant}?"
    assert (hint.rule, hint.error, str(hint.sentence)) == ("name-unknown", False, sentence)
    assert hint.property


def test_a_slip_in_a_form_and_in_a_table_is_told_too(look):
    files = changed(shipped(), "resignation-application.form", "=earliestDate = null or", "=earliestDat = null or")
    files = changed(files, "notice.dmn", "<text>employee.", "<text>employe.")
    found = {hint.file: str(hint.sentence) for hint in look(*files) if hint.rule == "name-unknown"}
    assert found["resignation-application.form"].endswith("earliestDat is not known here. Did you mean earliestDate?")
    assert found["notice.dmn"].endswith("employe is not known here. Did you mean employee?")


FORM = '{"type": "default", "id": "ask", "components": [{"type": "number", "id": "f", "key": "amount"}]}'
ASKED = f'<startEvent id="s">{extend(tag("formDefinition", formId="ask"))}</startEvent><endEvent id="e"/>'


def test_where_all_is_known_a_name_from_nowhere_is_told(look):
    xml = process(ASKED + script("double", "=amount * factor", "twice"), "s double e")
    (told,) = of(look(a_bpmn=xml, ask_form=FORM))
    assert told[0] == "double"
    assert "nothing before this step sets factor" in told[1]


def test_where_anything_may_have_come_only_slips_are(look):
    """A process that others start may be given any variable, and so may what comes with a message."""
    xml = process(
        ENDS + script("double", "=amount * factor", "twice") + script("show", "=twise", "shown"), "s double show e"
    )
    (told,) = of(look(a_bpmn=xml))
    assert told == ("show", "Script: twise is not known here. Did you mean twice?")


def test_what_is_set_later_is_not_there_yet(look):
    body = ASKED + script("early", "=late + amount", "x") + script("then", "=amount", "late")
    (told,) = of(look(a_bpmn=process(body, "s early then e"), ask_form=FORM))
    assert told == ("early", "Script: late is not set yet here, but only by a later step.")


def test_in_a_loop_what_comes_later_has_come_before(look):
    body = (
        ASKED
        + script("early", "=late + amount", "x")
        + script("then", "=amount", "late")
        + '<exclusiveGateway id="g"/>'
    )
    xml = process(body, "s early then g {amount > 1} early", "g {default} e")
    assert of(look(a_bpmn=xml, ask_form=FORM)) == []


def test_what_another_branch_sets_may_be_there(look):
    body = ASKED + '<parallelGateway id="fork"/>' + script("one", "=amount", "left") + script("two", "=left", "right")
    body += '<endEvent id="e2"/>'
    assert of(look(a_bpmn=process(body, "s fork one e", "fork two e2"), ask_form=FORM)) == []


def test_to_ask_whether_there_is_one_is_no_slip(look):
    asks = "=if factor = null then amount else 1"
    body = ASKED + script("a", asks, "x") + script("b", "=get or else(rate, 2)", "y")
    assert of(look(a_bpmn=process(body, "s a b e"), ask_form=FORM)) == []


def test_inputs_loops_and_answers_are_known_where_they_are(look):
    many = drawing.many(items="=rows", output="=item.n * twice")
    body = ASKED + script("make", "=[{n: amount}]", "rows")
    body += job("each", io({"twice": "=amount * 2"}, {"sum": "=item.n + loopCounter"}), inner=many)
    body += script("after", "=item", "x")
    found = of(look(a_bpmn=process(body, "s make each after e"), ask_form=FORM))
    # The row is the loop's own, and gone once that is over.
    assert [element for element, _ in found] == ["after"]


def test_a_handler_answers_what_it_says(look):
    body = ASKED + job("rights", type="crm.rights") + script("a", "=crm.connected and crn.reachable", "x")
    (told,) = of(look(a_bpmn=process(body, "s rights a e"), ask_form=FORM))
    assert told[1].endswith(
        "nothing before this step sets crn. Correct the name, or add the field or mapping that sets it."
    )


@pytest.mark.parametrize(
    ("name", "known", "meant"),
    [
        ("employe", ["employee", "manager"], "employee"),
        ("Employee", ["employee"], "employee"),
        ("leavnigOn", ["leavingOn"], "leavingOn"),
        ("item", ["items"], None),
        ("order1", ["order2"], None),
        ("plan", ["span", "x"], None),
        ("abc", ["abd"], None),
        ("caseNumbre", ["caseNumber"], "caseNumber"),
        ("交接清单", ["交接清单项"], "交接清单项"),
    ],
)
def test_what_was_meant(name, known, meant):
    assert nearest(name, known) == meant


def test_public_models_get_no_warning_that_is_wrong(shared):
    """Models of others know nothing of our habits: whatever were told of them here would be told wrongly."""
    told, places = [], 0
    for file in sorted((shared / "conformance").rglob("*.bpmn")):
        for hint in problems.problems([Resource(file.name, file.read_bytes())], Known()):
            if hint.rule == "name-unknown":
                told.append((file.name, hint.element, str(hint.sentence)))
        places += 1
    assert places > 200
    assert told == []


def test_names_inside_filters_and_of_functions_are_not_variables():
    read = names.names("count(rows[amount > limit]) + working days between(a, b)", KNOWN.functions)
    assert "amount" not in read
    assert "limit" not in read
    assert "rows" in read
