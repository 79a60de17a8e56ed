"""What lies on disk: BPMN, DMN and form files, the families that ship with the product, and their stories.

A family is a folder of `processes/` with its forms in the folder of the same name of `forms/`. They are checked,
tested and published together. Any other folder or file works as well, with the forms that lie in it.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path

from engine.model import Resource
from kernel.errors import NotFound
from kernel.text import say

ENDINGS = (".bpmn", ".dmn", ".form")
STORIES = "scenarios.yaml"


@dataclass(frozen=True, slots=True)
class Source:
    """A file to be checked or deployed. `path` is shown in findings; `resource` has the name under which it is
    deployed.
    """

    path: Path
    resource: Resource

    @property
    def ending(self) -> str:
        return self.path.suffix.lower()


def home() -> Path:
    """The folder of the shipped families."""
    return Path(str(files("processes")))


def families() -> list[str]:
    """The names of the shipped families, sorted."""
    return sorted(folder.name for folder in home().iterdir() if folder.is_dir() and any(folder.glob("*.bpmn")))


def gather(paths: Iterable[Path | str]) -> list[Source]:
    """The files under the paths, each once, in a stable order. The folder of a family, or of several, brings the forms.

    Raises NotFound for a path that is not there, or that holds nothing to deploy.
    """
    found: dict[Path, Source] = {}
    for given in map(Path, paths):
        here = list(_files(given))
        if not here:
            raise NotFound(say("{path} has no {endings} file.", path=str(given), endings=", ".join(ENDINGS)))
        for path in here:
            found.setdefault(path.resolve(), Source(path, Resource(path.name, path.read_bytes())))
    return list(found.values())


def _files(given: Path) -> Iterable[Path]:
    if given.is_file():
        return [given]
    inside = [given, *(folder for folder in sorted(given.rglob("*")) if folder.is_dir())] if given.is_dir() else []
    folders = [given, *(forms for folder in inside if (forms := _forms_of(folder)) is not None)]
    return [path for folder in folders for path in sorted(folder.rglob("*")) if _deployable(path)]


def _deployable(path: Path) -> bool:
    return path.suffix.lower() in ENDINGS and path.is_file()


def _forms_of(folder: Path) -> Path | None:
    """The forms that belong to a family's folder, `forms/<family>` beside `processes/<family>`."""
    resolved = folder.resolve()
    forms = resolved.parent.parent / "forms" / resolved.name
    return forms if resolved.parent.name == "processes" and forms.is_dir() else None


def kin(path: Path) -> list[Path]:
    """The folders of the other families beside the one that a path is, or lies in; none for what is of no family."""
    resolved = path.resolve()
    own = resolved.parent if resolved.is_file() else resolved
    beside = sorted(own.parent.iterdir()) if own.parent.name == home().name else []
    return [folder for folder in beside if folder != own and folder.is_dir() and any(folder.glob("*.bpmn"))]


def neighbours(paths: Iterable[Path | str]) -> list[Source]:
    """What single files may refer to: the files beside them and the forms of their family. They are not checked."""
    beside = {path.resolve().parent for path in map(Path, paths) if path.is_file()}
    folders = beside | {forms for folder in beside if (forms := _forms_of(folder)) is not None}
    return [
        Source(path, Resource(path.name, path.read_bytes()))
        for folder in sorted(folders)
        for path in sorted(folder.iterdir())
        if _deployable(path)
    ]


def stories(paths: Iterable[Path | str]) -> list[Path]:
    """The story files under the paths: a file as it is given, or every scenarios.yaml of a folder."""
    found: list[Path] = []
    for given in map(Path, paths):
        found += [given] if given.is_file() else sorted(given.rglob(STORIES))
    return found
