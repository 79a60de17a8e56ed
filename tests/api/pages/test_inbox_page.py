"""The inbox: it opens where there is something to do, and leads on."""

from collections.abc import Callable

import httpx
import pytest

from engine.commands import deploy, start
from engine.model import Resource
from kernel.actor import system
from tasks.house import House
from tests.api.v2.models import APPROVAL

SignIn = Callable[[str], httpx.Client]


@pytest.fixture
def offered(house: House) -> int:
    """A task that HR may claim."""
    with house.database.transaction() as unit:
        deploy.deploy(house.engine, unit, [Resource(name="a.bpmn", content=APPROVAL.encode())], system("test"))
        start.start(house.engine, unit, process_id="approval", actor=system("test"))
        return int(unit.one("select key from user_task")[0])


def test_it_opens_at_what_may_be_claimed_where_nothing_waits_for_the_person_alone(
    sign_in: SignIn, offered: int
) -> None:
    page = sign_in("hr").get("/inbox").text
    assert f'href="/tasks/{offered}"' in page


def test_it_opens_at_a_persons_own_tasks_where_there_are_any(sign_in: SignIn, house: House, offered: int) -> None:
    hr = sign_in("hr")
    assert hr.post(f"/tasks/{offered}/claim").status_code in (200, 303)
    page = hr.get("/inbox").text
    assert f'href="/tasks/{offered}"' in page
    assert '<a href="/inbox?tab=mine" aria-current="page">' in page


def test_it_opens_at_a_persons_own_tasks_where_there_is_nothing_at_all(sign_in: SignIn, offered: int) -> None:
    page = sign_in("finance").get("/inbox").text
    assert f'href="/tasks/{offered}"' not in page
    assert '<a href="/inbox?tab=mine" aria-current="page">' in page
