"""Decisions that were made: by processes, which the journal tells, and by themselves, which the audit does.

One evaluation may make several: those that a decision requires, and then itself.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from engine.queries import keys
from engine.queries.nouns import noun
from engine.queries.search import Condition, Pair, Search
from kernel.db import Unit
from kernel.errors import NotFound
from kernel.text import say


@dataclass(frozen=True, slots=True)
class DecisionInstance:
    """A decision as it was made. `number` counts within its evaluation, from 1; `root_` is the one that was asked.

    `made` is the trace in Camunda 8's words. Without an instance it was asked by itself.
    """

    evaluation_key: int
    number: int
    at: datetime
    instance_key: int | None
    token: int | None
    process_key: int | None
    root_key: int | None
    business_id: str | None
    decision_id: str
    decision_key: int
    decision_name: str
    type: str
    version: int
    root_decision_key: int
    requirements_key: int
    made: dict[str, Any]


_BY_PROCESS = f"""select {keys.column("j.instance_key", "j.seq")} as key, j.at, j.instance_key, j.token,
    j.data::jsonb as trace from journal j where j.kind = 'DECISION_EVALUATED'"""
_BY_ITSELF = """select a.key, a.at, null::bigint, null::bigint, a.data->'trace' from audit a
  where a.entity = 'DECISION' and a.operation = 'EVALUATE'"""
_SOURCE = f"""({_BY_PROCESS} union all {_BY_ITSELF}) x
  cross join lateral jsonb_array_elements(x.trace->'evaluated') with ordinality as e(made, number)
  join definition r on r.key = (x.trace->>'key')::bigint
  left join definition d on d.kind = 'decision' and d.resource_key = r.resource_key
    and d.id = e.made->>'decisionDefinitionId'
  left join instance i on i.key = x.instance_key"""

MADE = noun(
    DecisionInstance,
    _SOURCE,
    "x.key",
    "e.number",
    pairs={"element_key": Pair("x.instance_key", "x.token")},
    evaluation_key="x.key",
    number="e.number",
    process_key="i.definition_key",
    root_key="i.root_key",
    business_id="i.business_id",
    decision_id="(e.made->>'decisionDefinitionId')",
    decision_key="coalesce(d.key, r.key)",
    decision_name="coalesce(e.made->>'decisionDefinitionName', d.name)",
    type="coalesce(e.made->>'decisionDefinitionType', 'UNKNOWN')",
    version="coalesce(d.version, r.version)",
    root_decision_key="r.key",
    requirements_key="r.resource_key",
    made="e.made",
    beside={
        "instance_text": "(x.key || '-' || e.number)",
        "failure": "null::text",
        "state": "'EVALUATED'::text",
    },
)


made = Search(MADE)


def one_made(unit: Unit, evaluation_key: int, number: int) -> DecisionInstance:
    """Raises NotFound."""
    found = made(unit, [Condition("evaluation_key", evaluation_key), Condition("number", number)]).items
    if not found:
        raise NotFound(say("There is no decision instance {key}. Check the key.", key=f"{evaluation_key}-{number}"))
    return found[0]
