"""How points and ranges lie to each other (DMN 1.5, table 81, after Allen's interval algebra)."""

import re

from feel import iso
from feel.builtins.registry import builtin
from feel.errors import Unfit
from feel.lexer import unescape
from feel.run import Run
from feel.sentences import say
from feel.values import numbers
from feel.values.compare import both, comparable, either, equal, greater, less, within
from feel.values.model import Range, Value

Verdict = bool | None
_TEXT = r'"(?:[^"\\]|\\.)*"'
_END = rf"\s*(?:(-?[0-9.]+)|({_TEXT})|@({_TEXT})|(date and time|date|time|duration)\(\s*({_TEXT})\s*\)|(null))?\s*"
_RANGE = re.compile(rf"\s*([\[\](]){_END}\.\.{_END}([\])\[])\s*", re.DOTALL)
_READERS = {"date and time": iso.date_time, "date": iso.date, "time": iso.time, "duration": iso.duration}


def _starts_first(a: Range, b: Range, run: Run) -> Verdict:
    """Does a begin before b does?"""
    return either(less(a.start, b.start), both(equal(a.start, b.start, run), a.start_included, not b.start_included))


def _ends_first(a: Range, b: Range, run: Run) -> Verdict:
    return either(less(a.end, b.end), both(equal(a.end, b.end, run), not a.end_included, b.end_included))


def _ends_with(a: Range, b: Range, run: Run) -> Verdict:
    return both(equal(a.end, b.end, run), a.end_included == b.end_included)


def _starts_with(a: Range, b: Range, run: Run) -> Verdict:
    return both(equal(a.start, b.start, run), a.start_included == b.start_included)


def _reaches(a: Range, b: Range, run: Run) -> Verdict:
    """Does a end after b begins, or share that very point?"""
    return either(greater(a.end, b.start), both(equal(a.end, b.start, run), a.end_included, b.start_included))


@builtin(
    "before(point1: point, point2: point)", "before(range: range, point: point)", "before(point: point, range: range)"
)
@builtin("before(range1: range, range2: range)")
def before(run: Run, a: Value, b: Value) -> Verdict:
    end, end_included = (a.end, a.end_included) if isinstance(a, Range) else (a, True)
    start, start_included = (b.start, b.start_included) if isinstance(b, Range) else (b, True)
    return either(less(end, start), both(equal(end, start, run), not (end_included and start_included)))


@builtin(
    "after(point1: point, point2: point)", "after(range: range, point: point)", "after(point: point, range: range)"
)
@builtin("after(range1: range, range2: range)")
def after(run: Run, a: Value, b: Value) -> Verdict:
    return before(run, b, a)


@builtin("meets(range1: range, range2: range)")
def meets(run: Run, a: Range, b: Range) -> Verdict:
    return both(a.end_included, b.start_included, equal(a.end, b.start, run))


@builtin("met by(range1: range, range2: range)")
def met_by(run: Run, a: Range, b: Range) -> Verdict:
    return meets(run, b, a)


@builtin("overlaps(range1: range, range2: range)")
def overlaps(run: Run, a: Range, b: Range) -> Verdict:
    return both(_reaches(a, b, run), _reaches(b, a, run))


@builtin("overlaps before(range1: range, range2: range)")
def overlaps_before(run: Run, a: Range, b: Range) -> Verdict:
    ends_no_later = either(_ends_first(a, b, run), _ends_with(a, b, run))
    return both(_starts_first(a, b, run), ends_no_later, _reaches(a, b, run))


@builtin("overlaps after(range1: range, range2: range)")
def overlaps_after(run: Run, a: Range, b: Range) -> Verdict:
    ends_no_earlier = either(_ends_first(b, a, run), _ends_with(a, b, run))
    return both(_starts_first(b, a, run), ends_no_earlier, _reaches(b, a, run))


@builtin("finishes(point: point, range: range)")
def point_finishes(run: Run, point: Value, range_: Range) -> Verdict:
    return both(range_.end_included, equal(point, range_.end, run))


@builtin("finishes(range1: range, range2: range)")
def finishes(run: Run, a: Range, b: Range) -> Verdict:
    begins_no_earlier = either(
        greater(a.start, b.start), both(equal(a.start, b.start, run), not a.start_included or b.start_included)
    )
    return both(_ends_with(a, b, run), begins_no_earlier)


@builtin("finished by(range: range, point: point)")
def finished_by_point(run: Run, range_: Range, point: Value) -> Verdict:
    return point_finishes(run, point, range_)


@builtin("finished by(range1: range, range2: range)")
def finished_by(run: Run, a: Range, b: Range) -> Verdict:
    return finishes(run, b, a)


@builtin("includes(range: range, point: point)")
def includes_point(run: Run, range_: Range, point: Value) -> Verdict:
    return within(point, range_, run)


@builtin("includes(range1: range, range2: range)")
def includes(run: Run, a: Range, b: Range) -> Verdict:
    return both(
        either(less(a.start, b.start), both(equal(a.start, b.start, run), a.start_included or not b.start_included)),
        either(greater(a.end, b.end), both(equal(a.end, b.end, run), a.end_included or not b.end_included)),
    )


@builtin("during(point: point, range: range)")
def point_during(run: Run, point: Value, range_: Range) -> Verdict:
    return within(point, range_, run)


@builtin("during(range1: range, range2: range)")
def during(run: Run, a: Range, b: Range) -> Verdict:
    return includes(run, b, a)


@builtin("starts(point: point, range: range)")
def point_starts(run: Run, point: Value, range_: Range) -> Verdict:
    return both(range_.start_included, equal(point, range_.start, run))


@builtin("starts(range1: range, range2: range)")
def starts(run: Run, a: Range, b: Range) -> Verdict:
    ends_no_later = either(less(a.end, b.end), both(equal(a.end, b.end, run), not a.end_included or b.end_included))
    return both(_starts_with(a, b, run), ends_no_later)


@builtin("started by(range: range, point: point)")
def started_by_point(run: Run, range_: Range, point: Value) -> Verdict:
    return point_starts(run, point, range_)


@builtin("started by(range1: range, range2: range)")
def started_by(run: Run, a: Range, b: Range) -> Verdict:
    return starts(run, b, a)


@builtin("coincides(point1: point, point2: point)")
def points_coincide(run: Run, a: Value, b: Value) -> Verdict:
    return equal(a, b, run)


@builtin("coincides(range1: range, range2: range)")
def coincides(run: Run, a: Range, b: Range) -> Verdict:
    return both(_starts_with(a, b, run), _ends_with(a, b, run))


@builtin("range(from: string)")
def range_of_text(text: str) -> Range:
    """A range whose ends are literals, or dates, times and durations made of a literal; one end may be open."""
    found = _RANGE.fullmatch(text)
    if found is None:
        raise Unfit(say("'{text}' is not a range of two literals.", text=text[:80]))
    groups = found.groups()
    start, end = _end(groups[1:7]), _end(groups[7:13])
    included = groups[0] == "[", groups[13] == "]"
    if start is None and (end is None or included[0]) or end is None and included[1]:
        raise Unfit(say("An open end is outside the range, and only one end is open."))
    if start is not None and end is not None and (comparable(start, end) is None or less(end, start)):
        raise Unfit(say("The first end comes before the second and is of the same type."))
    return Range(start=start, end=end, start_included=included[0], end_included=included[1])


def _end(parts: tuple[str | None, ...]) -> Value:
    number, string, at, function, argument, _ = parts
    if number is not None:
        return numbers.read(number)
    if string is not None:
        return unescape(string)
    if at is not None:
        return iso.literal(unescape(at))
    return _READERS[function](unescape(argument or "")) if function else None
