"""Which variables an editor offers where, with what they look like and where they come from."""

import pytest

from hr.offboarding import dossier
from processes.hints.family import Family
from processes.hints.provides import CASE
from processes.hints.variables import variables
from processes.studio.rules import kind_of
from tests.processes.hints.conftest import KNOWN, shipped


@pytest.fixture(scope="module")
def offered():
    family = Family(resources=tuple(shipped()), functions=KNOWN.functions)
    found = variables(family, "offboarding.bpmn")
    return {element: {one.name: one for one in listed} for element, listed in found.items()}


def test_every_node_and_flow_has_its_own(offered):
    assert {"register_case", "too_early", "too_early_to_agree_date", "leaving", "close_case"} <= set(offered)


def test_nothing_is_offered_before_it_is_there(offered):
    assert "plan" in offered["register_case"]  # the case comes with a plan
    assert "settled" not in offered["check_notice"]
    assert "dateAgreed" in offered["settle_date"]


def test_what_people_fill_in_has_its_label_kind_and_example(offered):
    talk = offered["after_manager"]["talkWished"]
    assert (talk.type, talk.element) == ("boolean", "manager_confirm")
    assert talk.detail.startswith("希望与员工面谈")
    assert str(talk.origin) == "上级确认知悉指定交接对接人 (user task)"
    assert talk.origin.within("zh-CN") == "上级确认知悉指定交接对接人（用户任务）"


def test_what_a_handler_answers_is_typed_two_levels_down(offered):
    crm = offered["revoke_crm"]["crm"]
    assert {entry.name: entry.type for entry in crm.entries}["reachable"] == "boolean"
    (customers,) = [entry for entry in crm.entries if entry.name == "customers"]
    assert {entry.name for entry in customers.entries} >= {"id", "name", "contact"}


def test_what_a_decision_gives_is_its_columns(offered):
    notice = {entry.name: entry.type for entry in offered["too_early"]["notice"].entries}
    assert {"days", "article", "statutoryLastDay"} <= set(notice)


def test_a_row_of_a_dynamic_list_has_the_fields_of_the_form(offered):
    (items,) = [entry for entry in offered["submit_handover"]["handover"].entries if entry.name == "items"]
    assert {"title", "kind", "content", "path"} <= {entry.name for entry in items.entries}


def test_what_another_branch_sets_says_so(offered):
    assert str(offered["manager_confirm"]["finance"].origin).endswith("on another branch")


def test_forms_and_tables_are_offered_what_is_there_where_they_are_used():
    family = Family(resources=tuple(shipped()), functions=KNOWN.functions)
    (form,) = variables(family, "leaving-date.form").values()
    assert {"decision", "employee", "plan"} <= {one.name for one in form}
    assert "employee" in {one.name for one in variables(family, "notice.dmn")["notice-period"]}
    assert variables(family, "scenarios.yaml") == {}
    assert kind_of("scenarios.yaml") == "scenarios"


def test_what_the_product_gives_a_case_is_what_it_gives(database, clock):
    """The names are those of the dossier, asked of its source: a case needs a whole company."""
    import ast
    import inspect

    tree = ast.parse(inspect.getsource(dossier.variables))
    (given,) = [node for node in ast.walk(tree) if isinstance(node, ast.Return)]
    assert isinstance(given.value, ast.Dict)
    assert {key.value for key in given.value.keys if isinstance(key, ast.Constant)} == set(CASE)
