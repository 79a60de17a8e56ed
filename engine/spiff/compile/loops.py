"""Multi-instance and loop markers, quantities, compensation markers: what any activity may carry."""

from engine.spiff.compile.dialect import extensions
from engine.spiff.compile.draft import Draft
from engine.spiff.compile.xml import Tree, bpmn
from engine.spiff.nodes.activities import Activity
from engine.spiff.nodes.multi_instance import MultiInstance, Repeats, StandardLoop
from kernel.text import say


def complete_activity(draft: Draft, node: Activity) -> None:
    """Give an activity its marker and its quantities."""
    node.start_quantity = _quantity(draft, "startQuantity")
    node.completion_quantity = _quantity(draft, "completionQuantity")
    node.loop = _loop(draft)


def _quantity(draft: Draft, attribute: str) -> int:
    text = draft.get(attribute, "1").strip()
    if not text.isdigit() or int(text) < 1:
        draft.refuse("quantity", say("{attribute} is {text}. It starts at 1.", attribute=attribute, text=text))
    return int(text)


def _loop(draft: Draft) -> Repeats | None:
    many = draft.element.findall(bpmn("multiInstanceLoopCharacteristics"))
    loops = draft.element.findall(bpmn("standardLoopCharacteristics"))
    if len(many) + len(loops) > 1:
        draft.refuse("loop", say("An activity repeats in one way only. Remove all but one marker."))
    if many:
        return _multi_instance(draft, many[0])
    return _standard_loop(draft, loops[0]) if loops else None


def _multi_instance(draft: Draft, found: Tree) -> MultiInstance:
    given = extensions(found).get("loopCharacteristics")
    if found.get("behavior", "All") != "All":
        draft.refuse("loop", say("Multi-instance behavior {behavior} is not run here.", behavior=found.get("behavior")))
    cardinality = draft.child_feel("loopCardinality", of=found)
    collection = given.get("inputCollection", "")
    if not collection and cardinality is None:
        draft.refuse("loop", say("No input collection is given. Write an expression that gives a list."))
    output, output_element = given.get("outputCollection"), given.get("outputElement")
    if bool(output) != bool(output_element):
        draft.refuse("loop", say("Output collection and output element belong together. Fill in both or neither."))
    return MultiInstance(
        items=draft.feel(collection, "inputCollection") if collection else None,
        cardinality=cardinality,
        element=given.get("inputElement") or None,
        output=output or None,
        output_element=draft.feel(output_element, "outputElement") if output_element else None,
        until=draft.child_feel("completionCondition", of=found),
        sequential=found.get("isSequential", "false").strip() in ("true", "1"),
    )


def _standard_loop(draft: Draft, found: Tree) -> StandardLoop:
    maximum = found.get("loopMaximum")
    if maximum is not None and not maximum.strip().isdigit():
        draft.refuse("loop", say("loopMaximum is {text}, which is no count.", text=maximum))
    condition = draft.child_feel("loopCondition", of=found)
    if condition is None and maximum is None:
        draft.refuse("loop", say("The loop never ends. Give it a condition or a maximum."))
    return StandardLoop(
        condition=condition,
        maximum=None if maximum is None else int(maximum),
        test_before=found.get("testBefore", "false").strip() in ("true", "1"),
    )
