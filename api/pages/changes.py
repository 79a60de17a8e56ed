"""Two texts against each other, line by line."""

import difflib


def of(before: str, after: str) -> list[tuple[str, int, int, str]]:
    """Lines as sign (`+`, `-`, space, `…` for what was left out), old and new number, and words."""
    old, new = before.split("\n"), after.split("\n")
    made: list[tuple[str, int, int, str]] = []
    for group in difflib.SequenceMatcher(None, old, new, autojunk=False).get_grouped_opcodes(3):
        made.extend([("…", 0, 0, "")] if made or group[0][1] else [])
        for tag, a1, a2, b1, b2 in group:
            if tag == "equal":
                made.extend((" ", a1 + n + 1, b1 + n + 1, line) for n, line in enumerate(old[a1:a2]))
                continue
            made.extend(("-", a1 + n + 1, 0, line) for n, line in enumerate(old[a1:a2]))
            made.extend(("+", 0, b1 + n + 1, line) for n, line in enumerate(new[b1:b2]))
    return made
