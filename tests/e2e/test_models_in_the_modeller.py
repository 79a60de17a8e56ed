"""Designers keep their tools: a shipped model opens in bpmn-js and is saved byte for byte as it was."""

import json
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from processes import catalog

ROOT = Path(__file__).resolve().parents[2]
MODULES = ROOT / "web" / "node_modules"
SAVED = """async ([xml, zeebe]) => {
  document.body.innerHTML = '<div id="canvas" style="width: 1200px; height: 800px"></div>';
  const viewer = new BpmnJS({ container: '#canvas', moddleExtensions: { zeebe } });
  const { warnings } = await viewer.importXML(xml);
  const saved = await viewer.saveXML({ format: true });
  return [warnings.map((warning) => warning.message), saved.xml];
}"""

MODELS = sorted(catalog.home().rglob("*.bpmn"))


@pytest.mark.browser
@pytest.mark.parametrize("model", MODELS, ids=lambda path: path.name)
def test_it_comes_back_unchanged(model: Path, browser: Browser) -> None:
    script = MODULES / "bpmn-js" / "dist" / "bpmn-modeler.production.min.js"
    if not script.exists():
        pytest.fail("The packages of the pages are not installed. Run: python deploy/pages.py")
    zeebe = json.loads((MODULES / "zeebe-bpmn-moddle" / "resources" / "zeebe.json").read_text("utf-8"))
    xml = model.read_text("utf-8")
    page = browser.new_page()
    page.add_script_tag(path=script)
    warnings, saved = page.evaluate(SAVED, [xml, zeebe])
    page.close()
    assert warnings == []
    assert saved == xml
