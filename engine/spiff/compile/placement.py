"""Every zeebe element of a file stands where it is run. One that would be ignored in silence is refused."""

from collections.abc import Iterable, Iterator

from engine.spiff.compile.dialect import ATTRIBUTES, NO_INPUTS, PARTS, PLACES
from engine.spiff.compile.report import Report
from engine.spiff.compile.xml import ZEEBE, Tree, bpmn, elements, local
from kernel.text import Text, say

_ANY_ZEEBE = f"{{{ZEEBE}}}*"
_BOX = bpmn("extensionElements")
REMEDIES: dict[str, Text] = {
    "conditionalFilter": say(
        "A condition here is asked after every change of a variable. Remove the filter, and say it in the condition."
    ),
    "executionListeners": say("Draw what the listener does as a task of its own."),
    "formDefinition": say("Link the form to a user task, or to the start event of the process."),
    "ioMapping": say("Put the mapping on the activity before or behind it."),
    "taskDefinition": say("Make it a service task, or remove the task definition."),
    "taskListeners": say("Draw what the listener does as a task of its own."),
}


def check_extensions(roots: Iterable[Tree], report: Report) -> None:
    """Tell each zeebe element below the roots that is not run at its place, and each attribute that is not read."""
    for root in roots:
        for found in root.iter(_ANY_ZEEBE):
            _check(found, report)


def _check(found: Tree, report: Report) -> None:
    name, above = local(found), found.getparent()
    if above.tag.startswith(f"{{{ZEEBE}}}"):
        fits = name in PARTS.get(local(above), ())
    else:
        fits = above.tag == _BOX and _runs_at(name, above.getparent())
    if not fits:
        _refuse(found, name, report)
        return
    if above.tag == _BOX and found.getprevious() is not None and _stands_before(found):
        report.add(
            owner(found), "unsupported-extension", say("zeebe:{name} is given twice. Keep one of them.", name=name)
        )
    if name == "input" and local(above.getparent().getparent()) in NO_INPUTS:
        report.add(
            owner(found),
            "io-mapping",
            say(
                "Input mappings are not run on a {tag}. Use output mappings.", tag=local(above.getparent().getparent())
            ),
        )
    for attribute in sorted(set(found.attrib) - ATTRIBUTES.get(name, frozenset(found.attrib))):
        report.add(
            owner(found),
            "extension-attribute",
            say(
                "{attribute} of zeebe:{name} is not read here. Remove it, or say it in another way.",
                attribute=attribute,
                name=name,
            ),
            error=False,
        )


def _runs_at(name: str, element: Tree) -> bool:
    places = PLACES.get(name, ())
    return "" in places or any(place in places for place in _places(element))


def _places(element: Tree) -> Iterator[str]:
    tag = local(element)
    yield tag
    if tag == "startEvent" and element.getparent().tag == bpmn("process"):
        yield "startEvent/process"
    for child in elements(element):
        if local(child).endswith("EventDefinition"):
            yield f"{tag}/{local(child).removesuffix('EventDefinition')}"
        elif child.tag == bpmn("eventDefinitionRef"):
            yield f"{tag}/message"  # what it refers to is read with the event, which then asks for a task definition


def _stands_before(found: Tree) -> bool:
    return any(other.tag == found.tag for other in found.itersiblings(preceding=True))


def _refuse(found: Tree, name: str, report: Report) -> None:
    above = found.getparent()
    holder = above.getparent() if above.tag == _BOX else above
    report.add(
        owner(found),
        "unsupported-extension",
        say(
            "zeebe:{name} is not run on a {tag} and would be ignored. {remedy}",
            name=name,
            tag=local(holder),
            remedy=REMEDIES.get(name) or _remedy(name),
        ),
    )


def _remedy(name: str) -> Text:
    places = sorted({place.partition("/")[0] for place in PLACES.get(name, ()) if place})
    return say("Move it to: {places}.", places=", ".join(places)) if places else say("Remove it.")


def owner(element: Tree) -> str:
    """The id of the nearest element around, or of its own, that has one."""
    while element is not None and not (element.get("id") and not element.tag.startswith(f"{{{ZEEBE}}}")):
        element = element.getparent()
    return "" if element is None else str(element.get("id"))
