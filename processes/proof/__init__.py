"""Redeploy with proof: what a new version would do to the stories of its process and to the cases that there are.

`prove` looks at files before they are published. It reads only; stories play on databases of their own.
"""

from processes.proof.findings import Case, ProcessProof, Proof, Scenario, Stuck, Verdict
from processes.proof.lines import lines
from processes.proof.prove import SAMPLE, Stopped, prove
from processes.proof.rehearsal import gathered
from processes.proof.rehearse import rehearse

__all__ = [
    "SAMPLE",
    "Case",
    "ProcessProof",
    "Proof",
    "Scenario",
    "Stopped",
    "Stuck",
    "Verdict",
    "gathered",
    "lines",
    "prove",
    "rehearse",
]
