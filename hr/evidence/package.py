"""The evidence package: everything that proves one matter, in one file that proves itself.

A ZIP of plain files in one spelling (`offline.verify.pack`), so that any changed bit shows. `manifest.json` lists every
file with SHA-256 and SM3; a time stamp (`manifest.tst`) and an SM2 signature (`manifest.sm2`, over the manifest and its
time stamp) stand over it. The events lie there as they are hashed, with the stamps over their heads. A verifier that
needs nothing of ours comes along; `README.txt` describes the format, so that nobody needs that one either.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from string import Template
from typing import Any, Protocol

from asn1crypto import pem, x509

from hr.documents.signing import gm, stamps
from hr.documents.signing.gm import Sm2Key
from hr.documents.signing.stamps import TimeAuthority
from hr.evidence.canonical import canonical
from hr.evidence.offline import verify
from hr.evidence.tables import Anchor, Evidence

FORMAT = "jiaojie-evidence/1"
SEVERAL = "jiaojie-evidence/2"  # with several chains of events
OFFLINE = Path(__file__).parent / "offline"
_VERIFIER = ("verify.py", "verify_openssl.py")


@dataclass(frozen=True, slots=True, kw_only=True)
class Seal:
    """What a package is stamped and signed with, and the certificates that prove it."""

    time: TimeAuthority
    sm2: Sm2Key
    sm2_certificate: x509.Certificate
    roots: Sequence[x509.Certificate]
    certificates: Sequence[x509.Certificate] = ()
    crls: Sequence[bytes] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Package:
    """What a package is made of. Names of documents are ASCII and stand in `documents/`.

    `sealed` and `prepared` name the document with its signatures and the one that was shown to the signers;
    `signatures` is how many the sealed one bears. The last anchor is one over the last event.
    """

    subject: str
    title: str
    made_at: datetime
    report: bytes
    documents: Mapping[str, bytes]
    events: Sequence[Evidence]
    anchors: Sequence[Anchor]
    roots: Sequence[x509.Certificate]
    sm2_certificate: x509.Certificate
    certificates: Sequence[x509.Certificate] = ()
    crls: Sequence[bytes] = ()
    sealed: str = ""
    prepared: str = ""
    signatures: int = 0
    attachments: Mapping[str, bytes] = field(default_factory=dict)


def build(package: Package, *, time: TimeAuthority, sm2: Sm2Key) -> bytes:
    """The package as bytes: the same facts give the same bytes but for time stamp and signature.

    Asks the time authority, so not within a transaction. Raises Unavailable if it does not answer.
    """
    files = _files(package)
    return signed(files, _manifest(package, files), time=time, sm2=sm2)


def signed(files: Mapping[str, bytes], manifest: Mapping[str, Any], *, time: TimeAuthority, sm2: Sm2Key) -> bytes:
    """The files under their manifest, stamped and signed. Raises Unavailable if the time authority does not answer."""
    written = canonical(manifest)
    token = stamps.token(time, sha256(written).digest())
    signature = gm.sign_detached(written + token, sm2)
    return verify.pack({**files, "manifest.json": written, "manifest.tst": token, "manifest.sm2": signature})


def event(row: Evidence) -> dict[str, Any]:
    """An event as it is hashed, with its hash: see `evidence.log.digest`."""
    return row.model_dump(mode="json", exclude={"at"}) | {"at": row.at.isoformat(timespec="microseconds")}


def _files(package: Package) -> dict[str, bytes]:
    tokens = {f"anchors/{one.sequence:06}.tst": one.token for one in package.anchors}
    return {
        "README.txt": readme(package.subject, package.title, package.made_at, package.roots),
        "report.pdf": package.report,
        "events.json": events_file(package.events, package.anchors, FORMAT, "anchors"),
        **proofs(package),
        **{f"documents/{name}": content for name, content in package.documents.items()},
        **{f"attachments/{name}": content for name, content in package.attachments.items()},
        **tokens,
    }


class Proofs(Protocol):
    """What proves the stamps and signatures of a package: certificates, and which of them were revoked."""

    @property
    def roots(self) -> Sequence[x509.Certificate]: ...
    @property
    def certificates(self) -> Sequence[x509.Certificate]: ...
    @property
    def sm2_certificate(self) -> x509.Certificate: ...
    @property
    def crls(self) -> Sequence[bytes]: ...


def proofs(given: Proofs) -> dict[str, bytes]:
    """The certificates of a package as files, and the verifier."""
    return {
        "certificates/roots.pem": _pem(given.roots),
        "certificates/others.pem": _pem(given.certificates),
        "certificates/sm2.pem": _pem((given.sm2_certificate,)),
        **{f"certificates/revoked-{n}.crl": crl for n, crl in enumerate(given.crls, start=1)},
        **{name: (OFFLINE / name).read_bytes() for name in _VERIFIER},
    }


def events_file(events: Sequence[Evidence], anchors: Sequence[Anchor], format: str, folder: str) -> bytes:
    """A chain of events with the stamps over its heads, which lie in the folder."""
    stamped = [
        {"sequence": one.sequence, "head": one.head, "file": f"{folder}/{one.sequence:06}.tst"} for one in anchors
    ]
    return canonical({"format": format, "events": [event(row) for row in events], "anchors": stamped})


def listed(files: Mapping[str, bytes]) -> list[dict[str, Any]]:
    """Every file with its size and hashes, as a manifest lists it."""
    return [
        {"name": name, "size": len(content), "sha256": sha256(content).hexdigest(), "sm3": gm.sm3(content)}
        for name, content in sorted(files.items())
    ]


def _manifest(package: Package, files: Mapping[str, bytes]) -> dict[str, Any]:
    last = package.events[-1]
    return {
        "format": FORMAT,
        "subject": package.subject,
        "title": package.title,
        "made_at": package.made_at.isoformat(timespec="seconds"),
        "chain": {"length": last.sequence, "head": last.hash},
        "documents": [f"documents/{name}" for name in sorted(package.documents)],
        "sealed": f"documents/{package.sealed}" if package.sealed else None,
        "prepared": f"documents/{package.prepared}" if package.prepared else None,
        "signatures": package.signatures,
        "files": listed(files),
    }


def _pem(certificates: Sequence[x509.Certificate]) -> bytes:
    return b"".join(pem.armor("CERTIFICATE", one.dump()) for one in certificates)


def readme(subject: str, title: str, made_at: datetime, roots: Sequence[x509.Certificate]) -> bytes:
    """What the package is, how it is checked, and how its format reads."""
    told = Template((OFFLINE / "README.txt").read_text("utf-8"))
    known = "\n".join(f"    {one.sha256.hex()}  {one.subject.human_friendly}" for one in roots)
    facts = {"subject": subject, "title": title, "roots": known, "made_at": made_at.isoformat(timespec="seconds")}
    return told.substitute(facts).encode()
