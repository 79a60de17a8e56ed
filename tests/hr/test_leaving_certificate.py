"""The leaving certificate: the statutory items from the file, nothing else, issued once."""

import io
from datetime import date

import pytest
from pypdf import PdfReader

from hr.documents.files import Files
from hr.evidence import log
from hr.offboarding import cases, certificate
from hr.offboarding.cases import Filing
from hr.offboarding.certificate import MissingDatum
from hr.offboarding.statement import Letterhead, Statement, served
from hr.offboarding.tables import Case, Certificate
from hr.people import org, staff
from hr.privacy import Cipher
from kernel.clock import ManualClock
from kernel.db import Unit
from kernel.errors import Conflict, NotFound
from tests.hr.conftest import actor

HEAD = Letterhead(organisation="上海启明智能科技有限公司", verify_url="https://hr.qiming.example/verify")
HR = actor("hr", "hr")
LAST_DAY = "2026-12-02T01:00:00+00:00"


def prepare(company: Unit, files: Files, number: str, clock: ManualClock) -> Certificate:
    return certificate.prepare(company, files, number, letterhead=HEAD, clock=clock, actor=HR)


def text_of(pdf: bytes) -> str:
    return "".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages).replace("\n", "").replace(" ", "")


@pytest.mark.requirement("F47")
@pytest.mark.requirement("F8")
def test_the_four_statutory_items_and_the_person_come_from_the_file(
    case: Case, company: Unit, files: Files, cipher: Cipher, clock: ManualClock
) -> None:
    row = prepare(company, files, case.number, clock)
    person = org.required(company, "zhang")
    stated = certificate.content(company, files, case.number)
    assert stated == {
        "number": "LZ-2026-000001",
        "name": person.name,
        "id_number": org.identity_number(company, "zhang", cipher),
        "hired_on": person.hired_on.isoformat(),
        "contract_starts_on": "2021-07-01",
        "contract_ends_on": "2029-08-31",
        "left_on": case.leaving_on.isoformat(),
        "position": person.position,
        "department": person.department_name,
        "verb": "解除",
        "dated_on": "2026-12-02",
    }
    text = text_of(certificate.pdf(company, files, case.number))
    for words in (
        "解除劳动合同证明",
        "张晓雯",
        str(stated["id_number"]),
        "2021年7月1日至2029年8月31日",
        "2026年12月2日",
        "高级销售代表（销售一部）",
        "5年5个月",
        row.number,
        row.verify_code,
    ):
        assert words in text, words


@pytest.mark.requirement("F48")
def test_a_missing_datum_blocks_the_preparation_and_is_named(
    case: Case, company: Unit, files: Files, cipher: Cipher, clock: ManualClock
) -> None:
    company.run("update employee set id_number_sealed = null where login = 'zhang'")
    company.run("delete from contract where employee = 'zhang'")
    with pytest.raises(MissingDatum, match="a valid identity number, the contract term missing"):
        prepare(company, files, case.number, clock)
    assert certificate.of_case(company, case.number) is None
    with pytest.raises(NotFound, match="no certificate yet"):
        certificate.pdf(company, files, case.number)


@pytest.mark.requirement("F48")
def test_there_is_no_place_for_a_remark() -> None:
    assert set(Statement.__dataclass_fields__) == {
        "number", "name", "id_number", "hired_on", "contract_starts_on", "contract_ends_on", "left_on", "position",
        "department", "verb", "dated_on",
    }  # fmt: skip


@pytest.mark.requirement("F8")
def test_it_is_issued_once_and_then_never_prepared_again(
    case: Case, company: Unit, files: Files, clock: ManualClock
) -> None:
    clock.set(LAST_DAY)
    with pytest.raises(Conflict, match="not prepared"):
        certificate.issue(company, files, case.number, clock=clock, actor=HR)
    first = prepare(company, files, case.number, clock)
    number, code = first.number, first.verify_code
    assert certificate.of_code(company, code) is None
    again = prepare(company, files, case.number, clock)
    assert (again.number, again.verify_code) == (number, code)
    issued = certificate.issue(company, files, case.number, clock=clock, actor=HR)
    assert (issued.issued_by, issued.issued_at) == ("hr", clock.now())
    found = certificate.of_code(company, code.lower())
    assert found is not None
    assert found.number == number
    with pytest.raises(Conflict, match="issued on 2026-12-02"):
        certificate.issue(company, files, case.number, clock=clock, actor=HR)
    with pytest.raises(Conflict, match="second one is not issued"):
        prepare(company, files, case.number, clock)
    assert [row.event for row in log.rows(company, case.number)][-1] == "certificate.issued"


@pytest.mark.requirement("F47")
def test_a_file_that_changed_since_is_not_issued(
    case: Case, company: Unit, files: Files, cipher: Cipher, clock: ManualClock
) -> None:
    clock.set(LAST_DAY)
    prepare(company, files, case.number, clock)
    staff.change(company, cipher, "zhang", position="大客户经理")
    with pytest.raises(Conflict, match="has changed"):
        certificate.issue(company, files, case.number, clock=clock, actor=HR)
    prepare(company, files, case.number, clock)
    assert certificate.issue(company, files, case.number, clock=clock, actor=HR).issued_at is not None


@pytest.mark.requirement("F8")
def test_it_is_prepared_early_and_issued_on_the_day_that_it_certifies(
    case: Case, company: Unit, files: Files, clock: ManualClock
) -> None:
    prepare(company, files, case.number, clock)
    for early in ("2026-11-26T02:00:00+00:00", "2026-12-01T15:59:00+00:00"):
        clock.set(early)
        with pytest.raises(Conflict, match="2026-12-02; it is issued on that day and not before"):
            certificate.issue(company, files, case.number, clock=clock, actor=HR)
    clock.set("2026-12-01T16:00:00+00:00")  # midnight in Shanghai
    issued = certificate.issue(company, files, case.number, clock=clock, actor=HR)
    assert issued.issued_at == clock.now()
    assert certificate.content(company, files, case.number)["dated_on"] == "2026-12-02"


@pytest.mark.requirement("F8")
def test_one_that_is_issued_late_bears_the_day_of_issue(
    case: Case, company: Unit, files: Files, clock: ManualClock
) -> None:
    prepare(company, files, case.number, clock)
    clock.set("2026-12-04T01:00:00+00:00")
    with pytest.raises(Conflict, match="Prepare it again"):
        certificate.issue(company, files, case.number, clock=clock, actor=HR)
    prepare(company, files, case.number, clock)
    certificate.issue(company, files, case.number, clock=clock, actor=HR)
    assert certificate.content(company, files, case.number)["dated_on"] == "2026-12-04"


@pytest.mark.requirement("F49")
def test_whatever_is_open_does_not_keep_it_back(case: Case, company: Unit, files: Files, clock: ManualClock) -> None:
    clock.set("2026-12-02T01:00:00+00:00")
    prepare(company, files, case.number, clock)
    certificate.issue(company, files, case.number, clock=clock, actor=actor("case"))
    assert company.one("select count(*) from handover_list")[0] == 0
    assert text_of(certificate.pdf(company, files, case.number)).count("2026年12月2日") == 4


def test_a_resignation_taken_back_is_not_certified(case: Case, company: Unit, files: Files, clock: ManualClock) -> None:
    cases.withdraw(company, case.number, reason="留任", clock=clock, actor=HR)
    with pytest.raises(Conflict, match="taken back"):
        prepare(company, files, case.number, clock)


@pytest.mark.parametrize("name", ["欧阳龘", "司马㛃", "王𬎆"])
def test_rare_characters_are_set(name: str, company: Unit, files: Files, cipher: Cipher, clock: ManualClock) -> None:
    staff.change(company, cipher, "wu", name=name)
    filing = Filing(employee="wu", reason="family", leaving_on=date(2026, 12, 31))
    case = cases.file(company, filing, clock=clock, actor=actor("wu"))
    prepare(company, files, case.number, clock)
    assert name in text_of(certificate.pdf(company, files, case.number))


def test_an_open_ended_contract_and_an_end_by_term_have_their_own_words(
    company: Unit, files: Files, clock: ManualClock
) -> None:
    staff.sign_contract(company, "HT-open", "wu", starts_on=date(2025, 1, 1))
    filing = Filing(employee="wu", reason="other", leaving_on=date(2026, 12, 31), leaving_type="44")
    case = cases.file(company, filing, clock=clock, actor=HR)
    prepare(company, files, case.number, clock)
    text = text_of(certificate.pdf(company, files, case.number))
    assert "终止劳动合同证明" in text
    assert "2025年1月1日起，无固定期限" in text
    assert "依法终止" in text


@pytest.mark.requirement("F115")
def test_what_it_states_is_sealed_in_the_table(case: Case, company: Unit, files: Files, clock: ManualClock) -> None:
    prepare(company, files, case.number, clock)
    (sealed,) = company.one("select content_sealed from certificate")
    assert b"990000" not in sealed
    assert "张晓雯".encode() not in sealed


@pytest.mark.parametrize(
    ("hired", "left", "words"),
    [
        (date(2021, 7, 1), date(2026, 11, 30), "5年5个月"),
        (date(2024, 1, 31), date(2024, 2, 29), "1个月"),
        (date(2024, 1, 31), date(2024, 2, 27), "28天"),
        (date(2024, 2, 29), date(2025, 2, 28), "1年"),
        (date(2026, 11, 2), date(2026, 11, 2), "1天"),
        (date(2020, 12, 15), date(2026, 12, 14), "6年"),
        (date(2020, 12, 15), date(2026, 12, 13), "5年11个月"),
    ],
)
def test_years_of_service_count_both_days(hired: date, left: date, words: str) -> None:
    assert served(hired, left) == words
