"""What is told to people: a template in English with named values, so that a host can tell it in other words.

>>> told = say("There is no variable '{name}'.", name="days")
>>> str(told)
"There is no variable 'days'."
>>> told.within({"There is no variable '{name}'.": "没有变量“{name}”。"}.__getitem__)
'没有变量“days”。'

A catalogue is extracted by the keywords `say` and, for `Run.warn`, the third argument of `warn`.
"""

from collections.abc import Callable, Mapping, Sequence
from functools import reduce
from typing import NamedTuple, TypeVar

Kept = TypeVar("Kept")
_MOST_LISTED = 12  # a sentence with more parts is not read


class Sentence(NamedTuple):
    """One sentence, or a part of one: a value may be a Sentence again. It is put together when it is read.

    A tuple, because every null costs one: a frozen dataclass takes twice as long to make.
    """

    template: str
    values: Mapping[str, object] = {}

    def __hash__(self) -> int:
        return hash(self.template)

    def __str__(self) -> str:
        return self.within(str)

    def within(self, translate: Callable[[str], str]) -> str:
        """The sentence in other words: `translate` takes a template to a template with the same names in it.

        A value is never read as a template; without values a template keeps its braces.
        """
        template = translate(self.template)
        if not self.values:
            return template
        return template.format_map(
            {name: v.within(translate) if isinstance(v, Sentence) else v for name, v in self.values.items()}
        )

    def into(self, make: Callable[[str, dict[str, object]], Kept]) -> Kept:
        """The same as the host keeps its sentences: `make` gets template and values, inner sentences made already."""
        return make(
            self.template, {name: v.into(make) if isinstance(v, Sentence) else v for name, v in self.values.items()}
        )


def say(template: str, /, **values: object) -> Sentence:
    """A sentence that a catalogue can hold: the template is a literal."""
    return Sentence(template, values)


def sentence_of(text: Sentence | str) -> Sentence:
    """The sentence, or a text of someone else as one, which no catalogue is asked for."""
    return text if isinstance(text, Sentence) else Sentence("{text}", {"text": text})


def listed(parts: Sequence[Sentence | str]) -> Sentence | str:
    """The parts with the reader's comma between them, cut where they are too many to be read; empty for none."""
    shown = parts if len(parts) <= _MOST_LISTED else [*parts[:_MOST_LISTED], "…"]
    return reduce(lambda one, more: say("{one}, {more}", one=one, more=more), shown) if shown else ""
