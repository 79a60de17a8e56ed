"""Every job type that the product performs itself, by name. Importing this module registers all handlers."""

from typing import Any

from kernel.errors import NotFound
from kernel.text import say
from tasks.handlers import (
    accounts,
    agreement_facts,
    agreement_letters,
    agreements,
    assets,
    case,
    certificate,
    confidentiality,
    crm,
    finance,
    handover,
    notify,
    oa,
    training,
    training_letters,
    training_rounds,
)
from tasks.handlers.operation import HANDLERS, Handler

TOPICS = (
    accounts,
    agreement_facts,
    agreement_letters,
    agreements,
    assets,
    case,
    certificate,
    confidentiality,
    crm,
    finance,
    handover,
    notify,
    oa,
    training,
    training_letters,
    training_rounds,
)


def find(type: str) -> Handler[Any, Any]:
    """The handler of a job type. Raises NotFound listing what there is."""
    found = HANDLERS.get(type)
    if found is None:
        raise NotFound(
            say("No handler performs the job type {type}. There are: {known}.", type=type, known=", ".join(types()))
        )
    return found


def types() -> list[str]:
    """The job types that are performed here, sorted."""
    return sorted(HANDLERS)
