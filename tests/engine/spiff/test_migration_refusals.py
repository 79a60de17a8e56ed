"""What cannot move is told in words: which element, why, and what next."""

import pytest

from tests.engine.spiff.drawing import (
    COMPENSATE,
    DEFINITIONS,
    ENDS,
    ON_ERROR,
    ON_MESSAGE,
    boundary,
    catch,
    extend,
    job,
    many,
    process,
    sub,
    tag,
    tags,
    timer,
    user,
)
from tests.engine.spiff.moving import migration, move, refused

LINE = process(ENDS + user("a"), "s a e")
SPLIT = '<parallelGateway id="g"/><parallelGateway id="j"/>'


def only(sentences: list[str], *words: str) -> None:
    """One sentence, with these words in it."""
    (sentence,) = sentences
    for word in words:
        assert word in sentence


def test_an_element_that_is_gone(play):
    only(refused(play(LINE), process(ENDS + user("b"), "s b e")), "is at a,", "does not have", "Map it to")


def test_an_element_that_the_plan_leaves_out(play):
    only(refused(play(LINE), LINE), "does not say where that goes on", "Map it to a")


def test_elements_are_called_by_their_names(play):
    named = LINE.replace('id="a"', 'id="a" name="Collect the badge"')
    only(refused(play(named), process(ENDS + user("b"), "s b e")), "Collect the badge (a)")


def test_an_element_of_another_kind(play):
    only(
        refused(play(LINE), process(ENDS + job("b"), "s b e"), a="b"),
        "a is a user task, and b is a service task",
        "same kind",
    )


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (
            f'<scriptTask id="a">{extend(tag("taskDefinition", type="work"))}</scriptTask>',
            f'<scriptTask id="a">{extend(tag("script", expression="=1", resultVariable="n"))}</scriptTask>',
        ),
        (
            f'<businessRuleTask id="a">{extend(tag("taskDefinition", type="work"))}</businessRuleTask>',
            f'<businessRuleTask id="a">'
            f"{extend(tag('calledDecision', decisionId='d', resultVariable='n'))}</businessRuleTask>",
        ),
    ],
)
def test_one_that_works_in_another_way(play, before, after):
    story = play(process(ENDS + before, "s a e"))
    only(refused(story, process(ENDS + after, "s a e"), a="a"), "do their work in different ways")


def test_an_event_of_another_kind(play):
    story = play(process(ENDS + catch("a", timer("Duration", "PT1H")), "s a e"))
    after = process(ENDS + catch("a", ON_MESSAGE), "s a e", definitions=DEFINITIONS)
    only(refused(story, after, a="a"), "another kind of event")


@pytest.mark.parametrize(
    ("before", "after", "words"),
    [
        (many(), "", "several times at once, collecting out, and a once"),
        ("", many(), "is done once, and a several times at once"),
        (many(), many(sequential=True), "at once, collecting out, and a several times in sequence"),
        (many(), many().replace('"out"', '"results"'), "collecting results"),
    ],
)
def test_an_activity_that_repeats_in_another_way(play, before, after, words):
    story = play(process(ENDS + user("a", before), "s a e"), list=[1, 2], r=1)
    only(refused(story, process(ENDS + user("a", after), "s a e"), a="a"), words, "runs are through")


def test_the_many_runs_of_an_activity_are_told_once(play):
    story = play(process(ENDS + user("a", many()), "s a e"), list=list(range(50)), r=1)
    only(refused(story, process(ENDS + user("b"), "s b e")), "does not have")


def test_a_step_into_a_sub_process_or_out_of_one(play):
    inside = process(ENDS + sub("p1", user("a"), "p1s a p1e"), "s p1 e")
    only(refused(play(LINE), inside, a="a"), "a lies in p, and a in p1", "neither into a sub-process nor out of one")
    told = refused(play(inside), LINE, a="a")
    assert any("is at p1, which" in sentence for sentence in told)
    assert any("a lies in p1, and a in p." in sentence for sentence in told)


def test_a_sub_process_whose_inside_goes_to_another_one(play):
    before = process(ENDS + sub("p1", user("a"), "p1s a p1e"), "s p1 e")
    after = process(ENDS + sub("p1", user("x"), "p1s x p1e") + sub("p2", user("a"), "p2s a p2e"), "s p1 p2 e")
    only(refused(play(before), after, p1="p1", a="a"), "a lies in p1, and a in p2")


def test_a_token_at_a_join_whose_way_is_gone(play):
    story = play(process(ENDS + SPLIT + user("a b"), "s g a j e", "g b j"))
    story.do("a")
    after = process(ENDS + SPLIT + user("b x"), "s g b j e", "g x j").replace('id="f', 'id="w')
    only(refused(story, after, j="j", b="b"), "came by the flow f3 waits at j", "Map that flow")
    assert move(story, after, j="j", b="b", f3="w6").opened == []
    assert story.do("b") == []
    assert story.ended


def test_a_flow_that_is_mapped_to_one_that_leads_elsewhere(play):
    story = play(process(ENDS + SPLIT + user("a b"), "s g a j e", "g b j"))
    story.do("a")
    after = process(ENDS + SPLIT + user("a b"), "s g a j e", "g b j")
    only(refused(story, after, j="j", b="b", f3="f1"), "came by the flow f3")


def test_a_boundary_event_that_is_mapped_to_another_activitys(play):
    hour = timer("Duration", "PT1H")
    before = process(ENDS + user("a") + boundary("b", "a", hour), "s a e", "b e")
    after = process(ENDS + user("a c") + boundary("b", "c", hour), "s a c e", "b e")
    only(refused(play(before), after, a="a", b="b"), "b listens", "does not belong to a", "leave it out")


def test_a_boundary_event_that_is_mapped_to_one_of_another_kind(play):
    before = process(ENDS + user("a") + boundary("b", "a", timer("Duration", "PT1H")), "s a e", "b e")
    after = process(ENDS + user("a") + boundary("b", "a", ON_MESSAGE), "s a e", "b e", definitions=DEFINITIONS)
    only(refused(play(before), after, a="a", b="b"), "another kind of event")


def test_two_boundary_events_that_are_mapped_to_one(play):
    hour = timer("Duration", "PT1H")
    before = process(ENDS + user("a") + boundary("b", "a", hour) + boundary("c", "a", hour), "s a e", "b e", "c e")
    after = process(ENDS + user("a") + boundary("d", "a", hour), "s a e", "d e")
    only(refused(play(before), after, a="a", b="d", c="d"), "c and b both listen", "Map one of them elsewhere")


def test_a_new_boundary_event_that_cannot_be_waited_for(play):
    after = process(ENDS + user("a") + boundary("b", "a", timer("Duration", "=nothing")), "s a e", "b e")
    only(refused(play(LINE), after, a="a"), "b is new at a and cannot begin to wait", "Correct the variables")


def test_a_new_event_sub_process_that_cannot_be_waited_for(play):
    inner = '<startEvent id="ls"><timerEventDefinition><timeDuration>=nothing</timeDuration></timerEventDefinition>'
    body = f'<subProcess id="l" triggeredByEvent="true">{inner}</startEvent></subProcess>'
    only(refused(play(LINE), process(ENDS + user("a") + body, "s a e"), a="a"), "l is new at p and cannot begin")


def test_a_form_that_cannot_be_told(play):
    form = extend(tag("formDefinition", formId="=n + 1"))
    only(refused(play(LINE), process(ENDS + user("a", form), "s a e"), a="a"), "The form of a cannot be told")


UNDONE = user("a b") + boundary("c", "a", COMPENSATE) + '<userTask id="u" isForCompensation="true"/>'
LINK = '<association id="link" sourceRef="c" targetRef="u"/>'


def test_what_can_be_undone_no_longer(play):
    story = play(process(ENDS + UNDONE + LINK, "s a b e"))
    story.do("a")
    only(refused(story, process(ENDS + user("a b"), "s a b e"), b="b"), "a is completed and can still be undone")
    only(refused(story, process(ENDS + user("b"), "s b e"), b="b"), "a is completed and can still be undone")


def test_what_an_ad_hoc_sub_process_has_still_to_start(play):
    before = '<adHocSubProcess id="h" ordering="Sequential">' + user("a b") + "</adHocSubProcess>"
    after = '<adHocSubProcess id="h" ordering="Sequential">' + user("a c") + "</adHocSubProcess>"
    story = play(process(ENDS + before, "s h e"))
    whole = process(ENDS + after, "s h e")
    only(refused(story, whole, h="h", a="a"), "h has still to start b")
    move(story, whole, h="h", a="a", b="c")
    assert story.do("a") == ["c"]


def test_everything_that_stands_against_it_is_told_at_once(play):
    body = tags("parallelGateway", "g") + user("a", many()) + user("b") + job("c")
    story = play(process(ENDS + body, "s g a e", "g b e", "g c e"), list=[1, 2], r=1)
    after = process(ENDS + tags("parallelGateway", "g") + user("a b"), "s g a e", "g b e")
    found = migration(story, after, {"a": "a"}).refusals
    assert [(refusal.element, refusal.token) for refusal in found] == [("a", 3), ("b", 6), ("c", 7)]


def test_a_fault_that_stands_in_the_way_can_be_left_behind(play):
    """A token that an error has stopped moves as it is, and is tried again by the new version."""
    story = play(process(ENDS + user("a", extend(tag("assignmentDefinition", assignee="=1"))), "s a e"))
    assert "a" in story.incidents
    move(story, process(ENDS + user("b"), "s b e"), a="b")
    assert story.incidents["b"].kind
    assert story.retry("b") == ["b"]


def test_a_listener_for_errors_on_an_element_that_moves_is_no_reason(play):
    before = process(ENDS + job("a") + boundary("b", "a", ON_ERROR), "s a e", "b e", definitions=DEFINITIONS)
    assert refused(play(before), process(ENDS + job("a"), "s a e"), a="a") == []
