"""Sentences for people: a message id in English with named values, translated when it is shown.

`say("Task {task} is already completed.", task=7)` keeps both parts, so the same refusal reads in English in a log and
in Chinese on a page. Catalogues lie in `locale/<language>.po` and `locale/<language>.<part>.po`; Babel extracts
`say(...)` by the keyword `say`.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache, reduce
from pathlib import Path

from babel.messages.pofile import read_po

LOCALE = Path(__file__).parent / "locale"
LANGUAGES = ("zh-CN", "en")
NESTED = 4  # sentences within sentences that are looked at
SHORTEST = 8  # letters of its own that a message needs to be recognised by
_PLACE = re.compile(r"\{(\w+)\}")


@dataclass(frozen=True, slots=True)
class Text:
    """One sentence. `str()` gives it in the language that it was written in."""

    template: str
    values: dict[str, object] = field(default_factory=dict, hash=False)

    def __str__(self) -> str:
        return fill(self.template, self.values)

    def within(self, language: str) -> str:
        """The sentence in `language`; in its own language where the catalogue lacks it."""
        values = {name: v.within(language) if isinstance(v, Text) else v for name, v in self.values.items()}
        return fill(translate(self.template, language), values)


def say(template: str, **values: object) -> Text:
    """A translatable sentence. The template is a literal, so that the catalogue can be extracted."""
    return Text(template, values)


def listed(parts: Sequence[Text]) -> Text:
    """The parts one after another, with the comma of the reader's language. Raises TypeError for none."""
    return reduce(lambda one, more: say("{one}, {more}", one=one, more=more), parts)


def recognised(sentence: str, deep: int = NESTED) -> Text:
    """A sentence that was kept in English as it was once said, so that it can be shown in another language.

    Of several messages that it could be, the one with the most words of its own is taken; values are looked at in the
    same way, `deep` times within each other. A sentence that is none of ours comes back as it is.
    """
    for words, template in _messages() if deep else ():
        values = _values(words, sentence)
        if values is not None:
            return Text(template, {name: recognised(value, deep - 1) for name, value in values.items()})
    parts = sentence.split(", ")
    known = _catalogue(LANGUAGES[0])
    return listed([Text(part) for part in parts]) if all(part in known for part in parts) else Text(sentence)


@cache
def _messages() -> list[tuple[list[str], str]]:
    """Every message with places, as words and names in turn; those with more words of their own first."""
    made = []
    for template in _catalogue(LANGUAGES[0]):
        words = _PLACE.split(template)
        if len(words) > 1 and len("".join(words[::2]).strip()) > SHORTEST:
            made.append((sum(map(len, words[::2])), words, template))
    return [(words, template) for _, words, template in sorted(made, key=lambda known: -known[0])]


def _values(words: list[str], sentence: str) -> dict[str, str] | None:
    """What stands at the places of a message, None if the sentence is another one.

    Each word is taken where it comes first, in one walk: a sentence may be long, and may be anybody's.
    """
    first, last = words[0], words[-1]
    at, end = len(first), len(sentence) - len(last)
    if at > end or not sentence.startswith(first) or not sentence.endswith(last):
        return None
    values: dict[str, str] = {}
    for name, word in zip(words[1::2], [*words[2:-1:2], None], strict=True):
        found = end if word is None else sentence.find(word, at, end)
        if found < 0 or values.setdefault(name, sentence[at:found]) != sentence[at:found]:
            return None
        at = found + len(word or "")
    return values


def fill(template: str, values: dict[str, object]) -> str:
    """Put the values into the template. A value is never read as a template itself."""
    return template.format_map(values) if values else template


def translate(template: str, language: str) -> str:
    """The catalogue's words for a message id, or the id itself."""
    return _catalogue(language).get(template) or template


@cache
def _catalogue(language: str) -> dict[str, str]:
    found: dict[str, str] = {}
    for path in sorted(LOCALE.glob(f"{language}*.po")):
        with path.open("rb") as file:
            catalogue = read_po(file)
        found |= {str(m.id): str(m.string) for m in catalogue if m.id and m.string and not m.fuzzy}
    return found
