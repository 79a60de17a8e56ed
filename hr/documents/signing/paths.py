"""From a certificate to a root that is trusted: what pyHanko validates with, as of an instant that is handed in."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from asn1crypto import x509 as asn1
from cryptography import x509
from cryptography.exceptions import InvalidSignature
from pyhanko_certvalidator import ValidationContext

from hr.documents.signing.keys import Revocation, Trust

_LONGEST = 8  # certificates from one to its root
# What a server outside says is signed a little after the instant at which we asked.
_TOLERANCE = timedelta(minutes=5)


def context(
    trust: Trust, at: datetime, *, known: Iterable[Revocation] = (), essential: bool = True
) -> ValidationContext:
    """A context for validations as of `at`. With `essential` a certificate passes only if something tells that it was
    not revoked; without, that is looked at where it is at hand.

    One context serves one operation; `await context.aclose()` ends it.
    """
    found = tuple(known)
    return ValidationContext(
        trust_roots=list(trust.roots),
        other_certs=trust.others,
        moment=at,
        crls=[*trust.crls, *(crl for each in found for crl in each.crls)],
        ocsps=[ocsp for each in found for ocsp in each.ocsps],
        allow_fetching=trust.fetcher is not None,
        fetcher_backend=trust.fetcher,
        revocation_mode="require" if essential else "soft-fail",
        time_tolerance=_TOLERANCE,
    )


def leads_to(
    certificate: asn1.Certificate, others: Sequence[asn1.Certificate], roots: Sequence[asn1.Certificate]
) -> bool:
    """True if one of the roots issued the certificate, over any of `others`: each signature is checked.

    Times, purposes and revocation are a validation's business, not this one's.
    """
    known, trusted = [*roots, *others], {root.sha256 for root in roots}
    for _ in range(_LONGEST):
        if certificate.sha256 in trusted:
            return True
        issuers = (other for other in known if other.sha256 != certificate.sha256 and _issued(certificate, other))
        found = next(issuers, None)
        if found is None:
            return False
        certificate = found
    return False


def _issued(certificate: asn1.Certificate, issuer: asn1.Certificate) -> bool:
    try:
        load = x509.load_der_x509_certificate
        load(certificate.dump()).verify_directly_issued_by(load(issuer.dump()))
    except (ValueError, TypeError, InvalidSignature):
        return False
    return True
