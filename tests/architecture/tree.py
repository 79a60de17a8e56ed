"""The source as the architecture tests read it: every file of the product once, parsed."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PACKAGES = ("kernel", "feel", "engine", "forms", "hr", "tasks", "processes", "api", "demo")
APART = ("bench", "deploy", "migrations", "tests")


@dataclass(frozen=True, slots=True)
class Source:
    """A Python file: `name` is its path from the root, with slashes."""

    name: str
    text: str
    tree: ast.Module
    nodes: tuple[ast.AST, ...]

    @property
    def lines(self) -> list[str]:
        return self.text.splitlines()

    def within(self, *folders: str) -> bool:
        return any(self.name == folder or self.name.startswith(f"{folder}/") for folder in folders)

    def calls(self) -> Iterator[ast.Call]:
        return (node for node in self.nodes if isinstance(node, ast.Call))


@cache
def sources(*folders: str) -> tuple[Source, ...]:
    """The Python files of these top-level folders, of the product's packages where none is named."""
    return tuple(_read(path) for folder in folders or PACKAGES for path in sorted((ROOT / folder).rglob("*.py")))


def _read(path: Path) -> Source:
    text = path.read_text("utf-8")
    tree = ast.parse(text)
    return Source(path.relative_to(ROOT).as_posix(), text, tree, tuple(ast.walk(tree)))


def imports(source: Source) -> Iterator[tuple[int, str]]:
    """Line and full name of everything that a file imports, wherever in the file."""
    for node in source.nodes:
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield from ((node.lineno, f"{node.module}.{alias.name}") for alias in node.names)


def dotted(node: ast.AST) -> str:
    """`a.b.c` of an attribute chain, empty for anything else."""
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.Attribute):
        start = dotted(node.value)
        return f"{start}.{node.attr}" if start else ""
    return ""


def strings(source: Source) -> Iterator[tuple[int, str]]:
    """Line and text of every string that is not a docstring."""
    docstrings = {
        id(node.body[0].value)
        for node in source.nodes
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef)
        and node.body
        and isinstance(node.body[0], ast.Expr)
    }
    for node in source.nodes:
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in docstrings:
            yield node.lineno, node.value
