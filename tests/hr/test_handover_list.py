"""The handover list goes back and forth until both sides sign the same version."""

import io

import pytest
from pypdf import PdfReader

from hr.documents.files import Files
from hr.evidence import log
from hr.offboarding import cases, handover, items, seal
from hr.offboarding.handover import Decision
from hr.offboarding.items import Incomplete, Item
from hr.offboarding.tables import Case
from kernel.clock import ManualClock
from kernel.db import Unit
from kernel.errors import Conflict, Forbidden, Invalid, NotFound
from tests.hr.conftest import actor, drawing

ZHANG, WU, LI, HR = actor("zhang"), actor("wu"), actor("li"), actor("hr", "hr")
TEMPLATE = [
    Item(key="work", title="工作内容", kind="work", required=True),
    Item(key="paths", title="文档路径", kind="document", required=True),
    Item(key="customers", title="客户清单", kind="customer", required=True),
]
FILLED = [
    Item(key="work", title="工作内容", kind="work", content="华东区客户维护"),
    Item(key="paths", title="文档路径", kind="document", path="/share/sales/zhang"),
    Item(key="customers", title="客户清单", kind="customer", content="见附件"),
]


@pytest.fixture
def number(case: Case, company: Unit, clock: ManualClock) -> str:
    handover.open_list(company, case.number, TEMPLATE, clock=clock, actor=actor("handover"))
    return case.number


def submit(company: Unit, number: str, clock: ManualClock, rows: list[Item] = FILLED) -> handover.View:
    return handover.submit(company, number, rows, clock=clock, actor=ZHANG)


def confirm_all(company: Unit, number: str, clock: ManualClock) -> handover.View:
    decisions = [Decision(key=item.key, confirmed=True) for item in handover.view(company, number).items]
    return handover.review(company, number, decisions, clock=clock, actor=WU)


def sign(company: Unit, files: Files, number: str, side: str, clock: ManualClock, by: object = None) -> None:
    who = by or (ZHANG if side == "employee" else WU)
    image = seal.keep_drawing(company, files, drawing(), subject=number, actor=who, clock=clock)  # type: ignore[arg-type]  # an actor
    shown = handover.view(company, number).sheet.content_hash or ""
    seal.sign(company, number, side, content_hash=shown, image_hash=image.hash, clock=clock, actor=who)  # type: ignore[arg-type]  # an actor


@pytest.mark.requirement("F39")
def test_an_empty_required_item_blocks_the_submission_and_is_named(
    number: str, company: Unit, clock: ManualClock
) -> None:
    with pytest.raises(Incomplete) as refused:
        submit(company, number, clock, FILLED[:2])
    assert set(refused.value.details["errors"]) == {"customers"}  # type: ignore[call-overload]  # a dict by key
    assert "客户清单" in str(refused.value)
    assert handover.view(company, number).sheet.status == "draft"


@pytest.mark.requirement("F39")
def test_a_required_item_cannot_be_dropped_renamed_or_made_optional(
    number: str, company: Unit, clock: ManualClock
) -> None:
    renamed = [
        Item(key="work", title="没什么", content="x", required=False),
        Item(key="own", title="其他", required=True),
    ]
    saved = handover.save(company, number, renamed, clock=clock, actor=ZHANG)
    assert [(item.key, item.title, item.required) for item in saved.items] == [
        ("work", "工作内容", True),
        ("paths", "文档路径", True),
        ("customers", "客户清单", True),
        ("own", "其他", False),
    ]


@pytest.mark.requirement("F42")
def test_the_recipient_returns_an_item_and_the_history_stays(number: str, company: Unit, clock: ManualClock) -> None:
    first = submit(company, number, clock)
    decisions = [
        Decision(key="work", confirmed=True),
        Decision(key="paths", confirmed=True),
        Decision(key="customers", confirmed=False, comment="请补充XX客户的联系方式"),
    ]
    returned = handover.review(company, number, decisions, clock=clock, actor=WU)
    assert returned.variables()["decision"] == "returned"
    draft = handover.view(company, number)
    assert (draft.sheet.version, draft.sheet.status) == (2, "draft")
    assert [item.status for item in draft.items] == ["confirmed", "confirmed", "open"]
    handover.comment(company, number, "customers", "已补充", clock=clock, actor=ZHANG)

    fuller = [*FILLED[:2], Item(key="customers", title="客户清单", kind="customer", content="见附件；联系人 139…")]
    second = submit(company, number, clock, fuller)
    assert second.sheet.content_hash != first.sheet.content_hash
    agreed = handover.review(company, number, [Decision(key="customers", confirmed=True)], clock=clock, actor=WU)
    assert agreed.sheet.status == "confirmed"
    assert [comment.text for comment in agreed.comments] == ["请补充XX客户的联系方式", "已补充"]
    assert handover.view(company, number, 1).sheet.status == "returned"
    assert handover.view(company, number, 1).items[2].content == "见附件"


@pytest.mark.requirement("F42")
def test_a_return_says_what_is_missing_and_no_item_is_left_undecided(
    number: str, company: Unit, clock: ManualClock
) -> None:
    submit(company, number, clock)
    with pytest.raises(Invalid, match="lacks"):
        handover.review(company, number, [Decision(key="work", confirmed=False)], clock=clock, actor=WU)
    with pytest.raises(Invalid, match="文档路径"):
        handover.review(company, number, [Decision(key="work", confirmed=True)], clock=clock, actor=WU)


def test_an_item_that_was_confirmed_and_is_changed_needs_a_new_decision(
    number: str, company: Unit, clock: ManualClock
) -> None:
    submit(company, number, clock)
    decisions = [
        Decision(key=key, confirmed=key != "customers", comment="缺") for key in ("work", "paths", "customers")
    ]
    handover.review(company, number, decisions, clock=clock, actor=WU)
    changed = [Item(key="work", title="工作内容", kind="work", content="改了"), *FILLED[1:]]
    view = submit(company, number, clock, changed)
    assert [item.status for item in view.items] == ["open", "confirmed", "open"]


@pytest.mark.requirement("F24")
def test_only_the_recipient_reviews_and_only_what_is_submitted(number: str, company: Unit, clock: ManualClock) -> None:
    with pytest.raises(Conflict, match="draft, not submitted"):
        confirm_all(company, number, clock)
    submit(company, number, clock)
    with pytest.raises(Forbidden):
        handover.review(company, number, [], clock=clock, actor=ZHANG)
    with pytest.raises(Conflict, match="submitted, not draft"):
        submit(company, number, clock)


@pytest.mark.requirement("F11")
def test_the_manager_fills_in_for_an_absent_employee_on_record(number: str, company: Unit, clock: ManualClock) -> None:
    with pytest.raises(Forbidden, match="absent"):
        handover.submit(company, number, FILLED, clock=clock, actor=LI)
    cases.mark_absent(company, number, True, clock=clock, actor=HR)
    view = handover.submit(company, number, FILLED, clock=clock, actor=LI)
    assert (view.sheet.on_behalf, view.sheet.submitted_by) == (True, "li")
    assert log.rows(company, number)[-1].detail["on_behalf"] is True


@pytest.mark.requirement("F41")
def test_files_of_an_item_are_the_leavers_own(number: str, company: Unit, files: Files, clock: ManualClock) -> None:
    secret = files.put(company, "工资表".encode(), name="pay.txt", actor=HR, at=clock.now(), subject="payroll")
    stolen = Item(key="work", title="工作内容", content="x", files=({"hash": secret.hash, "name": "pay.txt"},))
    with pytest.raises(NotFound, match="not among yours"):
        handover.save(company, number, [stolen], clock=clock, actor=ZHANG)
    own = files.put(company, "客户清单".encode(), name="customers.csv", actor=ZHANG, at=clock.now())
    mine = Item(key="customers", title="客户清单", files=({"hash": own.hash, "name": own.name},))
    view = submit(company, number, clock, [*FILLED[:2], mine])
    assert view.items[2].files == [{"hash": own.hash, "name": "customers.csv"}]


@pytest.mark.requirement("F43")
@pytest.mark.requirement("F7")
def test_both_signatures_are_bound_to_the_same_version(
    number: str, company: Unit, files: Files, clock: ManualClock
) -> None:
    submit(company, number, clock)
    with pytest.raises(Conflict, match="Reload"):
        sign(company, files, number, "employee", clock)
    confirm_all(company, number, clock)
    sign(company, files, number, "employee", clock)
    with pytest.raises(Conflict, match="not done"):
        seal.seal(company, files, number, clock=clock, actor=HR, organisation="启明", zone="Asia/Shanghai")
    sign(company, files, number, "recipient", clock)
    stored = seal.seal(company, files, number, clock=clock, actor=HR, organisation="启明", zone="Asia/Shanghai")

    view = handover.view(company, number)
    assert {signature.content_hash for signature in view.signatures} == {view.sheet.content_hash}
    assert {(s.ip, s.agent) for s in view.signatures} == {("10.1.2.3", "Mobile Safari")}
    assert view.sheet.status == "sealed"
    text = PdfReader(io.BytesIO(files.read(company, stored.hash).content)).pages[0].extract_text()
    assert all(words in text for words in ("张晓雯", "吴芳", "华东区客户维护", "/share/sales/zhang", "10.1.2.3"))
    assert [row.event for row in log.rows(company, number)].count("handover.signed") == 2


@pytest.mark.requirement("F60")
def test_nobody_signs_for_another_or_twice(number: str, company: Unit, files: Files, clock: ManualClock) -> None:
    submit(company, number, clock)
    confirm_all(company, number, clock)
    with pytest.raises(Forbidden, match="for another"):
        sign(company, files, number, "employee", clock, WU)
    with pytest.raises(Forbidden, match="for another"):
        sign(company, files, number, "recipient", clock, HR)
    with pytest.raises(Invalid, match="manager"):
        sign(company, files, number, "manager", clock, LI)
    sign(company, files, number, "employee", clock)
    with pytest.raises(Conflict, match="already"):
        sign(company, files, number, "employee", clock)


@pytest.mark.requirement("F7")
def test_a_signature_for_another_content_is_refused(
    number: str, company: Unit, files: Files, clock: ManualClock
) -> None:
    submit(company, number, clock)
    confirm_all(company, number, clock)
    image = seal.keep_drawing(company, files, drawing(), subject=number, actor=ZHANG, clock=clock)
    with pytest.raises(Conflict, match="not what was shown"):
        seal.sign(company, number, "employee", content_hash="0" * 64, image_hash=image.hash, clock=clock, actor=ZHANG)


@pytest.mark.requirement("F53")
def test_a_list_that_was_altered_behind_our_back_is_not_sealed(
    number: str, company: Unit, files: Files, clock: ManualClock
) -> None:
    submit(company, number, clock)
    confirm_all(company, number, clock)
    for side in ("employee", "recipient"):
        sign(company, files, number, side, clock)
    company.run("update handover_item set content = '无' where key = 'customers'")
    company.session.expire_all()
    with pytest.raises(Conflict, match="not done"):
        seal.seal(company, files, number, clock=clock, actor=HR, organisation="启明", zone="Asia/Shanghai")


def test_opening_twice_keeps_what_was_written(number: str, company: Unit, clock: ManualClock) -> None:
    handover.save(company, number, FILLED, clock=clock, actor=ZHANG)
    again = handover.open_list(company, number, TEMPLATE, clock=clock, actor=actor("handover"))
    assert again.items[0].content == "华东区客户维护"


@pytest.mark.requirement("F24")
def test_a_confirmed_list_keeps_its_recipient(number: str, company: Unit, clock: ManualClock) -> None:
    submit(company, number, clock)
    confirm_all(company, number, clock)
    with pytest.raises(Conflict, match="recipient stays"):
        cases.name_recipient(company, number, "zhao", clock=clock, actor=LI)


@pytest.mark.requirement("F39")
def test_an_empty_list_is_not_handed_over(case: Case, company: Unit, clock: ManualClock) -> None:
    handover.open_list(company, case.number, [], clock=clock, actor=actor("handover"))
    with pytest.raises(Incomplete, match="empty"):
        submit(company, case.number, clock, [])
    twice = [Item(key="a", title="甲", content="1"), Item(key="a", title="甲", content="2")]
    assert [item.content for item in submit(company, case.number, clock, twice).items] == ["2"]


def test_a_comment_goes_to_an_item_of_the_list(number: str, company: Unit, clock: ManualClock) -> None:
    with pytest.raises(NotFound, match="no item nothing"):
        handover.comment(company, number, "nothing", "?", clock=clock, actor=WU)


def test_rows_of_a_form_become_items() -> None:
    row = {
        "key": "a",
        "title": "甲",
        "kind": "work",
        "files": [{"hash": "h", "name": "n", "size": 3}],
        "status": "open",
    }
    assert Item.of(row) == Item(key="a", title="甲", kind="work", files=({"hash": "h", "name": "n"},))
    with pytest.raises(Invalid, match="work, document, asset"):
        Item.of({"key": "a", "title": "甲", "kind": "nonsense"})
    assert items.content(Item.of(row))["files"] == [{"hash": "h", "name": "n"}]
