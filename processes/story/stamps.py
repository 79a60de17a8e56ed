"""The trial authority of a stage, whose time stamps a story can do without for a while."""

from dataclasses import dataclass
from typing import ClassVar

from tasks.adapters.memory import Twin
from tasks.seals import TrialAuthority


@dataclass(slots=True)
class Stamps(Twin):
    """The time stamps of the trial authority, by a name that stories can switch off."""

    authority: TrialAuthority | None = None
    name = "the time stamp authority"
    trial: ClassVar[bool] = True

    def stamp(self, request: bytes) -> bytes:
        """As `TimeAuthority`. Raises Unavailable while it is switched off."""
        self._enter()
        assert self.authority is not None
        return self.authority.stamp(request)
