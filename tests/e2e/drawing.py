"""The BPMN editor of the studio in a real browser, on a project of a designer's."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from engine.model import Resource
from kernel.actor import Actor
from processes import catalog
from processes.studio import projects
from tasks.house import House
from tests.api.pages.browsing import EXPECTED, PASSWORD

ROOT = Path(__file__).resolve().parents[2]
SHIPPED = sorted(catalog.home().rglob("*.bpmn"))
DESIGNER = Actor(id="designer", groups=frozenset({"designer"}))
SMALL = """<?xml version="1.0" encoding="UTF-8"?>
<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL"
  xmlns:bpmndi="http://www.omg.org/spec/BPMN/20100524/DI" xmlns:dc="http://www.omg.org/spec/DD/20100524/DC"
  id="small" targetNamespace="test">
  <bpmn:process id="leave" name="请假" isExecutable="true">
    <bpmn:userTask id="approve" name="审批" />
  </bpmn:process>
  <bpmndi:BPMNDiagram id="diagram">
    <bpmndi:BPMNPlane id="plane" bpmnElement="leave">
      <bpmndi:BPMNShape id="approve_di" bpmnElement="approve">
        <dc:Bounds x="300" y="160" width="100" height="80" />
      </bpmndi:BPMNShape>
    </bpmndi:BPMNPlane>
  </bpmndi:BPMNDiagram>
</bpmn:definitions>
"""
DESK = {"width": 1440, "height": 900}
PHONE = {"width": 390, "height": 844}

Draws = Callable[..., Page]


@pytest.fixture
def draws(browser: Browser, site: str, house: House) -> Iterator[Draws]:
    """Opens a file in the editor, as the designer; in the end no page may have complained, nor asked another host."""
    complaints: list[str] = []
    contexts = []

    def drawn(
        files: dict[str, bytes] | None = None, *, size: dict[str, int] = DESK, language: str = "zh-CN", **more: Any
    ) -> Page:
        content = files or {"leave.bpmn": SMALL.encode()}
        with house.database.transaction() as unit:
            found = [Resource(name=name, content=text) for name, text in content.items()]
            key = projects.create(house.engine, unit, f"试画 {len(contexts)}", found, actor=DESIGNER)
        phone = size is PHONE
        context = browser.new_context(
            base_url=site, viewport=size, locale=language, is_mobile=phone, has_touch=phone, **more
        )  # type: ignore[arg-type]  # a plain dictionary is a ViewportSize
        contexts.append(context)
        context.add_init_script(
            "window.unsaid = []; document.addEventListener('studio:unsaid', e => window.unsaid.push(e.detail));"
        )
        page = context.new_page()
        page.on("console", lambda m: complaints.append(m.text) if m.type == "error" else None)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on(
            "request", lambda r: complaints.append(r.url) if not r.url.startswith((site, "data:", "blob:")) else None
        )
        page.goto("/login")
        page.locator("[name=login]").fill("designer")
        page.locator("[name=password]").fill(PASSWORD)
        page.locator("[name=password]").press("Enter")
        page.wait_for_url("**/studio")
        page.goto(f"/studio/{key}/files/{next(iter(content))}")
        ready(page)
        return page

    yield drawn
    for context in contexts:
        context.close()
    unexpected = [text for text in complaints if not EXPECTED.search(text)]
    assert not unexpected, unexpected


def ready(page: Page) -> None:
    """Wait until the file is drawn and its properties can be edited."""
    page.locator("[data-studio-bpmn][aria-busy=false]").wait_for()
    page.locator(".bpmn-panel .bio-properties-panel-group-header").first.wait_for(state="attached")


def within(page: Page, script: str, argument: Any = None) -> Any:
    """Run a script with the page's editor: `({drawing, modeler, get}, argument) => …`."""
    return page.evaluate(
        f"""argument => {{
          const {{ drawing, modeler }} = document.querySelector('[data-studio-bpmn]').editor;
          return ({script})({{ drawing, modeler, get: name => modeler.get(name) }}, argument);
        }}""",
        argument,
    )


def reference_models(shared: Path) -> list[Path]:
    """What the Model Interchange Working Group draws; skipped where it is absent."""
    found = sorted((shared / "conformance" / "miwg").rglob("*.bpmn"))
    if not found:
        pytest.skip(f"{shared} has no models of the interchange working group")
    return found
