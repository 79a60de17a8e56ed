"""Stories that cannot be read, or name what the project does not have: elements, people, messages, templates."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from engine.model import Resource
from engine.spiff.compile.xml import bpmn
from kernel.text import Text, say
from processes.hints import written
from processes.hints.family import Family
from processes.hints.hint import Hint
from processes.hints.names import nearest
from processes.story.grammar import SIGNING, TRAINING
from tasks.handlers import letters

_ELEMENTS = ("open", "includes", "closed", "passed", "not_passed", "incidents")
_STEPS = ("complete", "job", "retry")


@dataclass(frozen=True, slots=True)
class Known:
    """The ids of nodes and flows, and the names of messages and signals, of all processes of a project."""

    elements: frozenset[str]
    messages: frozenset[str]
    signals: frozenset[str]


def of_stories(file: Resource, family: Family, called: frozenset[str] = frozenset()) -> Iterator[Hint]:
    """The faults of a file of stories; `called` are elements of processes elsewhere that they go on into."""
    fault = written.fault(file)
    if fault is not None:
        yield Hint(file=file.name, element="", rule="scenario", sentence=fault[0], line=fault[1])
        return
    known, whole = _known(family, called), written.loaded(file)
    people = _people(whole)
    for story, lines in zip(_list(whole.get("stories")), written.lines(file), strict=False):
        cast = people | _people({"organisation": {"people": _object(story.get("given")).get("people")}})
        for step, line in zip(_list(story.get("steps")), lines, strict=False):
            for sentence in _of_step(step, known, cast):
                told = say("{story}: {fault}", story=str(story.get("name", "")), fault=sentence)
                yield Hint(
                    file=file.name, element=str(story.get("name", "")), rule="scenario-name", sentence=told, line=line
                )


def _known(family: Family, called: frozenset[str]) -> Known:
    elements: set[str] = set(called)
    messages: set[str] = set()
    signals: set[str] = set()
    for drawn in family.drawings.values():
        elements |= set(drawn.nodes)
        for process in drawn.processes.values():
            elements |= {flow.get("id", "") for flow in process.iter(bpmn("sequenceFlow"))}
        if drawn.root is not None:
            messages |= {one.get("name", "") for one in drawn.root.iterfind(bpmn("message"))}
            signals |= {one.get("name", "") for one in drawn.root.iterfind(bpmn("signal"))}
    return Known(frozenset(elements), frozenset(messages), frozenset(signals))


def _people(whole: Mapping[str, Any]) -> frozenset[str]:
    return frozenset(_object(_object(whole.get("organisation")).get("people")))


def _of_step(step: Any, known: Known, people: frozenset[str]) -> Iterator[Text]:
    said = _object(step)
    expect = _object(said.get("expect"))
    yield from _elements([said.get(action) for action in _STEPS], known)
    yield from _elements([id for name in _ELEMENTS for id in _list(expect.get(name))], known)
    yield from _persons([said.get(name) for name in ("start", "as", "of", *SIGNING, *TRAINING)], people)
    yield from _events(said, known)
    for sent in (*_list(expect.get("sent")), *_list(expect.get("not_sent"))):
        template = _object(sent).get("template")
        if isinstance(template, str) and template not in letters.names():
            yield _no_such(say("There is no message template {name}.", name=template), template, letters.names())


def _events(said: Mapping[str, Any], known: Known) -> Iterator[Text]:
    """A name that is an expression may turn out as any."""
    for kind, there in (("message", known.messages), ("signal", known.signals)):
        name = said.get(kind)
        if isinstance(name, str) and name not in there and not any(one.startswith("=") for one in there):
            yield _no_such(say("No process of the project waits for {name}.", name=name), name, there)


def _elements(found: Iterable[Any], known: Known) -> Iterator[Text]:
    for name in found:
        if isinstance(name, str) and name not in known.elements:
            yield _no_such(say("No process of the project has the element {name}.", name=name), name, known.elements)


def _persons(found: Iterable[Any], people: frozenset[str]) -> Iterator[Text]:
    for login in found:
        if isinstance(login, str) and login not in people:
            yield _no_such(say("{name} is not among the people of the story.", name=login), login, people)


def _no_such(sentence: Text, name: str, known: Iterable[str]) -> Text:
    meant = nearest(name, list(known))
    return sentence if meant is None else say("{sentence} Did you mean {other}?", sentence=sentence, other=meant)


def _object(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []
