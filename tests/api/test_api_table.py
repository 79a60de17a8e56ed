"""The table in docs/reference/api.md against Camunda's own list, against what is routed, and against what answers."""

import re
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

import pytest

from tests.api.company import Company, basic, opened
from tests.architecture.routes import bare_application, routes

ROW = re.compile(r"^\| (?P<group>[a-z ]+) \| `(?P<method>[A-Z]+) (?P<path>/\S+)` \| (?P<state>.+) \|$", re.MULTILINE)
PAGE = Path(__file__).resolve().parents[2] / "docs" / "reference" / "api.md"
UNBUILT = "v2.unbuilt"
AT_THE_ROOT = "/cluster/v2"  # what the client calls beside /v2

Call = tuple[str, str]


def bare(path: str) -> str:
    """The path without the names of its places."""
    return re.sub(r"\{[^}]*\}", "{}", path)


def listed() -> dict[Call, str]:
    """What the table says of each call. Every call stands in one row."""
    found = [(row["method"], row["path"], row["state"]) for row in ROW.finditer(PAGE.read_text("utf-8"))]
    calls = {(method, bare(path)): state for method, path, state in found}
    assert len(calls) == len(found)
    return calls


def theirs() -> set[Call]:
    """Every operation of the installed client, by its method and path."""
    spec = find_spec("camunda_orchestration_sdk")
    assert spec is not None
    assert spec.origin is not None
    return {call for file in (Path(spec.origin).parent / "api").glob("*/*.py") for call in calls_of(file)}


def calls_of(file: Path) -> Iterator[Call]:
    text = file.read_text("utf-8")
    methods, paths = re.findall(r'"method": "(\w+)"', text), re.findall(r'"url": "([^"]+)"', text)
    for method, path in zip(methods, paths, strict=True):
        yield method.upper(), bare(path if path.startswith(AT_THE_ROOT) else f"/v2{path}")


def ours() -> set[Call]:
    return {
        (route.method, bare(route.path))
        for route in routes(bare_application())
        if route.path.startswith("/v2") and not route.name.startswith(UNBUILT)
    }


def test_the_table_has_every_operation_of_the_client_and_no_other() -> None:
    assert len(theirs()) >= 244
    assert listed().keys() - theirs() == set()
    assert theirs() - listed().keys() == set()


def test_what_is_done_is_routed_and_the_rest_is_not() -> None:
    done = {call for call, state in listed().items() if state == "done" or state.startswith("done, with a limit: ")}
    not_built = {call for call, state in listed().items() if state == "501"}
    assert done | not_built == listed().keys()
    assert done == ours()


def test_the_figures_above_the_table_are_those_of_the_table() -> None:
    states = list(listed().values())
    limited = sum(state.startswith("done, ") for state in states)
    done = states.count("done") + limited
    told = re.search(
        r"Of its (\d+) operations (\d+) are done, (\d+) of these with a limit; (\d+)", PAGE.read_text("utf-8")
    )
    assert told is not None
    assert [int(number) for number in told.groups()] == [len(states), done, limited, len(states) - done]


@pytest.fixture(scope="module")
def company(server: str, template: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Company]:
    with opened(server, template, tmp_path_factory.mktemp("home")) as found:
        yield found


def test_what_is_not_built_says_so(company: Company) -> None:
    headers = {**basic("role.admin"), "accept-language": "en"}
    for (method, path), state in listed().items():
        content = None if method == "GET" else b"{}"
        answer = company.site.request(method, path.replace("{}", "1"), headers=headers, content=content)
        assert (answer.status_code == 501) == (state == "501"), (method, path, answer.text)
        if state == "501":
            assert answer.headers["content-type"] == "application/problem+json"
            assert len(answer.json()["detail"]) > 20
