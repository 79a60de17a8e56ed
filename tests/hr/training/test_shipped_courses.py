"""The courses that come with the product: each can be published, learned, passed, and says what the law says."""

from collections import Counter
from datetime import date
from functools import cache

import pytest

from hr.training import checks, films, reader, texts
from hr.training.course import SHIPPED, CourseText, Question
from hr.training.draw import draw
from hr.training.slides import spoken
from kernel.clock import ManualClock
from kernel.db import Unit
from tests.hr.training import sources_of_law

RESEARCH = ("技术文档管理规范", "技术交流保密准则", "离职后竞业限制解读", "人工智能技术保密")
SALES = ("客户信息存储要求", "客户沟通保密技巧", "离职客户交接流程")
OFFICE = ("人事信息保密规定", "财务数据访问权限管理", "办公设备使用规范")
CASES = ("技术秘密保护", "客户信息保密")
ALL = RESEARCH + SALES + OFFICE + CASES
TODAY = date(2026, 11, 2)


@cache
def shipped() -> dict[str, CourseText]:
    """The courses by their title."""
    found = [reader.read(path.read_text(encoding="utf-8"), path.stem) for path in texts.SHIPPED.glob("*.yaml")]
    return {course.title: course for course in found}


def asked(course: CourseText) -> list[Question]:
    """Every question and every part of one."""
    return [one for question in course.questions() for one in (question, *question.parts)]


@pytest.mark.requirement("F75", "F76", "F77", "F78")
def test_the_courses_of_every_role_are_there() -> None:
    assert set(shipped()) == set(ALL)


@pytest.mark.requirement("F78")
@pytest.mark.parametrize("title", ALL)
def test_a_shipped_course_is_whole(title: str) -> None:
    course = shipped()[title]

    assert [str(found.told) for found in checks.findings(course, {})] == []
    assert (course.pass_mark, course.kind) == (80, "confidentiality")
    assert 3 <= len(course.lessons) <= 4
    assert len(course.bank) >= 16
    assert {question.kind for question in course.bank} == {"single", "multiple", "ordering", "true-false", "case"}
    assert len({question.lesson for question in course.bank}) >= 3
    assert sum(row.count for row in course.draw) == 10


@pytest.mark.requirement("F79")
@pytest.mark.parametrize("title", ALL)
def test_lessons_are_of_every_kind_that_a_role_learns_by(title: str) -> None:
    kinds = {lesson.kind for lesson in shipped()[title].lessons}

    assert kinds >= ({"text", "video", "case"} if title in (*SALES, "人工智能技术保密") else {"text", "case"})


@pytest.mark.parametrize("title", ALL)
def test_a_lesson_is_as_long_as_somebody_reads_it(title: str) -> None:
    for lesson in shipped()[title].lessons:
        if lesson.kind == "video":
            assert 40 <= spoken.seconds(lesson.slides) <= 90, lesson.key
            assert all(2 <= len(slide.spoken) / slide.seconds <= 5 for slide in lesson.slides), lesson.key
        else:
            signs = sum("\u4e00" <= sign <= "\u9fff" for sign in lesson.body)
            assert (100 if lesson.kind == "case" else 200) <= signs <= 500, (lesson.key, signs)


@pytest.mark.parametrize("title", ALL)
def test_an_article_that_is_named_exists(title: str) -> None:
    course = shipped()[title]
    laws = [question.law for question in asked(course) if question.law]
    told = [*laws, *(q.explanation for q in asked(course))]
    told += [words for lesson in course.lessons for words in (lesson.body, lesson.transcript)]

    assert [law for law in laws if not sources_of_law.is_reference(law)] == []
    assert [found for words in told for found in sources_of_law.unknown(words)] == []
    assert len(laws) >= 8


@pytest.mark.parametrize("title", ALL)
def test_every_question_explains_itself(title: str) -> None:
    course = shipped()[title]

    assert all(len(one.explanation) >= 10 for one in asked(course) if one.kind != "case")
    keys = [question.key for question in course.questions()]
    assert len(set(keys)) == len(keys)


@pytest.mark.parametrize("title", ALL)
def test_the_right_answer_is_not_always_at_the_same_place(title: str) -> None:
    singles = [one.answer[0] for one in asked(shipped()[title]) if one.kind == "single"]

    assert Counter(singles).most_common(1)[0][1] <= len(singles) * 0.85


@pytest.mark.requirement("F81")
@pytest.mark.parametrize("title", [*SALES, "客户信息保密"])
def test_the_two_questions_of_the_requirements_are_in_the_banks_of_sales(title: str) -> None:
    bank = shipped()[title].bank
    breach = next(one for one in bank if one.stem.startswith("以下哪些行为属于违反保密协议？"))
    steps = next(one for one in bank if one.stem.startswith("客户信息交接的流程是什么？"))

    right = {option.text for option in breach.options if option.key in breach.answer}
    assert breach.kind == "multiple"
    assert right == {"将源码传到私人网盘", "向第三方透露技术细节", "带走客户清单"}
    assert {option.text for option in breach.options} - right == {"在授权目录归档文档"}
    assert steps.kind == "ordering"
    order = [option.text for key in steps.answer if (option := steps.option(key))]
    milestones = ("填", "上传", "核对", "补充", "签名", "权限")
    assert all(word in told for word, told in zip(milestones, order, strict=True))


@pytest.mark.requirement("F81")
@pytest.mark.parametrize("title", [*SALES, "客户信息保密"])
def test_the_two_questions_of_the_requirements_appear_in_exams_of_sales(title: str) -> None:
    papers = [{one.question for one in draw(shipped()[title], seed, on=TODAY)} for seed in range(60)]
    assert all(any(key in paper for paper in papers) for key in ("breach", "handover-order"))
    assert not all({"breach", "handover-order"} <= paper for paper in papers)


@pytest.mark.parametrize(
    ("title", "stem", "answer"),
    [
        ("技术文档管理规范", "技术文档应当存放于？", "公司授权的位置（代码仓库、文档库）"),
        ("技术交流保密准则", "可以向第三方透露公司的技术细节。", "错误"),
        ("离职后竞业限制解读", "离职后的竞业限制期限最长是？", "二年"),
        ("离职后竞业限制解读", "竞业限制期内，公司应当？", "按月支付经济补偿"),
        ("离职客户交接流程", "试用期内的员工辞职，应当提前几日通知公司？", "三日"),
        ("离职客户交接流程", "正式员工辞职，应当怎样通知公司？", "提前三十日以书面形式通知"),
        ("离职客户交接流程", "离职证明应当在什么时候出具？", "解除或者终止劳动合同时"),
        ("离职客户交接流程", "员工没有完成交接，公司可以扣下他的工资。", "错误"),
        ("财务数据访问权限管理", "访问财务数据应当？", "按权限申请，批准后用本人账号访问"),
        ("客户信息存储要求", "销售离职后，手机中的客户联系方式应当？", "移交给公司，并删除私自保存的"),
        ("办公设备使用规范", "私人电脑中的公司技术文档，离职时应当？", "交回公司后删除"),
        ("技术秘密保护", "保密考试没有达到合格分，应当？", "重新学习，再考，直至达标"),
        ("技术秘密保护", "已经电子签名的保密协议被人改动，会怎样？", "验签失败，改动能被发现"),
    ],
)
def test_what_everybody_has_to_know_is_asked(title: str, stem: str, answer: str) -> None:
    question = next(one for one in shipped()[title].bank if one.stem == stem)

    assert [option.text for key in question.answer if (option := question.option(key))] == [answer]


def test_who_can_be_bound_is_asked() -> None:
    question = next(one for one in shipped()["离职后竞业限制解读"].bank if one.stem == "哪些人可以约定竞业限制？")

    right = {option.text for option in question.options if option.key in question.answer}
    assert right == {"高级管理人员", "高级技术人员", "其他负有保密义务的人员"}


def test_shipping_publishes_each_once_and_leaves_what_is_there(unit: Unit, clock: ManualClock) -> None:
    assert len(texts.ship(unit, clock=clock)) == len(ALL)
    assert {row.title for row in texts.published(unit)} == set(ALL)
    assert len(films.unmade(unit)) == 5
    assert texts.titled(unit, "《客户信息存储要求》") == "customer-information-storage"

    assert texts.ship(unit, clock=clock) == []


def test_the_name_of_a_film_is_that_of_its_course() -> None:
    """Two courses never share the name of a film: who may see it is told by the name (`tasks.human.training.shelf`)."""
    for course in shipped().values():
        assert [one.video for one in course.lessons if one.slides] in ([], [SHIPPED + course.slug])
