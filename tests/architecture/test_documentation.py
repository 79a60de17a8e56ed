"""The documentation is complete, and what it names is there."""

import importlib
import pkgutil
import re
from collections.abc import Iterator
from dataclasses import fields
from pathlib import Path

import pytest

from engine.spiff.compile import dialect, scopes
from kernel.config import Settings
from kernel.errors import Refusal
from tests import requirements
from tests.architecture import routes
from tests.architecture.tree import APART, PACKAGES, ROOT, sources

REFERENCE = ROOT / "docs/reference"
PAGES = sorted([*ROOT.glob("*.md"), *ROOT.joinpath("docs").rglob("*.md")])
FOR_TESTS = {
    "JIAOJIE_TEST_DATABASE_URL",
    "JIAOJIE_TEST_BROWSER",
    "JIAOJIE_TEST_FUZZ_EXAMPLES",
    "JIAOJIE_TEST_FUZZ_SEED",
}
FOLDERS = (*PACKAGES, *APART, "docs", "web", "requirements", ".ci")


def page(name: str) -> str:
    return REFERENCE.joinpath(name).read_text("utf-8")


def test_every_setting_is_documented_with_its_default_and_no_other() -> None:
    documented = dict(re.findall(r"^\| `(JIAOJIE_\w+)` \| (?:`([^`]*)`)? ?\|.+\|$", page("settings.md"), re.M))
    assert documented == {f"JIAOJIE_{field.name.upper()}": told(field.default) for field in fields(Settings)}


def told(default: object) -> str:
    return str(default).lower() if isinstance(default, bool) else str(default)


def test_no_other_variable_is_read_or_mentioned() -> None:
    known = {f"JIAOJIE_{field.name.upper()}" for field in fields(Settings)} | FOR_TESTS
    texts = {source.name: source.text for source in sources(*PACKAGES, *APART)}
    texts |= {path.name: path.read_text("utf-8") for path in [*PAGES, ROOT / "Makefile"]}
    words = {name: re.findall(r"JIAOJIE_[A-Z][A-Z0-9_]*[A-Z0-9]", text) for name, text in texts.items()}
    found = {(name, word) for name, spoken in words.items() for word in spoken}
    assert {(name, word) for name, word in found if word not in known} == set()


def modules() -> Iterator[str]:
    for package in PACKAGES:
        found = importlib.import_module(package)
        yield from (m.name for m in pkgutil.walk_packages(found.__path__, f"{package}.") if "__main__" not in m.name)


def refusals(kind: type[Refusal] = Refusal) -> Iterator[type[Refusal]]:
    for below in kind.__subclasses__():
        yield below
        yield from refusals(below)


def test_every_refusal_is_documented_with_kind_and_code() -> None:
    for name in modules():
        importlib.import_module(name)
    ours = [kind for kind in refusals() if kind.__module__.partition(".")[0] in PACKAGES]
    documented = set(re.findall(r"^\| `([\w.]+)` \| (\w+) \| `(\w+)` \|", page("errors.md"), re.M))
    assert documented == {(f"{k.__module__}.{k.__name__}", k.__bases__[0].__name__, k.code) for k in ours}
    assert [kind for kind in ours if not kind.__doc__] == []


@pytest.mark.requirement("F112")
def test_every_route_has_an_access_line_and_is_documented() -> None:
    application = routes.bare_application()
    documented = re.findall(r"^\| `([A-Z]+)` \| `(\S+)` \| (.+?) \| `(\S+)` \|$", page("access.md"), re.M)
    assert documented == [(r.method, r.path, groups(r), r.name) for r in routes.routes(application)]
    assert set(routes.without_door(application)) == {"/static", "/openapi.json"}


def groups(route: routes.Route) -> str:
    return route.who if isinstance(route.who, str) else ", ".join(sorted(route.who))


def test_the_page_on_bpmn_lists_what_is_run() -> None:
    text = page("bpmn.md")
    run, harmless = text[text.index("Run: ") :].split("Read and of no effect: ")
    assert set(re.findall(r"`zeebe:(\w+)`", run)) == dialect.PLACES.keys() - dialect.HARMLESS
    assert set(re.findall(r"`zeebe:(\w+)`", harmless.split(".")[0])) == dialect.HARMLESS
    words = re.sub(r"[^a-z]", "", text.lower())
    built = set(scopes.BUILD) | set(scopes.INSIDE)
    assert {tag for tag in built if told_as(tag) not in words} == set()


def told_as(tag: str) -> str:
    """How the page names an element: its kind is the row's first word where several share one."""
    shorter = {"task": "undefinedtask", "serviceTask": "service", "manualTask": "manual", "subProcess": "subprocess"}
    return shorter.get(tag, tag.lower().removesuffix("gateway"))


def test_the_page_on_the_api_lists_every_call() -> None:
    listed = set(re.findall(r"`([A-Z]+ /\S+)`", page("api.md")))
    ours = [r for r in routes.routes(routes.bare_application()) if r.path.startswith(("/v2", "/api", "/oauth"))]
    assert {f"{r.method} {r.path}" for r in ours if r.name != "v2.unbuilt"} - listed == set()


def test_the_list_of_requirements_is_whole() -> None:
    assert list(requirements.titles()) == [f"F{number}" for number in range(1, 133)]


def test_every_mark_names_a_requirement() -> None:
    assert [
        mark for mark in [*requirements.marks(), *requirements.told()] if mark[0] not in requirements.titles()
    ] == []


@pytest.mark.parametrize("path", PAGES, ids=[path.relative_to(ROOT).as_posix() for path in PAGES])
def test_every_link_leads_somewhere(path: Path) -> None:
    links = re.findall(r"\]\(([^)#\s]+)(?:#[^)]*)?\)", path.read_text("utf-8"))
    here = [link for link in links if not re.match(r"[a-z]+:", link)]
    assert [link for link in here if not (path.parent / link).exists()] == []


@pytest.mark.parametrize("path", PAGES, ids=[path.relative_to(ROOT).as_posix() for path in PAGES])
def test_every_path_that_is_named_exists(path: Path) -> None:
    words = re.findall(r"`([\w./-]+)`", path.read_text("utf-8"))
    named = [word for word in words if word.startswith(tuple(f"{folder}/" for folder in FOLDERS))]
    assert [word for word in named if not list(ROOT.glob(word.rstrip("/")))] == []


def test_every_command_of_make_that_is_named_exists() -> None:
    targets = set(re.findall(r"^([a-z]+):", ROOT.joinpath("Makefile").read_text("utf-8"), re.M))
    named = {word for path in PAGES for word in re.findall(r"`make ([a-z]+)", path.read_text("utf-8"))}
    assert named - targets == set()


@pytest.mark.parametrize("name", ["run.txt", "test.txt", "node.txt"])
def test_lock_files_hold_no_address(name: str) -> None:
    """Where packages come from is a matter of the machine; that they are the same ones, of their hashes."""
    text = ROOT.joinpath("requirements", name).read_text("utf-8")
    assert re.findall(r"https?://\S+|--(?:index|extra-index|find-links|trusted)\S*|@ \S+", text) == []
    pinned = re.findall(r"^\w\S*==.*$", text, re.M)
    assert pinned
    assert [line for line in pinned if not line.endswith("\\")] == []


def test_the_pages_lock_file_holds_no_address() -> None:
    text = ROOT.joinpath("web/package-lock.json").read_text("utf-8")
    assert '"resolved"' not in text
