"""Documents: files that programs keep for processes, in the file store, encrypted. Only programs and administrators.

What is taken in is told by a file's ending and proved by its bytes, as everywhere in the product.
"""

from typing import Annotated, Any
from urllib.parse import quote

import orjson
from fastapi import APIRouter, File, Form, Query, Request, Response, UploadFile

from api import deps
from api.access import may
from api.door import HotDoor
from api.v2 import described, shapes
from api.v2.deployments import Upload
from api.v2.document_store import Kept, Told, keep, kept, read, remove
from kernel.errors import Conflict, Invalid, Refusal
from kernel.text import say

hot = APIRouter(route_class=HotDoor, tags=["Document"])
router = APIRouter(route_class=Upload, tags=["Document"])

KEEPERS = frozenset({"admin", "client"})
STORE = "jiaojie"
METADATA = described.result(
    contentType=described.TEXT,
    fileName=described.TEXT,
    expiresAt=described.MAYBE_INSTANT,
    size=described.WHOLE,
    processDefinitionId=described.MAYBE,
    processInstanceKey=described.MAYBE_KEY,
    customProperties=described.OBJECT,
)
REFERENCE = described.result(
    **{"camunda.document.type": {"const": "camunda"}},
    storeId=described.TEXT,
    documentId=described.TEXT,
    contentHash={**described.TEXT, "description": "SHA-256 of the bytes, in hex."},
    metadata=METADATA,
)
BATCH = described.result(
    createdDocuments=described.several(REFERENCE),
    failedDocuments=described.several(
        described.result(fileName=described.TEXT, status=described.WHOLE, title=described.TEXT, detail=described.TEXT)
    ),
)
CREATED: dict[int | str, dict[str, Any]] = {
    **described.REFUSED,
    201: {"description": "It is kept.", "content": {"application/json": {"schema": REFERENCE}}},
}
SEVERAL: dict[int | str, dict[str, Any]] = {
    **described.REFUSED,
    201: {"description": "All are kept.", "content": {"application/json": {"schema": BATCH}}},
    207: {"description": "Some are kept.", "content": {"application/json": {"schema": BATCH}}},
}
Store = Annotated[str, Query(alias="storeId", description="There is one store; any name means it.")]


def shape(found: Kept) -> dict[str, Any]:
    return {
        "camunda.document.type": "camunda",
        "storeId": STORE,
        "documentId": found.id,
        "contentHash": found.hash,
        "metadata": {
            "contentType": found.media_type,
            "fileName": found.name,
            "expiresAt": shapes.instant(found.expires_at),
            "size": found.size,
            "processDefinitionId": found.process_id,
            "processInstanceKey": shapes.spelt(found.instance_key),
            "customProperties": found.properties,
        },
    }


def told(metadata: str, file_name: str | None) -> Told:
    """What is said of a file beside its bytes. Raises Invalid."""
    given = shapes.body(metadata.encode())
    expires = given.get("expiresAt")
    return Told(
        name=shapes.text(given, "fileName", "") or file_name or "",
        expires_at=None if expires is None else shapes.moment(expires, "expiresAt"),
        process_id=shapes.optional(given, "processDefinitionId"),
        instance_key=shapes.optional_key(given, "processInstanceKey"),
        properties=shapes.values(given, "customProperties"),
    )


@router.post(
    "/documents",
    name=may("v2.documents.create", KEEPERS),
    operation_id="createDocument",
    status_code=201,
    responses=CREATED,
)
def create_document(
    request: Request,
    file: Annotated[UploadFile, File()],
    metadata: Annotated[str, Form()] = "",
    store: Store = "",
    document_id: Annotated[str, Query(alias="documentId", max_length=200)] = "",
) -> Response:
    """Keep a file, under an id of one's own or a new one."""
    house, actor = deps.house(request), deps.actor(request)
    said = told(metadata, file.filename)
    with house.database.transaction() as unit:
        made = keep(house, unit, file.file.read(), said, document_id or None, actor)
    return _json(shape(made), 201)


@router.post(
    "/documents/batch",
    name=may("v2.documents.batch", KEEPERS),
    operation_id="createDocuments",
    status_code=201,
    responses=SEVERAL,
)
def create_documents(
    request: Request,
    files: Annotated[list[UploadFile], File()],
    metadataList: Annotated[list[str] | None, Form()] = None,  # the API's own name
    store: Store = "",
) -> Response:
    """Keep several files, each by itself: 207 where some were refused, and why."""
    house, actor = deps.house(request), deps.actor(request)
    said = metadataList or [""] * len(files)
    if len(said) != len(files):
        raise Invalid(say("There are {files} files and {metadata} metadata. Send one for each file.",
                          files=len(files), metadata=len(said)))  # fmt: skip
    created, failed = [], []
    for file, metadata in zip(files, said, strict=True):
        try:
            with house.database.transaction() as unit:
                created.append(shape(keep(house, unit, file.file.read(), told(metadata, file.filename), None, actor)))
        except Refusal as refused:
            status = 409 if isinstance(refused, Conflict) else 400
            why = refused.message.within(deps.language(request))
            failed.append({"fileName": file.filename or "", "status": status, "title": refused.code, "detail": why})
    return _json({"createdDocuments": created, "failedDocuments": failed}, 207 if failed else 201)


@router.get(
    "/documents/{key}",
    name=may("v2.documents.get", KEEPERS),
    operation_id="getDocument",
    response_class=Response,
    responses=described.file("application/octet-stream"),
)
def get_document(
    request: Request,
    key: str,
    content_hash: Annotated[str, Query(alias="contentHash")] = "",
    store: Store = "",
) -> Response:
    """The bytes of a document. With a hash, only if it is that of the bytes."""
    house = deps.house(request)
    found = kept(house, house.database.once(), key)
    if content_hash and content_hash != found.hash:
        raise Invalid(say("Document {id} has another content. Ask with the hash that its reference has.", id=found.id))
    with house.database.transaction() as unit:
        content = read(house, unit, found)
    headers = {"Content-Disposition": f"attachment; filename*=UTF-8''{quote(found.name)}"}
    return Response(content, media_type="application/octet-stream", headers=headers)


@router.delete(
    "/documents/{key}",
    name=may("v2.documents.delete", KEEPERS),
    operation_id="deleteDocument",
    status_code=204,
    response_class=Response,
    responses={**described.REFUSED},
)
def delete_document(request: Request, key: str, store: Store = "") -> Response:
    """Drop a document; its bytes go with the last document that has them."""
    house = deps.house(request)
    with house.database.transaction() as unit:
        remove(house, unit, kept(house, unit, key))
    return Response(status_code=204)


def _json(found: Any, status: int) -> Response:
    return Response(orjson.dumps(found), status, media_type="application/json")
