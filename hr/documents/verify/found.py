"""What an examination of a signed PDF found, for a page, a command line and a package to tell."""

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from kernel.text import Text

Since = Literal["none", "signatures-only", "other"]


@dataclass(frozen=True, slots=True, kw_only=True)
class SignatureFound:
    """One signature. `at` is what a trusted time stamp says, None without one.

    `signed`: the bytes are those that were signed, by the key of this certificate. `trusted`: the certificate was valid
    at `at` under a root that we trust, by revocation data that lie in the file or at hand. `changed_since` tells what
    later revisions did: nothing, what signing does (signatures, their validation data, time stamps), or anything else.
    """

    field: str
    signer: str
    organisation: str
    issuer: str
    at: datetime | None
    signed: bool
    trusted: bool
    covers_whole: bool
    changed_since: Since
    trial: bool
    revision: int
    bound: Mapping[str, str] = dataclasses.field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class StampFound:
    """A time stamp over the whole document as it was then (PAdES, `ETSI.RFC3161`)."""

    at: datetime
    authority: str
    signed: bool
    trusted: bool
    covers_whole: bool
    trial: bool
    revision: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Examined:
    """All that was found. `intact` is true only without any problem; `trial` if any certificate says 测试.

    `last_revision_covered`: the last signature or time stamp reaches to the end of the file. Where validation data were
    added behind a signature, it does not, and a flipped bit there is shown by the stored hash alone.
    """

    intact: bool
    signatures: tuple[SignatureFound, ...] = ()
    stamps: tuple[StampFound, ...] = ()
    problems: tuple[Text, ...] = ()
    last_revision_covered: bool = False
    revisions: int = 0
    trial: bool = False
