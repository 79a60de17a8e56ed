"""Personal data: sealed at rest, masked in lists and logs, and each table answerable for why it holds them.

`HOLDINGS` is the record of processing (PIPL 51, 55): a test fails for a table that is not in it. Keep-for periods
follow the legal minima (contracts two years after the end, LCL 50 ¶3) with room for one year of arbitration and two
of non-compete.
"""

import re
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from kernel.config import Settings
from kernel.errors import Unavailable
from kernel.text import say

_VERSION = b"\x01"
_ID_BYTES = 4
_NONCE_BYTES = 12


class Unreadable(Unavailable):
    """A sealed datum cannot be opened: its key is not at hand, or the bytes were altered."""


class Cipher:
    """AES-256-GCM under keys derived from secrets: the first one seals, all of them open, so that a secret can be
    replaced.

    A sealed datum is version (1 byte), key id (4), nonce (12), ciphertext and tag. `about` says what the datum is,
    such as `employee.id_number/zhang.wei`, and is authenticated with it: a value moved to another row no longer
    opens.
    """

    def __init__(self, secrets_: Sequence[str]) -> None:
        if not secrets_ or not all(secrets_):
            raise ValueError("A cipher needs at least one secret. Set JIAOJIE_SECRET.")
        keys = [_derive(secret, b"jiaojie sealed data") for secret in secrets_]
        self._keys = {sha256(key).digest()[:_ID_BYTES]: AESGCM(key) for key in keys}
        self._first = sha256(keys[0]).digest()[:_ID_BYTES]

    def seal(self, plain: bytes, *, about: str) -> bytes:
        nonce = secrets.token_bytes(_NONCE_BYTES)
        return _VERSION + self._first + nonce + self._keys[self._first].encrypt(nonce, plain, about.encode())

    def open(self, sealed: bytes, *, about: str) -> bytes:
        """The plain bytes. Raises Unreadable if the key is unknown, or if the bytes or `about` are not those sealed."""
        body = sealed[1 + _ID_BYTES :]
        key = self._keys.get(bytes(sealed[1 : 1 + _ID_BYTES])) if sealed[:1] == _VERSION else None
        if key is None:
            raise Unreadable(
                say(
                    "{about} was sealed with a key that is not at hand. Put the former secret behind the present one "
                    "in JIAOJIE_SECRET, separated by a space.",
                    about=about,
                )
            )
        try:
            return key.decrypt(bytes(body[:_NONCE_BYTES]), bytes(body[_NONCE_BYTES:]), about.encode())
        except InvalidTag:
            raise Unreadable(
                say("{about} was altered after it was sealed. Restore it from a snapshot.", about=about)
            ) from None

    def is_current(self, sealed: bytes) -> bool:
        """False if the datum was sealed with a former secret and should be sealed anew."""
        return bytes(sealed[1 : 1 + _ID_BYTES]) == self._first


def _derive(secret: str, purpose: bytes) -> bytes:
    return HKDF(algorithm=SHA256(), length=32, salt=None, info=purpose).derive(secret.encode())


def cipher(settings: Settings) -> Cipher:
    """The cipher of an installation: the secret in `JIAOJIE_SECRET`, then the former ones after a space each."""
    return Cipher(settings.secret.split())


def mask_id_number(number: str) -> str:
    """An identity number shortened to its ends: area code and the last four. A short text is hidden whole."""
    return f"{number[:4]}…{number[-4:]}" if len(number) >= 15 else "…" * bool(number)


def mask_phone(phone: str) -> str:
    """A telephone number with its middle hidden."""
    return re.sub(r"^(\d{3})\d+(\d{4})$", r"\1…\2", phone)


def mask_mail(address: str) -> str:
    """A mail address with its mailbox hidden but for the ends."""
    return re.sub(r"^(.)[^@]*?([^@]?)@", r"\1…\2@", address)


@dataclass(frozen=True, slots=True, kw_only=True)
class Holding:
    """Why a table holds personal data: who answers for it, what for, on what ground, and for how long.

    `keep_days` counts from the event in `since`; None keeps the rows as long as the person is employed or the
    organisation exists.
    """

    owner: str
    purpose: str
    basis: str = "PIPL 13(2): human resources management"
    keep_days: int | None = None
    since: str = ""


_YEARS_5 = 5 * 365
_CASE = Holding(
    owner="hr",
    purpose="End a labour relation in order and prove it",
    basis="PIPL 13(2), 13(3); LCL 50",
    keep_days=_YEARS_5,
    since="last day",
)
_MASTER = Holding(
    owner="hr", purpose="Employee file and contracts", basis="LCL 7, 50", keep_days=_YEARS_5, since="last day"
)
_NONE = Holding(owner="admin", purpose="Running of the product; no personal data", basis="none needed")

_ENGINE = Holding(
    owner="hr",
    purpose="Carry the processes that people take part in, and tell afterwards who did what",
    basis="PIPL 13(2), 13(3)",
    keep_days=_YEARS_5,
    since="end of the instance",
)
_MODELS = Holding(owner="designer", purpose="Process models and forms; names who deployed them", keep_days=None)
_PASSING = Holding(
    owner="admin",
    purpose="Sign in, and what passes between systems",
    basis="PIPL 13(2)",
    keep_days=3 * 365,
    since="last use",
)

# Tables of other packages stand here by name: whoever adds one says here what it holds of people.
HOLDINGS: dict[str, Holding] = {
    **dict.fromkeys(
        ("instance", "variable", "user_task", "job", "journal", "incident", "case_comment", "case_read"), _ENGINE
    ),
    "delegation": _ENGINE,
    "task_draft": Holding(owner="hr", purpose="What a person has filled in and not sent; goes with the task"),
    **dict.fromkeys(("timer", "subscription", "message", "correlation", "follow_up"), _ENGINE),
    "removed_instance": Holding(
        owner="hr",
        purpose="Tell that a case was deleted, when and why, and the end of its journal; names who deleted it",
        basis="PIPL 47, 51",
    ),
    "legal_hold": Holding(
        owner="hr", purpose="What must not be deleted while a dispute lasts, and who said so", basis="PIPL 13(3)"
    ),
    **dict.fromkeys(
        ("audit", "batch_operation", "batch_item"),
        Holding(owner="admin", purpose="Tell who did what to versions and to many cases at once", basis="PIPL 51, 54"),
    ),
    **dict.fromkeys(
        ("retention", "worker_seen"), Holding(owner="admin", purpose="Running of the product; names who set it")
    ),
    **dict.fromkeys(("definition", "deployment", "deployment_entry", "resource", "proposal", "proposal_file"), _MODELS),
    **dict.fromkeys(
        ("project", "draft", "draft_revision", "draft_aside", "scenario_run"),
        Holding(owner="designer", purpose="Process models and forms in the making; names who changed them and when"),
    ),
    **dict.fromkeys(
        ("sandbox", "sandbox_file", "sandbox_step"),
        Holding(owner="designer", purpose="Drafts being tried on invented people; names who tried them and when"),
    ),
    "document": Holding(owner="hr", purpose="Files that programs keep for a case, until they expire or are deleted"),
    "saved_filter": Holding(owner="admin", purpose="Searches that an operator named; may hold what was searched for"),
    **dict.fromkeys(("start_subscription", "start_timer", "trial_clock"), _NONE),
    **dict.fromkeys(("session", "api_client", "rate_window"), _PASSING),
    "department": Holding(owner="hr", purpose="Organisation chart: names the heads"),
    "employee": _MASTER,
    "contract": _MASTER,
    "account": Holding(owner="it", purpose="Sign in and rights", keep_days=365, since="last day"),
    "asset": Holding(owner="administration", purpose="Who holds which thing of the company"),
    "holiday": _NONE,
    "running_number": _NONE,
    "stored_file": Holding(owner="hr", purpose="Contents of files; goes with its last use", since="last use"),
    "file_use": _CASE,
    "evidence": Holding(
        owner="hr",
        purpose="Proof of each act in a dispute",
        basis="PIPL 13(3); Civil evidence rules 93-94",
        keep_days=_YEARS_5,
        since="last day",
    ),
    "offboarding_case": _CASE,
    "handover_list": _CASE,
    "handover_item": _CASE,
    "item_comment": _CASE,
    "signature": _CASE,
    "asset_line": _CASE,
    "asset_note": _CASE,
    "certificate": _CASE,
    "open_record": _CASE,
    "course_record": Holding(
        owner="hr",
        purpose="Proof that the person was trained in confidentiality",
        keep_days=_YEARS_5,
        since="last day",
    ),
    **dict.fromkeys(
        ("enrolment", "lesson_progress", "scorm_state", "exam", "exam_mark", "training_certificate"),
        Holding(
            owner="hr",
            purpose="Train the person, and prove that they were and what they knew",
            basis="LCL 4, 23; PIPL 13(2)",
            keep_days=_YEARS_5,
            since="last day",
        ),
    ),
    "learning_visit": Holding(
        owner="hr", purpose="Count learning on one device at a time", keep_days=90, since="its end"
    ),
    "learning_statement": _NONE,
    **dict.fromkeys(
        ("course", "course_version", "course_media"),
        Holding(owner="hr", purpose="Courses and their files; names who saved them"),
    ),
    "agreement_record": Holding(
        owner="hr",
        purpose="Which confidentiality agreements the person signed",
        keep_days=_YEARS_5,
        since="last day",
    ),
    "delivery": Holding(
        owner="hr",
        purpose="Messages in the app, and proof of each reminder in a dispute",
        basis="PIPL 13(2); Civil evidence rules 93-94",
        keep_days=_YEARS_5,
        since="last day",
    ),
    "message_template": _NONE,
    **dict.fromkeys(
        ("agreement", "agreement_signer", "signing_code", "page_read"),
        Holding(
            owner="hr",
            purpose="Sign agreements with a person and prove it",
            basis="PIPL 13(2); ESL 5-8, 13; LCL 23, 50",
            keep_days=_YEARS_5,
            since="end of the agreement, or the last day if that is later",
        ),
    ),
    "signing_visit": Holding(owner="hr", purpose="Let a signer in by link and code", keep_days=1, since="last use"),
    "consent": Holding(
        owner="hr",
        purpose="Prove what a person agreed to, and until when",
        basis="PIPL 14, 29",
        keep_days=_YEARS_5,
        since="withdrawal, or the last day",
    ),
    "secret_contact": Holding(
        owner="hr",
        purpose="The ground on which a non-compete may be agreed",
        basis="LCL 23, 24",
        keep_days=_YEARS_5,
        since="last day",
    ),
    **dict.fromkeys(
        ("agreement_batch", "agreement_batch_item"),
        Holding(owner="hr", purpose="Send or seal many agreements at once; names to whom and by whom"),
    ),
    **dict.fromkeys(
        ("agreement_text", "agreement_text_version"),
        Holding(owner="hr", purpose="Texts of agreements; names who saved them"),
    ),
    "evidence_anchor": _NONE,
    "authority_key": _NONE,
    "issued_certificate": Holding(
        owner="hr",
        purpose="Tell which certificate a signature was made with; names the signer",
        basis="ESL 16-24",
        keep_days=_YEARS_5,
        since="issue",
    ),
}


def unlisted(tables: Sequence[str]) -> list[str]:
    """The tables that nobody answers for."""
    return sorted(set(tables) - set(HOLDINGS))
