"""What a submitted form means for the case beside the process: whether the list is whole, who signed.

These are acts of the person who submits, with their address and device, so they are recorded here, in the transaction
that completes the task, and never later by a part of the product.
"""

from collections.abc import Callable, Mapping
from typing import Any

from hr.offboarding import handover, seal
from hr.offboarding.items import Incomplete, Item
from kernel.actor import Actor
from kernel.db import Unit
from kernel.errors import Forbidden, Invalid
from kernel.text import listed, say
from tasks.house import House
from tasks.human.forms import FormRejected
from tasks.human.signing import turns as signing
from tasks.human.training import turns as training

Effect = Callable[[House, Unit, Actor, dict[str, Any], Mapping[str, Any]], None]


def apply(
    house: House, unit: Unit, actor: Actor, form_id: str, values: dict[str, Any], seen: Mapping[str, Any]
) -> None:
    """Record what the form means for the case. `values` are what was entered, `seen` what the task saw."""
    effect = EFFECTS.get(form_id)
    if effect is not None:
        effect(house, unit, actor, values, seen)


HANDOVER_ITEMS = "items"  # the list in the form `handover-list`


def _check_list(house: House, unit: Unit, actor: Actor, values: dict[str, Any], seen: Mapping[str, Any]) -> None:
    """Ask the record whether the list is whole, before anything is kept: a required item that was taken out of the
    form is missed here, at the list, and not by a job later on (domain F39).
    """
    rows = [Item.of({**row, "key": row.get("key") or f"new/{place}"}) for place, row in enumerate(values["items"])]
    try:
        handover.check(unit, seen["caseNumber"], rows)
    except Incomplete as gap:
        missing = list(gap.errors.values()) or [gap.message]
        raise FormRejected({HANDOVER_ITEMS: missing}, listed(missing)) from None


def _sign_handover(house: House, unit: Unit, actor: Actor, values: dict[str, Any], seen: Mapping[str, Any]) -> None:
    """The drawn signature under the very version of the list that was shown (domain F7, F43)."""
    image = drawing(values)
    if image is None:
        raise Invalid(say("Sign the handover list before you send it."))
    shown = seen.get("handover") or {}
    seal.sign(
        unit,
        seen["caseNumber"],
        str(seen.get("side") or ""),
        content_hash=shown.get("hash") or "",
        image_hash=image,
        clock=house.clock,
        actor=actor,
    )


def _only_in_the_room(house: House, unit: Unit, actor: Actor, values: dict[str, Any], seen: Mapping[str, Any]) -> None:
    """An agreement is signed where its pages are read and a code is asked, never by a form (domain F67, F74)."""
    raise Forbidden(
        say(
            "An agreement is signed on its own page, where it is read and a code is asked for: open {page}. Nothing of "
            "this was saved.",
            page=f"/sign/{(seen.get('agreement') or {}).get('number', '')}",
        )
    )


def _only_where_it_is_learned(
    house: House, unit: Unit, actor: Actor, values: dict[str, Any], seen: Mapping[str, Any]
) -> None:
    """A course is done when its lessons are, and its exam when it is handed in, never by a form (domain F84, F85)."""
    raise Forbidden(
        say(
            "A course is learned, and its exam taken, on its own page: open {page}. Nothing of this was saved.",
            page=f"/learn/{(seen.get('training') or {}).get('number', '')}",
        )
    )


def drawing(values: Any) -> str | None:
    """The hash of the first drawn signature among the values."""
    if isinstance(values, dict):
        if "signer" in values and "hash" in values:
            return str(values["hash"])
        values = list(values.values())
    found = (drawing(part) for part in values) if isinstance(values, list) else ()
    return next((image for image in found if image), None)


EFFECTS: dict[str, Effect] = {
    "handover-list": _check_list,
    "handover-sign": _sign_handover,
    signing.SIGN_FORM: _only_in_the_room,
    signing.SEAL_FORM: _only_in_the_room,
    training.LEARN_FORM: _only_where_it_is_learned,
    training.EXAM_FORM: _only_where_it_is_learned,
}
