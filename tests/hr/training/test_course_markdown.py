"""Lessons as HTML: what an author may show, and what stays words."""

import pytest

from hr.training import markdown

HASH = "0f" * 32


def test_headings_begin_below_those_of_the_page() -> None:
    assert markdown.html("# 一\n\n## 二", "/m/") == "<h3>一</h3>\n<h4>二</h4>\n"
    assert markdown.html("## 一\n\n### 二\n\n###### 六", "/m/") == "<h3>一</h3>\n<h4>二</h4>\n<h6>六</h6>\n"


def test_pictures_come_from_our_media() -> None:
    body = f"![一张图](media:{HASH})"

    assert f'<img src="/m/{HASH}" alt="一张图" loading="lazy" />' in markdown.html(body, "/m/")
    assert markdown.shown_pictures(body + "\n\n" + body) == [HASH]


@pytest.mark.parametrize(
    "body",
    [
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        "![图](https://elsewhere.example/x.png)",
        "![图](data:image/png;base64,AAAA)",
        f"![图](media:{HASH}/../x)",
        "[链接](javascript:alert(1))",
        "[链接](JaVaScRiPt:alert(1))",
        "[链接](data:text/html,x)",
        "[链接](//elsewhere.example)",
        "[链接](/learn)",
        f"[链接](media:{HASH})",
    ],
)
def test_nothing_else_becomes_markup(body: str) -> None:
    made = markdown.html(body, "/m/")

    assert not any(sign in made for sign in ("<script", "<img", "<a href"))
    assert markdown.shown_pictures(body) == []


def test_links_to_the_web_tell_nobody_where_they_come_from() -> None:
    made = markdown.html("[法条](https://flk.npc.gov.cn/x?a=1&b=2)", "/m/")

    assert 'href="https://flk.npc.gov.cn/x?a=1&amp;b=2"' in made
    assert 'rel="noopener noreferrer nofollow" target="_blank"' in made


def test_tables_and_lists_are_there() -> None:
    made = markdown.html("| 一 | 二 |\n|---|---|\n| 1 | 2 |\n\n1. 甲\n2. 乙", "/m/")

    assert "<table>" in made
    assert "<ol>" in made


def test_depth_is_bounded() -> None:
    assert len(markdown.html("> " * 5000 + "深", "/m/")) < 20_000
