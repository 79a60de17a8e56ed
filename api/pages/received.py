"""What a browser sends with a form: values as JSON, files by the key of their field. Sizes are counted while reading."""

import json
from typing import Any

from fastapi import Request
from starlette.datastructures import FormData, UploadFile

from api import deps
from kernel.errors import Invalid
from kernel.text import say
from tasks.human.forms import Files, Sent

DATA_MOST = 1024 * 1024
FILES_MOST = 50


async def form(request: Request) -> FormData:
    """The parts of a multipart body. Raises Invalid if it declares more than the limit; a chunked one is cut off there."""
    house = deps.house(request)
    most = house.settings.upload_max_bytes + DATA_MOST
    if int(request.headers.get("content-length", "0")) > most:
        raise Invalid(say("The files are larger than {most} MB together.", most=most // 1024 // 1024))
    return await request.form(max_files=FILES_MOST, max_fields=200, max_part_size=DATA_MOST)


async def values_and_files(request: Request) -> tuple[dict[str, Any], Files]:
    """The `data` part and the files. Raises Invalid with a sentence where the data are no JSON object."""
    parts = await form(request)
    try:
        data = json.loads(str(parts.get("data", "{}")))
    except ValueError:
        data = None
    if not isinstance(data, dict):
        raise Invalid(say("The form's values could not be read. Reload the page and send it again."))
    return data, await files(parts)


async def files(parts: FormData) -> dict[str, list[Sent]]:
    """Every file of a form under the key of its field; an input left empty sends a file without a name."""
    found: dict[str, list[Sent]] = {}
    for key, part in parts.multi_items():
        if isinstance(part, UploadFile) and part.filename:
            found.setdefault(key, []).append(Sent(name=part.filename, content=await part.read()))
    return found
