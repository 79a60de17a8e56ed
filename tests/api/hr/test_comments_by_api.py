"""The conversation of a case by the API: the same people as on its page."""

from tests.api.company import Company
from tests.api.hr.conftest import Call


def test_who_takes_part_reads_and_writes(company: Company, call: Call) -> None:
    path = f"/api/process-instances/{company.instance}/comments"
    assert call(company.cast.manager, "GET", path).json() == {"items": []}
    said = call(company.cast.manager, "POST", path, text="When do we talk?")
    assert said.status_code == 200, said.text
    assert [(one["text"], one["own"]) for one in said.json()["items"]] == [("When do we talk?", True)]
    (heard,) = call(company.cast.employee.login, "GET", path).json()["items"]
    assert (heard["author"]["login"], heard["own"], heard["readBy"]) == (company.cast.manager, False, [])
    assert heard["at"].endswith("Z")


def test_a_case_of_others_is_not_found(company: Company, call: Call) -> None:
    path = f"/api/process-instances/{company.instance}/comments"
    assert call(company.stranger, "GET", path).status_code == 404
    assert call(company.stranger, "POST", path, text="Hello").status_code == 404
    assert call("role.hr", "GET", "/api/process-instances/1/comments").status_code == 404


def test_nothing_said_is_refused(company: Company, call: Call) -> None:
    path = f"/api/process-instances/{company.instance}/comments"
    for text in ("", "   ", "x" * 5000, 7):
        assert call(company.cast.manager, "POST", path, text=text).status_code == 400
