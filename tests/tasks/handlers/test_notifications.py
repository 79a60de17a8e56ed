"""Telling people: each delivery once, every failure on record, no process held up."""

from dataclasses import replace

import pytest

from kernel.actor import Actor
from kernel.errors import Invalid, NotFound, Unavailable
from tasks import deliveries
from tasks.handlers import letters

LOG = "select recipient, channel, state, attempts, error from delivery order by recipient, channel"


def template(subject: str, body: str, sms: str) -> str:
    blocks = {"subject": subject, "body": body, "sms": sms}
    return "".join(f"{{% block {name} %}}{words}{{% endblock %}}" for name, words in blocks.items())


def headers(template: str, channels: str = "message") -> dict[str, str]:
    return {"template": template, "channels": channels}


@pytest.mark.requirement("F30")
def test_the_manager_hears_of_a_resignation_in_the_app_by_sms_and_by_mail(desk, number):
    desk.do("notify", number, to=["li"], headers=headers("resignation-submitted", "sms,message,mail"))
    assert [row[:4] for row in desk.rows(LOG)] == [
        ("li", "mail", "sent", 1),
        ("li", "message", "sent", 0),
        ("li", "sms", "sent", 1),
    ]
    ((phone, text),) = desk.outside.sms.texts.values()
    assert phone == "10000000002"
    assert text == "离职待确认知悉：张晓雯 预计 2026年12月2日 离职，请于 2026年11月3日 18:00 前确认并指定交接对接人。"
    (letter,) = desk.outside.mailer.letters.values()
    assert (letter.to, letter.subject) == ("li@qiming.example", "离职待确认知悉：张晓雯")
    (message,) = deliveries.messages(desk.database.once(), "li")
    assert message.case_number == number
    assert "辞职无须用人单位批准" in message.body


@pytest.mark.requirement("F31")
def test_a_group_is_everyone_in_it_each_once(desk, number):
    named = {"login": "wu", "name": "吴芳"}
    desk.do("notify", number, to=["group:hr", "chen"], recipient=named, headers=headers("handover-follow-up"))
    assert [row[0] for row in desk.rows(LOG)] == ["chen", "hr"]


@pytest.mark.requirement("F32")
def test_a_job_done_again_tells_nobody_twice(desk, number):
    named = {"login": "wu", "name": "吴芳"}
    ticket = desk.ticket(
        "notify", number, to=["zhang", "wu"], recipient=named, headers=headers("handover-countdown", "message mail")
    )
    desk.work(ticket)
    desk.work(ticket)
    assert desk.outside.mailer.calls == 2
    assert [row[:3] for row in desk.rows(LOG)] == [
        ("wu", "mail", "sent"),
        ("wu", "message", "sent"),
        ("zhang", "mail", "sent"),
        ("zhang", "message", "sent"),
    ]


@pytest.mark.requirement("F38")
def test_an_outage_is_tried_again_for_the_rest_only(desk, number):
    ticket = desk.ticket("notify", number, to=["li"], headers=headers("overdue", "message,mail,sms"))
    desk.outside.mailer.down = True
    with pytest.raises(Unavailable):
        desk.work(ticket)
    desk.outside.mailer.down = False
    desk.work(replace(ticket, retries=2))
    assert desk.outside.sms.calls == 1
    assert [row[:4] for row in desk.rows(LOG)] == [
        ("li", "mail", "sent", 2),
        ("li", "message", "sent", 0),
        ("li", "sms", "sent", 1),
    ]


def test_a_system_that_is_down_is_asked_once_a_go(desk, number):
    desk.outside.mailer.down = True
    ticket = desk.ticket("notify", number, to=["li", "wu", "chen"], headers=headers("overdue", "mail,sms"))
    with pytest.raises(Unavailable):
        desk.work(ticket)
    assert desk.outside.mailer.calls == 1
    assert desk.outside.sms.calls == 3
    desk.work(replace(ticket, retries=1))
    states = {(row[1], row[2]) for row in desk.rows(LOG)}
    assert states == {("mail", "failed"), ("sms", "sent")}
    assert all("mail cannot be used" in row[4] for row in desk.rows(LOG) if row[1] == "mail")


@pytest.mark.requirement("F38")
def test_the_last_failure_stays_in_the_log_and_the_process_goes_on(desk, number):
    desk.outside.sms.down = True
    ticket = desk.ticket("notify", number, to=["li"], headers=headers("overdue", "message,sms"))
    assert desk.work(replace(ticket, retries=1)) == {}
    failed = deliveries.log(desk.database.once(), case_number=number, state="failed")
    assert [(entry.recipient, entry.channel) for entry in failed] == [("li", "sms")]
    assert "SMS cannot be used at the moment" in failed[0].error


def test_an_sms_whose_answer_was_lost_is_asked_for_not_sent_again(desk, number):
    desk.outside.sms.lose_answers = True
    ticket = desk.ticket("notify", number, to=["li"], headers=headers("overdue", "sms"))
    with pytest.raises(Unavailable):
        desk.work(ticket)
    desk.outside.sms.lose_answers = False
    desk.work(ticket)
    assert len(desk.outside.sms.texts) == 1
    assert [row[2] for row in desk.rows(LOG)] == ["sent"]


def test_a_letter_after_a_crash_bears_the_same_message_id(desk, number):
    ticket = desk.ticket("notify", number, to=["li"], headers=headers("overdue", "mail"))
    desk.work(ticket)
    desk.database.once().run("update delivery set state = 'queued', sent_at = null, receipt = ''")
    desk.work(ticket)
    assert desk.outside.mailer.calls == 2
    assert len(desk.outside.mailer.letters) == 1


def test_a_message_to_nobody_shows_in_the_log(desk, number):
    desk.do("notify", number, to=["group:finance", "ghost", None], headers=headers("overdue"))
    assert [(row[0], row[2]) for row in desk.rows(LOG)] == [("ghost", "failed"), ("group:finance", "failed")]
    assert "Nobody is behind" in desk.rows(LOG)[0][4]


def test_a_desk_without_an_address_hears_in_the_app_alone(desk, number):
    desk.do("notify", number, to="group:it", headers=headers("departure-notice", "message,mail"))
    assert [row[:3] for row in desk.rows(LOG)] == [("it", "mail", "failed"), ("it", "message", "sent")]


def test_a_channel_that_the_organisation_lacks_is_told_in_the_log(desk, number):
    desk.world = replace(desk.world, sms=None)
    desk.do("notify", number, to=["li"], headers=headers("overdue", "sms"))
    assert "No system for the channel sms is set up" in desk.rows(LOG)[0][4]


@pytest.mark.requirement("F36")
def test_open_items_are_listed_with_amounts(desk, number):
    item = {"reference": "FI-1", "title": "备用金借款", "amount": 1234.5}
    desk.do("notify", number, to=["zhang"], finance={"items": [item], "total": 1234.5}, headers=headers("finance-open"))
    (message,) = deliveries.messages(desk.database.once(), "zhang")
    assert "- 备用金借款（FI-1）¥1,234.50" in message.body
    assert "不影响工资结算和离职证明" in message.body


@pytest.mark.requirement("F6")
def test_the_leaver_reads_which_things_to_bring_back(desk, number):
    held = [{"name": "笔记本电脑", "tag": "A-1"}]
    desk.do("notify", number, to=["zhang"], assets=held, headers=headers("asset-return"))
    (message,) = deliveries.messages(desk.database.once(), "zhang")
    assert "- 笔记本电脑（A-1）" in message.body


def test_a_channel_or_template_that_does_not_exist_is_refused(desk, number):
    with pytest.raises(Invalid, match="names the channel fax"):
        desk.do("notify", number, to=["li"], headers=headers("overdue", "fax"))
    with pytest.raises(NotFound, match="no message template nothing"):
        desk.do("notify", number, to=["li"], headers=headers("nothing"))


def test_an_order_without_recipients_names_the_variable(desk, number):
    with pytest.raises(Invalid, match=r"notify at the_element cannot start: variable to\b.* does not fit"):
        desk.do("notify", number, headers=headers("overdue"))


def test_a_reader_marks_only_own_messages(desk, number, clock):
    desk.do("notify", number, to=["li", "chen"], headers=headers("overdue"))
    unit = desk.database.once()
    ids = [entry.id for entry in deliveries.log(unit)]
    assert deliveries.mark_read(unit, "li", ids, clock) == 1
    assert deliveries.mark_read(unit, "li", ids, clock) == 0
    assert (deliveries.unread(unit, "li"), deliveries.unread(unit, "chen")) == (0, 1)


@pytest.mark.requirement("F38")
def test_the_organisation_writes_its_own_words(desk, number, clock):
    own = template("请留意", "{{ person.name }}", "x")
    with desk.database.transaction() as unit:
        letters.save(unit, "overdue", "zh-CN", own, actor=Actor(id="hr"), clock=clock)
    desk.do("notify", number, to=["li"], headers=headers("overdue"))
    (message,) = deliveries.messages(desk.database.once(), "li")
    assert (message.subject, message.body) == ("请留意", "李勇")
    with desk.database.transaction() as unit:
        letters.reset(unit, "overdue", "zh-CN")
        assert "逾期预警" in letters.source(unit, "overdue", "zh-CN")


@pytest.mark.parametrize(
    ("source", "why"),
    [
        ("{% block subject %}", "cannot be read"),
        ("{% block subject %}x{% endblock %}", "has no block body"),
    ],
)
def test_words_that_cannot_be_used_are_refused_when_saved(desk, clock, source, why):
    with desk.database.transaction() as unit, pytest.raises(Invalid, match=why):
        letters.save(unit, "overdue", "zh-CN", source, actor=Actor(id="hr"), clock=clock)


def test_a_template_reaches_nothing_but_its_variables():
    evil = template("{{ ''.__class__.__mro__ }}", "", "")
    with pytest.raises(Invalid, match="cannot be filled in"):
        letters.write(evil, {}, language="en", zone="UTC")


SAMPLE = {
    "caseNumber": "OFF-2026-0001",
    "employee": {"name": "张晓雯", "department": "sales", "position": "销售"},
    "person": {"login": "li", "name": "李勇"},
    "recipient": {"login": "wu", "name": "吴芳"},
    "leavingOn": "2026-12-02",
    "plan": {"managerDueAt": "2026-11-03T18:00:00+08:00", "handoverDueAt": "2026-11-06T18:00:00+08:00"},
    "assets": [{"name": "笔记本电脑", "tag": "A-1"}],
    "finance": {"items": [{"title": "借款", "reference": "FI-1", "amount": 12}], "total": 12},
    "confidentiality": {"missing": [{"title": "客户信息存储要求"}]},
    "agreement": {
        "number": "XY-2026-000001",
        "title": "客户信息保密协议",
        "name": "张晓雯",
        "expiresAt": "2026-11-17T09:00:00+08:00",
        "verifyCode": "K7QF-93MA",
    },
    "signing": {"name": "张晓雯", "title": "竞业限制协议"},
    "nonCompete": {"article": "《劳动合同法》第二十四条"},
    "page": "https://hr.example/sign/XY-2026-000001",
    "link": "https://hr.example",
    "training": {
        "number": "PX-2026-000001",
        "title": "客户信息存储要求",
        "name": "张晓雯",
        "status": "examining",
        "dueAt": "2026-11-16T02:00:00+00:00",
        "certificate": "PXZS-2026-000001",
        "validUntil": "2027-11-01",
    },
    "waiver": {"by": "he.fang", "reason": "上月刚学过"},
}


@pytest.mark.parametrize("language", ["zh-CN", "en"])
@pytest.mark.parametrize("name", letters.names())
def test_every_shipped_template_fills_in_both_languages(name, language):
    letter = letters.write(letters.shipped(name, language), SAMPLE, language=language, zone="Asia/Shanghai")
    assert letter.subject
    assert len(letter.body) > 20
    assert 0 < len(letter.sms) < 200
    assert "\n\n\n" not in letter.body
