"""A signing key in a device (PKCS #11): a USB token, a card, a hardware security module. The key never leaves it."""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cached_property
from hashlib import new as hashed
from threading import Lock
from typing import Any

from asn1crypto import x509

from hr.documents.signing import paths
from hr.documents.signing.keys import Revocation
from hr.documents.signing.raw import HASHES
from hr.documents.signing.stamps import common_name
from kernel.errors import Unavailable
from kernel.text import say

_one_at_a_time = Lock()  # a device knows one login of a process


class Pkcs11Key:
    """`SigningKey` by the device's own library (`module`, a path). Each signature is a login of its own.

    `token` and `label` name the token and, on it, the key and its certificate. Nothing is asked of the device before it
    is needed; whatever it refuses is told as Unavailable.
    """

    def __init__(
        self, module: str, *, token: str, pin: str, label: str, roots: tuple[x509.Certificate, ...] = ()
    ) -> None:
        self._module, self._token, self._pin, self._label = module, token, pin, label
        self._roots = roots

    @property
    def name(self) -> str:
        return common_name(self.certificate)

    @cached_property
    def trial(self) -> bool:
        return not paths.leads_to(self.certificate, self.chain, self._roots)

    @property
    def certificate(self) -> x509.Certificate:
        return self._certificates[0]

    @property
    def chain(self) -> tuple[x509.Certificate, ...]:
        return self._certificates[1:]

    @cached_property
    def _certificates(self) -> tuple[x509.Certificate, ...]:
        """The key's certificate, then the others that lie in the device."""
        from pkcs11 import Attribute, ObjectClass

        with self._session() as session:
            found = list(session.get_objects({Attribute.CLASS: ObjectClass.CERTIFICATE}))
            parsed = [(each[Attribute.LABEL], x509.Certificate.load(each[Attribute.VALUE])) for each in found]
        own = [certificate for label, certificate in parsed if label == self._label]
        if not own:
            raise self._trouble(f"there is no certificate {self._label}")
        return (own[0], *(certificate for _, certificate in parsed if certificate is not own[0]))

    def sign(self, data: bytes, digest: str) -> bytes:
        """The raw signature. Raises Unavailable if the device, the token, the PIN or the key is not as it was named."""
        from pkcs11 import KeyType, Mechanism, ObjectClass
        from pkcs11.util.ec import encode_ecdsa_signature

        with self._session() as session:
            key = session.get_key(object_class=ObjectClass.PRIVATE_KEY, label=self._label)
            if key.key_type == KeyType.RSA:
                return bytes(key.sign(data, mechanism=Mechanism[f"{digest.upper()}_RSA_PKCS"]))
            if digest not in HASHES:
                raise self._trouble(f"there is no digest {digest}")
            raw = key.sign(hashed(digest, data).digest(), mechanism=Mechanism.ECDSA)
            return bytes(encode_ecdsa_signature(raw))

    def revocation(self) -> Revocation:
        return Revocation()

    @contextmanager
    def _session(self) -> Iterator[Any]:
        import pkcs11

        with _one_at_a_time:
            try:
                token = pkcs11.lib(self._module).get_token(token_label=self._token)
                with token.open(user_pin=self._pin) as session:
                    yield session
            except (pkcs11.PKCS11Error, RuntimeError, KeyError) as fault:
                raise self._trouble(str(fault) or type(fault).__name__) from fault

    def _trouble(self, why: str) -> Unavailable:
        return Unavailable(
            say(
                "The key {label} of the device {token} cannot be used: {why}. Nothing was signed. See that the device "
                "is connected and that its settings hold.",
                label=self._label,
                token=self._token,
                why=why,
            )
        )
