"""Errors in words: what happened, and where to go from there. Nothing here may need a login, or fail again."""

from urllib.parse import quote

from fastapi import Request, Response

from api import addresses
from api.pages import render
from kernel.text import Text, say

HEADINGS = {
    400: say("This cannot be done"),
    403: say("This is not for you"),
    404: say("Not found"),
    409: say("Things have moved on"),
    413: say("Too large"),
    503: say("Not available right now"),
}
BROKEN = say("Something failed")
# What the framework says by itself, so that the catalogue knows it.
FRAMEWORK = (say("Invalid multipart data."), say("There was an error parsing the body"))


def page(request: Request, status: int, message: Text) -> Response:
    """The answer to a request that was refused: the login for strangers, a sentence for scripts, a page for people."""
    if status == 401:
        return _login(request)
    tongue = render.tongue(request)
    sentence = message.within(tongue.language)
    if render.by_htmx(request):
        return render.refuse(sentence, status)
    heading = tongue.show(HEADINGS.get(status, BROKEN))
    return render.fragment(request, "failure.html", status=status, heading=heading, sentence=sentence)


def _login(request: Request) -> Response:
    """A script of a page learns that nobody is signed in, and leads there unless something typed would be lost."""
    if render.by_htmx(request):
        return Response(status_code=401, headers={"HX-Redirect": login_url(request)})
    if request.headers.get("accept") == "text/event-stream":  # no page to be led from: the stream ends for good
        return Response(status_code=401)
    return render.go(request, login_url(request))


def login_url(request: Request) -> str:
    """The login, with the way back to the page that was asked for, or whose script asks. What was sent is gone."""
    wanted = addresses.parts(request.headers.get("hx-current-url", "")) if render.by_htmx(request) else request.url
    if request.method != "GET" and not render.by_htmx(request):
        return "/login"
    return _back_to(wanted.path, wanted.query)


def _back_to(path: str, query: str) -> str:
    wanted = f"{path}?{query}" if path and query else path
    return f"/login?next={quote(wanted)}" if wanted not in ("", "/") else "/login"
