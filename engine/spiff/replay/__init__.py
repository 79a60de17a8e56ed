"""A case lived through once more, in memory, on another version of its process: see `case`."""

from engine.spiff.replay.acts import Line
from engine.spiff.replay.case import replay
from engine.spiff.replay.twin import Scene
from engine.spiff.replay.words import Replayed, Verdict

__all__ = ["Line", "Replayed", "Scene", "Verdict", "replay"]
