"""What a check of a course found."""

from dataclasses import dataclass
from typing import Any

from kernel.text import Text, say


@dataclass(frozen=True, slots=True)
class Finding:
    """What stands against publishing, with its place in words: a lesson by its title, a question by its key."""

    place: Text
    sentence: Text

    @property
    def told(self) -> Text:
        return say("{place}: {sentence}", place=self.place, sentence=self.sentence)

    @property
    def kept(self) -> dict[str, Any]:
        """The finding as JSON, in English."""
        return {"place": str(self.place), "sentence": str(self.sentence)}
