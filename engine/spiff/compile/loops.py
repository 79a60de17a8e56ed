"""Multi-instance and loop markers, and quantities: what any activity may carry."""

from engine.spiff.compile.dialect import extensions
from engine.spiff.compile.draft import Draft, brief
from engine.spiff.compile.xml import Tree, bpmn
from engine.spiff.nodes.activities import Activity
from engine.spiff.nodes.multi_instance import MultiInstance, Repeats, StandardLoop
from engine.spiff.numbers import whole_number
from kernel.text import say

MOST_TOKENS = 100  # that one completion gathers or sends out; each of them is a row of the instance's state
MOST_LOOPS = 1_000_000  # rounds; long before, the turn's budget of steps is spent or a person has looked


def complete_activity(draft: Draft, node: Activity) -> None:
    """Give an activity its marker and its quantities."""
    node.start_quantity = _quantity(draft, "startQuantity")
    node.completion_quantity = _quantity(draft, "completionQuantity")
    node.loop = _loop(draft)


def _quantity(draft: Draft, attribute: str) -> int:
    text = draft.get(attribute, "1")
    number = whole_number(text, MOST_TOKENS, least=1)
    if number is None:
        draft.refuse(
            "quantity",
            say(
                "{attribute} is {text}. Write a number from 1 to {most}.",
                attribute=attribute,
                text=brief(text),
                most=MOST_TOKENS,
            ),
        )
    return number


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
    text = found.get("loopMaximum")
    maximum = None if text is None else whole_number(text, MOST_LOOPS)
    if text is not None and maximum is None:
        draft.refuse(
            "loop",
            say("loopMaximum is {text}. Write a number from 0 to {most}.", text=brief(text), most=MOST_LOOPS),
        )
    condition = draft.child_feel("loopCondition", of=found)
    if condition is None and maximum is None:
        draft.refuse("loop", say("The loop never ends. Give it a condition or a maximum."))
    return StandardLoop(
        condition=condition,
        maximum=maximum,
        test_before=found.get("testBefore", "false").strip() in ("true", "1"),
    )
