"""What no signature covers: the place of the signature itself, and the parts of its CMS that are not signed.

A ByteRange leaves a gap, into which the signature is written in hexadecimal and filled up with zeros. Whoever changes
the filling, the case of a letter or an unsigned part changes the file and breaks no signature: so all of it must be as
a signer writes it (ISO 32000-2, 12.8.1; RFC 5652, 5.1 and 5.3).
"""

import re
from collections.abc import Iterable

from asn1crypto import cms, x509
from cryptography.exceptions import InvalidSignature
from cryptography.x509 import load_der_x509_certificate
from pyhanko.sign.validation.pdf_embedded import EmbeddedPdfSignature

_HEX = re.compile(rb"<(?:[0-9a-f]+|[0-9A-F]+)>")
_UNSIGNED = {"signature_time_stamp_token"}


def gap_is_clean(pdf: bytes, found: EmbeddedPdfSignature) -> bool:
    """The gap holds this signature and zeros behind it, all in one case, between its brackets."""
    first, length, second, _ = (int(bound) for bound in found.byte_range)
    gap = pdf[first + length : second]
    content = cms.ContentInfo.load(found.pkcs7_content)
    written = content.dump().hex().encode()
    return bool(_HEX.fullmatch(gap)) and gap[1:-1].lower() == written.ljust(len(gap) - 2, b"0")


def unsigned_parts_are_plain(signed: cms.SignedData, path: Iterable[x509.Certificate]) -> bool:
    """What a CMS signature does not cover says what it must, and no certificate in there is altered."""
    signer = signed["signer_infos"][0]
    digest = signer["digest_algorithm"]["algorithm"].native
    stamped = signed["encap_content_info"]["content_type"].native == "tst_info"
    unsigned = {attribute["type"].native for attribute in signer["unsigned_attrs"] or ()}
    return (
        len(signed["signer_infos"]) == 1
        and signed["version"].native == ("v3" if stamped else "v1")
        and [algorithm["algorithm"].native for algorithm in signed["digest_algorithms"]] == [digest]
        and signer["version"].native == "v1"
        and unsigned <= (set() if stamped else _UNSIGNED)
        and not signed["crls"]
        and _certificates_hold(signed, tuple(path))
    )


def _certificates_hold(signed: cms.SignedData, path: tuple[x509.Certificate, ...]) -> bool:
    """Each certificate in there stands in the path, or bears the signature of one whose name it gives as issuer."""
    inside = [choice.chosen for choice in signed["certificates"] or () if choice.name == "certificate"]
    known = {one.dump() for one in path}
    issuers = (*path, *inside)
    return len(inside) == len(signed["certificates"] or ()) and all(
        one.dump() in known or _issued_by_its_issuer(one, issuers) for one in inside
    )


def _issued_by_its_issuer(one: x509.Certificate, issuers: Iterable[x509.Certificate]) -> bool:
    """True too where no certificate of that name is at hand: it proves nothing, and nothing is proved by it."""
    named = [issuer for issuer in issuers if issuer.subject == one.issuer]
    return not named or any(_issued(one, issuer) for issuer in named)


def _issued(one: x509.Certificate, issuer: x509.Certificate) -> bool:
    try:
        load_der_x509_certificate(one.dump()).verify_directly_issued_by(load_der_x509_certificate(issuer.dump()))
    except (InvalidSignature, ValueError, TypeError):
        return False
    return True
