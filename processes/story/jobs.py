"""Jobs that no handler of the product performs: answered by a step, or by the example that their element has."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import orjson
from lxml import etree

from engine.commands import job as jobs
from kernel.actor import system
from kernel.db import Unit
from tasks.handlers import registry
from tasks.house import House

EXAMPLE = "camundaModeler:exampleOutputJson"  # the name under which Camunda Modeler keeps it
WORKER = system("worker of your own")
_WAITING = """
select j.key, j.element, j.type, j.definition_key, j.variables from job j join instance i on i.key = j.instance_key
 where i.root_key = %s and j.state = 'CREATED' and not j.suspended and j.type <> all(%s)
 order by j.key
"""


@dataclass(frozen=True, slots=True)
class Waiting:
    """A job that waits for a worker that is none of ours."""

    key: int
    element: str
    type: str
    definition_key: int
    variables: Mapping[str, Any]


def waiting(unit: Unit, instance: int, element: str | None = None) -> list[Waiting]:
    """Those of a case and of what it called, the oldest first."""
    found = (Waiting(*row) for row in unit.all(_WAITING, (instance, registry.types())))
    return [job for job in found if element in (None, job.element)]


def answer(house: House, key: int, outcome: Mapping[str, Any]) -> None:
    """Complete a job (`answers`: variables), give it up (`fails`: why), or end it with an error (`throws`: code)."""
    engine = house.engine
    with house.database.transaction() as unit:
        if "fails" in outcome:
            jobs.fail(engine, unit, key, str(outcome["fails"]), retries_left=0, actor=WORKER)
        elif "throws" in outcome:
            jobs.throw_error(engine, unit, key, str(outcome["throws"]), actor=WORKER)
        else:
            jobs.complete(engine, unit, key, outcome.get("answers") or {}, actor=WORKER)


def answer_by_examples(house: House, instance: int) -> int:
    """Complete each job whose element has an example; how many there were."""
    unit = house.database.once()
    answered = 0
    for job in waiting(unit, instance):
        example = example_at(house, unit, job)
        if example is not None:
            answer(house, job.key, {"answers": example})
            answered += 1
    return answered


def example_at(house: House, unit: Unit, job: Waiting) -> dict[str, Any] | None:
    """The example at a job's element; None where there is none."""
    return examples(house.engine.definitions.get(unit, job.definition_key).content).get(job.element)


@lru_cache(maxsize=64)
def examples(content: bytes) -> dict[str, dict[str, Any]]:
    """By element, the variables that a worker might answer with. What is no JSON object is none."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    return dict(_examples(etree.fromstring(content, parser)))


def _examples(root: etree._Element) -> Iterator[tuple[str, dict[str, Any]]]:
    for written in root.iter("{*}property"):
        if written.get("name") != EXAMPLE:
            continue
        holder = next((above for above in written.iterancestors() if above.get("id")), None)
        try:
            example = orjson.loads(written.get("value") or "")
        except orjson.JSONDecodeError:
            continue
        if holder is not None and isinstance(example, dict):
            yield holder.get("id", ""), example
