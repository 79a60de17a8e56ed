"""Built files of the front end: their hashed names from Vite's manifest, and their bytes, compressed at build time."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any

from starlette.datastructures import Headers
from starlette.responses import Response
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

STATIC = Path(__file__).parent / "static"
BUILD = STATIC / "build"
URL = "/static/build/"
ENCODINGS = (("br", ".br"), ("gzip", ".gz"))


@dataclass(frozen=True, slots=True)
class Manifest:
    """What Vite built: source name to address."""

    entries: dict[str, Any] = field(default_factory=dict)

    def url(self, source: str) -> str:
        """The address of a built file by the name of its source, such as `src/inbox.js`. Raises LookupError."""
        if source not in self.entries:
            raise LookupError(f"{source} is not among the built pages. Build them with: python deploy/pages.py")
        return URL + str(self.entries[source]["file"])

    def preloads(self, source: str) -> Iterator[str]:
        """Addresses of the modules that an entry imports before it can run."""
        for name in self.entries.get(source, {}).get("imports", ()):
            yield self.url(name)
            yield from self.preloads(name)


def read_manifest(build: Path = BUILD) -> Manifest:
    """The manifest of a build. Raises LookupError with the command that makes one where there is none."""
    path = build / ".vite" / "manifest.json"
    if not path.exists():
        raise LookupError(f"The pages are not built: {path} is missing. Build them with: python deploy/pages.py")
    return _parsed(path, path.stat().st_mtime_ns)


@lru_cache(maxsize=4)
def _parsed(path: Path, changed_ns: int) -> Manifest:
    """Read once a build: a server that runs while the pages are built again shows the new ones."""
    return Manifest(json.loads(path.read_text(encoding="utf-8")))


def notices(build: Path = BUILD) -> str:
    """The licence texts of everything that the built files contain, as Vite collected them (Markdown)."""
    path = build / ".vite" / "license.md"
    return path.read_text(encoding="utf-8") if path.exists() else ""


class Assets(StaticFiles):
    """Static files; where the build left a compressed twin and the browser takes it, that one is sent."""

    async def get_response(self, path: str, scope: Scope) -> Response:
        accepted = Headers(scope=scope).get("accept-encoding", "")
        for encoding, ending in ENCODINGS:
            if encoding in accepted and (Path(str(self.directory)) / f"{path}{ending}").is_file():
                response = await super().get_response(path + ending, scope)
                response.headers["Content-Encoding"] = encoding
                response.headers["Content-Type"] = media_type(path)
                response.headers["Vary"] = "Accept-Encoding"
                return response
        return await super().get_response(path, scope)


def media_type(path: str) -> str:
    """The media type of the file that a compressed twin stands for."""
    kinds = {".js": "text/javascript", ".css": "text/css", ".svg": "image/svg+xml"}
    kind = kinds.get(Path(path).suffix, "application/octet-stream")
    return f"{kind}; charset=utf-8"
