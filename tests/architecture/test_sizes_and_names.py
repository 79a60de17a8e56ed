"""Files stay small, and names say what a thing is."""

import ast
import sys
import warnings
from importlib.metadata import packages_distributions

from tests.architecture.tree import APART, PACKAGES, ROOT, sources

MOST_LINES = 400
BUDGET_LINES = 300
EMPTY_WORDS = ("Service", "Manager", "Helper", "Util", "Data", "Info")
OF_THE_TRADE = {"InputData", "BusinessKnowledgeModel", "DecisionService"}  # DMN's own names of its elements
HOOKS = {"process_bind_param", "process_result_value"}  # SQLAlchemy's names


def test_no_file_is_longer_than_its_hard_limit() -> None:
    everything = sources(*PACKAGES, *APART)
    sizes = {source.name: len(source.lines) for source in everything if not source.within("migrations/versions")}
    above = sorted((lines, name) for name, lines in sizes.items() if lines > BUDGET_LINES)
    print(*(f"{lines} lines, above the budget of {BUDGET_LINES}: {name}" for lines, name in above), sep="\n")
    assert [name for lines, name in above if lines > MOST_LINES] == []


def test_no_class_is_named_by_an_empty_word() -> None:
    found = [
        f"{source.name}:{node.lineno} {node.name}"
        for source in sources()
        for node in source.nodes
        if isinstance(node, ast.ClassDef) and node.name.endswith(EMPTY_WORDS) and node.name not in OF_THE_TRADE
    ]
    assert found == []


def test_no_function_is_named_process_something() -> None:
    found = [
        f"{source.name}:{node.lineno} {node.name}"
        for source in sources()
        for node in source.nodes
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and node.name.startswith("process_")
        and node.name not in HOOKS
    ]
    assert found == []


def test_tests_are_no_package() -> None:
    """With one, pytest would import `tests/engine` in place of `engine`."""
    assert sorted(ROOT.joinpath("tests").rglob("__init__.py")) == []


def test_every_test_file_has_a_name_of_its_own() -> None:
    names = [path.name for path in sorted(ROOT.joinpath("tests").rglob("test_*.py"))]
    assert sorted(name for name in set(names) if names.count(name) > 1) == []


def test_no_other_distribution_ships_our_package_names() -> None:
    with warnings.catch_warnings(action="ignore"):  # of distributions whose lists of files are broken
        owners = packages_distributions()
    found = {package: set(owners.get(package, ())) - {"jiaojie"} for package in PACKAGES}
    assert {package: others for package, others in found.items() if others} == {}


def test_no_package_hides_one_of_the_standard_library() -> None:
    assert set(PACKAGES) & set(sys.stdlib_module_names) == set()


def test_test_folders_mirror_the_packages() -> None:
    folders = {path.name for path in ROOT.joinpath("tests").iterdir() if path.is_dir() and path.name != "__pycache__"}
    assert folders - set(PACKAGES) - {"architecture", "conformance", "e2e", "bench", "faults"} == set()
