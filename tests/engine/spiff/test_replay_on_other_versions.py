"""A case replayed on another version: the same way, or the first place where it parts, in words."""

from tests.engine.spiff.drawing import (
    DEFINITIONS,
    ENDS,
    ON_MESSAGE,
    boundary,
    catch,
    extend,
    io,
    job,
    many,
    process,
    script,
    tag,
    timer,
    user,
)
from tests.engine.spiff.recorded import Recorded

XOR = '<exclusiveGateway id="x"/>'
LONG = '<businessRuleTask id="d"><extensionElements>{}</extensionElements></businessRuleTask>'
RULE = LONG.format(tag("calledDecision", decisionId="levels", resultVariable="level"))


def leave(limit: int, body: str = "") -> str:
    return process(
        ENDS + XOR + user("apply boss hr") + body, f"s apply x {{days > {limit}}} boss e", "x {default} hr e"
    )


def test_another_condition_is_told_at_its_gateway_with_the_values():
    case = Recorded(leave(5))
    case.do("apply", days=7)
    case.do("boss")
    found = case.on(leave(10))
    assert (found.verdict, found.element) == ("OTHER", "x")
    assert str(found.sentence) == ("At x it goes on to hr instead of boss: =days > 10 decides, and days is 7.")
    assert case.on(leave(6)).verdict == "SAME"


def test_a_changed_decision_is_told_with_the_value_that_it_gave_in_the_case():
    ways = 's apply d x {level = "high"} boss e', "x {default} hr e"
    version = process(ENDS + XOR + RULE + user("apply boss hr"), *ways)
    case = Recorded(version)
    case.decisions = {"levels": lambda inputs: "high"}
    case.do("apply")
    assert case.on(version).verdict == "SAME"
    found = case.on(version, levels=lambda inputs: "low")
    assert found.element == "x"
    assert str(found.sentence).endswith("decides, and level is 'low', in the case 'high'.")


def test_a_removed_task_leaves_no_place_for_its_answer():
    case = Recorded(process(ENDS + user("a b"), "s a b e"))
    case.do("a")
    case.do("b")
    found = case.on(process(ENDS + user("b"), "s b e"))
    assert (found.verdict, found.element) == ("CANNOT", "a")
    assert "a is not in the proposed version" in str(found.sentence)


def test_a_running_case_is_told_that_the_place_where_it_waits_is_gone():
    case = Recorded(process(ENDS + user("a b"), "s a b e"))
    case.do("a")
    found = case.on(process(ENDS + user("a") + script("r", "=1", "n"), "s a r e"))
    assert (found.verdict, found.element) == ("CANNOT", "b")
    assert str(found.sentence) == "The case waits at b, which is not in the proposed version."


def test_a_renamed_element_is_the_same_by_its_name():
    old = process(ENDS + '<userTask id="a" name="Ask"/>' + user("b"), "s a b e")
    case = Recorded(old)
    case.do("a")
    case.do("b")
    assert case.on(old.replace('"a"', '"ask"')).verdict == "SAME"


def test_new_steps_that_need_nobody_are_passed_beside():
    case = Recorded(process(ENDS + user("a b"), "s a b e"))
    case.do("a")
    case.do("b")
    found = case.on(process(ENDS + user("a b") + script("n", "=1", "r"), "s a n b e"))
    assert (found.verdict, found.beside) == ("SAME", ("n",))


def test_a_new_task_asks_for_an_answer_that_nobody_gave():
    case = Recorded(process(ENDS + user("a b"), "s a b e"))
    case.do("a")
    case.do("b")
    found = case.on(process(ENDS + user("a b new"), "s a new b e"))
    assert (found.verdict, found.element) == ("CANNOT", "new")
    assert str(found.sentence) == "It waits at new, which is new: nothing in the case answers it."


def test_a_new_task_beside_the_old_way_is_met_where_all_has_to_be_done():
    both = '<parallelGateway id="split"/><parallelGateway id="j"/>'
    case = Recorded(process(ENDS + user("a b"), "s a b e"))
    case.do("a")
    case.do("b")
    found = case.on(process(ENDS + both + user("a b new"), "s a split b j e", "split new j"))
    assert (found.verdict, found.element) == ("CANNOT", "new")
    assert str(found.sentence) == "It waits at new, which is new: nothing in the case answers it."


def test_two_steps_in_the_other_order_are_another_way():
    steps = script("one", "=1", "r") + script("two", "=1", "r")
    case = Recorded(process(ENDS + steps, "s one two e"))
    found = case.on(process(ENDS + steps, "s two one e"))
    assert (found.verdict, found.element) == ("OTHER", "s")
    assert str(found.sentence) == "From s it goes on to two instead of one."


def test_a_fault_of_the_new_version_is_told_with_its_incident():
    case = Recorded(process(ENDS + script("r", "=1", "n") + user("a"), "s r a e"))
    found = case.on(process(ENDS + script("r", "=assert(1, false)", "n") + user("a"), "s r a e"))
    assert (found.verdict, found.element) == ("OTHER", "r")
    assert str(found.sentence).startswith("It stops at r with an incident: ")


def test_an_incident_that_the_new_version_does_not_have_is_told():
    old = process(ENDS + XOR + user("a b"), "s x {n = 1} a e", "x {n = 2} b e")
    case = Recorded(old, n=3)
    found = case.on(old.replace("n = 2", "n = 3"))
    assert (found.verdict, found.element) == ("OTHER", "x")
    assert "does not stop at x" in str(found.sentence)


def reminded(span: str, *, name: str = "late") -> str:
    event = boundary(name, "a", timer("Duration", span))
    return process(ENDS + user("a chase") + event, "s a e", f"{name} chase e")


def test_a_timer_that_has_become_shorter_fires_where_the_case_was_faster():
    case = Recorded(reminded("P3D"))
    case.wait(days=2)
    case.do("a")
    assert case.on(reminded("P3D")).verdict == "SAME"
    assert case.on(reminded("P5D")).verdict == "SAME"
    found = case.on(reminded("P1D"))
    assert (found.verdict, found.element) == ("OTHER", "late")
    assert str(found.sentence) == "late is due at 2026-11-03 01:00:00Z, in the case it was at 2026-11-05 01:00:00Z."


def test_a_timer_that_has_become_longer_does_not_fire_when_the_case_had_it():
    case = Recorded(reminded("P3D"))
    case.wait(days=4)
    case.do("chase")
    assert case.on(reminded("P5D")).element == "late"
    assert case.on(reminded("P3D")).verdict == "SAME"


def test_a_new_timer_fires_at_its_own_time():
    case = Recorded(process(ENDS + user("a b"), "s a b e"))
    case.do("a")
    case.wait(hours=3)
    case.do("b")
    new = process(ENDS + user("a b") + catch("pause", timer("Duration", "PT1H")), "s a pause b e")
    assert (case.on(new).verdict, case.on(new).beside) == ("SAME", ("pause",))
    cut = process(ENDS + user("a b late") + boundary("cut", "b", timer("Duration", "PT1H")), "s a b e", "cut late e")
    assert case.on(cut).verdict == "OTHER"
    assert "gives up b" in str(case.on(cut).sentence)


def test_timers_that_fire_without_end_are_given_up_in_words():
    case = Recorded(process(ENDS + user("a"), "s a e"))
    case.wait(days=1)
    case.do("a")
    cycle = boundary("tick", "a", timer("Cycle", "R/PT1S"), interrupting=False)
    found = case.on(process(ENDS + user("a") + script("r", "=1", "n") + cycle, "s a e", "tick r"))
    assert found.verdict == "CANNOT"
    assert "More than 200 timers" in str(found.sentence)


def test_a_version_that_goes_round_for_ever_ends_in_words():
    case = Recorded(process(ENDS + script("r", "=1", "n") + XOR + user("a"), "s r x {default} a e", "x {n > 5} r"))
    round_and_round = process(ENDS + script("r", "=1", "n") + XOR + user("a"), "s r x {n > 5} a e", "x {default} r")
    found = case.on(round_and_round)
    assert found.verdict == "OTHER"
    assert "goes on to r instead of a" in str(found.sentence)


def test_answers_find_the_iteration_that_they_were_given_to():
    each = f'<userTask id="a">{many(output="=r")}</userTask>'
    ways = "x {out[2] = 20} b e", "x {default} c e"
    version = process(ENDS + XOR + each + user("b c"), "s a x", *ways)
    case = Recorded(version, list=[1, 2, 3])
    for nth, answer in ((2, 30), (0, 10), (0, 20)):
        case.do("a", nth, r=answer)
    assert case.variables["out"] == [10, 20, 30]
    case.do("b")
    assert case.ended
    assert case.on(version).verdict == "SAME"
    other = process(ENDS + XOR + each + user("b c"), "s a x", "x {out[2] = 10} b e", "x {default} c e")
    assert str(case.on(other).sentence).endswith("decides, and out is [10, 20, 30].")


def test_of_two_tokens_at_one_task_each_gets_its_own_answer():
    """Both stand in the same place; which is which shows only in the variables that they hold themselves."""
    task = f'<userTask id="a">{extend(io({"mine": "=n"}, {"r": "=mine"}))}</userTask>'
    merged = '<parallelGateway id="split"/><exclusiveGateway id="m"/>'
    version = process(
        ENDS + XOR + merged + task + user("wait1 wait2 b c"),
        "s split wait1 m a x {r = 1} b e",
        "split wait2 m",
        "x {default} c e",
    )
    case = Recorded(version)
    case.turn("set_variables", {"n": 1})
    case.do("wait1")
    case.turn("set_variables", {"n": 2})
    case.do("wait2")
    case.do("a", 1)
    assert case.open == ["a", "c"]
    case.do("a")
    assert case.open == ["b", "c"]
    assert case.on(version).verdict == "SAME"


def test_a_message_with_another_name_does_not_reach_the_new_version():
    old = process(ENDS + catch("wait", ON_MESSAGE), "s wait e", definitions=DEFINITIONS)
    case = Recorded(old, key="k")
    case.send("k")
    found = case.on(old.replace('name="msg"', 'name="other"'))
    assert (found.verdict, found.element) == ("OTHER", "wait")
    assert "waits for other" in str(found.sentence)


def test_the_answer_of_another_worker_is_not_taken():
    case = Recorded(process(ENDS + job("j"), "s j e"))
    case.do("j")
    found = case.on(process(ENDS + job("j", type="else"), "s j e"))
    assert (found.verdict, found.element) == ("CANNOT", "j")
    assert str(found.sentence) == "j asks a worker for else; what is known is the answer of one for work."


def test_other_forms_and_assignees_change_no_way():
    plain = process(ENDS + user("a b"), "s a b e")
    case = Recorded(plain)
    case.do("a")
    form = f"<extensionElements>{tag('userTask')}{tag('formDefinition', formId='new')}</extensionElements>"
    assert case.on(process(ENDS + user("a b", form), "s a b e")).verdict == "SAME"


def test_variables_set_by_hand_and_retries_are_replayed():
    old = process(ENDS + XOR + user("a b"), "s x {n = 1} a e", "x {n = 2} b e")
    case = Recorded(old, n=3)
    case.turn("set_variables", {"n": 2})
    case.retry("x")
    case.do("b")
    assert case.ended
    assert case.on(old).verdict == "SAME"


def test_a_journal_that_the_own_version_does_not_follow_says_nothing_of_another():
    version = leave(5)
    case = Recorded(version)
    case.do("apply", days=7)
    assert case.on(version).verdict == "SAME"
    case.lines = [line._replace(element="f5") if line.element == "f3" else line for line in case.lines]
    found = case.on(version)
    assert found.verdict == "CANNOT"
