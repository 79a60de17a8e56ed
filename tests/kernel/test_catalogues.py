"""Two languages: every sentence of the code is told in Chinese, every label of the shipped models in English."""

import ast
import re
import shutil
import string
from collections.abc import Iterator
from pathlib import Path

import pytest

from deploy import catalogue
from forms import labels as form_labels
from kernel.text import LANGUAGES, Text, say, translate
from processes import labels as model_labels

CHINESE = re.compile(r"[\u3000-\u9fff\uff00-\uffef]")  # with its punctuation
MODEL = """<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" targetNamespace="t">
  <message id="m" name="离职交接"/>
  <process id="p" name="离职交接"><documentation>提交离职申请</documentation><userTask id="u" name="{name}"/></process>
</definitions>"""


@pytest.fixture
def locale(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the catalogues to spoil."""
    for path in catalogue.LOCALE.glob("*.po"):
        shutil.copy(path, tmp_path)
    monkeypatch.setattr(catalogue, "LOCALE", tmp_path)
    return tmp_path


@pytest.mark.parametrize("language", LANGUAGES)
def test_nothing_is_missing_stale_or_broken(language: str) -> None:
    assert list(catalogue.faults(language)) == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_has_a_catalogue_that_loads(language: str) -> None:
    held = catalogue.kept(language)
    message, words = next(iter(held.items()))
    assert translate(message, language) == words != message


def test_chinese_sentences_are_chinese_and_english_labels_are_english() -> None:
    assert [
        said for said, told in catalogue.kept("zh-CN").items() if not CHINESE.search(told) and "“" not in told
    ] == []
    assert [said for said, told in catalogue.kept("en").items() if CHINESE.search(told)] == []


def test_every_sentence_of_the_code_is_a_literal_with_a_value_for_each_place() -> None:
    for where, template, keywords in _sentences():
        assert isinstance(template, ast.Constant), where
        assert isinstance(template.value, str), where
        given = {keyword.arg for keyword in keywords}
        if None not in given:
            assert {name for _, name, _, _ in string.Formatter().parse(template.value) if name} == given, where


def _sentences() -> Iterator[tuple[str, ast.expr, list[ast.keyword]]]:
    for package in catalogue.CODE:
        for path in sorted((catalogue.ROOT / package).rglob("*.py")):
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                where = f"{path.relative_to(catalogue.ROOT)}:{getattr(node, 'lineno', 0)}"
                match node:
                    case ast.Call(func=ast.Name(id="say") | ast.Attribute(attr="say"), args=[template, *_]):
                        yield where, template, node.keywords
                    case ast.Call(func=ast.Attribute(attr="warn"), args=[_, _, template]) if package == "feel":
                        yield where, template, [keyword for keyword in node.keywords if keyword.arg != "place"]


def test_a_missing_translation_fails_the_check(locale: Path) -> None:
    file = locale / "zh-CN.po"
    file.write_text(file.read_text(encoding="utf-8").replace('msgstr "请先登录。"', 'msgstr ""'), encoding="utf-8")
    assert "zh-CN: missing: 'Sign in first.' (api/auth.py)" in catalogue.faults("zh-CN")
    assert catalogue.main(["--check"]) == 1


def test_a_lost_place_and_a_stale_message_fail_the_check(locale: Path) -> None:
    file = locale / "zh-CN.po"
    text = file.read_text(encoding="utf-8").replace("没有文件 {hash}。", "没有文件。")
    file.write_text(text + '\nmsgid "Nobody says this."\nmsgstr "无人说此。"\n', encoding="utf-8")
    told = list(catalogue.faults("zh-CN"))
    assert "zh-CN: places differ: 'There is no file {hash}.' and '没有文件。'" in told
    assert "zh-CN: stale: 'Nobody says this.'" in told


def test_writing_anew_keeps_translations_and_drops_what_is_gone(locale: Path) -> None:
    good = (locale / "zh-CN.po").read_text(encoding="utf-8")
    (locale / "zh-CN.po").write_text(good + '\nmsgid "Nobody says this."\nmsgstr "无人说此。"\n', encoding="utf-8")
    (locale / "zh-CN.part.po").write_text(catalogue.HEADER.format(language="zh-CN", plural=""), encoding="utf-8")
    assert catalogue.main([]) == 0
    assert (locale / "zh-CN.po").read_text(encoding="utf-8") == good
    assert sorted(path.name for path in locale.iterdir()) == ["en.po", "zh-CN.po"]


@pytest.mark.parametrize(
    ("message", "translation", "same"),
    [
        ("{a} and {b}", "{b}、{a}", True),
        ("{a} and {a}", "{a}", True),
        ("{a}", "{b}", False),
        ("至 {{x}}", "until {{x}}", True),
        ("至 {{x}}", "until {x}", False),
        ("{{#if a}}至 {{x}}{{/if}}", "until {{x}}", False),
    ],
)
def test_places_are_compared(message: str, translation: str, same: bool) -> None:
    assert (catalogue.places(message) == catalogue.places(translation)) is same


def test_a_sentence_within_a_sentence_and_a_label_within_it_are_told_in_one_language() -> None:
    last = say("“{name}” done", name=Text("员工签字"))
    sentence = say("{last}; waiting for “{name}”", last=last, name=Text("财务清账"))
    assert sentence.within("en") == "“Employee signs” done; waiting for “Financial clearance”"
    assert sentence.within("zh-CN") == "已完成“员工签字”，待财务清账"


def test_a_model_is_told_in_english_but_for_what_it_is_found_by() -> None:
    told = model_labels.translated(MODEL.format(name="{x}").encode(), "en").decode()
    assert '<message id="m" name="离职交接"/>' in told
    assert '<process id="p" name="Offboarding"><documentation>File the resignation</documentation>' in told
    assert '<userTask id="u" name="{x}"/>' in told


def test_a_model_in_its_own_language_stays_byte_for_byte() -> None:
    content = MODEL.format(name="x").encode()
    assert model_labels.translated(content, "zh-CN") is content


def test_the_browser_gets_a_form_in_english_and_the_stored_one_stays() -> None:
    schema = {
        "type": "default",
        "id": "f",
        "components": [
            {"type": "select", "id": "a", "label": "离职原因", "values": [{"label": "其他", "value": "other"}]},
            {"type": "group", "id": "g", "components": [{"type": "text", "id": "t", "text": '="是"'}]},
            {
                "type": "textfield",
                "id": "b",
                "label": "我写的",
                "validate": {"patternErrorMessage": "请填写 11 位手机号码。"},
            },
        ],
    }
    told = form_labels.translated(schema, "en")["components"]
    assert (told[0]["label"], told[0]["values"]) == ("Reason for leaving", [{"label": "Other", "value": "other"}])
    assert told[1]["components"][0]["text"] == '="是"'
    assert (told[2]["label"], told[2]["validate"]["patternErrorMessage"]) == (
        "我写的",
        "Enter an 11-digit mobile number.",
    )
    assert schema["components"][0]["label"] == "离职原因"
