"""Errors in words: what happened, and where to go from there. Nothing here may need a login, or fail again."""

from urllib.parse import quote

from fastapi import Request, Response

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


def page(request: Request, status: int, message: Text) -> Response:
    """The answer to a request that was refused: the login for strangers, a sentence for scripts, a page for people."""
    if status == 401:
        return render.go(request, login_url(request))
    tongue = render.tongue(request)
    sentence = message.within(tongue.language)
    if render.by_htmx(request):
        return render.refuse(sentence, status)
    heading = tongue.show(HEADINGS.get(status, BROKEN))
    return render.fragment(request, "failure.html", status=status, heading=heading, sentence=sentence)


def login_url(request: Request) -> str:
    """The login, with the way back to a page that was asked for. What was sent cannot be asked for again."""
    wanted = request.url.path if request.method == "GET" and not render.by_htmx(request) else ""
    if request.url.query and wanted:
        wanted += f"?{request.url.query}"
    return f"/login?next={quote(wanted)}" if wanted not in ("", "/") else "/login"
