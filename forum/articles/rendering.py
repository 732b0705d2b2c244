"""Markdown to safe HTML: the one place where text becomes markup."""

import nh3
from markdown_it import MarkdownIt

ALLOWED_TAGS = {"h2", "h3", "h4", "p", "ol", "ul", "li", "strong", "em", "a", "blockquote", "br", "hr"}
ALLOWED_ATTRIBUTES = {"a": {"href", "title"}, "ol": {"start"}}
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
