"""What may be a file of a project: its name, its kind, its size."""

import unicodedata
from collections.abc import Container, Sequence
from hashlib import sha256
from typing import Literal

from engine.model import Resource
from kernel.errors import Invalid
from kernel.text import say

Kind = Literal["bpmn", "dmn", "form", "scenarios"]

STORIES, STORIES_ENDING = "scenarios", ".yaml"  # and copies of it, such as scenarios-2.yaml
ENDINGS: dict[str, Kind] = {".bpmn": "bpmn", ".dmn": "dmn", ".form": "form"}
NAME_MOST = 120  # letters
FILE_MOST = 4 * 1024 * 1024  # bytes, as a deployment has it
FILES_MOST = 100  # of a project
_SEPARATORS = frozenset('/\\:*?"<>|')  # what some file system cannot have in a name
_UNSEEN = ("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp")


def digest(content: bytes) -> str:
    """SHA-256 in hex: what a state of a file is known by."""
    return sha256(content).hexdigest()


def kind_of(name: str) -> Kind | None:
    """The kind of file that has this name; None where the studio has no such file."""
    low = name.lower()
    if low.startswith(STORIES) and low.endswith(STORIES_ENDING):
        return "scenarios"
    return next((kind for ending, kind in ENDINGS.items() if low.endswith(ending) and len(low) > len(ending)), None)


def checked_name(name: str) -> tuple[str, Kind]:
    """A file's name in its composed form, with its kind. Raises Invalid for one that cannot be a file's name."""
    plain = unicodedata.normalize("NFC", name.strip())
    if not plain or len(plain) > NAME_MOST:
        raise Invalid(say("A file's name has 1 to {most} letters. Give the file another name.", most=NAME_MOST))
    unseen = any(unicodedata.category(letter) in _UNSEEN for letter in plain)
    if unseen or plain.startswith(".") or not _SEPARATORS.isdisjoint(plain):
        shown = "".join(letter if letter.isprintable() else "�" for letter in plain)
        raise Invalid(
            say(
                "{name} cannot be a file's name: it begins with a dot, or has slashes, invisible letters or one of "
                ': * ? " < > |. Give the file another name.',
                name=shown,
            )
        )
    kind = kind_of(plain)
    if kind is None:
        raise Invalid(
            say(
                "{name} is no file of a project. A project has .bpmn, .dmn and .form files and scenarios.yaml.",
                name=plain,
            )
        )
    return plain, kind


def checked_project_name(name: str) -> str:
    """A project's name with single spaces. Raises Invalid for an empty or long one, or one with invisible letters."""
    plain = unicodedata.normalize("NFC", " ".join(name.split()))
    if not plain or len(plain) > NAME_MOST or any(unicodedata.category(letter) in _UNSEEN for letter in plain):
        raise Invalid(
            say("A project's name has 1 to {most} visible letters. Give the project another name.", most=NAME_MOST)
        )
    return plain


def checked_size(name: str, content: bytes) -> None:
    """Raises Invalid for an empty model or form, and for a file beyond FILE_MOST."""
    if not content and kind_of(name) != "scenarios":
        raise Invalid(say("{name} is empty. Choose a file with something in it.", name=name))
    if len(content) > FILE_MOST:
        raise Invalid(
            say("{name} has more than {most} MB, which is the limit for a file.", name=name, most=FILE_MOST >> 20)
        )


def checked(files: Sequence[Resource]) -> list[Resource]:
    """The files of a new project with their names in composed form.

    Raises Invalid for a bad name or size, two files of one name, and more than FILES_MOST.
    """
    if len(files) > FILES_MOST:
        raise too_many()
    found: dict[str, Resource] = {}
    for file in files:
        name, _ = checked_name(file.name)
        checked_size(name, file.content)
        if found.setdefault(name, Resource(name, file.content)).content is not file.content:
            raise Invalid(say("Two files are called {name}. Give each a name of its own.", name=name))
    return list(found.values())


def free_name(name: str, taken: Container[str]) -> str:
    """The name, or the name with the first number before its ending that makes it one of its own."""
    stem, dot, ending = name.rpartition(".")
    number, free = 2, name
    while free in taken:
        free, number = f"{stem}-{number}{dot}{ending}", number + 1
    return free


def too_many() -> Invalid:
    return Invalid(say("A project has at most {most} files. Make another project, or remove files.", most=FILES_MOST))
