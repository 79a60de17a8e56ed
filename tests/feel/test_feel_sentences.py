"""What FEEL and DMN say is kept as template and values, so that a reader gets it in their own language."""

import pickle
from typing import Any

import pytest

import feel
from feel.dmn import load
from feel.sentences import Sentence, listed, say
from kernel.text import Text, translate

MODEL = """<definitions xmlns="https://www.omg.org/spec/DMN/20230324/MODEL/" namespace="n" name="离职">
<itemDefinition name="Level"><itemComponent name="rank"><typeRef>number</typeRef>
<allowedValues><text>1 +</text></allowedValues></itemComponent></itemDefinition>
<decision id="days" name="通知期"><decisionTable hitPolicy="{policy}">
<input label="级别"><inputExpression><text>level</text></inputExpression></input><output name="days"/>
<rule><inputEntry><text>{cell}</text></inputEntry><outputEntry><text>30</text></outputEntry></rule>
<rule><inputEntry><text>-</text></inputEntry><outputEntry><text>15</text></outputEntry></rule>
</decisionTable></decision></definitions>"""


def chinese(template: str) -> str:
    return translate(template, "zh-CN")


def warned(expression: str, functions: feel.Functions | None = None) -> Sentence:
    return feel.examine(expression, functions=functions).warnings[0].told


def table(policy: str = "UNIQUE", cell: str = "1") -> feel.dmn.Model:
    return load(MODEL.format(policy=policy, cell=cell).encode())


@pytest.mark.parametrize(
    ("expression", "sentence"),
    [
        ("nobody", "没有变量“nobody”。"),
        ('1 + "a"', "数字和文本不能用 + 运算。"),
        ("null < 1", "空值和数字不能用“<”比较。"),
        ("upper case(1, {a: 1}, [1])", "“upper case”不能用这些参数调用：（数字、上下文、列表）。"),
        ('substring(from: 1, x: "a")', "“substring”不能用这些参数调用：（from：数字、x：文本）。"),
        ("upper case()", "“upper case”不能用这些参数调用：（）。"),
        ('date("2026-02-30")', "“date”没有结果：没有 2026-02-30 这一天。"),
        ('date("today")', "“date”没有结果：“today”不是日期。"),
        ("1 / 0", "“/”没有结果：除数为零。"),
        ("10 ** 9999", "“**”没有结果：结果过大或没有定义。"),
        ('from json("{")', "“from json”没有结果：文本从第 2 个字符起不是 JSON。"),
        ("3 instance of thing", "没有类型“thing”。"),
    ],
)
def test_a_warning_is_told_in_the_readers_language_with_its_reason_and_its_kinds(
    expression: str, sentence: str
) -> None:
    assert warned(expression).within(chinese) == sentence


def test_a_warning_is_told_with_its_place_too() -> None:
    [warning] = feel.examine("nobody").warnings
    assert warning.whole.within(chinese) == "NO_VARIABLE_FOUND（第 1 个字符）：没有变量“nobody”。"
    assert str(warning.whole) == str(warning) == "NO_VARIABLE_FOUND at 1: There is no variable 'nobody'."


@pytest.mark.parametrize(
    ("source", "sentence"),
    [
        ("if days > 30 thn 1", "第 1 行第 14 列：此处应为运算符或“then”，而不是“thn”。"),
        ("(1", "第 1 行第 3 列：此处应为运算符、“..”或“)”，而不是结尾。"),
        ("a\n b", "第 2 行第 2 列：此处应为运算符，而不是“b”。由多个单词组成的名称要写在反引号中。"),
        ('"open', "第 1 行第 1 列：文本从这里开始，没有结束。"),
        ("1 + for", "第 1 行第 8 列：此处应为名称，而不是结尾。"),
    ],
)
def test_a_syntax_error_is_told_with_line_and_column(source: str, sentence: str) -> None:
    with pytest.raises(feel.FeelSyntaxError) as caught:
        feel.compile(source)
    error = caught.value
    assert error.whole.within(chinese) == sentence
    assert (str(error.told), str(error.whole)) == (error.message, error.sentence)
    again = pickle.loads(pickle.dumps(error))
    assert (str(again), again.told, again.expected) == (str(error), error.told, error.expected)


def test_a_budget_that_is_spent_is_told() -> None:
    with pytest.raises(feel.FeelLimitExceeded) as caught:
        feel.evaluate("count(for i in 1..1000 return i)", limits=feel.Limits(steps=500))
    assert caught.value.whole.within(chinese) == "表达式需要超过 500 步。"
    with pytest.raises(feel.FeelLimitExceeded) as caught:
        table(cell="count(for i in 1..1000 return i) > 0").decide("days", {"level": 1}, limits=feel.Limits(steps=500))
    assert caught.value.whole.within(chinese) == "决策“通知期”：表达式需要超过 500 步。"


def test_what_an_author_wrote_stays_as_it_is() -> None:
    for cause in ("number", "number {x}"):
        with pytest.raises(feel.FeelAssertionFailed) as caught:
            feel.evaluate(f'assert(1, false, "{cause}")')
        assert (str(caught.value), caught.value.told.within(chinese)) == (cause, cause)
    with pytest.raises(feel.FeelAssertionFailed) as caught:
        feel.evaluate("assert(1, false)")
    assert caught.value.told.within(chinese) == "条件不满足。"


def test_a_function_of_the_application_may_say_why_in_both_ways() -> None:
    functions = feel.Functions()

    @functions.add("plain(): number")
    def plain() -> int:
        raise ValueError("number {x}")

    @functions.add("kept(most: number): number")
    def kept(most: int) -> int:
        raise feel.Unfit(feel.say("A list is nested more than {most} deep.", most=most))

    @functions.add("liar(): number")
    def liar() -> str:
        return "no number"

    assert warned("plain()", functions).within(chinese) == "“plain”没有结果：number {x}"
    assert warned("kept(7)", functions).within(chinese) == "“kept”没有结果：列表嵌套超过 7 层。"
    assert str(warned("kept(7)", functions)) == "'kept' has no result: A list is nested more than 7 deep."
    assert warned("liar()", functions).within(chinese) == "“liar”没有结果：结果不是数字。"


def test_a_broken_hit_policy_is_told_with_its_decision() -> None:
    decided = table().decide("days", {"level": 1})
    assert decided.failure == "In decision '通知期': The hit policy is unique. Rules 1, 2 fire together."
    assert decided.failure_told is not None
    assert decided.failure_told.within(chinese) == "决策“通知期”：命中策略为唯一（UNIQUE），但规则 1, 2 同时命中。"
    assert table().decide("days", {"level": 2}).failure_told is None


def test_what_is_wrong_with_a_model_is_told_with_its_cell() -> None:
    told = [problem.whole.within(chinese) for problem in table("FASTEST", "1 +").problems]
    assert told == [
        "类型“Level.rank”，第 4 个字符：此处应为值，而不是结尾。",
        "决策“通知期”：没有命中策略 FASTEST，可选：UNIQUE, FIRST, ANY, PRIORITY, OUTPUT ORDER, RULE ORDER, COLLECT。",
        "决策“通知期”，规则 1，输入列“级别”，第 4 个字符：此处应为值，而不是结尾。",
    ]


def test_a_warning_of_a_decision_names_its_cell() -> None:
    [warning] = table("FIRST", "> nobody").decide("days", {"level": 1}).warnings[:1]
    assert warning.place == "decision '通知期', rule 1, input '级别'"
    assert warning.whole.within(chinese) == (
        "NO_VARIABLE_FOUND（第 3 个字符）：决策“通知期”，规则 1，输入列“级别”：没有变量“nobody”。"
    )


@pytest.mark.parametrize("content", [b"no xml", b"<a/>", b"<!DOCTYPE a []><a/>"])
def test_a_file_that_is_no_model_is_refused_in_chinese(content: bytes) -> None:
    with pytest.raises(feel.dmn.DmnError) as caught:
        load(content)
    assert caught.value.whole.within(chinese) != str(caught.value)


def test_a_question_that_a_model_cannot_be_asked_is_refused_in_chinese() -> None:
    with pytest.raises(feel.dmn.DmnError) as caught:
        table().decide("weeks")
    assert caught.value.told.within(chinese) == "模型“离职”中没有决策“weeks”，其中有：'days'。"


def test_a_host_keeps_a_sentence_as_its_own() -> None:
    kept = warned('date("2026-02-30")').into(Text)
    assert isinstance(kept, Text)
    assert isinstance(kept.values["reason"], Text)
    assert str(kept) == "'date' has no result: There is no day 2026-02-30."
    assert kept.within("zh-CN") == "“date”没有结果：没有 2026-02-30 这一天。"


def test_a_value_is_never_read_as_a_template_and_a_template_alone_keeps_its_braces() -> None:
    assert str(say("It says {what}.", what="{secret} {0}")) == "It says {secret} {0}."
    assert str(Sentence("a set is written {1, 2}")) == "a set is written {1, 2}"


@pytest.mark.parametrize(
    ("parts", "text"), [([], ""), (["a"], "a"), (["a", say("list")], "a, list"), (["x"] * 99, "x, " * 12 + "…")]
)
def test_parts_are_listed_and_cut_where_they_are_too_many(parts: list[Any], text: str) -> None:
    assert str(listed(parts)) == text


def test_sentences_are_equal_by_what_they_say() -> None:
    assert say("{a}", a=1) == say("{a}", a=1) != say("{a}", a=2)
    assert len({say("{a}", a=1), say("{a}", a=1)}) == 1
