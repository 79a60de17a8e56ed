"""What a browser sends with a form: values as JSON, files by the key of their field."""

import json
from collections.abc import AsyncGenerator, Mapping
from contextlib import asynccontextmanager
from typing import Any

from fastapi import Request
from starlette.datastructures import FormData, UploadFile
from starlette.formparsers import FormParser, MultiPartException, MultiPartParser

from api import deps
from kernel.errors import Invalid
from kernel.text import say
from tasks.human.forms import Files, Sent

DATA_MOST = 1024 * 1024
FILES_MOST = 50
FIELDS_MOST = 200


async def form(request: Request) -> FormData:
    """The parts of a body, counted while it arrives, whatever length it claims. Raises Invalid for one too large."""
    most = deps.house(request).settings.upload_max_bytes + DATA_MOST
    body = _counted(request, most)
    if not request.headers.get("content-type", "").startswith("multipart/form-data"):
        return await FormParser(request.headers, body).parse()
    parser = MultiPartParser(
        request.headers, body, max_files=FILES_MOST, max_fields=FIELDS_MOST, max_part_size=DATA_MOST
    )
    try:
        return await parser.parse()
    except MultiPartException:
        raise Invalid(say("The form's values could not be read. Reload the page and send it again.")) from None


async def _counted(request: Request, most: int) -> AsyncGenerator[bytes]:
    arrived = 0
    async for chunk in request.stream():
        arrived += len(chunk)
        if arrived > most:
            raise Invalid(say("The files are larger than {most} MB together.", most=most // 1024 // 1024))
        yield chunk


async def values_and_files(request: Request) -> tuple[dict[str, Any], Files]:
    """The `data` part and the files. Raises Invalid with a sentence where the data are no JSON object."""
    async with _parts(request) as parts:
        data, sent = _object(str(parts.get("data", "{}"))), await _files(parts)
    if data is None:
        raise Invalid(say("The form's values could not be read. Reload the page and send it again."))
    return data, sent


async def comment(request: Request) -> tuple[str, tuple[Sent, ...]]:
    """The text of a comment and its attachments."""
    async with _parts(request) as parts:
        return str(parts.get("text", "")), tuple((await _files(parts)).get("files", ()))


async def proposal(request: Request) -> dict[str, Any]:
    """The files of a proposal by name, its comment, and how many cases it is to be tried on."""
    async with _parts(request) as parts:
        files = [(sent.name, sent.content) for sent in (await _files(parts)).get("files", ())]
        return {"files": files, "comment": str(parts.get("comment", "")), "sample": str(parts.get("sample", "0"))}


async def upload(request: Request) -> dict[str, Any]:
    """Files of a project with a comment, and what is to become of those that were asked about: by key, the choice and
    the digest of what is there. `name` and `source` are of a project that is made of them.
    """
    async with _parts(request) as parts:
        files = [(sent.name, sent.content) for sent in (await _files(parts)).get("files", ())]
        texts = {key: str(value) for key, value in parts.multi_items() if isinstance(value, str)}
    told: dict[str, Any] = {name: texts.get(name, "").strip() for name in ("comment", "name", "source")}
    return {**told, "files": files, "chosen": _keyed(texts, "file-"), "digests": _keyed(texts, "digest-")}


def _keyed(texts: Mapping[str, str], begin: str) -> dict[int, str]:
    """The values of the fields that are called by a word and a key."""
    named = {key.removeprefix(begin): value for key, value in texts.items() if key.startswith(begin)}
    return {int(key): value for key, value in named.items() if key.isdecimal() and len(key) < 19}


def _object(text: str) -> dict[str, Any] | None:
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):  # the reader gives up on arrays in arrays in arrays
        return None
    return found if isinstance(found, dict) else None


@asynccontextmanager
async def _parts(request: Request) -> AsyncGenerator[FormData, None]:
    """The form with its spooled files, which are let go at the end."""
    parts = await form(request)
    try:
        yield parts
    finally:
        await parts.close()


async def _files(parts: FormData) -> dict[str, list[Sent]]:
    """Every file of a form under the key of its field; an input left empty sends a file without a name."""
    found: dict[str, list[Sent]] = {}
    for key, part in parts.multi_items():
        if isinstance(part, UploadFile) and part.filename:
            found.setdefault(key, []).append(Sent(name=part.filename, content=await part.read()))
    return found
