"""Files of training: the certificate, and the evidence of a person or of a course."""

from fastapi import APIRouter, Request, Response

from api import deps
from api.access import ANYONE, STAFF, may
from api.door import Door
from api.pages.signing.room import pdf
from tasks.human.training import certify, evidence

router = APIRouter(route_class=Door)


@router.get("/training/certificates/{number}.pdf", name=may("pages.training.certificate", ANYONE))
def certificate(request: Request, number: str) -> Response:
    """The certificate, for whoever it is about and for HR."""
    house = deps.house(request)
    with house.database.transaction() as unit:
        content = certify.pdf(house, unit, deps.actor(request), number)
    return pdf(content, number)


@router.get("/training/people/{login}/evidence.zip", name=may("pages.training.evidence.person", ANYONE))
def of_person(request: Request, login: str) -> Response:
    """One's own evidence, or for HR anybody's. Made as it is asked for: it takes a second or two."""
    return _package(evidence.of_person(deps.house(request), deps.actor(request), login), f"training-{login}")


@router.get("/training/courses/{slug}/evidence.zip", name=may("pages.training.evidence.course", STAFF))
def of_course(request: Request, slug: str) -> Response:
    """The evidence of everybody's training in a course."""
    return _package(evidence.of_course(deps.house(request), deps.actor(request), slug), f"course-{slug}")


def _package(content: bytes, name: str) -> Response:
    headers = {"Content-Disposition": f'attachment; filename="{name}-evidence.zip"', "Cache-Control": "no-store"}
    return Response(content, media_type="application/zip", headers=headers)
