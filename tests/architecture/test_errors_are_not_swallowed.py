"""A broad `except` stands at a boundary, says why beside it, or passes the error on."""

import ast

from tests.architecture.tree import Source, dotted, sources

BROAD = {"Exception", "BaseException"}


def is_broad(handler: ast.ExceptHandler) -> bool:
    kinds = handler.type.elts if isinstance(handler.type, ast.Tuple) else [handler.type]
    return any(kind is None or dotted(kind) in BROAD for kind in kinds)


def passes_on(handler: ast.ExceptHandler) -> bool:
    last = handler.body[-1]
    return isinstance(last, ast.Raise) and last.exc is None


def broad(source: Source) -> list[ast.ExceptHandler]:
    return [node for node in source.nodes if isinstance(node, ast.ExceptHandler) and is_broad(node)]


def test_a_broad_except_gives_its_reason_or_passes_the_error_on() -> None:
    silent = [
        f"{source.name}:{handler.lineno}"
        for source in sources()
        for handler in broad(source)
        if not passes_on(handler) and "  # " not in source.lines[handler.lineno - 1]
    ]
    assert silent == []


def test_broad_excepts_stand_only_at_the_boundaries() -> None:
    """A handler's work, what comes after a turn, a story that is played: the product goes on, and it is told.

    A thread of the crew hands what its work raised to whoever waits for it. A model that the compiler did not foresee
    is refused with the rule `internal`, so that one bad file does not keep the others from being checked. A case that
    cannot be replayed is told, and the others are looked at; work in the background ends in words. A look at drafts
    that nobody foresaw costs its own hints, not the others'. A stranger's file may break a reader of PDFs in any way:
    that is what was found.
    """
    found = {s.name for s in sources() for handler in broad(s) if not passes_on(handler)}
    assert found <= {
        "tasks/worker.py",
        "tasks/upkeep.py",
        "engine/commands/follow_up.py",
        "engine/upkeep/batches.py",
        "processes/hints/problems.py",
        "processes/proof/prove.py",
        "processes/scenarios.py",
        "api/background.py",
        "api/v2/crew.py",
        "engine/spiff/compile/__init__.py",
        "hr/documents/verify/pdf.py",
    }


def test_nothing_is_caught_to_be_forgotten() -> None:
    found = [
        f"{source.name}:{call.lineno}"
        for source in sources()
        for call in source.calls()
        if dotted(call.func).endswith("suppress") and any(dotted(kind) in BROAD for kind in call.args)
    ]
    assert found == []


def test_every_ignored_check_gives_its_reason() -> None:
    """`type: ignore` and `noqa` name the check that they silence, and say why, beside it or in the line above."""
    found = [
        f"{source.name}:{number + 1}"
        for source in sources()
        for number, line in enumerate(source.lines)
        for mark in ("# type: ignore", "# noqa")
        if mark in line and not is_reasoned(line.partition(mark)[2], source.lines[number - 1])
    ]
    assert found == []


def is_reasoned(rest: str, above: str) -> bool:
    names_its_check = rest.startswith(("[", ": "))
    return names_its_check and ("  # " in rest or above.strip().startswith("# "))
