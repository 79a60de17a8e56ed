"""An evidence package that somebody hands in, checked by our own means: the same checks as the verifier in it, but what
it asks of cryptography is asked of our libraries, and only what we trust is trusted, whatever roots lie in the package.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from asn1crypto import pem, x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.x509 import load_der_x509_certificate

from hr.documents.signing import gm, stamps
from hr.documents.signing.keys import Trust
from hr.documents.signing.stamps import Unstamped
from hr.documents.verify import pdf
from hr.documents.verify.found import Examined
from hr.evidence.offline import verify
from hr.evidence.offline.verify_openssl import Fault, Finding, Tools
from kernel.text import LANGUAGES, Text


@dataclass(frozen=True, slots=True)
class Sentence(Text):
    """A sentence of the verifier, which brings both languages along and needs no catalogue."""

    zh: str = ""

    def within(self, language: str) -> str:
        return self.zh if language == LANGUAGES[0] else self.template


@dataclass(frozen=True, slots=True)
class Said:
    """What a package says of a chain in it: the matter, how many events it has, and the hash of the last one."""

    subject: str
    length: int
    head: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Opened:
    """What was found in a package. `subject` and `chains` are what it says of itself; `document` is what the
    examination of the sealed document found, of the last one where there are several.
    """

    intact: bool
    held: tuple[Sentence, ...]
    problems: tuple[Sentence, ...]
    subject: str = ""
    chains: tuple[Said, ...] = ()
    document: Examined | None = None

    @property
    def length(self) -> int:
        """How many events there are in all chains."""
        return sum(one.length for one in self.chains)


class Libraries(Tools):
    """Answers what the checks ask by the libraries of the product, trusting `trust` alone."""

    def __init__(self, trust: Trust, at: datetime) -> None:
        self.trust = trust
        self.at = at
        self.examined: Examined | None = None

    def stamp(self, token: bytes, digest: bytes) -> str:
        try:
            told = stamps.told(token, digest, self.trust, self.at)
        except Unstamped as fault:
            raise Fault(fault.message.within("zh-CN"), fault.message.within("en")) from None
        if not told.trusted:
            raise Fault("时间戳不是受信任的时间戳机构所出具。", "A time stamp is of no authority trusted here.")
        return f"{told.at:%Y-%m-%d %H:%M:%S} UTC"

    def sm2(self, signature: bytes, content: bytes, certificate: bytes) -> bool:
        made = x509.Certificate.load(pem.unarmor(certificate)[2])
        known = any(_issued(made, root) for root in self.trust.roots)
        return known and gm.verify_detached(content, signature, made.public_key.dump())

    def sm3(self, contents: dict[str, bytes]) -> dict[str, str]:
        return {name: gm.sm3(content) for name, content in contents.items()}

    def document(self, content: bytes, count: int) -> Iterator[Finding]:
        self.examined = found = pdf.examine(content, self.trust, at=self.at)
        for problem in found.problems:
            yield Finding(False, problem.within("zh-CN"), problem.within("en"))
        if len(found.signatures) != count:
            yield Finding(False, f"文件应有 {count} 个签名。", f"The document does not bear {count} signatures.")


def _issued(made: x509.Certificate, root: x509.Certificate) -> bool:
    """Whether the root signed the certificate. The X.509 library does not read a certificate of an SM2 key."""
    key = load_der_x509_certificate(root.dump()).public_key()
    if made.issuer != root.subject or not isinstance(key, ec.EllipticCurvePublicKey):
        return False
    try:
        key.verify(made["signature_value"].native, made["tbs_certificate"].dump(), ec.ECDSA(SHA256()))
    except InvalidSignature:
        return False
    return True


def examine(content: bytes, trust: Trust, *, at: datetime) -> Opened:
    """Everything about a package as it was handed in. Never raises for what is in it."""
    tools = Libraries(trust, at)
    try:
        files = verify.unpack(content)
    except Fault as fault:
        return Opened(intact=False, held=(), problems=(Sentence(str(fault), {}, fault.zh),))
    found = verify.examine(files, tools)
    subject, chains = _says(files)
    return Opened(
        intact=all(one.holds for one in found),
        held=tuple(Sentence(one.en, {}, one.zh) for one in found if one.holds),
        problems=tuple(Sentence(one.en, {}, one.zh) for one in found if not one.holds),
        subject=subject,
        chains=chains,
        document=tools.examined,
    )


def _says(files: dict[str, bytes]) -> tuple[str, tuple[Said, ...]]:
    """The subject and the chains by the manifest; nothing of one that cannot be read."""
    try:
        manifest = json.loads(files["manifest.json"])
        told = verify.chains(manifest)
        return str(manifest["subject"]), tuple(
            Said(str(one["subject"]), int(one["length"]), str(one["head"])) for one in told
        )
    except (KeyError, ValueError, TypeError, RecursionError):
        return "", ()
