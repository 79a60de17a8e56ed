"""betsy's constraint models: each breaks one rule of BPMN, and deploying it has to name what is wrong."""

from pathlib import Path

from engine.model import Resource
from engine.spiff.compile import problems
from tests.conformance._betsy_dialect import translate


def run(folder: Path) -> int:
    """Print each model that is accepted or not refused with an element, then `betsy-constraints: N of M`."""
    inside = folder / "bpmn_constraints"
    files = sorted((inside if inside.is_dir() else folder).rglob("*.bpmn"))
    good = 0
    for path in files:
        told = [problem for problem in problems(Resource(path.name, translate(path.read_bytes()))) if problem.error]
        good += bool(told)
        if not told:
            print(f"{path.parent.name}/{path.name}: accepted")
    print(f"betsy-constraints: {good} of {len(files)}")
    return 0 if good == len(files) else 1
