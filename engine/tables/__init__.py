"""The engine's tables. What happens to their rows is said in `store`; what they mean is said here.

Keys are 64-bit integers of one sequence. `token` and `index` name open work as `engine.model` does. What a search asks
of work beside its own columns (`definition_key`, `process_id`) is repeated in the work tables, since it never changes.
"""

from sqlalchemy import Sequence
from sqlmodel import SQLModel

from engine.tables import deployed, history, instances, messages, upkeep, work
from kernel.ids import BLOCK, SEQUENCE

__all__ = ["deployed", "history", "instances", "messages", "upkeep", "work"]

Sequence(SEQUENCE, increment=BLOCK, metadata=SQLModel.metadata)
