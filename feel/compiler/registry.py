"""Nodes become closures: each module beside this one registers the nodes that it compiles."""

from collections.abc import Callable, Mapping
from typing import Any, TypeVar, Union

from feel.run import Run
from feel.values.model import Value

# names, the scope around, the evaluation; names are asked by `in` and `[]` alone, so any mapping will do
Env = tuple[Mapping[str, Any], Union["Env", None], Run]
Closure = Callable[[Env], Value]
NodeType = TypeVar("NodeType")

_COMPILERS: dict[type, Callable[[Any], Closure]] = {}


def compiles(kind: type[NodeType]) -> Callable[[Callable[[NodeType], Closure]], Callable[[NodeType], Closure]]:
    """Register how nodes of a kind become closures."""

    def register(compiler: Callable[[NodeType], Closure]) -> Callable[[NodeType], Closure]:
        _COMPILERS[kind] = compiler
        return compiler

    return register


def closure(node: Any) -> Closure:
    """What evaluates the node in an environment."""
    return _COMPILERS[type(node)](node)


def scope_of(name: str, env: Env) -> Mapping[str, Any] | None:
    """The innermost names that hold `name`."""
    scope: Env | None = env
    while scope is not None:
        if name in scope[0]:
            return scope[0]
        scope = scope[1]
    return None
