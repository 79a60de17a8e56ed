"""The product imports with what `requirements/run.txt` installs and nothing else: what only tests install is hidden."""

import re
import subprocess
import sys
from importlib.metadata import packages_distributions

from tests.architecture.tree import PACKAGES, ROOT, sources

# A door that starts the program when it is imported.
LEFT_OUT = ("__main__",)

HIDING = """
import importlib, sys

hidden = set(sys.argv[1].split(","))

class Absent:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in hidden:
            raise ModuleNotFoundError(f"No module named {name!r}", name=name)

sys.meta_path.insert(0, Absent())
for name in sys.stdin.read().split():
    importlib.import_module(name)
"""


def test_every_module_imports_without_what_only_tests_install() -> None:
    told = subprocess.run(
        [sys.executable, "-c", HIDING, ",".join(sorted(only_for_tests()))],
        cwd=ROOT,
        input="\n".join(modules()),
        capture_output=True,
        text=True,
        check=False,
    )
    assert told.returncode == 0, told.stderr[-2000:]


def only_for_tests() -> set[str]:
    """The top-level modules of every installed package that `run.txt` does not lock."""
    text = (ROOT / "requirements" / "run.txt").read_text("utf-8")
    locked = {plain(name) for name in re.findall(r"^([A-Za-z0-9_.\-]+)(?:\[[^]]*\])?==", text, re.MULTILINE)}
    locked.add("jiaojie")
    return {
        module
        for module, owners in packages_distributions().items()
        if not any(plain(owner) in locked for owner in owners)
    } - set(PACKAGES)


def modules() -> list[str]:
    names = (source.name.removesuffix(".py").removesuffix("/__init__") for source in sources())
    return [name.replace("/", ".") for name in names if not name.endswith(LEFT_OUT)]


def plain(name: str) -> str:
    """A distribution's name as PEP 503 compares it."""
    return re.sub(r"[-_.]+", "-", name).lower()
