"""Which parts of a video were played: stretches in seconds, `[from, to]`, apart from each other and in order."""

from collections.abc import Sequence

Stretches = list[list[float]]

ENOUGH = 0.95  # of the length: players leave out moments at the seams, and the last frames
SLACK = 0.5  # seconds by which a player may start behind the place that it was told


def added(covered: Sequence[Sequence[float]], start: float, end: float) -> Stretches:
    """The stretches with another one among them. One without a length adds nothing."""
    if end <= start:
        return [list(one) for one in covered]
    found: Stretches = []
    for one in sorted([*map(list, covered), [start, end]]):
        if found and one[0] <= found[-1][1]:
            found[-1][1] = max(found[-1][1], one[1])
        else:
            found.append(one)
    return found


def seconds(covered: Sequence[Sequence[float]]) -> float:
    """How much was played, what was played twice counted once."""
    return sum(end - start for start, end in covered)


def farthest(covered: Sequence[Sequence[float]]) -> float:
    """The farthest place that was played to: nobody starts behind it."""
    return covered[-1][1] if covered else 0.0


def follows(covered: Sequence[Sequence[float]], start: float) -> bool:
    """Whether playing may go on from this place, since everything up to it was passed."""
    return 0 <= start <= farthest(covered) + SLACK
