"""The company's seal on a document of its own: a certificate that it issues, in the field `seal`."""

from hr.documents.signing import pades
from tasks.handlers.operation import World
from tasks.seals import seal_line


def sealed(world: World, pdf: bytes, reason: str) -> bytes:
    """The PDF under the company's seal, with time stamps (PAdES B-LTA). `reason` is what the signature gives.

    Asks the key and a time authority: call it outside of transactions. Raises Unavailable while one of them is away.
    """
    key = world.company_key
    return pades.seal(
        pdf,
        field="seal",
        key=key,
        time=world.time,
        trust=world.trust,
        organisation=world.settings.organisation,
        note=seal_line(key, world.settings.seal_name),
        reason=reason,
        at=world.clock.now(),
    )


def authority(world: World) -> str:
    """Who vouches for the company's key, as its certificate names them."""
    named: str = world.company_key.certificate.issuer.human_friendly
    return named
