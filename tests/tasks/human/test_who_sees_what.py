"""Each reader of a case sees the facts and files that their part in it needs (PIPL 6, 19): the table, role by role."""

import pytest

from kernel.actor import Actor, system
from kernel.errors import NotFound
from tasks.human import cases, files
from tasks.human.views import CaseView
from tests.tasks.human.conftest import CONFIRMED, FILED, Tale

ADMIN = Actor(id="admin", name="管理员", groups=frozenset({"admin"}))
BASE = {"员工", "部门", "岗位", "最后工作日", "对接人"}
LEGAL = {"法定最早离职日", "法律依据"}
WHY = {"离职原因", "本人说明"}
SEEN = {
    "zhang.yan": BASE | LEGAL | WHY | {"提交时间", "合同到期日"},  # the employee
    "he.fang": BASE | LEGAL | WHY | {"提交时间", "合同到期日"},  # HR
    "chen.bo": BASE | LEGAL | WHY | {"提交时间"},  # the manager
    "lin.tao": BASE,  # who takes over
    "admin": BASE | {"提交时间"},
    "it": BASE,
    "administration": BASE,
    "finance": BASE,
}
FILES = {
    "zhang.yan": {"comment", "handover", "handover-list", "asset-photo"},
    "he.fang": {"comment", "handover", "handover-list", "asset-photo", "certificate", "form"},
    "chen.bo": {"comment", "handover", "handover-list"},
    "lin.tao": {"comment", "handover", "handover-list"},
    "admin": {"comment"},
    "it": {"comment", "asset-photo"},
    "administration": {"comment", "asset-photo"},
    "finance": {"comment", "asset-photo"},
}
PURPOSES = ("comment", "handover", "handover-list", "asset-photo", "certificate", "form")


@pytest.fixture
def whole(tale: Tale) -> Tale:
    """A case with a file of every purpose, brought by the product."""
    tale.tell(
        {"start": "zhang.yan", "values": {**FILED["values"], "reason": "other", "reasonText": "家里的事"}}, CONFIRMED
    )
    with tale.house.database.transaction() as unit:
        for purpose in PURPOSES:
            tale.house.world.files.keep(
                unit, purpose.encode(), "text/plain", name=purpose, subject=tale.number, purpose=purpose,
                actor=system("test"), at=tale.house.clock.now(),
            )  # fmt: skip
    return tale


def view(tale: Tale, login: str) -> CaseView:
    actor = ADMIN if login == "admin" else tale.actor(login)
    with tale.house.database.transaction() as unit:
        return cases.case_view(tale.house, unit, actor, tale.number)


@pytest.mark.requirement("F112")
def test_facts_are_seen_as_far_as_the_part_needs_them(whole: Tale) -> None:
    for login, wanted in SEEN.items():
        assert {fact.label.within("zh-CN") for fact in view(whole, login).facts} == wanted, login


@pytest.mark.requirement("F112")
@pytest.mark.requirement("F115")
def test_files_are_listed_and_read_as_far_as_the_part_needs_them(whole: Tale) -> None:
    hashes = dict(whole.unit.all("select name, hash from file_use where subject = %s", (whole.number,)))
    for login, wanted in FILES.items():
        assert {file.name for file in view(whole, login).files} == wanted, login
        actor = ADMIN if login == "admin" else whole.actor(login)
        with whole.house.database.transaction() as unit:
            for purpose in PURPOSES:
                if purpose in wanted:
                    assert files.read(whole.house, unit, actor, hashes[purpose])[1] == purpose.encode()
                else:
                    with pytest.raises(NotFound):
                        files.read(whole.house, unit, actor, hashes[purpose])


@pytest.mark.requirement("F49")
@pytest.mark.requirement("F115")
def test_the_certificate_with_its_identity_number_is_for_the_employee_and_hr(whole: Tale) -> None:
    whole.tell({"at": "2026-12-02T09:01:00+08:00"})
    shown = {login for login in SEEN if view(whole, login).certificate is not None}
    assert shown == {"zhang.yan", "he.fang"}


@pytest.mark.requirement("F112")
def test_messages_of_others_are_for_hr_and_administrators(whole: Tale) -> None:
    assert {message.to for message in view(whole, "chen.bo").messages} == {"陈波"}
    assert {"张岩", "陈波"} <= {message.to for message in view(whole, "he.fang").messages}


@pytest.mark.requirement("F131")
def test_a_step_that_stopped_tells_the_reason_to_those_who_mend_it(whole: Tale) -> None:
    whole.unit.run("update employee set id_number_sealed = null where login = 'zhang.yan'")
    whole.tell({"at": "2026-11-30T09:00:00+08:00", "expect": {"incidents": ["prepare_certificate"]}})
    told = {login: view(whole, login).delays[0].sentence.within("zh-CN") for login in ("zhang.yan", "he.fang", "admin")}
    assert told["zhang.yan"] == "已填写的内容全部保留，不会丢失，处理后从这里继续。"
    assert told["he.fang"] == told["admin"]
    assert told["he.fang"].startswith("无法生成 张岩 的离职证明")
