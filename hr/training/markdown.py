"""Lessons from Markdown to HTML: no HTML of the author's, pictures from our own media only, links to the web only."""

import re
from collections.abc import Iterator, Sequence
from functools import cache
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.token import Token
from markdown_it.utils import OptionsDict

FIRST_LEVEL, LAST_LEVEL = 3, 6
_PICTURE = re.compile(r"media:([0-9a-f]{64})")
_LINK = re.compile(r"https?://[^\s]+", re.IGNORECASE)


def html(body: str, pictures: str) -> str:
    """The text as HTML, its highest heading at level 3. What is not allowed stays as the words that it is.

    The address of a picture is `pictures` and its hash.
    """
    return str(_parser().render(body, {"pictures": pictures}))


def shown_pictures(body: str) -> list[str]:
    """The hashes of the pictures that a text shows: `![what is seen](media:<hash>)`."""
    tokens = (token for token in _tokens(_parser().parse(body)) if token.type == "image")
    found = (_PICTURE.fullmatch(str(token.attrs.get("src", ""))) for token in tokens)
    return list(dict.fromkeys(match[1] for match in found if match))


def plain(body: str) -> Iterator[tuple[int, str, str]]:
    """The text in pieces as (line from 1, kind, words), where a kind is `article` (a heading), `bullet` or `paragraph`.

    What `hr.agreements.law` reads.
    """
    kind = "paragraph"
    for token in _parser().parse(body):
        if token.type == "heading_open":
            kind = "article"
        elif token.type == "list_item_open":
            kind = "bullet"
        elif token.type in ("heading_close", "bullet_list_close", "ordered_list_close"):
            kind = "paragraph"
        elif token.content and token.type in ("inline", "fence", "code_block"):
            yield (token.map[0] + 1 if token.map else 1), kind, _words(token)


def _words(token: Token) -> str:
    if not token.children:
        return token.content
    return "".join("\n" if "break" in one.type else one.content for one in token.children)


def _tokens(tokens: Sequence[Token]) -> Iterator[Token]:
    for token in tokens:
        yield token
        yield from _tokens(token.children or ())


def _allowed(url: str) -> bool:
    return _LINK.fullmatch(url) is not None or _PICTURE.fullmatch(url) is not None


@cache
def _parser() -> MarkdownIt:
    parser = MarkdownIt("commonmark", {"html": False}, renderer_cls=_Renderer).enable("table")
    parser.validateLink = _allowed  # type: ignore[method-assign]  # markdown-it's own way to say which
    parser.core.ruler.push("levels", _levels)
    return parser


def _levels(state: Any) -> None:
    """The highest heading becomes h3: what is above it is the page's and the lesson's own."""
    headings = [token for token in state.tokens if token.type in ("heading_open", "heading_close")]
    highest = min((int(token.tag[1]) for token in headings), default=FIRST_LEVEL)
    for token in headings:
        token.tag = f"h{min(LAST_LEVEL, int(token.tag[1]) - highest + FIRST_LEVEL)}"


class _Renderer(RendererHTML):
    def image(self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: Any) -> str:
        token = tokens[idx]
        match = _PICTURE.fullmatch(str(token.attrs.get("src", "")))
        if match is None:
            return self.renderInlineAsText(token.children or [], options, env)
        token.attrs = {"src": env["pictures"] + match[1], "alt": "", "loading": "lazy"}
        return super().image(tokens, idx, options, env)

    def link_open(self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: Any) -> str:
        token = tokens[idx]
        if not _LINK.fullmatch(str(token.attrs.get("href", ""))):
            return "<a>"
        token.attrs |= {"rel": "noopener noreferrer nofollow", "target": "_blank"}
        return self.renderToken(tokens, idx, options, env)
