"""The zeebe extension elements of an element, read by name. One that would be ignored is refused."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from engine.spiff.compile.report import Refused
from engine.spiff.compile.xml import ZEEBE, Tree, bpmn, elements, local
from kernel.text import say

PLAIN = {
    "adHoc", "assignmentDefinition", "calledDecision", "calledElement", "formDefinition", "loopCharacteristics",
    "priorityDefinition", "script", "subscription", "taskDefinition", "taskSchedule", "userTask", "versionTag",
}  # fmt: skip
KEYED = {"taskHeaders": "key", "properties": "name"}
# Written by Camunda Modeler for its own use; they change nothing at run time.
HARMLESS = {"userTaskForm", "modelerTemplate"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Extensions:
    """`plain` holds the attributes of each extension element by its name; `takes` and `gives` are io mappings."""

    plain: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)
    properties: Mapping[str, str] = field(default_factory=dict)
    takes: tuple[tuple[str, str], ...] = ()
    gives: tuple[tuple[str, str], ...] = ()

    def get(self, name: str) -> Mapping[str, str]:
        """The attributes of an extension element, empty where it is absent."""
        return self.plain.get(name, {})


def extensions(element: Tree) -> Extensions:
    """Read `bpmn:extensionElements`. Raises Refused for a zeebe element that is not run here."""
    plain: dict[str, Mapping[str, str]] = {}
    keyed: dict[str, Mapping[str, str]] = {}
    mappings: dict[str, tuple[tuple[str, str], ...]] = {}
    for found in element.iterfind(f"{bpmn('extensionElements')}/{{{ZEEBE}}}*"):
        name = local(found)
        if name == "ioMapping":
            mappings = {side: _mappings(element, found, side) for side in ("input", "output")}
        elif name in KEYED:
            keyed[name] = {child.get(KEYED[name], ""): child.get("value", "") for child in elements(found)}
        elif name in PLAIN:
            plain[name] = dict(found.attrib)
        elif name not in HARMLESS:
            raise Refused(
                element.get("id", ""),
                "unsupported-extension",
                say("zeebe:{name} is not run here and would be ignored. Remove it.", name=name),
            )
    return Extensions(
        plain=plain,
        headers=keyed.get("taskHeaders", {}),
        properties=keyed.get("properties", {}),
        takes=mappings.get("input", ()),
        gives=mappings.get("output", ()),
    )


def _mappings(element: Tree, box: Tree, side: str) -> tuple[tuple[str, str], ...]:
    found = []
    for child in elements(box):
        if local(child) != side:
            continue
        source, target = child.get("source"), child.get("target")
        if source is None or not target:
            raise Refused(
                element.get("id", ""),
                "io-mapping",
                say("An {side} mapping needs a source and a target. Fill in both.", side=side),
            )
        found.append((source, target))
    return tuple(found)
