"""Sentences for people: a message id in English with named values, translated when it is shown.

`say("Task {task} is already completed.", task=7)` keeps both parts, so the same refusal reads in English in a log and
in Chinese on a page. Catalogues lie in `locale/<language>.po` and `locale/<language>.<part>.po`; Babel extracts
`say(...)` by the keyword `say`.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache, reduce
from pathlib import Path

from babel.messages.pofile import read_po

LOCALE = Path(__file__).parent / "locale"
LANGUAGES = ("zh-CN", "en")


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
