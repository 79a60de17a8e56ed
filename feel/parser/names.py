"""Names of several words, which FEEL allows: found by the longest match against those that are known."""

from collections.abc import Iterable

from feel.errors import FeelSyntaxError
from feel.lexer import starts_name, tokens

Words = tuple[str, ...]

PROPERTIES = ("time offset", "start included", "end included", "is defined")


class KnownNames:
    """The names of more than one token, by their first, longest first."""

    __slots__ = ("_by_first",)

    def __init__(self, names: Iterable[str] = (), base: "KnownNames | None" = None) -> None:
        self._by_first: dict[str, tuple[tuple[Words, str], ...]] = dict(base._by_first) if base else {}
        for name in names:
            self._add(name)

    def _add(self, name: str) -> None:
        words = _words(name)
        if len(words) < 2:
            return
        others = [entry for entry in self._by_first.get(words[0], ()) if entry[0] != words]
        self._by_first[words[0]] = tuple(sorted([*others, (words, name)], key=lambda entry: -len(entry[0])))

    def with_name(self, name: str) -> "KnownNames":
        """These names and one more."""
        return KnownNames((name,), self)

    def starting(self, word: str) -> tuple[tuple[Words, str], ...]:
        return self._by_first.get(word, ())


def _words(name: str) -> Words:
    try:
        words = tuple(token.text for token in tokens(name)[:-1])
    except FeelSyntaxError:
        return ()
    return words if words and starts_name(words[0]) else ()
