"""What a stranger is told about a file or a code: in plain words, without a name in full."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Literal

from hr.documents.signing import gm
from hr.documents.signing.keys import Trust
from hr.documents.verify.found import Examined, SignatureFound, StampFound
from kernel.text import Text, say

Outcome = Literal["genuine", "recorded", "intact", "unfinished", "changed", "unreadable", "foreign"]

HEADLINES: dict[Outcome, Text] = {
    "genuine": say("This is genuine"),
    "recorded": say("There is a document with this code"),
    "intact": say("The signatures hold, but it is not in our records"),
    "unfinished": say("Not concluded"),
    "changed": say("This was changed"),
    "unreadable": say("This cannot be read"),
    "foreign": say("This is not from us"),
}

SINCE: dict[str, Text] = {
    "none": say("Nothing was changed after this signature."),
    "signatures-only": say("Only signatures, their proofs and time stamps were added after it."),
    "other": say("The document was changed after it."),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class SignerTold:
    """One signature, or one signer whose signature we hold. `name` is masked; `at` None where no time is proven.

    `since` tells what happened to the document behind it, `altered` that it was more than signing.
    """

    role: Text | None
    name: str
    at: datetime | None
    issuer: str
    trial: bool
    holds: bool
    since: Text | None = None
    altered: bool = False
    revision: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class StampTold:
    """One time stamp of the whole document."""

    at: datetime
    authority: str
    trial: bool
    holds: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Digests:
    """The hashes of what was handed in, or those to compare with."""

    sha256: str
    sm3: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What was found. `facts` are labels with values; `held` and `problems` single findings in words.

    `compare` are the hashes that the genuine file has, `digests` those of the file that was handed in. `warning` is
    what else to know before relying on it, such as that its time is over.
    """

    outcome: Outcome
    explanation: Text
    kind: Literal["agreement", "certificate", "package", "file"]
    facts: tuple[tuple[Text, object], ...] = ()
    signers: tuple[SignerTold, ...] = ()
    stamps: tuple[StampTold, ...] = ()
    held: tuple[Text, ...] = ()
    problems: tuple[Text, ...] = ()
    digests: Digests | None = None
    compare: Digests | None = None
    trial: bool = False
    warning: Text | None = None

    @property
    def headline(self) -> Text:
        return HEADLINES[self.outcome]


PACKED = (b"events.json", b"manifest.json", b"certificates/sm2.pem")  # names that a package of ours has among others


def is_marked(content: bytes, trust: Trust) -> bool:
    """Whether a file that cannot be read bears signatures by the authorities that we sign by: their names stand in it.

    A signature lies in a PDF in hexadecimal, with the certificates that it was made by.
    """
    lower = content.lower()
    return any(one.subject.dump().hex().encode() in lower for one in (*trust.roots, *trust.others))


def is_like_a_package(content: bytes) -> bool:
    """Whether an archive has what no archive but a package of ours has, however it was packed or damaged."""
    return all(name in content for name in PACKED)


def masked(name: str) -> str:
    """The first character of a name, and a mark for each other one."""
    return name[:1] + "＊" * max(len(name) - 1, 1) if name else "—"


def digests(content: bytes) -> Digests:
    return Digests(sha256=sha256(content).hexdigest(), sm3=gm.sm3(content))


def signers_of(found: Examined, roles: dict[str, Text]) -> tuple[SignerTold, ...]:
    """The signatures of a file; who is no company is masked."""
    return tuple(_signer(one, roles.get(one.field)) for one in found.signatures)


def _signer(one: SignatureFound, role: Text | None) -> SignerTold:
    return SignerTold(
        role=role,
        name=one.signer if one.signer == one.organisation else masked(one.signer),
        at=one.at,
        issuer=one.issuer,
        trial=one.trial,
        holds=one.signed and one.trusted and one.covers_whole,
        since=SINCE[one.changed_since],
        altered=one.changed_since == "other",
        revision=one.revision,
    )


def stamps_of(stamps: Sequence[StampFound]) -> tuple[StampTold, ...]:
    return tuple(
        StampTold(
            at=one.at,
            authority=one.authority,
            trial=one.trial,
            holds=one.signed and one.trusted and one.covers_whole,
        )
        for one in stamps
    )


def checks_of(found: Examined) -> tuple[Text, ...]:
    """What holds of a file, in words, for whoever wants to know what was looked at."""
    held = []
    signed = [one for one in found.signatures if one.signed and one.trusted]
    stamped = [one for one in found.stamps if one.signed and one.trusted]
    if signed:
        held.append(
            say("{count} of {all} signatures fit the document, by certificates that were valid when they were made.",
                count=len(signed), all=len(found.signatures))
        )  # fmt: skip
    if stamped:
        held.append(
            say("{count} of {all} time stamps fit the whole document.", count=len(stamped), all=len(found.stamps))
        )
    if found.intact:
        held.append(
            say("{count} revisions were compared one by one: nothing but signing happened.", count=found.revisions)
        )
    if found.last_revision_covered:
        held.append(say("The last signature or time stamp reaches to the end of the file."))
    return tuple(held)
