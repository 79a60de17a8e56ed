"""Lint tells every file of a folder, whatever is wrong with one of them, and compiles each once."""

from pathlib import Path

from engine.spiff import compile as bpmn
from processes import lint
from tests.engine.spiff.drawing import ENDS, process, tags, user

GOOD = process(ENDS + user("a"), "s a e", id="good")
SPLIT = process(ENDS + tags("task", "b") + '<callActivity id="c" calledElement="good"/>', "s b c e", id="caller")


def folder(path: Path, **files: str) -> Path:
    for name, text in files.items():
        (path / f"{name}.bpmn").write_text(text)
    return path


def test_a_monstrous_number_in_one_file_leaves_the_others_checked(tmp_path):
    huge = process(ENDS + '<task id="a" completionQuantity="1000000000"/>', "s a e", id="huge")
    unready = process(ENDS + '<sendTask id="x"/>', "s x e", id="unready")
    told = lint.lint([folder(tmp_path, a=huge, b=GOOD, c=unready)])
    assert [(Path(p.file).name, p.element, p.rule) for p in told] == [
        ("a.bpmn", "a", "quantity"),
        ("c.bpmn", "x", "missing-task-definition"),
    ]


def test_a_fault_of_ours_in_one_file_leaves_the_others_checked(tmp_path, monkeypatch):
    def check_file(root, report, real=bpmn.check_file):
        if "bad" in report.file:
            raise KeyError("nobody thought of this")
        real(root, report)

    monkeypatch.setattr(bpmn, "check_file", check_file)
    told = lint.lint([folder(tmp_path, bad=GOOD, worse=process(ENDS + '<sendTask id="x"/>', "s x e"))])
    assert [(Path(p.file).name, p.rule) for p in told if p.error] == [
        ("bad.bpmn", "internal"),
        ("worse.bpmn", "missing-task-definition"),
    ]


def test_each_file_is_compiled_once_and_its_neighbours_not_at_all(tmp_path, monkeypatch):
    compiled: list[str] = []

    def watched(resource, functions=None, real=bpmn.compiled):
        compiled.append(resource.name)
        return real(resource, functions)

    monkeypatch.setattr(bpmn, "compiled", watched)
    here = folder(tmp_path, good=GOOD, caller=SPLIT)
    assert lint.lint([here]) == []
    assert sorted(compiled) == ["caller.bpmn", "good.bpmn"]
    compiled.clear()
    assert lint.lint([here / "caller.bpmn"]) == []
    assert compiled == ["caller.bpmn"]
