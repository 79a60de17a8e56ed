"""A chart of months as plain SVG: two bars a month in a box that the page stretches, the numbers in words beside it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from tasks.human.training.views import Month

HEIGHT = 100
LEAST = 2  # of a bar that is not nothing
ROUND = (2, 4, 6, 10)  # and with noughts behind them: what the scale ends with, so that its half is whole


@dataclass(frozen=True, slots=True, kw_only=True)
class Bars:
    """The two bars of a month, which stand on the bottom of the box: how high each is, and where its top is."""

    day: date
    assigned: int
    passed: int
    heights: tuple[float, float]

    @property
    def tops(self) -> tuple[float, float]:
        return HEIGHT - self.heights[0], HEIGHT - self.heights[1]


@dataclass(frozen=True, slots=True, kw_only=True)
class Chart:
    """What is drawn, and the number at the top of its scale. `empty` where there is nothing to show."""

    bars: tuple[Bars, ...]
    top: int
    empty: bool


def of(months: Sequence[Month]) -> Chart:
    """The chart of some months, scaled to a round number that is no less than the highest of them."""
    top = _round(max((max(month.assigned, month.passed) for month in months), default=0))
    return Chart(
        bars=tuple(
            Bars(
                day=month.day,
                assigned=month.assigned,
                passed=month.passed,
                heights=(_height(month.assigned, top), _height(month.passed, top)),
            )
            for month in months
        ),
        top=top,
        empty=not any(month.assigned or month.passed for month in months),
    )


def _height(count: int, top: int) -> float:
    return round(max(HEIGHT * count / top, LEAST if count else 0), 1)


def _round(highest: int) -> int:
    step = 1
    while ROUND[-1] * step < highest:
        step *= 10
    return next(digit * step for digit in ROUND if digit * step >= highest)
