"""Markdown to safe HTML: the one place where text becomes markup."""

import re
from collections.abc import Iterable

import nh3
from markdown_it import MarkdownIt

ALLOWED_TAGS = {"h2", "h3", "h4", "p", "ol", "ul", "li", "strong", "em", "a", "blockquote", "br", "hr"}
ALLOWED_ATTRIBUTES = {"a": {"href", "title"}, "ol": {"start"}}
LINK = re.compile(r"!?\[(?P<words>[^\[\]\n]*)\]\(\s*<?(?P<address>[^\s<>()]+)>?(?:\s[^()\n]*)?\)")
AUTOLINK = re.compile(r"<(https?://[^\s<>]+)>", re.IGNORECASE)
DEFINITION = re.compile(r"^[ >]*\[[^\]\n]+\]:\s*<?([^\s<>]+).*$", re.MULTILINE)
_markdown = MarkdownIt("commonmark", {"html": False, "linkify": False})
_markdown.validateLink = lambda url: url.lower().startswith(("http://", "https://"))


def render_markdown(text: str) -> str:
    """HTML of a Markdown text: headings, lists, emphasis, quotes, http(s) links; all else is dropped or stays text.

    A first-level heading becomes a second-level one, since the page has its own title.
    """
    tokens = _markdown.parse(text)
    for token in tokens:
        if token.type in ("heading_open", "heading_close"):
            token.tag = {"h1": "h2", "h5": "h4", "h6": "h4"}.get(token.tag, token.tag)
    html = _markdown.renderer.render(tokens, _markdown.options, {})
    return nh3.clean(
        html,
        tags=ALLOWED_TAGS,
        attributes=ALLOWED_ATTRIBUTES,
        url_schemes={"http", "https"},
        link_rel="noopener nofollow",
    )


def linked_addresses(text: str) -> list[str]:
    """The addresses that the links of a Markdown text lead to, in order."""
    inline = [child for token in _markdown.parse(text) for child in token.children or []]
    return [child.attrGet("href") for child in inline if child.type == "link_open"]


def without_other_links(text: str, allowed: Iterable[str]) -> str:
    """The Markdown text with links to other addresses than these reduced to their words."""
    allowed = set(allowed)
    text = LINK.sub(lambda link: link[0] if link["address"] in allowed else link["words"], text)
    text = AUTOLINK.sub(lambda link: link[0] if link[1] in allowed else link[1], text)
    text = DEFINITION.sub(lambda link: link[0] if link[1] in allowed else "", text)
    if set(linked_addresses(text)) - {_markdown.normalizeLink(address) for address in allowed}:
        text = text.replace("](", "] (")  # of a shape that LINK does not know
    return text
