"""Whether a file or a code is genuine: for anyone, without a login. Nothing that is handed in is kept."""

from fastapi import APIRouter, Request, Response
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import UploadFile

from api import addresses, deps, limits
from api.access import EVERYBODY, may
from api.door import Door
from api.limits import Limit
from api.pages import received, render
from kernel.errors import Invalid
from kernel.text import Text, say
from tasks.human import verification
from tasks.human.verdicts import Verdict

router = APIRouter(route_class=Door)

FILES, CODES = Limit("verify-file", 20), Limit("verify-code", 30)


@router.get("/verify", name=may("pages.verify_start", EVERYBODY))
def start(request: Request) -> Response:
    """Where a file is handed in or a code is typed."""
    return _page(request)


@router.post("/verify", name=may("pages.verify_file", EVERYBODY))
async def check(request: Request) -> Response:
    """A file is checked at once; a code leads to its own address."""
    wait = await run_in_threadpool(_spend, request, FILES)
    if wait:
        return _too_often(request, wait)
    try:
        content, code = await _handed_in(request)
        if code and not content:
            return render.go(request, f"/verify/{code}")
        verdict = await run_in_threadpool(_checked, request, content)
    except Invalid as refusal:
        return _page(request, sentence=refusal.message, status=400)
    return _page(request, verdict=verdict)


@router.get("/verify/{code}", name=may("pages.verify", EVERYBODY))
def show(request: Request, code: str) -> Response:
    """What the code on a document stands for; its names in part."""
    wait = _spend(request, CODES)
    if wait:
        return _too_often(request, wait)
    return _page(request, verdict=verification.of_code(deps.house(request), code), code=code.strip().upper())


def _checked(request: Request, content: bytes) -> Verdict:
    if not content:
        raise Invalid(say("Choose a file, or type the code that stands on the document."))
    return verification.of_file(deps.house(request), content)


async def _handed_in(request: Request) -> tuple[bytes, str]:
    """The file and the code of the form, either of them empty. Raises Invalid for what is too large."""
    parts = await received.form(request)
    try:
        file, code = parts.get("file"), str(parts.get("code", "")).strip().upper()
        content = await file.read() if isinstance(file, UploadFile) else b""
    finally:
        await parts.close()
    if not set(code) <= set("0123456789ABCDEF-"):
        raise Invalid(say("A code has letters A to F, digits and hyphens, such as 1A2B-3C4D-5E6F-7081."))
    return content, code


def _spend(request: Request, limit: Limit) -> int:
    """Seconds to wait for whoever has asked too often from this address."""
    house = deps.house(request)
    address = addresses.ip(request.scope) or "unknown"  # all of whom share a window
    with house.database.transaction() as unit:
        return limits.spend(unit, limit, address, house.clock.now())


def _too_often(request: Request, wait: int) -> Response:
    sentence = say("Too much was asked from your address. Try again in {minutes} minutes.", minutes=-(-wait // 60))
    answer = _page(request, sentence=sentence, status=429)
    answer.headers["Retry-After"] = str(wait)
    return answer


def _page(
    request: Request, *, verdict: Verdict | None = None, sentence: Text | None = None, code: str = "", status: int = 200
) -> Response:
    answer = render.fragment(
        request, "verify.html", verdict=verdict, sentence=sentence, code=code, most=verification.MOST, status=status
    )
    answer.headers["Cache-Control"] = "no-store"
    return answer
