"""`python -m bench.feel`: expressions and decisions a second, on one core.

`gateway` is a gateway's condition on a chain of scopes, as a running process hands it over, `fast_path` the same on
a dict, `closures` the same without the generated function; `table` a decision table of three inputs and four rules
with its trace.
"""

import json
import time
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import feel
from feel.run import Run

CONDITION = 'employee.role = "rnd" and days_left <= 3'
CONTEXT = {"employee": {"role": "rnd", "name": "Lin"}, "days_left": 3}
INPUTS = {"family": "rnd", "level": 6, "inProbation": False}
TABLE = """<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" namespace="bench" name="bench">
<decision id="clearance" name="Clearance"><decisionTable hitPolicy="FIRST">
<input><inputExpression><text>family</text></inputExpression></input>
<input><inputExpression><text>level</text></inputExpression></input>
<input><inputExpression><text>inProbation</text></inputExpression></input>
<output name="days"/>
<rule><inputEntry><text>"sales"</text></inputEntry><inputEntry><text>-</text></inputEntry>
<inputEntry><text>-</text></inputEntry><outputEntry><text>10</text></outputEntry></rule>
<rule><inputEntry><text>"rnd"</text></inputEntry><inputEntry><text>&gt;= 8</text></inputEntry>
<inputEntry><text>false</text></inputEntry><outputEntry><text>20</text></outputEntry></rule>
<rule><inputEntry><text>"rnd","admin"</text></inputEntry><inputEntry><text>[5..8)</text></inputEntry>
<inputEntry><text>false</text></inputEntry><outputEntry><text>15</text></outputEntry></rule>
<rule><inputEntry><text>-</text></inputEntry><inputEntry><text>-</text></inputEntry>
<inputEntry><text>-</text></inputEntry><outputEntry><text>5</text></outputEntry></rule>
</decisionTable></decision></definitions>"""


class Scopes(Mapping[str, Any]):
    """Variables of an element over those of its process."""

    def __init__(self, inner: dict[str, Any], outer: dict[str, Any]) -> None:
        self._inner = inner
        self._outer = outer

    def __getitem__(self, name: str) -> Any:
        return self._inner[name] if name in self._inner else self._outer[name]

    def __contains__(self, name: object) -> bool:
        return name in self._inner or name in self._outer

    def __iter__(self) -> Iterator[str]:
        raise AssertionError("a context is not walked through")

    def __len__(self) -> int:
        raise AssertionError("a context is not measured")


def rate(work: Callable[[], object], seconds: float = 1.0) -> int:
    """The best of many short runs, a second."""
    count, best = 2000, 0.0
    end = time.perf_counter() + seconds
    while time.perf_counter() < end:
        begin = time.perf_counter()
        for _ in range(count):
            work()
        best = max(best, count / (time.perf_counter() - begin))
    return int(best)


def main() -> None:
    condition, model = feel.compile(CONDITION), feel.dmn.load(TABLE.encode())
    scopes = Scopes({"days_left": 3}, CONTEXT)
    assert condition.evaluate(CONTEXT) is True
    assert condition.evaluate(scopes) is True
    assert model.decide("clearance", INPUTS).value == 15
    figures = {
        "gateway_per_s": rate(lambda: condition.evaluate(scopes)),
        "fast_path_per_s": rate(lambda: condition.evaluate(CONTEXT)),
        "table_per_s": rate(lambda: model.decide("clearance", INPUTS)),
        "closures_per_s": rate(lambda: condition.run((CONTEXT, None, Run()))),
    }
    print(json.dumps(figures))


if __name__ == "__main__":
    main()
