"""The DMN Technology Compatibility Kit (github.com/dmn-tck/tck): test case files beside decision models.

A test case passes where all its result nodes do. Where the kit expects an error, null or any error will do.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

from lxml import etree

from feel import iso
from feel.dmn import DmnError, Model, load
from feel.dmn.xml import Element, child, children, local
from feel.errors import FeelError
from feel.run import Run
from feel.values import numbers
from feel.values.compare import equal
from feel.values.model import Value

_XSI = "{http://www.w3.org/2001/XMLSchema-instance}"
_TOLERANCE = Decimal("1e-8")
_READERS = {
    "boolean": lambda text: text in ("true", "1"),
    "date": iso.date,
    "time": iso.time,
    "dateTime": iso.date_time,
    "duration": iso.duration,
    "dayTimeDuration": iso.duration,
    "yearMonthDuration": iso.duration,
    **dict.fromkeys(("decimal", "double", "integer", "int", "float", "long"), numbers.read),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class TestCase:
    __test__ = False
    file: Path
    model: Path
    element: Element

    def __str__(self) -> str:
        return f"{self.file.parent.name}/{self.file.name} {self.element.get('id')}"


def run(folder: Path) -> int:
    """Run every test case below the folder; 0 where all pass."""
    passed = count = 0
    models: dict[Path, Model] = {}
    for case in cases(folder):
        count += 1
        failures = list(failing(case, models))
        passed += not failures
        for failure in failures:
            print(f"{case}: {failure}")
    print(f"tck: {passed} of {count}")
    return 0 if passed == count and count else 1


def cases(folder: Path) -> Iterator[TestCase]:
    for file in sorted(folder.rglob("*.xml")):
        root = _root(file)
        if root is None or local(root) != "testCases":
            continue
        named = child(root, "modelName")
        model = file.parent / ((named.text if named is not None else "") or "").strip()
        for element in children(root, "testCase"):
            yield TestCase(file=file, model=model, element=element)


def _root(file: Path) -> Element | None:
    try:
        return etree.fromstring(file.read_bytes(), etree.XMLParser(resolve_entities=False, no_network=True))
    except etree.XMLSyntaxError:
        return None


def failing(case: TestCase, models: dict[Path, Model]) -> Iterator[str]:
    """A line for each result node that is not as expected."""
    inputs = {node.get("name") or "": value_of(node) for node in children(case.element, "inputNode")}
    for node in children(case.element, "resultNode"):
        expected = child(node, "expected")
        wanted = value_of(expected) if expected is not None else None
        try:
            found = _answer(case, node.get("name") or "", inputs, models)
        except FeelError as error:
            if wanted is not None:
                yield f"{node.get('name')}: expected {wanted!r}, raised {error}"
            continue
        if not same(found, wanted):
            yield f"{node.get('name')}: expected {wanted!r}, found {found!r}"


def _answer(case: TestCase, name: str, inputs: dict[str, Value], models: dict[Path, Model]) -> Value:
    if case.model not in models:
        beside = [file.read_bytes() for file in case.model.parent.glob("*.dmn") if file != case.model]
        models[case.model] = load(case.model.read_bytes(), beside)
    model, kind = models[case.model], case.element.get("type") or "decision"
    if kind == "decision":
        return model.decide(name, inputs).value
    invocable = case.element.get("invocableName") or ""
    value = model.invoke(invocable, [inputs.get(parameter) for parameter in model.parameters(invocable)]).value
    return value[name] if isinstance(value, dict) and name in value else value


def value_of(element: Element) -> Value:
    """The FEEL value that a node of the kit describes."""
    components = {c.get("name") or "": None if _nil(c) else value_of(c) for c in children(element, "component")}
    if components:
        return components
    items = child(element, "list")
    if items is not None:
        return None if _nil(items) else [value_of(item) for item in children(items, "item")]
    scalar = child(element, "value")
    return None if scalar is None or _nil(scalar) else _scalar(scalar)


def _nil(element: Element) -> bool:
    return element.get(_XSI + "nil") in ("true", "1")


def _scalar(element: Element) -> Any:
    kind, text = (element.get(_XSI + "type") or "xsd:string").split(":")[-1], element.text or ""
    if kind == "string":
        return text
    if kind not in _READERS:
        raise DmnError(f"The kit uses the type {kind}, which this runner does not know.")
    return _READERS[kind](text.strip())


def same(found: Value, wanted: Value) -> bool:
    """Equal, numbers to eight digits as the kit asks."""
    if numbers.is_number(found) and numbers.is_number(wanted):
        return abs(Decimal(found) - Decimal(wanted)) <= _TOLERANCE * max(1, abs(Decimal(wanted)))
    if isinstance(found, list) and isinstance(wanted, list):
        return len(found) == len(wanted) and all(map(same, found, wanted))
    if isinstance(found, dict) and isinstance(wanted, dict):
        return found.keys() == wanted.keys() and all(same(found[name], wanted[name]) for name in wanted)
    return equal(found, wanted, Run()) is True
