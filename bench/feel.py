"""`python -m bench.feel`: expressions and decisions a second, on one core, beside other evaluators in the same run.

`gateway` is a gateway's condition compiled to closures, `fast_path` the same as the generated function that takes
over where a condition is plain, `scopes` that on a chain of scopes, as a running process hands it over; `table` a
decision of three inputs and four rules. The same condition in the words of each other evaluator: Python's own `eval`
of compiled code, which has no limits and reaches everything, `simpleeval` with the condition parsed beforehand, and
`cel-python` compiled. `make bench` installs the last two; without them their figures are left out.
"""

import importlib.util
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


def rates(works: dict[str, Callable[[], object]], rounds: int = 9) -> dict[str, int]:
    """Calls a second of each, by the best of short runs that take turns, so that a slow moment meets all alike."""
    best = dict.fromkeys(works, 0.0)
    for _ in range(rounds):
        for name, work in works.items():
            best[name] = max(best[name], burst(work))
    return {name: int(rate) for name, rate in best.items()}


def burst(work: Callable[[], object], seconds: float = 0.1) -> float:
    """The best of many short runs, in calls a second."""
    count, best = 1, 0.0
    end = time.perf_counter() + seconds
    while time.perf_counter() < end:
        begin = time.perf_counter()
        for _ in range(count):
            work()
        took = time.perf_counter() - begin
        best = max(best, count / took)
        count = max(1, int(0.005 * count / took))
    return best


def others() -> dict[str, Callable[[], object]]:
    """The same condition by other evaluators, those that are installed."""
    code = compile('employee["role"] == "rnd" and days_left <= 3', "condition", "eval")
    found: dict[str, Callable[[], object]] = {"python_eval_per_s": lambda: eval(code, {}, CONTEXT)}
    if importlib.util.find_spec("simpleeval"):
        found["simpleeval_per_s"] = _simpleeval()
    if importlib.util.find_spec("celpy"):
        found["cel_python_per_s"] = _cel()
    for work in found.values():
        assert work()
    return found


def _simpleeval() -> Callable[[], object]:
    from simpleeval import EvalWithCompoundTypes

    text = 'employee["role"] == "rnd" and days_left <= 3'
    evaluator = EvalWithCompoundTypes(names=CONTEXT)
    parsed = evaluator.parse(text)
    return lambda: evaluator.eval(text, previously_parsed=parsed)


def _cel() -> Callable[[], object]:
    import celpy

    environment = celpy.Environment()
    program = environment.program(environment.compile('employee.role == "rnd" && days_left <= 3'))
    return lambda: program.evaluate({name: celpy.json_to_cel(value) for name, value in CONTEXT.items()})


def main() -> None:
    condition, model = feel.compile(CONDITION), feel.dmn.load(TABLE.encode())
    scopes = Scopes({"days_left": 3}, CONTEXT)
    assert condition.evaluate(CONTEXT) is condition.evaluate(scopes) is True
    assert condition.run((CONTEXT, None, Run())) is True
    assert model.decide("clearance", INPUTS).value == 15
    ours: dict[str, Callable[[], object]] = {
        "gateway_per_s": lambda: condition.run((CONTEXT, None, Run())),
        "fast_path_per_s": lambda: condition.evaluate(CONTEXT),
        "scopes_per_s": lambda: condition.evaluate(scopes),
        "table_per_s": lambda: model.decide("clearance", INPUTS),
    }
    figures = rates(ours | others())
    for name, rate in figures.items():
        print(f"{name.removesuffix('_per_s'):14} {rate:>10,} a second")
    print(json.dumps(figures))


if __name__ == "__main__":
    main()
