"""Checks model files before they are deployed: do they run, do they fit together, do they keep the law.

It only puts together what others know: the engine its dialect, the forms and the decisions theirs, `references` what
the files name, `law` what no employer may do.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import feel.dmn
from engine.model import Problem, Resource
from engine.spiff import compile as bpmn
from forms import load
from kernel.text import Text, say
from processes import law, references
from processes.catalog import Source, gather, neighbours
from processes.references import Known

# Faults of a form after which nobody can walk through what it holds.
UNREADABLE = frozenset({"json", "size", "type", "components", "depth"})


def lint(paths: Iterable[Path | str]) -> list[Problem]:
    """Every problem of the files under the paths, in the order of the files; errors and warnings alike.

    A single file may refer to what lies beside it, and every one may call the processes of the families beside. Raises
    NotFound for a path without such files.
    """
    given = list(paths)
    sources = gather(given)
    there = {source.path.resolve() for source in sources}
    others = [source for source in neighbours(given) if source.path.resolve() not in there]
    return check(sources, replace(references.beside(others), elsewhere=references.elsewhere(given)))


def check(sources: Sequence[Source], known: Known | None = None) -> list[Problem]:
    """The same for files already read; `known` may be referred to although no file has it."""
    known = known or Known()
    compiled = {
        source: bpmn.compiled(source.resource, known.functions) for source in sources if source.ending == ".bpmn"
    }
    found = [problem for source in sources for problem in _alone(source, sources, known, compiled.get(source))]
    sound = {source: () if file.errors else file.models for source, file in compiled.items()}
    found += references.problems(references.names(sources, known, sound), known)
    order = {str(source.path): place for place, source in enumerate(sources)}
    return sorted(found, key=lambda problem: (order.get(problem.file, len(order)), not problem.error))


def errors(problems: Iterable[Problem]) -> list[Problem]:
    """The problems that stand in the way of deploying."""
    return [problem for problem in problems if problem.error]


def line(problem: Problem, language: str = "en") -> str:
    """`file:element-id: rule: sentence`, as the command prints it; a warning says so before its sentence."""
    mark = "" if problem.error else say("warning: ").within(language)
    return f"{problem.file}:{problem.element}: {problem.rule}: {mark}{problem.sentence.within(language)}"


def form_problems(resource: Resource) -> list[Problem]:
    """The faults of a form file, as `engine.ports.FormCheck` wants them."""
    return [
        Problem(file=fault.file, element=fault.component, rule=fault.rule, sentence=fault.sentence)
        for fault in load.problems(resource.content, resource.name)
    ]


def _alone(source: Source, around: Sequence[Source], known: Known, compiled: bpmn.Compiled | None) -> Iterator[Problem]:
    match source.ending:
        case ".form":
            found = [replace(problem, file=str(source.path)) for problem in form_problems(source.resource)]
            yield from found
            if not UNREADABLE.isdisjoint(problem.rule for problem in found):
                return
        case ".dmn":
            yield from _decisions(source, known)
        case _:
            assert compiled is not None
            yield from (replace(problem, file=str(source.path)) for problem in compiled.problems)
    yield from law.problems(source, around)


def _decisions(source: Source, known: Known) -> Iterator[Problem]:
    try:
        model = feel.dmn.load(source.resource.content, functions=known.functions)
    except feel.FeelError as error:
        sentence = say("The decision model cannot be read: {why}", why=error.whole.into(Text))
        yield Problem(file=str(source.path), element="", rule="decision", sentence=sentence)
        return
    for problem in model.problems:
        sentence = say("{problem} Correct the expression.", problem=problem.whole.into(Text))
        yield Problem(file=str(source.path), element=problem.element, rule="decision", sentence=sentence)
