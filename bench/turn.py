"""What a turn costs without HTTP and without a database, beside SpiffWorkflow as shipped: `python -m bench.turn`.

Figures are process CPU time, the best of nine runs: the machine's other work makes them worse, never better. The stock
library has fewer runs, best of three and one: it takes its time.
"""

import gc
import json
import time
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from bench import stock
from engine.model import Outcome, Reference, Resource, UserTask, Value, Values
from engine.spiff import runtime
from engine.spiff.compile import Model, compile_models

BPMN = "http://www.omg.org/spec/BPMN/20100524/MODEL"
CASE = {
    "employee": {"no": "E4711", "name": "王小明", "department": "研发中心", "level": 3},
    "reason": "growth",
    "leavingOn": "2026-12-02",
    "assets": [{"no": f"A{n}", "kind": "laptop", "returned": False} for n in range(4)],
}
STEPS, BLOCKS, ROUNDS = 10, 8, 2000


class World:
    """A clock that stands still, and no decisions."""

    def now(self) -> datetime:
        return datetime(2026, 11, 2, 1, 0, tzinfo=UTC)

    def decide(self, reference: Reference, inputs: Values) -> tuple[Value, Values]:
        raise LookupError(reference.id)


WORLD = World()


def drawn(nodes: str, *chains: str) -> str:
    """A process of these nodes between a start `s` and an end `e`, joined by chains such as `s a e`."""
    flows: list[str] = []
    for chain in (chain.split() for chain in chains):
        for source, target in zip(chain, chain[1:], strict=False):
            flows.append(f'<sequenceFlow id="f{len(flows)}" sourceRef="{source}" targetRef="{target}"/>')
    return (
        f'<definitions xmlns="{BPMN}" targetNamespace="bench"><process id="p" isExecutable="true">'
        f'<startEvent id="s"/><endEvent id="e"/>{nodes}{"".join(flows)}</process></definitions>'
    )


def model(text: str) -> Model:
    return compile_models(Resource("bench.bpmn", text.encode()))[0]


def in_a_row() -> str:
    """10 user tasks."""
    names = " ".join(f"u{n}" for n in range(STEPS))
    return drawn(tags("userTask", names), f"s {names} e")


def side_by_side() -> str:
    """8 blocks of 3 branches that follow each other."""
    nodes, last, chains = "", "s", []
    for n in range(BLOCKS):
        nodes += tags("parallelGateway", f"g{n} h{n}") + tags("userTask", f"a{n} b{n} c{n}")
        chains += [f"{last} g{n} a{n} h{n}", f"g{n} b{n} h{n}", f"g{n} c{n} h{n}"]
        last = f"h{n}"
    return drawn(nodes, *chains, f"{last} e")


def tags(kind: str, names: str) -> str:
    return "".join(f'<{kind} id="{name}"/>' for name in names.split())


def tasks(outcome: Outcome) -> list[int]:
    return [work.token for work in outcome.opened if isinstance(work, UserTask)]


def step(process: Model, state: bytes, token: int, values: dict[str, Any]) -> Outcome:
    """One turn: load, complete a task, save."""
    run = runtime.Run.load(state, process, WORLD)
    run.complete(token, values)
    return run.outcome()


def best(measure: Callable[[], float]) -> float:
    """The smallest of nine."""
    found = []
    for _ in range(9):
        gc.collect()
        found.append(measure())
    return min(found)


def saved_each_step(instances: int = 400) -> float:
    """Instances a CPU second: 10 user tasks in a row, loaded and saved at each."""
    process = model(in_a_row())

    def measure() -> float:
        began = time.process_time()
        for _ in range(instances):
            outcome = runtime.start(process, host=WORLD, variables=CASE)
            for n in range(STEPS):
                outcome = step(process, outcome.state, tasks(outcome)[0], {"step": n})
            assert outcome.ended == "COMPLETED"
        return time.process_time() - began

    return instances / best(measure)


def parallel_blocks(starts: int = 200) -> tuple[float, int]:
    """ms to start 8 blocks of 3 branches that follow each other, and the largest state on the way through."""
    process = model(side_by_side())

    def measure() -> float:
        began = time.process_time()
        for _ in range(starts):
            runtime.start(process, host=WORLD, variables=CASE)
        return (time.process_time() - began) / starts * 1000

    outcome = runtime.start(process, host=WORLD, variables=CASE)
    waiting, largest = tasks(outcome), 0
    while waiting:
        largest = max(largest, len(outcome.state))
        outcome = step(process, outcome.state, waiting.pop(0), {})
        waiting += tasks(outcome)
    assert outcome.ended == "COMPLETED"
    return best(measure), largest


def loop() -> tuple[list[float], int]:
    """ms an iteration in each quarter of 2,000 rounds through two tasks side by side, and the largest state."""
    nodes = tags("exclusiveGateway", "x") + tags("parallelGateway", "g h") + tags("userTask", "a b")
    nodes += '<exclusiveGateway id="y" default="last"/>'
    nodes += '<sequenceFlow id="last" sourceRef="y" targetRef="e"/>'
    nodes += f'<sequenceFlow id="again" sourceRef="y" targetRef="x"><conditionExpression>=i &lt; {ROUNDS}'
    nodes += "</conditionExpression></sequenceFlow>"
    process = model(drawn(nodes, "s x g a h y", "g b h"))
    outcome = runtime.start(process, host=WORLD, variables=CASE | {"i": 0})
    quarters, largest, began = [], 0, time.process_time()
    for n in range(1, ROUNDS + 1):
        first, second = tasks(outcome)
        outcome = step(process, outcome.state, first, {"i": n})
        outcome = step(process, outcome.state, second, {})
        largest = max(largest, len(outcome.state))
        if n % (ROUNDS // 4) == 0:
            now = time.process_time()
            quarters.append((now - began) / (ROUNDS // 4) * 1000)
            began = now
    assert outcome.ended == "COMPLETED"
    return quarters, largest


def main() -> None:
    per_second = saved_each_step()
    start_ms, block_bytes = parallel_blocks()
    quarters, loop_bytes = loop()
    stock_per_second = max(stock.saved_each_step(in_a_row(), CASE, STEPS) for _ in range(3))
    stock_start_ms, stock_bytes = stock.parallel_blocks(side_by_side(), CASE)
    print(f"10 user tasks, saved at each step: {per_second:.0f} instances a CPU second")
    print(f"8 blocks of 3 branches: start {start_ms:.3f} ms, largest state {block_bytes} bytes")
    print(f"2,000 rounds of a loop: ms a round by quarter {[round(q, 3) for q in quarters]}, {loop_bytes} bytes")
    print(
        f"SpiffWorkflow as shipped: {stock_per_second:.0f} instances a CPU second ({per_second / stock_per_second:.0f} "
        f"times fewer); 8 blocks: start {stock_start_ms:.0f} ms, state {stock_bytes} bytes"
    )
    figures = {
        "saved_each_step_per_cpu_s": round(per_second),
        "parallel_blocks_start_ms": round(start_ms, 3),
        "parallel_blocks_state_bytes": block_bytes,
        "loop_state_bytes": loop_bytes,
        "loop_last_to_first_quarter": round(quarters[-1] / quarters[0], 2),
        "stock_saved_each_step_per_cpu_s": round(stock_per_second),
        "stock_parallel_blocks_start_ms": round(stock_start_ms),
        "stock_parallel_blocks_state_bytes": stock_bytes,
    }
    print(json.dumps(figures))


if __name__ == "__main__":
    main()
