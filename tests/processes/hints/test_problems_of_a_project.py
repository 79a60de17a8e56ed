"""Problems as the panel tells them: with the field that holds each, once, the worst first, whatever the files are."""

import time

import pytest

from engine.model import Resource
from processes.hints import problems
from tests.engine.spiff.drawing import ENDS, extend, job, process, tag
from tests.processes.hints.conftest import CALLED, KNOWN, changed, shipped


def told(hint):
    return (hint.file, hint.element, hint.rule, hint.property, hint.line, hint.column)


def test_a_fault_of_feel_is_told_at_its_field_line_and_column(look):
    files = changed(shipped(), "offboarding.bpmn", "=[manager.login]", "=[manager.login&#10;, employee.]")
    (hint,) = look(*files)
    assert hint.error
    assert told(hint) == ("offboarding.bpmn", "notify_manager", "feel-syntax", "notify_manager-input-0-source", 2, 12)
    assert str(hint.sentence).startswith("Input to: Line 2, column 12:")


def test_two_faults_of_one_element_are_two(look):
    files = changed(shipped(), "offboarding.bpmn", 'assignee="=manager.login"', 'assignee="=manager."')
    due = 'dueDate="=plan.managerDueAt" />\n          <zeebe:priorityDefinition'
    files = changed(files, "offboarding.bpmn", due, due.replace("managerDueAt", "("))
    found = [hint.property for hint in look(*files) if hint.element == "manager_confirm"]
    assert found == ["assignmentDefinitionAssignee", "taskScheduleDueDate"]


def test_what_hangs_on_a_refused_element_is_not_told_as_well(look):
    """The boundary event of a task that cannot be built is in order itself."""
    files = changed(shipped(), "offboarding.bpmn", 'dueDate="=plan.managerDueAt"', 'dueDate="=plan.managerDueAt +"')
    assert [hint.element for hint in look(*files)] == ["agree_date"]


def test_cells_of_a_table_and_properties_of_a_form_are_named(look):
    files = changed(
        shipped(), "notice.dmn", "<text>employee.inProbation = true</text>", "<text>employee. = true</text>"
    )
    files = changed(files, "leaving-date.form", '=decision != \\"agreed\\"', '=decision != \\"agreed')
    found = {hint.file: hint for hint in look(*files)}
    assert found["leaving-date.form"].property == "conditional.hide"
    assert found["notice.dmn"].property == "notice-table_expression_2"
    assert all(hint.error for hint in found.values())


def test_a_header_that_looks_like_an_expression_is_told(look):
    header = tag("taskHeaders", tag("header", key="to", value="=x"))
    (hint,) = [h for h in look(a_bpmn=process(ENDS + job("j", header), "s j e")) if h.rule == "header-expression"]
    assert (hint.error, hint.property) == (False, "j-header-0-value")


def test_errors_come_first_and_nothing_twice(look):
    xml = process(
        ENDS + job("j", type="nobody") + f'<userTask id="t">{extend(tag("formDefinition", formId="=("))}</userTask>',
        "s j t e",
    )
    found = look(a_bpmn=xml, b_bpmn=xml.replace('id="p"', 'id="q"'))
    assert [hint.error for hint in found] == sorted((hint.error for hint in found), reverse=True)
    assert len({(*told(hint), str(hint.sentence)) for hint in found}) == len(found)
    assert {hint.file for hint in found if hint.rule == "feel-syntax"} == {"a.bpmn", "b.bpmn"}


def test_what_is_deployed_may_be_named(look):
    xml = process(
        ENDS + f'<callActivity id="c">{extend(tag("calledElement", processId="paying"))}</callActivity>', "s c e"
    )
    assert [hint.rule for hint in look(a_bpmn=xml)] == ["call-missing"]
    known = type(KNOWN)(processes=frozenset({"paying"}), apart=True)
    assert problems.problems([Resource("a.bpmn", xml.encode())], known) == []


BROKEN = [
    b"", b"<", b"\x00", b"<a/>", b"[" * 50_000, b"{}", b"[]", b'{"type": "default", "components": [3, {"type": [1]}]}',
    b'<!DOCTYPE a [<!ENTITY x "y">]><a>&x;</a>', "é".encode("utf-16"), b'{"type": "default", "components": 5}',
    process(ENDS, "s e").encode()[:250],
    b"a: &a [1,1]\nb: &b [*a,*a]\nc: [*b,*b]", b"a: &a [*a]", b"stories: 5", b"stories: [1, {steps: 3}]",
]  # fmt: skip


@pytest.mark.parametrize("content", BROKEN)
@pytest.mark.parametrize("name", ["a.bpmn", "a.dmn", "a.form", "scenarios.yaml"])
def test_broken_files_are_told_in_words(look, name, content):
    found = look(Resource(name, content))
    assert found
    assert all(str(hint.sentence) for hint in found)
    assert "internal" not in {hint.rule for hint in found}


def test_a_large_model_takes_its_time_and_no_more():
    """1,400 tasks in a row that each read what another sets."""
    tasks = "".join(
        f'<scriptTask id="t{i}">{extend(tag("script", expression=f"=x{i}.a", resultVariable=f"y{i}"))}</scriptTask>'
        for i in range(1400)
    )
    xml = process(ENDS + tasks, "s " + " ".join(f"t{i}" for i in range(1400)) + " e")
    begun = time.process_time()
    problems.problems([Resource("a.bpmn", xml.encode())], KNOWN)
    assert time.process_time() - begun < 10


def test_a_file_beyond_all_measure_is_left_for_later_and_still_known(look):
    vast = process(ENDS, "s e", id="vast").encode() + b"<!--" + b"x" * 1_100_000 + b"-->"
    calls = process(
        ENDS + f'<callActivity id="c">{extend(tag("calledElement", processId="vast"))}</callActivity>', "s c e"
    )
    begun = time.process_time()
    (hint,) = look(Resource("vast.bpmn", vast), a_bpmn=calls)
    assert (hint.file, hint.rule, hint.error) == ("vast.bpmn", "size", False)
    assert time.process_time() - begun < 2


def test_the_shipped_project_is_looked_at_in_a_blink():
    problems.problems(shipped(), KNOWN, CALLED)
    begun = time.process_time()
    problems.problems(shipped(), KNOWN, CALLED)
    assert time.process_time() - begun < 1.5
