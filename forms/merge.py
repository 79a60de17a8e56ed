"""Lays a submission over what the process has: only places of the form that the person may change."""

from collections.abc import Mapping
from copy import deepcopy

from forms import rowmatch, values
from forms.kinds import KINDS
from forms.model import Clock, Component, Value
from forms.places import NOWHERE, Place, get, put, scope
from forms.prepare import new_row
from forms.template import evaluate
from kernel.text import Text, say

MOST_ROWS = 500

PlaceKey = tuple[str, tuple[int, ...]]


class Merge:
    """One submission laid over the initial data. Afterwards `state` is the whole data and `faults` what had no type.

    Fields whose `readonly` or `disabled` is an expression are decided last, in document order, so that such a condition
    sees what was submitted elsewhere and never what was submitted for the field itself.
    """

    def __init__(
        self,
        root: Component,
        start: Mapping[str, Value],
        submitted: Value,
        inbox: values.Inbox,
        around: Mapping[str, Value],
        clock: Clock,
    ) -> None:
        self.state: dict[str, Value] = deepcopy(dict(start))
        self.faults: dict[PlaceKey, list[Text]] = {}
        self._open: set[PlaceKey] = set()
        self._inbox = inbox
        self._later: list[tuple[Place, Value]] = []
        self._around, self._clock = around, clock
        self._children(root, submitted, Place(component=root, path=()))
        for place, given in self._later:
            if not self._locked_now(place):
                self._set(place, given)

    def answers(self, place: Place) -> bool:
        """True if the rules of the place are asked: a person may change it, or it is only shown but has a rule."""
        if KINDS[place.component.kind].keyed and place.component.kind != "expression":
            return place.key in self._open
        return "properties.rule" in place.component.programs

    def writes(self, place: Place) -> bool:
        """True if the place gives a value to the process."""
        return place.key in self._open or place.component.kind == "expression"

    def _children(self, component: Component, given: Value, outer: Place) -> None:
        for child in component.children:
            place = Place(component=child, path=outer.path + child.path, rows=outer.rows, scopes=outer.scopes)
            inner = get(given, child.path)
            if child.repeats:
                self._list(place, inner)
            elif child.children:
                self._children(child, inner, place)
            elif KINDS[child.kind].keyed and child.kind != "expression":
                self._field(place, inner)

    def _field(self, place: Place, given: Value) -> None:
        if _conditional(place.component):
            self._later.append((place, given))
        elif not _locked(place.component):
            self._set(place, given)

    def _set(self, place: Place, given: Value) -> None:
        self._open.add(place.key)
        if given is NOWHERE:
            return
        try:
            put(self.state, place.path, values.coerce(place.component, given, self._inbox))
        except values.Unreadable as unreadable:
            self.faults[place.key] = [unreadable.sentence]
            put(self.state, place.path, values.empty(place.component))

    def _locked_now(self, place: Place) -> bool:
        seen = scope(place, self.state, self._around)
        programs = place.component.programs
        return _locked(place.component) or any(
            evaluate(programs[name], seen, self._clock) is True for name in ("readonly", "disabled") if name in programs
        )

    def _list(self, place: Place, given: Value) -> None:
        component = place.component
        if _locked(component) or (_conditional(component) and self._locked_now(place)):
            return
        self._open.add(place.key)
        before = get(self.state, place.path)
        rows = before if isinstance(before, list) else []
        submitted = rows if given is NOWHERE else self._rows(place, given, rows)
        origins = rowmatch.origins(component, submitted, rows, self._row_locked(place, rows))
        merged = [new_row(component) if at is None else deepcopy(rows[at]) for at in origins]
        put(self.state, place.path, merged)
        for index, row in enumerate(submitted):
            inside = Place(
                component=component,
                path=(*place.path, index),
                rows=(*place.rows, index),
                scopes=(*place.scopes, (*place.path, index)),
            )
            self._children(component, row, inside)

    def _row_locked(self, place: Place, rows: list[Value]) -> rowmatch.Locks:
        """Tells of a field whether it is locked in one of the rows that were there before."""

        def locked(field: Component, index: int) -> bool:
            path = (*place.path, index)
            inside = Place(component=field, path=path, rows=(*place.rows, index), scopes=(*place.scopes, path))
            return self._locked_now(inside)

        return locked

    def _rows(self, place: Place, given: Value, rows: list[Value]) -> list[Value]:
        component = place.component
        told: Text | None = None
        if given is None:
            given = []
        if not isinstance(given, list) or not all(isinstance(row, dict) for row in given):
            told = say("The list did not arrive as rows. Load the page again.")
        elif len(given) > MOST_ROWS:
            told = say("The list has {n} rows; at most {most} are taken.", n=len(given), most=MOST_ROWS)
        elif component.raw.get("allowAddRemove", True) is not True and len(given) != len(rows):
            told = say("The list has {n} rows; it must keep its {fixed}.", n=len(given), fixed=len(rows))
        if told is not None:
            self.faults[place.key] = [told]
            return rows
        return list(given)


def _locked(component: Component) -> bool:
    return component.raw.get("readonly") is True or component.raw.get("disabled") is True


def _conditional(component: Component) -> bool:
    return "readonly" in component.programs or "disabled" in component.programs
