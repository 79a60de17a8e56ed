"""Our own additions behind their door: the demo's company with a resignation that waits for the manager."""

from collections.abc import Callable, Iterator
from typing import Any

import httpx
import pytest

from tests.api.company import Company, basic, opened

Call = Callable[..., httpx.Response]


@pytest.fixture(scope="module")
def founded(server: str, template: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Company]:
    with opened(server, template, tmp_path_factory.mktemp("home")) as found:
        yield found


@pytest.fixture
def company(founded: Company) -> Company:
    """The company as it was founded: the task is with the manager, and nothing of it was said or kept."""
    once = founded.house.database.once()
    for table in ("task_draft", "delegation", "case_comment", "delivery"):
        once.run(f"delete from {table}")
    once.run("update user_task set assignee = %s where key = %s", (founded.cast.manager, founded.task))
    return founded


@pytest.fixture
def call(company: Company) -> Call:
    """`call("chen.bo", "PUT", "/api/user-tasks/1/draft", answers={…})`: the keywords are the body."""

    def called(login: str, method: str, path: str, **body: Any) -> httpx.Response:
        headers = {**basic(login), "accept-language": "en"}
        given = {} if method in ("GET", "DELETE") else {"json": body}
        return company.site.request(method, path, headers=headers, **given)  # type: ignore[arg-type]  # json alone

    return called
