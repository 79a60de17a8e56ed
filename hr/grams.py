"""Search in Chinese text without a contrib extension: single characters and pairs in an array under a GIN index."""

import re

_SPACE = re.compile(r"\s+")


def _plain(text: str) -> str:
    return _SPACE.sub(" ", text).strip().casefold()


def grams(*texts: str) -> list[str]:
    """What the index holds for these texts: every character and every pair of neighbours, each once, sorted."""
    found: set[str] = set()
    for text in map(_plain, texts):
        found.update(text)
        found.update(text[i : i + 2] for i in range(len(text) - 1))
    return sorted(found - {" "})


def wanted(text: str) -> list[str]:
    """What a row must hold to answer this query: the pairs of each word, or the character of a one-letter word.

    Empty for a query without a letter: such a query matches everything. Pairs found in scattered places match too,
    which makes the search generous, never blind.
    """
    found: set[str] = set()
    for word in _plain(text).split(" "):
        pairs = {word[i : i + 2] for i in range(len(word) - 1)}
        found |= pairs or {word}
    return sorted(found - {""})
