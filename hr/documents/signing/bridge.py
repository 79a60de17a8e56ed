"""Our keys and time authorities in the shapes that pyHanko calls."""

from weakref import WeakKeyDictionary

from asn1crypto import cms, x509
from pyhanko.sign.signers.pdf_cms import Signer
from pyhanko.sign.timestamps import TimeStamper
from pyhanko_certvalidator.registry import SimpleCertificateStore

from hr.documents.signing import stamps
from hr.documents.signing.keys import SigningKey
from hr.documents.signing.stamps import TimeAuthority

_LONGEST_RAW = 1024  # bytes: RSA of 8192 bits
_stampers: WeakKeyDictionary[TimeAuthority, "Stamper"] = WeakKeyDictionary()


class KeySigner(Signer):
    """Signs with a key of ours; the room for its signature is made by the certificate's kind of key."""

    def __init__(self, key: SigningKey) -> None:
        store = SimpleCertificateStore()
        for certificate in key.chain:
            store.register(certificate)
        super().__init__(signing_cert=key.certificate, cert_registry=store)
        self._key = key

    async def async_sign_raw(self, data: bytes, digest_algorithm: str, dry_run: bool = False) -> bytes:
        if dry_run:
            return bytes(min(_LONGEST_RAW, self._key.certificate.public_key.byte_size * 2 + 16))
        return self._key.sign(data, digest_algorithm)


class Stamper(TimeStamper):
    """Asks an authority of ours. What it answered last tells how much room its stamps need, and by whom they are."""

    def __init__(self, authority: TimeAuthority) -> None:
        super().__init__()  # type: ignore[no-untyped-call]  # untyped there
        self._authority = authority
        self.signer: x509.Certificate | None = None

    async def async_timestamp(self, message_digest: bytes, md_algorithm: str) -> cms.ContentInfo:
        token = stamps.ask(self._authority, message_digest, md_algorithm)
        self._note(token, md_algorithm)
        # A fresh object, of which nothing was looked at: that one is written as it came. asn1crypto encodes anew what
        # it has opened, at a cost that grows with each level around it.
        return cms.ContentInfo.load(token)

    def _note(self, token: bytes, algorithm: str) -> None:
        """Remember the stamp, and forget those of another signer: an authority changes its key in time."""
        read = cms.ContentInfo.load(token)
        signer = stamps.signer_of(read)
        if self.signer is None or signer.sha256 != self.signer.sha256:
            self.signer = signer
            self._certs.clear()
            self._dummy_response_cache.clear()
        self._register_dummy(algorithm, read)  # type: ignore[no-untyped-call]  # untyped there
        self._dummy_response_cache[algorithm] = cms.ContentInfo.load(token)


def stamper(authority: TimeAuthority) -> Stamper:
    """The one stamper of an authority, as long as that lives: it asks for a stamp to measure it only once."""
    try:
        return _stampers.setdefault(authority, Stamper(authority))
    except TypeError:  # an authority that nothing can be kept for: it is asked once more at each signature
        return Stamper(authority)
