"""betsy's constraint models: each breaks one rule of BPMN, and deploying it has to name what is wrong.

A refusal counts, and where breaking the rule changes nothing at run time here, the warning that is about it.
"""

from pathlib import Path

from engine.model import Problem, Resource
from engine.spiff.compile import problems
from tests.conformance._betsy_dialect import translate

WARNED_BY = {
    "EXT004": "text-format",
    "EXT012": "informal-expression",
    "EXT107": "one-sided-flow",
    "EXT108": "message-flow",
    "EXT109": "message-flow",
    "EXT128": "item-ignored",
}
"""What a rule of BPMN, by the folder of its models, is told by where the model is run all the same."""


def run(folder: Path) -> int:
    """Print each model that is accepted in silence, then `betsy-constraints: N of M`."""
    inside = folder / "bpmn_constraints"
    files = sorted((inside if inside.is_dir() else folder).rglob("*.bpmn"))
    good = 0
    for path in files:
        found = problems(Resource(path.name, translate(path.read_bytes(), all_texts=False)))
        told = any(counts(problem, path.parent.name) for problem in found)
        good += told
        if not told:
            print(f"{path.parent.name}/{path.name}: accepted in silence")
    print(f"betsy-constraints: {good} of {len(files)}")
    return 0 if good == len(files) else 1


def counts(problem: Problem, rule: str) -> bool:
    """Whether a problem tells that the model breaks the rule, by an element or a sentence."""
    return bool(problem.element or str(problem.sentence)) and (problem.error or problem.rule == WARNED_BY.get(rule, ""))
