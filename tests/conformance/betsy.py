"""betsy: executable models by feature, each with the trace it should leave, compared as a bag as betsy does.

The run is good where exactly those cases fail that `MAY_FAIL` explains, as far as they are in the folder.
"""

import json
from collections import Counter
from pathlib import Path
from typing import Any

from engine.model import ModelRefused
from tests.conformance._betsy_dialect import translate
from tests.conformance._betsy_town import MOST_TURNS, Town

FAILS = {
    "GenericError",
    "RuntimeException",
    "ErrorThrownErrorEvent",
}  # in an expected trace: the engine reports an error


MAY_FAIL = {
    "CallActivity_GlobalTask": "10.3.7: a global task stands outside every process; it is refused, and a process with "
    "the one task says the same",
    "MultiInstance_NoneBehavior": "10.3.8, table 10.30: an event at each instance's end (noneBehaviorEventRef) is "
    "refused by name; a throw event in a sub-process says it",
    "MultiInstance_OneBehavior": "10.3.8, table 10.30: an event at the first instance's end (oneBehaviorEventRef) is "
    "refused by name; a completion condition and the flow behind it say it",
    "MultiInstance_ComplexBehavior": "10.3.8, table 10.31: complexBehaviorDefinition is refused by name; a throw event "
    "in a sub-process says it",
    "AdHocSubProcess_Sequential": "10.3.5: the order is the performer's; the expected Task3 is in no task of the "
    "model, whose last task writes Task1 as its first does",
}
"""Processes whose cases fail, each with the clause of BPMN 2.0.2 that explains it."""


def run(folder: Path, *, every_node: bool = False) -> int:
    """Print each failure, then `betsy: N of M`. With `every_node` each step survives being saved and loaded."""
    files = {path.stem: path for path in folder.rglob("*.bpmn") if path.parent.parent.name != "bpmn_constraints"}
    total = good = 0
    failed: set[str] = set()
    seen: set[str] = set()
    for model in json.loads((folder / "expected.json").read_text()):
        for case in model["cases"]:
            total += 1
            process = model["process"]
            seen.add(process)
            failure = judge(files.get(process), process, case, every_node=every_node)
            if failure is None:
                good += 1
            else:
                failed.add(process)
                why = f" (expected: {MAY_FAIL[process]})" if process in MAY_FAIL else ""
                print(f"{model['group']} {process} {case['input'] or ''}: {failure}{why}")
    for process in sorted(MAY_FAIL.keys() & seen - failed):
        print(f"{process}: holds, though it is listed among those that fail")
    print(f"betsy: {good} of {total}")
    return 0 if failed == MAY_FAIL.keys() & seen else 1


def judge(path: Path | None, process: str, case: dict[str, Any], *, every_node: bool = False) -> str | None:
    """What is wrong with one case, or None."""
    if path is None:
        return "the model is absent"
    variables = {"trace": [], "test": case["input"] or "", "integerVariable": case["integerVariable"]}
    town = Town(variables, every_node=every_node)
    error = _play(town, path, process, case, variables)
    want = Counter(entry for entry in case["traces"] if entry not in FAILS)
    trace = [entry for entry in town.trace if entry != "MarkerExists" or entry in want]
    if len(town.stamps) == 2 and town.stamps[0] == town.stamps[1]:
        trace.append("ExecutionParallel")
    expects_error = bool(FAILS & set(case["traces"]))
    if Counter(trace) == want and bool(error) == expects_error:
        return None
    return f"want {case['traces']}, got {trace} {error}".rstrip()


def _play(town: Town, path: Path, process: str, case: dict[str, Any], variables: dict[str, Any]) -> str:
    try:
        town.deploy(translate(path.read_bytes(), data=True))
    except ModelRefused as refused:
        return f"refused: {refused.problems[0].element}: {refused}"
    if case["parallelProcess"]:
        town.start("ParallelProcess", variables)
    town.start(process, variables)
    town.run()
    if town.turns >= MOST_TURNS:
        return "too many turns"
    return next(iter(town.incidents), "")
