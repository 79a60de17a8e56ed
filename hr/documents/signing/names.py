"""Names in certificates with characters younger than Unicode 3.2, such as 𬎆.

Names are compared as RFC 4518 prepares them, and by its tables of 2002 a character that came later is none at all:
asn1crypto refuses such a name wherever it meets it, in our certificates and in those of every other authority. Here it
is compared by its code point instead, and every other name as before.
"""

import stringprep

from asn1crypto import x509


class Attribute(x509.NameTypeAndValue):  # type: ignore[misc]  # untyped there
    """A part of a name, for asn1crypto's own class."""

    def _ldap_string_prep(self, string: str) -> str:
        known = "".join(f"<U+{ord(c):04X}>" if stringprep.in_table_a1(c) else c for c in string)
        return str(super()._ldap_string_prep(known))


def install() -> None:
    """Have asn1crypto read the parts of all names as `Attribute`."""
    x509.RelativeDistinguishedName._child_spec = Attribute
