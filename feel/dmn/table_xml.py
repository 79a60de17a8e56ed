"""Reads a `decisionTable` element: its columns, its rules, and what the standard does not know of it (DMN 1.5, 8.3)."""

from feel.compiler.tests import Check
from feel.dmn.sources import Sources
from feel.dmn.table import AGGREGATORS, POLICIES, InputColumn, OutputColumn, Table, TableRule
from feel.dmn.xml import Element, child, children, text
from feel.expression import UnaryExpression
from feel.sentences import Sentence, say


def table(element: Element, sources: Sources, place: Sentence) -> Table:
    """Compile a `decisionTable` element. `place` names the decision."""
    inputs = tuple(_input(column, sources, place) for column in children(element, "input"))
    outputs = tuple(_output(column, sources, place) for column in children(element, "output"))
    policy = element.get("hitPolicy") or "UNIQUE"
    _examine(element, policy, (len(inputs), len(outputs)), sources, place)
    return Table(
        place=place,
        policy=policy if policy in POLICIES else "UNIQUE",
        aggregator=element.get("aggregation") if policy == "COLLECT" else None,
        inputs=inputs,
        outputs=outputs,
        guarded=any(column.allowed for column in inputs),
        rules=tuple(
            _rule(rule, index, inputs, outputs, sources, place)
            for index, rule in enumerate(children(element, "rule"), 1)
        ),
    )


def _examine(element: Element, policy: str, columns: tuple[int, int], sources: Sources, place: Sentence) -> None:
    """Note what the standard does not know of a table, and rules that have another number of cells than columns."""
    if policy not in POLICIES:
        known = ", ".join(POLICIES)
        sources.note(place, say("There is no hit policy {policy}. Choose one of {known}.", policy=policy, known=known))
    aggregator = element.get("aggregation")
    if policy == "COLLECT" and aggregator and aggregator not in AGGREGATORS:
        known = ", ".join(AGGREGATORS)
        told = say("There is no aggregation {aggregation}. Choose one of {known}.", aggregation=aggregator, known=known)
        sources.note(place, told)
    for number, rule in enumerate(children(element, "rule"), 1):
        cells = len([*children(rule, "inputEntry")]), len([*children(rule, "outputEntry")])
        if cells != columns:
            sources.at(rule.get("id")).note(_at_rule(place, number), _uneven(cells, columns))


def _at_rule(place: Sentence, number: int) -> Sentence:
    return say("{place}, rule {rule}", place=place, rule=number)


def _uneven(cells: tuple[int, int], columns: tuple[int, int]) -> Sentence:
    return say(
        "It has {filled} and {answered} cells for {inputs} inputs and {outputs} outputs. Fill in what is missing.",
        filled=cells[0],
        answered=cells[1],
        inputs=columns[0],
        outputs=columns[1],
    )


def _at_input(place: Sentence, name: str) -> Sentence:
    return say("{place}, input '{name}'", place=place, name=name)


def _at_output(place: Sentence, name: str) -> Sentence:
    return say("{place}, output '{name}'", place=place, name=name)


def _input(column: Element, sources: Sources, place: Sentence) -> InputColumn:
    inner, listed = child(column, "inputExpression"), child(column, "inputValues")
    source, values = text(inner), text(listed)
    name = column.get("label") or source
    asks, lists = (sources.at(part.get("id") if part is not None else None) for part in (inner, listed))
    return InputColumn(
        id=column.get("id") or "",
        name=name,
        value=asks.expression(source, _at_input(place, name)),
        allowed=lists.tests(values, say("{place}, values of input '{name}'", place=place, name=name))
        if values
        else None,
    )


def _output(column: Element, sources: Sources, place: Sentence) -> OutputColumn:
    name = column.get("name") or ""
    values, default = text(child(column, "outputValues")), text(child(column, "defaultOutputEntry"))
    listed = say("{place}, values of output '{name}'", place=place, name=name)
    otherwise = say("{place}, default of output '{name}'", place=place, name=name)
    return OutputColumn(
        id=column.get("id") or "",
        name=name,
        priorities=sources.expression(f"[{values}]", listed) if values else None,
        default=sources.expression(default, otherwise) if default else None,
    )


def _rule(
    rule: Element,
    index: int,
    inputs: tuple[InputColumn, ...],
    outputs: tuple[OutputColumn, ...],
    sources: Sources,
    place: Sentence,
) -> TableRule:
    entries = [(text(entry), sources.at(entry.get("id"))) for entry in children(rule, "inputEntry")]
    results = [(text(entry), sources.at(entry.get("id"))) for entry in children(rule, "outputEntry")]
    here, tests = _at_rule(place, index), []
    for column, (source, own) in enumerate(entries[: len(inputs)]):
        cell = _at_input(here, inputs[column].name)
        if source not in ("", "-"):
            tests.append((column, _cell(own.tests(source, cell)), cell))
    compiled = tuple(
        own.expression(source, _at_output(here, outputs[column].name))
        for column, (source, own) in enumerate(results[: len(outputs)])
    )
    return TableRule(id=rule.get("id") or "", index=index, tests=tuple(tests), outputs=compiled)


def _cell(tests: UnaryExpression | None) -> Check:
    """What a cell asks; one that is not FEEL is never true."""
    return tests.check if tests is not None else lambda env, value: None
