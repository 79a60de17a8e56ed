"""User tasks: who may do it, by when, with which form."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from engine.model import Reference, UserTask, Value
from engine.spiff.expression import Evaluates, Fault, is_short, shown
from engine.spiff.nodes.activities import Activity
from engine.spiff.numbers import whole_number
from engine.spiff.runtime.token import Token
from engine.spiff.scope import Scope
from engine.spiff.timers import read_date
from kernel.text import say

PRIORITIES = range(0, 101)
PRIORITY = 50


class PersonTask(Activity):
    """Opens work for a person and waits until it is done."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.texts: dict[str, Evaluates] = {}  # by the name of the attribute in the file
        self.form: Reference | None = None
        self.headers: Mapping[str, str] = {}

    def perform(self, token: Token) -> None:
        token.wait_for(self._work(token) if self.texts else self._plain_work(token))

    def _plain_work(self, token: Token) -> UserTask:
        return UserTask(token=token.id, element=self.name, name=self.bpmn_name or self.name, headers=self.headers)

    def _work(self, token: Token) -> UserTask:
        scope = token.scope
        form, external_form = self.forms(scope)
        return UserTask(
            token=token.id,
            element=self.name,
            name=self.bpmn_name or self.name,
            form=form,
            external_form=external_form,
            assignee=self._text("assignee", scope),
            candidate_groups=self._names("candidateGroups", scope),
            candidate_users=self._names("candidateUsers", scope),
            due_at=self._instant("dueDate", scope),
            follow_up_at=self._instant("followUpDate", scope),
            priority=self._priority(scope),
            headers=self.headers,
        )

    def forms(self, scope: Scope) -> tuple[Reference | None, str | None]:
        """The form of ours, and the one that lies elsewhere, as they are named now. Raises Fault."""
        form_id = self._text("formId", scope)
        return replace(self.form, id=form_id) if self.form and form_id else None, self._text("externalReference", scope)

    def _text(self, name: str, scope: Scope) -> str | None:
        if name not in self.texts:
            return None
        value = self.texts[name](scope)
        if isinstance(value, str) and (is_short(value) or name == "externalReference"):
            return value or None
        raise self._fault(name, value)

    def _names(self, name: str, scope: Scope) -> tuple[str, ...]:
        """A list of texts; a literal names several with commas between."""
        if name not in self.texts:
            return ()
        value = self.texts[name](scope)
        names = value.split(",") if isinstance(value, str) else value
        if isinstance(names, list) and all(isinstance(part, str) and is_short(part) for part in names):
            return tuple(part.strip() for part in names if part.strip())
        raise self._fault(name, value)

    def _instant(self, name: str, scope: Scope) -> datetime | None:
        value = self.texts[name](scope) if name in self.texts else None
        if value is None or value == "":
            return None
        if isinstance(value, str):
            return read_date(value)
        raise self._fault(name, value)

    def _priority(self, scope: Scope) -> int:
        if "priority" not in self.texts:
            return PRIORITY
        value = self.texts["priority"](scope)
        number = whole_number(value, PRIORITIES[-1]) if isinstance(value, str) else value
        if isinstance(number, int) and not isinstance(number, bool) and number in PRIORITIES:
            return number
        raise self._fault("priority", value)

    def _fault(self, name: str, value: Value) -> Fault:
        return Fault(
            "EXTRACT_VALUE_ERROR",
            say(
                "{attribute} {text} gave {value}, which cannot be used there.",
                attribute=name,
                text=self.texts[name].text,
                value=shown(value),
            ),
        )
