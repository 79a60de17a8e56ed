"""The link by which a signer comes in without a login: for this signer alone, and never kept anywhere.

It is made anew from the signer's row whenever it goes out. Who prepared the agreement, HR and administrators cannot
copy it from a list of messages: what is kept of a message has a mark in its place. The link alone opens nothing; the
code that goes to the signer's phone or mail does.
"""

import hmac
import re
from hashlib import sha256

from hr.agreements.tables import AgreementSigner
from kernel.db import Unit

MARK = re.compile(r"⟦sign:(\d{1,18})⟧")
_TOKEN = re.compile(r"(\d{1,18})-([0-9a-f]{40})")
_LENGTH = 40  # hexadecimal digits: 160 bits


def mark(signer: AgreementSigner) -> str:
    """What stands in the place of the link in a message that is kept."""
    return f"⟦sign:{signer.id}⟧"


def link(secret: str, signer: AgreementSigner) -> str:
    """The token of the signer's link, as it stands behind `/s/`. `secret`: the present one, then former ones."""
    return f"{signer.id}-{_proof(secret.split()[0], signer)}"


def signer_of(unit: Unit, secret: str, token: str) -> AgreementSigner | None:
    """Whose link it is; None for one that is none, or that a newer one has made void."""
    found = _TOKEN.fullmatch(token)
    signer = unit.session.get(AgreementSigner, int(found[1]), populate_existing=True) if found else None
    if found is None or signer is None or signer.login is None:
        return None
    proofs = [_proof(each, signer) for each in secret.split()]
    return signer if any([hmac.compare_digest(found[2], proof) for proof in proofs]) else None


def written(unit: Unit, secret: str, address: str, text: str, recipient: str) -> str:
    """A message as it goes out: each mark becomes the link, where it is the recipient's own. `address` is the public
    one of this product.

    A mark of someone else's, which anyone could write into a text, stays out.
    """

    def replaced(found: re.Match[str]) -> str:
        signer = unit.session.get(AgreementSigner, int(found[1]))
        mine = signer is not None and signer.login == recipient
        return f"{address}/s/{link(secret, signer)}" if signer is not None and mine else ""

    return MARK.sub(replaced, text)


def hidden(text: str, instead: str) -> str:
    """A message as it is shown to readers: `instead` where the link stood."""
    return MARK.sub(instead, text)


def _proof(secret: str, signer: AgreementSigner) -> str:
    key = hmac.digest(secret.encode(), b"jiaojie signing link", "sha256")
    told = f"{signer.id}\n{signer.login}\n{signer.nonce}"
    return hmac.new(key, told.encode(), sha256).hexdigest()[:_LENGTH]
