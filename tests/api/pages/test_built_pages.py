"""What the set-up built: small where phones fetch it, compressed, cached for good, with every notice."""

import json
import re
from collections.abc import Callable
from pathlib import Path

import httpx
import pytest
from babel.messages.extract import extract

from api import assets
from api.pages import render
from kernel.text import translate

ROOT = Path(__file__).parents[3]
KB = 1024


def test_the_inbox_script_stays_small() -> None:
    name = assets.read_manifest().url("src/inbox.js").removeprefix(assets.URL)
    assert (assets.BUILD / name).stat().st_size <= 60 * KB
    assert (assets.BUILD / f"{name}.gz").stat().st_size <= 20 * KB


def test_the_inbox_loads_nothing_but_its_own_script() -> None:
    assert list(assets.read_manifest().preloads("src/inbox.js")) == []


def test_nothing_built_leads_to_another_host() -> None:
    for file in (assets.BUILD / "assets").glob("*.css"):
        found = re.findall(r"url\(\s*['\"]?(?:https?:)?//[^)]+\)", file.read_text(encoding="utf-8"))
        assert found == [], file.name


@pytest.mark.parametrize(("encoding", "sent"), [("br, gzip", "br"), ("gzip", "gzip"), ("identity", None)])
def test_a_script_is_sent_compressed_and_kept(site: str, encoding: str, sent: str | None) -> None:
    url = assets.read_manifest().url("src/inbox.js")
    with httpx.stream("GET", f"{site}{url}", headers={"accept-encoding": encoding}, timeout=60) as answer:
        assert answer.status_code == 200
        assert answer.headers.get("content-encoding") == sent
        assert answer.headers["content-type"].startswith("text/javascript")
        assert "immutable" in answer.headers["cache-control"]


def test_pages_are_never_stored(sign_in: Callable[[str], httpx.Client]) -> None:
    assert sign_in("hr").get("/inbox").headers["cache-control"] == "no-store"


def test_pages_hold_no_script_and_no_handler_of_their_own(sign_in: Callable[[str], httpx.Client]) -> None:
    hr = sign_in("hr")
    for url in ("/inbox", "/start", "/cases", "/people", "/messages", "/me", "/about", "/login"):
        page = hr.get(url).text
        scripts = re.findall(r"<script(?![^>]*(?:src=|application/json))[^>]*>", page)
        assert scripts == [], url
        assert not re.search(r"\son[a-z]+\s*=", page), url
        assert "javascript:" not in page, url
    assert "script-src 'self';" in hr.get("/inbox").headers["content-security-policy"]


def test_every_notice_is_on_the_about_page(site: str) -> None:
    page = httpx.get(f"{site}/about").text
    installed = json.loads((ROOT / "web" / "package.json").read_text(encoding="utf-8"))["dependencies"]
    for name in ("bpmn-js", "@bpmn-io/form-js-viewer", "htmx.org", "signature_pad", "flatpickr"):
        assert name in installed
        assert name in page


def test_a_build_that_is_missing_is_told_with_the_remedy(tmp_path: Path) -> None:
    with pytest.raises(LookupError, match="deploy/pages.py"):
        assets.read_manifest(tmp_path)


def test_the_lock_names_no_registry() -> None:
    lock = (ROOT / "web" / "package-lock.json").read_text(encoding="utf-8")
    assert '"resolved"' not in lock


def test_every_sentence_of_the_pages_is_in_chinese() -> None:
    sentences: set[str] = set()
    sources = [(path, "jinja2.ext:babel_extract", "_") for path in render.TEMPLATES.rglob("*.html")]
    sources += [(path, "python", "say") for path in (ROOT / "api" / "pages").glob("*.py")]
    for path, method, keyword in sources:
        with path.open("rb") as file:
            for _, message, _, _ in extract(method, file, {keyword: None}):
                sentences.add(message if isinstance(message, str) else message[0])
    assert len(sentences) > 150
    assert {s for s in sentences if translate(s, "zh-CN") == s} <= {"{n}"}


def test_every_icon_that_a_template_names_is_in_the_sprite() -> None:
    sprite = (assets.BUILD / assets.read_manifest().url("icons.svg").removeprefix(assets.URL)).read_text()
    drawn = set(re.findall(r'<symbol id="([^"]+)"', sprite))
    named: set[str] = set()
    for path in render.TEMPLATES.rglob("*.html"):
        text = path.read_text(encoding="utf-8")
        named |= set(re.findall(r"icon\('([^']+)'", text)) | set(re.findall(r"m\.empty\('([^']+)'", text))
    assert named <= drawn
