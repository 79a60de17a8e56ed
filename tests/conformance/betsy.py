"""betsy: executable models by feature, each with the trace it should leave, compared as a bag as betsy does."""

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


def run(folder: Path) -> int:
    """Print each failure, then `betsy: N of M`."""
    files = {path.stem: path for path in folder.rglob("*.bpmn") if path.parent.parent.name != "bpmn_constraints"}
    total = good = 0
    for model in json.loads((folder / "expected.json").read_text()):
        for case in model["cases"]:
            total += 1
            failure = judge(files.get(model["process"]), model["process"], case)
            if failure is None:
                good += 1
            else:
                print(f"{model['group']} {model['process']} {case['input'] or ''}: {failure}")
    print(f"betsy: {good} of {total}")
    return 0 if good == total else 1


def judge(path: Path | None, process: str, case: dict[str, Any]) -> str | None:
    """What is wrong with one case, or None."""
    if path is None:
        return "the model is absent"
    variables = {"trace": [], "test": case["input"] or "", "integerVariable": case["integerVariable"]}
    town = Town(variables)
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
