"""Evidence of several matters in one package: a chain of events each, checked one by one by the verifier in it.

It is a package (`hr.evidence.package`) whose manifest lists `chains` where that of one matter has `chain`. Each chain
has a folder of its own; `statements.jsonl` repeats the xAPI statements that the events hold, for programs that read
those; `signed` names the documents that bear signatures.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from hr.evidence import package
from hr.evidence.canonical import canonical
from hr.evidence.package import SEVERAL, Seal
from hr.evidence.tables import Anchor, Evidence

STATEMENTS = "statements.jsonl"


@dataclass(frozen=True, slots=True, kw_only=True)
class Chain:
    """The events of one matter, with an anchor over the last one. `name` is the chain's folder, ASCII."""

    subject: str
    name: str
    events: Sequence[Evidence]
    anchors: Sequence[Anchor]


@dataclass(frozen=True, slots=True, kw_only=True)
class Bundle:
    """What a package of several matters is made of. Names of documents are ASCII; `signed` are those with signatures,
    and how many each bears.
    """

    subject: str
    title: str
    made_at: datetime
    report: bytes
    chains: Sequence[Chain]
    documents: Mapping[str, bytes] = field(default_factory=dict)
    signed: Mapping[str, int] = field(default_factory=dict)


def build(bundle: Bundle, seal: Seal) -> bytes:
    """The package as bytes. Asks the time authority, so not within a transaction. Raises Unavailable."""
    files = {
        "README.txt": package.readme(bundle.subject, bundle.title, bundle.made_at, seal.roots),
        "report.pdf": bundle.report,
        STATEMENTS: _statements(bundle.chains),
        **package.proofs(seal),
        **{f"documents/{name}": content for name, content in bundle.documents.items()},
    }
    for chain in bundle.chains:
        files |= _files(chain)
    return package.signed(files, _manifest(bundle, files), time=seal.time, sm2=seal.sm2)


def _folder(chain: Chain) -> str:
    return f"chains/{chain.name}"


def _files(chain: Chain) -> dict[str, bytes]:
    folder = _folder(chain)
    stamps = {f"{folder}/{one.sequence:06}.tst": one.token for one in chain.anchors}
    return {f"{folder}/events.json": package.events_file(chain.events, chain.anchors, SEVERAL, folder), **stamps}


def _statements(chains: Sequence[Chain]) -> bytes:
    """One a line, in the spelling that is hashed."""
    held = [row.detail["statement"] for chain in chains for row in chain.events if "statement" in row.detail]
    return b"".join(canonical(one) + b"\n" for one in held)


def _manifest(bundle: Bundle, files: Mapping[str, bytes]) -> dict[str, Any]:
    return {
        "format": SEVERAL,
        "subject": bundle.subject,
        "title": bundle.title,
        "made_at": bundle.made_at.isoformat(timespec="seconds"),
        "chains": [_told(chain) for chain in bundle.chains],
        "statements": STATEMENTS,
        "documents": [f"documents/{name}" for name in sorted(bundle.documents)],
        "signed": [{"file": f"documents/{name}", "signatures": n} for name, n in sorted(bundle.signed.items())],
        "files": package.listed(files),
    }


def _told(chain: Chain) -> dict[str, Any]:
    last = chain.events[-1]
    told = {"subject": chain.subject, "file": f"{_folder(chain)}/events.json"}
    return told | {"length": last.sequence, "head": last.hash}
