"""Which requirements no test holds: `python -m tests.requirements`. Marks are read from the source, nothing is run.

A story of `scenarios.yaml` names its requirements itself: a test of each family plays every story, marked by them.
"""

import ast
import re
import sys
from collections.abc import Iterator
from pathlib import Path

import yaml

ROOT = Path(__file__).resolve().parents[1]
LINE = re.compile(r"^\| (F\d+) \| (.+) \|$", re.M)


def titles() -> dict[str, str]:
    """Every requirement by its number, in the order of docs/reference/requirements.md."""
    return dict(LINE.findall((ROOT / "docs/reference/requirements.md").read_text("utf-8")))


def marks(folder: Path = ROOT / "tests") -> Iterator[tuple[str, str]]:
    """Number and place of every mark."""
    for path in sorted(folder.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call) and ast.unparse(node.func) == "pytest.mark.requirement":
                place = f"{path.relative_to(folder.parent).as_posix()}:{node.lineno}"
                names = [argument.value for argument in node.args if isinstance(argument, ast.Constant)]
                yield from ((str(name), place) for name in names)


def told(folder: Path = ROOT / "processes") -> Iterator[tuple[str, str]]:
    """Number and place of every requirement that a story tells of."""
    for path in sorted(folder.rglob("scenarios.yaml")):
        stories = yaml.safe_load(path.read_text("utf-8"))["stories"]
        place = path.relative_to(folder.parent).as_posix()
        yield from (
            (str(name), f"{place}: {story['name']}") for story in stories for name in story.get("requirements", ())
        )


def main() -> int:
    known, held = titles(), {number for number, _ in [*marks(), *told()]}
    for number, title in known.items():
        if number not in held:
            print(f"{number}: {title}")
    print(f"{len(held & known.keys())} of {len(known)}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
