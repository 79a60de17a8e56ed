"""The plan that suggests itself: by id, by name, by position, each with its reason, always the same."""

from engine.spiff.moves.suggest import suggested
from tests.engine.spiff.blocks import Blocks
from tests.engine.spiff.drawing import DEFINITIONS, ENDS, ON_MESSAGE, boundary, job, many, process, sub, timer, user
from tests.engine.spiff.moving import renamed
from tests.engine.spiff.play import drawn


def found(old: str, new: str) -> dict[str, tuple[str, str]]:
    return {mapping.source: (mapping.target, mapping.why) for mapping in suggested(drawn(old), drawn(new))}


def test_what_has_the_same_id_is_suggested_first():
    one = process(ENDS + user("a b"), "s a b e")
    assert found(one, one) == {id: (id, "id") for id in ("s", "e", "a", "b")}


def test_what_has_the_same_id_and_is_another_kind_is_not():
    assert "a" not in found(process(ENDS + user("a"), "s a e"), process(ENDS + job("a"), "s a e"))


def test_an_activity_that_repeats_in_another_way_is_not():
    one, other = user("a"), user("a", many())
    assert "a" not in found(process(ENDS + one, "s a e"), process(ENDS + other, "s a e"))


def test_what_has_gone_into_a_sub_process_is_not():
    inside = process(ENDS + sub("p1", user("a"), "p1s a p1e"), "s p1 e")
    assert "a" not in found(process(ENDS + user("a"), "s a e"), inside)


def test_then_what_has_the_same_name_if_only_one_has():
    one = process(ENDS + '<userTask id="a" name="Check"/><userTask id="b" name="Sign"/>', "s a b e")
    other = process(ENDS + '<userTask id="y" name="Sign"/><userTask id="x" name="Check"/>' + user("z"), "s x z y e")
    assert found(one, other) == {"s": ("s", "id"), "e": ("e", "id"), "a": ("x", "name"), "b": ("y", "name")}
    twice = process(ENDS + '<userTask id="x" name="Check"/><userTask id="y" name="Check"/>' + user("z"), "s z x y e")
    assert "a" not in found(one, twice)


def test_then_what_stands_between_the_same_elements():
    one = process(ENDS + user("a b"), "s a b e")
    other = process(ENDS + user("a x"), "s a x e")
    assert found(one, other)["b"] == ("x", "position")
    assert "b" not in found(one, process(ENDS + user("a x"), "s a e", "s x e"))


def test_what_is_matched_makes_its_neighbours_and_its_inside_known():
    one = process(ENDS + sub("p1", user("a b"), "p1s a b p1e"), "s p1 e")
    other = process(ENDS + sub("q1", user("x y"), "q1s x y q1e"), "s q1 e")
    mapped = found(one, other)
    assert (mapped["p1"], mapped["p1s"]) == (("q1", "position"), ("q1s", "position"))
    assert "a" not in mapped, "each waits for the other"
    anchored = found(one, other.replace('"x"', '"a"'))
    assert anchored["b"] == ("y", "position")


def test_a_boundary_event_follows_its_activity():
    one = process(ENDS + user("a") + boundary("b", "a", timer("Duration", "PT1H")), "s a e", "b e")
    other = process(ENDS + user("x") + boundary("y", "x", timer("Duration", "PT2H")), "s x e", "y e")
    mapped = found(one, other)
    assert (mapped["a"], mapped["b"]) == (("x", "position"), ("y", "position"))
    message = process(ENDS + user("x") + boundary("y", "x", ON_MESSAGE), "s x e", "y e", definitions=DEFINITIONS)
    assert "b" not in found(one, message)


def test_what_is_suggested_never_clashes_and_is_the_same_each_time():
    for seed in range(60):
        xml = Blocks(seed).xml
        one, other = drawn(xml), drawn(renamed(xml)[0])
        mapped = suggested(one, other)
        assert mapped == suggested(one, other)
        assert len({mapping.target for mapping in mapped}) == len(mapped)
        assert {mapping.source for mapping in suggested(one, one)} == set(one.nodes)
