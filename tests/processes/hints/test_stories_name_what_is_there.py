"""Stories that name what the project does not have are told before they are run."""

import pytest

from tests.processes.hints.conftest import changed, shipped


@pytest.mark.parametrize(
    ("old", "new", "fault", "meant"),
    [
        ("- complete: head_arrange\n", "- complete: head_arange\n",
         "No process of the project has the element head_arange.", "head_arrange"),
        ("closed: [learn, exam]", "closed: [learnt_it]", "No process of the project has the element learnt_it.", None),
        ("- learn: zhang.yan", "- learn: zhang.yen", "zhang.yen is not among the people of the story.", "zhang.yan"),
        ("- start: zhang.yan", "- start: zhang.yen", "zhang.yen is not among the people of the story.", "zhang.yan"),
        ("as: zhao.lei", "as: nobody", "nobody is not among the people of the story.", None),
        ("template: make-up-training", "template: makeup-training",
         "There is no message template makeup-training.", "make-up-training"),
    ],
)  # fmt: skip
def test_a_step_names_what_is_not_there(look, old, new, fault, meant):
    found = look(*changed(shipped(), "scenarios.yaml", old, new))
    (hint,) = [hint for hint in found if hint.rule == "scenario-name"]
    asked = f" Did you mean {meant}?" if meant else ""
    assert str(hint.sentence) == f"按期离职：从申请到结案: {fault}{asked}"
    lines = changed(shipped(), "scenarios.yaml", old, new)[-1].content.decode().splitlines()
    assert lines[hint.line - 1].lstrip().startswith("- ")


def test_a_file_that_cannot_be_played_is_told_with_its_line(look):
    (hint,) = look(*changed(shipped(), "scenarios.yaml", "\nstories:\n", "\nstories: [\n"))
    assert (hint.rule, hint.error) == ("scenario", True)
    assert hint.line > 30


def test_a_step_that_means_nothing_is_told(look):
    (hint,) = look(*changed(shipped(), "scenarios.yaml", "- complete: head_arrange\n", "- compleet: head_arrange\n"))
    assert (hint.rule, hint.error) == ("scenario", True)
