"""DMN 1.2 to 1.5: decision models, read once and asked often.

>>> model = feel.dmn.load(Path("notice.dmn").read_bytes())
>>> model.decide("notice", {"inProbation": False}).value
30
"""

from feel.dmn.asked import Asked, asked
from feel.dmn.elements import Decision
from feel.dmn.load import load
from feel.dmn.model import Model
from feel.dmn.sources import Problem
from feel.dmn.trace import Decided, Evaluated
from feel.dmn.xml import DmnError

__all__ = ["Asked", "Decided", "Decision", "DmnError", "Evaluated", "Model", "Problem", "asked", "load"]
