"""Every word of the BPMN editor in the reader's language: each kind of element is drawn, each menu and field opened,
while a recorder notes the sentences that have no translation and the page is read for English left in it.
"""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Page

from tests.api.pages.conftest import application, furnished, house, site
from tests.e2e.drawing import Draws, draws, within

__all__ = ["application", "draws", "furnished", "house", "site"]  # the company behind its pages

pytestmark = pytest.mark.browser

WALK = Path(__file__).with_name("walk_the_editor.js").read_text("utf-8")
CHINESE = re.compile(r"[\u4e00-\u9fff]")
WORDS = re.compile(r"[A-Za-z]{2,}")
# Names of things, and what is no sentence: ids, names of rules and of members, the formats' own names.
NAMES = re.compile(
    r"BPMN|SVG|FEEL|DMN|JSON|\w+Variable_\w+|leave|approve|\(?camunda-compat/[\w/-]+\)?|[a-z]+(-[a-z]+)+|\w+_[0-9a-z]{7}"
    r"|(Ctrl|Del)|zeebe:\w+|bpmn:\w+|= ?|fx|\d+%|Powered by bpmn.io"
)


def english(sentences: list[str]) -> list[str]:
    """The sentences that are none of Chinese."""
    return sorted(
        {text for text in sentences if not CHINESE.search(text) and WORDS.search(text) and not NAMES.fullmatch(text)}
    )


def walked(page: Page) -> list[str]:
    """Draw and open everything; the sentences that were read on the page."""
    found: list[str] = within(page, WALK)
    page.locator("[data-do=simulate]").click()
    page.locator(".bpmn .bts-palette").wait_for()
    return found


def test_nothing_is_left_in_english(draws: Draws) -> None:
    page = draws()
    read = walked(page)
    assert len(read) > 400, "the walk has not come far"
    assert english(page.evaluate("window.unsaid")) == []
    assert english(read) == []


def test_readers_of_english_read_english(draws: Draws) -> None:
    page = draws(language="en")
    within(page, "({ drawing }) => { drawing.select('approve'); }")
    assert page.locator(".bio-properties-panel-header-type").inner_text() == "User Task"
    texts = page.locator(".bpmn .djs-palette .entry").evaluate_all("all => all.map(one => one.title)")
    texts += page.locator(".bpmn-panel").all_inner_texts()
    assert [text for text in texts if CHINESE.search(text)] == ["审批"] or not any(
        CHINESE.search(text.replace("审批", "")) for text in texts
    )
