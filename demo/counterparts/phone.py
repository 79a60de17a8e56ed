"""The phone of everybody in the demonstration: text messages and letters as they came in, for a person to read.

A signature needs a one-time code, and the people of the demonstration have no phones of their own.
"""

import re
from datetime import datetime
from html import escape
from typing import Any

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route

from demo.counterparts.systems import state_of

NEWEST = 50
LINK = re.compile(r"https?://[^\s<>\"，。；）〕]+")
CODE = re.compile(r"(?<![\d-])\d{6}(?![\d-])")
PAGE = """<!doctype html>
<html lang="zh-CN"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>演示手机 · Demo phone</title>
<style>
:root {{ color-scheme: light dark; --paper: #eef1f5; --case: #fff; --ink: #1b2430; --quiet: #5b6675; --bubble: #e4ecf7;
  --line: #d5dbe3; --accent: #1f5fbf; }}
@media (prefers-color-scheme: dark) {{ :root {{ --paper: #10151c; --case: #1a212b; --ink: #e6ebf2; --quiet: #9aa6b5;
  --bubble: #26364d; --line: #303a47; --accent: #8db8ff; }} }}
* {{ box-sizing: border-box }}
body {{ margin: 0; background: var(--paper); color: var(--ink); font: 16px/1.5 system-ui, "Noto Sans SC", sans-serif }}
main {{ max-width: 26rem; min-height: 44rem; margin: 2rem auto; padding: 1.25rem; background: var(--case);
  border: 1px solid var(--line); border-radius: 2rem }}
h1 {{ margin: 0; font-size: 1.125rem }}
p {{ margin: 0 }}
.quiet {{ color: var(--quiet); font-size: .875rem }}
form {{ display: flex; gap: .5rem; margin: 1rem 0 }}
input {{ flex: 1; min-width: 0; font: inherit; padding: .5rem .75rem; color: inherit; background: transparent;
  border: 1px solid var(--line); border-radius: 1rem }}
button {{ font: inherit; padding: .5rem 1rem; color: var(--case); background: var(--accent); border: 0;
  border-radius: 1rem }}
:focus-visible {{ outline: 3px solid var(--accent); outline-offset: 2px }}
ol {{ list-style: none; margin: 0; padding: 0; display: grid; gap: 1rem }}
.bubble {{ white-space: pre-wrap; overflow-wrap: anywhere; margin-top: .25rem; padding: .75rem 1rem;
  background: var(--bubble); border-radius: .25rem 1rem 1rem 1rem }}
.bubble strong {{ font-size: 1.25rem; letter-spacing: .1em }}
a {{ color: var(--accent) }}
@media (max-width: 30rem) {{ main {{ min-height: 100vh; margin: 0; border: 0; border-radius: 0 }} }}
</style></head><body><main>
<h1>演示手机 · Demo phone</h1>
<p class="quiet">产品发给每个人的短信和邮件都到这里。<br>Every text message and letter of the product arrives here.</p>
<form method="get"><input name="to" value="{to}" aria-label="手机号或邮箱 · number or address"
 placeholder="手机号或邮箱 · number or address"><button>只看 · Filter</button></form>
{messages}
</main>
<script>setInterval(() => document.activeElement.tagName === 'INPUT' || location.reload(), 3000)</script>
</body></html>
"""
MESSAGE = '<li><p class="quiet">{kind} · {to} · <time>{at}</time></p><div class="bubble">{text}</div></li>'
NONE = '<p class="quiet">还没有消息。 · No message yet.</p>'


async def phone(request: Request) -> Response:
    """What came in, newest first; with `?to=` what went to numbers and addresses that contain it."""
    state = state_of(request)
    to = request.query_params.get("to", "").strip()
    texts = [_text(kept) for kept in state.records["sms"].values()]
    letters = [_letter(kept) for kept in state.mail]
    found = sorted((one for one in texts + letters if to in one["to"]), key=lambda one: one["order"], reverse=True)
    listed = "".join(MESSAGE.format(**{**one, "text": _shown(one["text"])}) for one in found[:NEWEST])
    return HTMLResponse(PAGE.format(to=escape(to, quote=True), messages=f"<ol>{listed}</ol>" if listed else NONE))


def _text(kept: dict[str, Any]) -> dict[str, Any]:
    at, to = kept["acceptedAt"], escape(kept["to"])
    return {"kind": "短信 · SMS", "to": to, "at": _time(at), "text": kept["text"], "order": (at, kept["id"])}


def _letter(kept: dict[str, Any]) -> dict[str, Any]:
    to, text = escape(", ".join(kept["to"])), f"{kept['subject']}\n\n{kept['text'].strip()}"
    return {"kind": "邮件 · Mail", "to": to, "at": _time(kept["at"]), "text": text, "order": (kept["at"], "")}


def _time(at: str) -> str:
    """In the zone of this machine."""
    return f"{datetime.fromisoformat(at).astimezone():%m-%d %H:%M:%S}"


def _shown(text: str) -> str:
    """The text for a page, with addresses to follow and codes to be seen."""
    pieces, last = [], 0
    for link in LINK.finditer(text):
        pieces += [_codes(text[last : link.start()]), f'<a href="{escape(link[0])}">{escape(link[0])}</a>']
        last = link.end()
    return "".join([*pieces, _codes(text[last:])])


def _codes(text: str) -> str:
    return CODE.sub(lambda code: f"<strong>{code[0]}</strong>", escape(text))


ROUTES = [Route("/_phone", phone)]
