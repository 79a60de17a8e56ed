"""What was played of a video, however it was played: never more than there is, never twice, never out of order."""

from hypothesis import given
from hypothesis import strategies as st

from hr.training import covered

PLACES = st.integers(min_value=0, max_value=4000).map(lambda tenths: tenths / 10)
STRETCHES = st.lists(st.tuples(PLACES, PLACES).map(lambda pair: (min(pair), max(pair))), max_size=30)


def played(stretches: list[tuple[float, float]]) -> covered.Stretches:
    found: covered.Stretches = []
    for start, end in stretches:
        found = covered.added(found, start, end)
    return found


@given(STRETCHES)
def test_stretches_lie_apart_and_in_order(stretches: list[tuple[float, float]]) -> None:
    found = played(stretches)
    assert all(start < end for start, end in found)
    assert all(before[1] < after[0] for before, after in zip(found, found[1:], strict=False))


@given(STRETCHES)
def test_what_was_played_is_counted_once_whatever_the_order(stretches: list[tuple[float, float]]) -> None:
    found = played(stretches)
    tenths = {tenth for start, end in stretches for tenth in range(round(10 * start), round(10 * end))}
    assert round(10 * covered.seconds(found)) == len(tenths)
    assert played(list(reversed(stretches))) == found
    assert played(stretches + stretches) == found


@given(STRETCHES, PLACES, PLACES)
def test_playing_more_takes_nothing_away(stretches: list[tuple[float, float]], start: float, end: float) -> None:
    before = played(stretches)
    after = covered.added(before, start, end)
    assert covered.seconds(after) + 1e-9 >= covered.seconds(before)
    assert covered.seconds(after) <= covered.seconds(before) + max(0.0, end - start) + 1e-9
    assert covered.farthest(after) >= covered.farthest(before)


@given(STRETCHES)
def test_who_only_goes_on_from_where_they_were_never_skips(stretches: list[tuple[float, float]]) -> None:
    found: covered.Stretches = []
    for start, end in stretches:
        if covered.follows(found, start):
            found = covered.added(found, start, end)
    gaps = covered.farthest(found) - covered.seconds(found)
    assert gaps <= covered.SLACK * max(1, len(found)) + 1e-9


def test_the_first_stretch_begins_at_the_beginning() -> None:
    assert covered.follows([], 0.0)
    assert covered.follows([], covered.SLACK)
    assert not covered.follows([], covered.SLACK + 0.1)
    assert not covered.follows([[0.0, 30.0]], -1.0)
    assert covered.follows([[0.0, 30.0]], 12.0)
    assert not covered.follows([[0.0, 30.0]], 31.0)
    assert not covered.follows([[0.0, 30.0]], float("nan"))
