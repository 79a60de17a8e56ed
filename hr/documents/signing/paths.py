"""From a certificate to a root that is trusted: what pyHanko validates with, as of an instant that is handed in."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from pyhanko_certvalidator import ValidationContext

from hr.documents.signing.keys import Revocation, Trust

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
