"""All that is wrong with a project while it is edited: lint, and what is only worth telling an author.

Lint says what stands in the way of deploying. Besides come the place of each fault of FEEL, names that nothing
provides, and stories that name what is not there. Nothing here raises, whatever the files are.
"""

import logging
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path

from engine.model import Problem, Resource
from kernel.text import say
from processes import lint, references
from processes.catalog import ENDINGS, Source
from processes.hints import names, stories, syntax
from processes.hints.family import Family
from processes.hints.hint import Hint
from processes.hints.upstream import Seen, Upstream
from processes.references import Known

MOST_BYTES = 1024 * 1024  # of a file that is checked while one waits; the shipped model has 180 kB
# Rules of lint that hints tell again with the field that is at fault.
_PLACED = frozenset({"feel-syntax", "feel", "decision"})

log = logging.getLogger(__name__)


def problems(resources: Iterable[Resource], known: Known, called: Iterable[str] = ()) -> list[Hint]:
    """Every problem of a project's files, each told once: errors before warnings, files in their order.

    `called` are elements of processes elsewhere that the project's stories go on into.
    """
    everything = tuple(resources)
    order = {file.name: place for place, file in enumerate(everything)}
    files = tuple(file for file in everything if len(file.content) <= MOST_BYTES)
    large = [file for file in everything if len(file.content) > MOST_BYTES]
    known = _with(known, large)
    family = Family(resources=files, functions=known.functions)
    placed = [
        hint
        for look in (_syntax, _names, partial(_stories, called=frozenset(called)))
        for hint in _guarded(look, family)
    ]
    exact = {(hint.file, hint.element, hint.rule) for hint in placed}
    sources = [Source(Path(file.name), file) for file in files if Path(file.name).suffix.lower() in ENDINGS]
    linted = [
        hint
        for hint in map(_of_problem, lint.check(sources, known))
        if hint.rule not in _PLACED or (hint.file, hint.element, hint.rule) not in exact
    ]
    linted = [hint for hint in linted if not _follows(hint, linted + placed, family)]
    linted += [_too_large(file) for file in large]
    found = {(hint.file, hint.element, hint.rule, str(hint.sentence)): hint for hint in (*linted, *placed)}
    return sorted(found.values(), key=lambda hint: (not hint.error, order.get(hint.file, len(order))))


def _with(known: Known, large: Sequence[Resource]) -> Known:
    """What may be named, with what the files give that are too large to be looked at."""
    if not large:
        return known
    beside = references.beside([Source(Path(file.name), file) for file in large])
    return replace(
        known,
        forms=known.forms | beside.forms,
        decisions=known.decisions | beside.decisions,
        processes=known.processes | beside.processes,
    )


def _too_large(file: Resource) -> Hint:
    sentence = say(
        "{file} has more than {most} MB, so it is not checked while it is edited, but only before it is published. "
        "Split it.",
        file=file.name,
        most=MOST_BYTES // 1024 // 1024,
    )
    return Hint(file=file.name, element="", rule="size", sentence=sentence, error=False)


def _of_problem(problem: Problem) -> Hint:
    return Hint(
        file=problem.file, element=problem.element, rule=problem.rule, sentence=problem.sentence, error=problem.error
    )


def _follows(hint: Hint, found: list[Hint], family: Family) -> bool:
    """A boundary event on an element that is refused, or leading to one, hangs in the air for lint: only the element is
    to be mended.
    """
    drawn = family.drawings.get(hint.file)
    node = drawn.nodes.get(hint.element) if drawn is not None else None
    if node is None or node.tag != "boundaryEvent" or hint.rule not in ("boundary-host", "way-out"):
        return False
    beside = {node.xml.get("attachedToRef", "")} if hint.rule == "boundary-host" else node.ways
    return any(other.error and other.file == hint.file and other.element in beside for other in found)


def _guarded(look: Callable[[Family], Iterator[Hint]], family: Family) -> list[Hint]:
    """What a look finds; a fault of ours in one costs its hints, never the others'."""
    try:
        return list(look(family))
    except Exception as error:  # the boundary: files that nobody foresaw
        log.exception("hints could not be found")
        sentence = say(
            "Not everything could be checked because of a fault of ours ({kind}). Undo your last change, and send us "
            "the file.",
            kind=type(error).__name__,
        )
        return [Hint(file="", element="", rule="internal", sentence=sentence, error=False)]


def _syntax(family: Family) -> Iterator[Hint]:
    for name, drawn in family.drawings.items():
        yield from syntax.of_drawing(name, drawn, family.functions)
    for file in family.of(".form"):
        yield from syntax.of_form(file)
    for file in family.of(".dmn"):
        yield from syntax.of_tables(file, family.functions)


def _names(family: Family) -> Iterator[Hint]:
    upstreams = {name: Upstream(family=family, drawn=drawn) for name, drawn in family.drawings.items()}
    for name, upstream in upstreams.items():
        yield from names.of_drawing(name, upstream)
    shown = _uses(upstreams.values(), "formDefinition", "formId")
    for id, file in family.form_files.items():
        yield from names.of_form(file.name, file.content, shown.get(id, []))
    asked = _uses(upstreams.values(), "calledDecision", "decisionId")
    for file in family.of(".dmn"):
        yield from names.of_tables(family, file, asked)


def _uses(upstreams: Iterable[Upstream], extension: str, attribute: str) -> dict[str, list[Seen]]:
    """What is seen at the elements that show each form, or ask each decision."""
    found: dict[str, list[Seen]] = {}
    for upstream in upstreams:
        for node in upstream.drawn.nodes.values() if upstream.known else ():
            id = upstream.drawn.extension(node.id, extension).get(attribute, "")
            if id:
                found.setdefault(id, []).append(upstream.inside(node))
    return found


def _stories(family: Family, called: frozenset[str]) -> Iterator[Hint]:
    for file in family.told:
        yield from stories.of_stories(file, family, called)
