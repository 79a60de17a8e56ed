"""The case's plan and end, and its certificate: once, and on the last day whatever is open."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from hr.documents.verify.pdf import examine
from hr.offboarding import cases, certificate
from kernel.errors import Invalid, Unavailable
from kernel.ids import Keys
from kernel.text import say
from processes import catalog
from tasks.handlers import registry

RECIPIENT = {"login": "wu"}


def test_naming_who_takes_over_starts_the_handover_clock(desk, number, clock):
    first = desk.do("case.plan", number)
    assert first["recipient"] is None
    clock.set("2026-11-04T02:00:00+00:00")
    planned = desk.do("case.plan", number, recipient=RECIPIENT)
    assert planned["recipient"] == {"login": "wu", "name": "吴芳"}
    assert planned["plan"]["handoverDueAt"] == "2026-11-09T18:00:00+08:00"
    assert first["plan"]["handoverDueAt"] == "2026-11-05T18:00:00+08:00"
    with desk.database.transaction() as unit:
        assert cases.find(unit, number).recipient == "wu"


@pytest.mark.requirement("F16")
def test_clearance_sets_when_the_certificate_is_due_and_keeps_the_rest(desk, number, clock):
    before = desk.do("case.plan", number, recipient=RECIPIENT)["plan"]
    clock.set("2026-11-10T02:00:00+00:00")
    again = desk.do("case.plan", number, recipient=RECIPIENT)["plan"]
    assert again == before
    after = desk.do("case.plan", number, recipient=RECIPIENT, clearedAt="2026-11-10T02:00:00Z")["plan"]
    assert after["certificateDueAt"] == "2026-11-11T18:00:00+08:00"
    assert after["handoverDueAt"] == before["handoverDueAt"]


@pytest.mark.requirement("F14")
def test_a_last_day_settled_later_moves_the_whole_plan(desk, number):
    settled = {"leavingOn": "2026-11-13", "leavingType": "36", "mutualConsent": True}
    plan = desk.do("case.plan", number, **settled)["plan"]
    assert plan["lastDayAt"] == "2026-11-13T09:00:00+08:00"
    with desk.database.transaction() as unit:
        case = cases.find(unit, number)
        assert (case.leaving_on.isoformat(), case.leaving_type, case.mutual_consent) == ("2026-11-13", "36", True)


@pytest.mark.requirement("F13")
def test_an_unlawful_last_day_is_refused_naming_the_article(desk, number):
    with pytest.raises(Invalid, match="LCL 37 asks for 30 days"):
        desk.do("case.plan", number, leavingOn="2026-11-13", leavingType="37", mutualConsent=False)


@pytest.mark.requirement("F8")
def test_the_certificate_is_prepared_reviewed_and_issued_once(desk, number, clock):
    prepared = desk.do("certificate.prepare", number)["certificate"]
    assert (prepared["status"], prepared["issuedAt"]) == ("prepared", None)
    with pytest.raises(Invalid, match="on that day and not before"):
        desk.do("certificate.issue", number)
    clock.set("2026-12-02T01:00:00+00:00")
    issued = desk.do("certificate.issue", number)["certificate"]
    assert (issued["number"], issued["status"]) == (prepared["number"], "issued")
    assert desk.do("certificate.issue", number)["certificate"] == issued
    assert desk.do("certificate.prepare", number)["certificate"] == issued
    assert desk.rows("select count(*) from evidence where event = 'certificate.issued'") == [(1,)]


def test_before_the_last_day_nothing_is_issued_that_was_not_prepared(desk, number):
    with pytest.raises(Invalid, match="not prepared yet"):
        desk.do("certificate.issue", number)


@pytest.mark.requirement("F49")
def test_on_the_last_day_the_certificate_comes_whatever_is_missing(desk, number, clock):
    clock.set("2026-12-02T01:00:00+00:00")
    assert desk.do("certificate.issue", number)["certificate"]["status"] == "issued"


@pytest.mark.requirement("F49")
def test_on_the_last_day_a_certificate_out_of_date_is_made_anew(desk, number, clock):
    desk.do("certificate.prepare", number)
    desk.database.once().run("update employee set position = '销售总监' where login = 'zhang'")
    clock.set("2026-12-02T01:00:00+00:00")
    assert desk.do("certificate.issue", number)["certificate"]["status"] == "issued"


def sealed_by(desk, number):
    """Who signed the certificate that the case has, and whether it stands."""
    with desk.database.transaction() as unit:
        pdf = certificate.pdf(unit, desk.world.files, number)
    found = examine(pdf, desk.world.trust, at=desk.world.clock.now())
    return [signature.field for signature in found.signatures], found.intact


class Away:
    """A time authority that does not answer."""

    name, trial = "away", False

    def stamp(self, request):
        raise Unavailable(say("No time authority answers."))


def told(desk):
    ((detail,),) = desk.rows("select detail from evidence where event = 'certificate.issued'")
    return detail


@pytest.mark.requirement("F48")
def test_it_goes_out_under_the_companys_seal(desk, number, clock):
    desk.do("certificate.prepare", number)
    assert sealed_by(desk, number)[0] == []
    clock.set("2026-12-02T01:00:00+00:00")
    issued = desk.do("certificate.issue", number)["certificate"]
    assert sealed_by(desk, number) == (["seal"], True)
    assert (told(desk)["sealed"], told(desk)["trial"]) == (True, True)
    with desk.database.transaction() as unit:
        assert certificate.of_case(unit, number).pdf_hash == issued["hash"]


@pytest.mark.requirement("F49")
def test_without_time_stamps_it_waits_a_while_and_then_goes_out_as_it_is(desk, number, clock):
    """The law does not wait (LCL 50); that it bears no seal is on record."""
    clock.set("2026-12-02T01:00:00+00:00")
    away = replace(desk.world, keys=replace(desk.world.seals, stamps=Away()))
    without = type(desk)(away, desk.outside)
    with pytest.raises(Unavailable, match="No time authority answers"):
        without.do("certificate.issue", number)
    assert desk.rows("select count(*) from evidence where event = 'certificate.issued'") == [(0,)]
    last = replace(desk.ticket("certificate.issue", number), retries=1)
    assert without.work(last)["certificate"]["status"] == "issued"
    assert sealed_by(desk, number)[0] == []
    assert told(desk)["sealed"] is False


def test_a_certificate_prepared_anew_while_it_was_sealed_is_sealed_again(desk, number, clock):
    clock.set("2026-12-02T01:00:00+00:00")
    ticket, handler = desk.ticket("certificate.issue", number), registry.find("certificate.issue")
    made = handler.call(ticket, desk.world)
    desk.database.once().run("update employee set position = '销售总监' where login = 'zhang'")
    desk.do("certificate.prepare", number)
    with pytest.raises(Unavailable, match="prepared again"), desk.database.transaction() as unit:
        handler.record(ticket, made, unit, desk.world)
    assert desk.rows("select count(*) from evidence where event = 'certificate.issued'") == [(0,)]
    assert desk.work(ticket)["certificate"]["status"] == "issued"
    assert sealed_by(desk, number) == (["seal"], True)


def test_a_case_is_closed_once(desk, number, clock):
    first = desk.do("case.close", number)
    assert datetime.fromisoformat(first["closedAt"]) == clock.now()
    clock.set(datetime(2026, 12, 20, tzinfo=UTC))
    assert desk.do("case.close", number) == first


def test_a_closed_case_refuses_further_findings_as_a_thing_for_a_person(desk, number):
    desk.do("case.close", number)
    with pytest.raises(Invalid, match="nothing is added to it"):
        desk.do("finance.open-items", number)


TASK = """
insert into user_task (key, instance_key, definition_key, process_id, token, element, name, state, assignee,
                       candidate_groups, candidate_users, due_at, priority, headers, created_at)
values (%s, 100, 1, 'offboarding', %s, %s, %s, 'CREATED', %s, %s, '{}', %s, 50, '{}', %s)
"""


@pytest.fixture
def instance(desk, clock):
    """The rows of an instance with three open tasks: one late, one of a group without a due time, one due later."""
    unit, now = desk.database.once(), clock.now()
    Keys(desk.database)
    unit.run("insert into deployment (key, at, actor) values (1, %s, 'x')", (now,))
    model = (catalog.home() / "offboarding" / "offboarding.bpmn").read_bytes()
    unit.run("insert into resource (key, deployment_key, name, content) values (1, 1, 'x.bpmn', %s)", (model,))
    unit.run(
        "insert into definition (key, kind, id, name, version, deployment_key, resource_key, resource_name, digest,"
        " deployed_at) values (1, 'process', 'offboarding', 'x', 1, 1, 1, 'x.bpmn', '', %s)",
        (now,),
    )
    unit.run(
        "insert into instance (key, definition_key, process_id, process_version, version, state, blob, journal_seq,"
        " journal_head, root_key, depth, tags, started_at, started_by)"
        " values (100, 1, 'offboarding', 1, 1, 'ACTIVE', '', 0, '', 100, 0, '{}', %s, 'zhang')",
        (now,),
    )
    unit.run(TASK, (1, 1, "handover_list", "填写交接清单", "zhang", [], "2026-11-05T10:00:00+00:00", now))
    unit.run(TASK, (2, 2, "hr_review", "审核社保与公积金", None, ["hr"], None, now))
    unit.run(TASK, (3, 3, "insurance_transfer", "档案与社保转移", None, ["hr"], "2026-12-17T10:00:00+00:00", now))


@pytest.mark.requirement("F9")
@pytest.mark.usefixtures("instance")
def test_what_is_due_and_open_is_exported_with_its_reminders(desk, number, clock):
    desk.do(
        "notify",
        number,
        to=["zhang", "group:hr"],
        recipient={"name": "吴芳"},
        headers={"template": "handover-countdown", "channels": "message,mail"},
    )
    clock.set("2026-12-02T10:00:00+00:00")
    taken = desk.do("case.record-open", number)["openRecord"]
    assert taken["nodes"] == 2
    with desk.database.transaction() as unit:
        kept = desk.world.files.read(unit, taken["jsonHash"]).content.decode()
        assert desk.world.files.read(unit, taken["pdfHash"]).content.startswith(b"%PDF")
    assert "填写交接清单" in kept
    assert '"stage":"交接"' in kept
    assert '"stage":"手续"' in kept
    assert "档案与社保转移" not in kept
    assert '"channel":"mail","delivered":true,"to":"张晓雯"' in kept
    assert '"responsible":"人事"' in kept
