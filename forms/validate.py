"""Checks a submission on the server as the browser did, and more strictly: the browser is not to be trusted.

The form is walked top-down. Keys that the form does not have are dropped; readonly and disabled fields keep what the
process has; computed fields are computed again; hidden fields are dropped with all that stands in them; what is left
must have its type, keep its rules and be one of its choices.
"""

from collections.abc import Mapping, Sequence
from copy import deepcopy
from zoneinfo import ZoneInfo

from forms import rules
from forms.kinds import KINDS
from forms.merge import Merge
from forms.model import Clock, Errors, Form, Submission, Upload, Value, WidgetCheck
from forms.places import NOWHERE, Place, drop, get, put, scope, visible
from forms.prepare import compute, filtered, kept_files, prepare
from forms.values import Inbox
from kernel.text import Text

ZONE = "Asia/Shanghai"


def validate(
    form: Form,
    data: Mapping[str, Value],
    *,
    context: Mapping[str, Value],
    clock: Clock,
    files: Mapping[str, Sequence[Upload]] | None = None,
    widgets: Mapping[str, WidgetCheck] | None = None,
    zone: str = ZONE,
) -> Submission:
    """The values that a submission gives to the process, and its errors. Never raises.

    `data` is what the browser sent, `context` what the process has, `files` the stored uploads by the reference that
    stands in `data`, `widgets` a check for each widget: a sentence, or None for a good value. `zone` is where "today"
    is.

    An object or a row that the form shows in part keeps its other members from `context`, so that submitting a form
    never loses what it does not show. Values come out only under names that the form has and the person could change.
    """
    start = prepare(form, context, clock)
    around = {**context, **start}
    arrived = {reference: tuple(uploads) for reference, uploads in (files or {}).items()}
    merge = Merge(form.root, start, dict(data), Inbox(arrived=arrived, kept=kept_files(start)), around, clock)
    state = merge.state
    compute(form.root, state, around, clock)
    seen = filtered(form.root, state, around, clock)
    shown, hidden = visible(form.root, state, seen, around, clock)
    errors: Errors = {}
    for place in shown:
        for_place = merge.faults.get(place.key) or (
            _faults(place, state, seen, around, clock, widgets or {}, ZoneInfo(zone)) if merge.answers(place) else []
        )
        if for_place:
            _tell(errors, place, for_place)
    return Submission(values=_values(merge, shown, hidden, context), errors=errors)


def _faults(
    place: Place,
    state: dict[str, Value],
    seen: dict[str, Value],
    around: Mapping[str, Value],
    clock: Clock,
    widgets: Mapping[str, WidgetCheck],
    zone: ZoneInfo,
) -> list[Text]:
    value = get(state, place.path) if place.component.path else None
    look = rules.Look(
        component=place.component,
        value=None if value is NOWHERE else value,
        seen=scope(place, seen, around, state),
        clock=clock,
        zone=zone,
        widgets=widgets,
    )
    return rules.faults(look)


def _tell(errors: Errors, place: Place, texts: list[Text]) -> None:
    if not place.rows:
        errors[place.component.id] = texts
        return
    here = errors.setdefault(place.component.id, {})
    for row in place.rows[:-1]:
        here = here.setdefault(row, {})
    here[place.rows[-1]] = texts


def _values(merge: Merge, shown: list[Place], hidden: list[Place], context: Mapping[str, Value]) -> dict[str, Value]:
    """The changed variables: what a person could change or the form computes, without what is hidden."""
    kept = deepcopy(merge.state)
    for place in hidden:
        if not KINDS[place.component.kind].keyed and not place.component.repeats:
            continue
        before = get(dict(context), place.path) if not place.rows else NOWHERE
        if before is NOWHERE:
            drop(kept, place.path)
        else:
            put(kept, place.path, deepcopy(before))
    written = {str(place.path[0]) for place in shown if merge.writes(place)}
    return {name: kept[name] for name in sorted(written) if name in kept}
