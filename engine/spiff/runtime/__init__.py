"""Running an instance: `start` makes one, `Run.load` brings one back for a turn."""

from engine.spiff.runtime.run import Run, start

__all__ = ["Run", "start"]
