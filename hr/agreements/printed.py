"""A filled agreement as its document bears it: see `hr.documents.typeset.agreement`."""

import re
from collections.abc import Mapping
from datetime import date
from typing import Any

from hr.agreements.fill import Filled
from hr.documents import typeset


def printed(
    filled: Filled,
    *,
    organisation: str,
    number: str,
    dated_on: date,
    content_hash: str,
    verify_code: str,
    verify_url: str,
    trial: bool,
    names: Mapping[str, str],
) -> Mapping[str, Any]:
    """The facts of the document. `names` are the signers' names by field; `verify_url` is the address of the page that
    checks a code, without one there is no QR code. `trial` marks every page: the keys that sign are for trial only.
    """
    url = f"{verify_url.rstrip('/')}/{verify_code}" if verify_url else ""
    return {
        "title": filled.title,
        "organisation": organisation,
        "number": number,
        "dated_on": f"{dated_on.year}年{dated_on.month}月{dated_on.day}日",
        "blocks": list(filled.blocks),
        "signers": [
            {"field": s.field, "label": s.label, "name": names.get(s.field, ""), "kind": kind_of(s.role)}
            for s in filled.signers
        ],
        "content_hash": content_hash,
        "verify_code": verify_code,
        "verify_url": re.sub(r"^https?://", "", url),
        "qr": typeset.qr(url) if url else "",
        "trial": trial,
    }


def kind_of(role: str) -> str:
    """Whose mark stands at a signer's place: the organisation's seal, or one drawn by hand."""
    return "seal" if role == "company" else "hand"
