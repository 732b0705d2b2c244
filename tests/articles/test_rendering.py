import pytest

from forum.articles.rendering import linked_addresses, render_markdown, without_other_links
from tests.html import parse

REL = 'rel="noopener nofollow"'


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("# One", "<h2>One</h2>"),
        ("## Two", "<h2>Two</h2>"),
        ("### Three", "<h3>Three</h3>"),
        ("#### Four", "<h4>Four</h4>"),
        ("##### Five", "<h4>Five</h4>"),
        ("###### Six", "<h4>Six</h4>"),
        ("Heading\n===", "<h2>Heading</h2>"),
        ("one\ntwo", "<p>one\ntwo</p>"),
        ("one  \ntwo", "<p>one<br>\ntwo</p>"),
        ("one\n\ntwo", "<p>one</p>\n<p>two</p>"),
        ("**strong** *em*", "<p><strong>strong</strong> <em>em</em></p>"),
        ("1. **Item**: text\n2. next", "<ol>\n<li><strong>Item</strong>: text</li>\n<li>next</li>\n</ol>"),
        ("3. third\n4. fourth", '<ol start="3">\n<li>third</li>\n<li>fourth</li>\n</ol>'),
        ("- a\n  - b", "<ul>\n<li>a\n<ul>\n<li>b</li>\n</ul>\n</li>\n</ul>"),
        ("> quoted", "<blockquote>\n<p>quoted</p>\n</blockquote>"),
        ("---", "<hr>"),
        ("[a](https://example.org/?x=1&y=2)", f'<p><a href="https://example.org/?x=1&amp;y=2" {REL}>a</a></p>'),
        ('[a](http://example.org "title")', f'<p><a href="http://example.org" title="title" {REL}>a</a></p>'),
        ("<https://example.org/>", f'<p><a href="https://example.org/" {REL}>https://example.org/</a></p>'),
        ("咖啡因", "<p>咖啡因</p>"),
        ("a < b & c", "<p>a &lt; b &amp; c</p>"),
        ("", ""),
    ],
)
def test_markdown_of_the_allowed_set_becomes_markup(text, html):
    assert render_markdown(text).strip() == html


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("<script>alert(1)</script>", "<p>&lt;script&gt;alert(1)&lt;/script&gt;</p>"),
        ("<b onmouseover=x>b</b>", "<p>&lt;b onmouseover=x&gt;b&lt;/b&gt;</p>"),
        ("a <img src=x onerror=alert(1)>", "<p>a &lt;img src=x onerror=alert(1)&gt;</p>"),
        ("![alt](https://example.org/x.png)", "<p></p>"),
        ("`code`", "<p>code</p>"),
        ("```\ncode\n```", "code"),
        ("    indented", "indented"),
        ("www.example.org", "<p>www.example.org</p>"),
        ("[a](/relative)", "<p>[a](/relative)</p>"),
    ],
)
def test_markdown_beyond_the_allowed_set_is_shown_as_text_or_dropped(text, html):
    assert render_markdown(text).strip() == html


@pytest.mark.parametrize(
    "address",
    [
        "javascript:alert(1)",
        "JaVaScRiPt:alert(1)",
        "java\tscript:alert(1)",
        "&#106;avascript:alert(1)",
        "javascript&colon;alert(1)",
        "\x01javascript:alert(1)",
        "data:text/html,<script>alert(1)</script>",
        "data:image/png;base64,aaaa",
        "vbscript:x",
        "file:///etc/passwd",
        "mailto:a@example.org",
        "//example.org",
    ],
)
@pytest.mark.parametrize("form", ["[a]({})", "[a](<{}>)", "[a]: {}\n\n[a]", "<{}>", '<a href="{}">a</a>'])
def test_link_that_is_not_of_the_web_leads_nowhere(address, form):
    page = parse(render_markdown(form.format(address)))

    assert page.all("a") == []


ATTACKS = [
    "<svg onload=alert(1)>",
    "<iframe src=https://example.org></iframe>",
    "<style>*{display:none}</style>",
    "<p style='position:fixed'>x</p>",
    "<math><mtext><table><mglyph><style><img src=x onerror=alert(1)>",
    '[a](https://example.org "x\\" onclick=\\"alert(1)")',
    "[a](https://example.org/\"onclick='alert(1)')",
    "# <form action=https://example.org><input name=password>",
    "<!-- <script>alert(1)</script> -->",
    "1. <object data=x></object>",
]


@pytest.mark.parametrize("text", ATTACKS)
def test_no_text_makes_an_element_or_attribute_beyond_the_allowed_set(text):
    elements = list(parse(render_markdown(text)).walk())

    allowed = {"h2", "h3", "h4", "p", "ol", "ul", "li", "strong", "em", "a", "blockquote", "br", "hr"}
    assert {element.tag for element in elements} <= allowed
    assert {name for element in elements for name in element.attrs} <= {"href", "title", "rel", "start"}


@pytest.mark.parametrize(
    "piece",
    ["[", "*", "_", "`", ">", "> ", "- ", "![", "](", "[a](", "a**b", "*a_ ", "<", "<!--", "&", "\\", "#", "\n"],
)
def test_hostile_text_is_rendered_to_its_end(piece):
    text = piece * (100_000 // len(piece))

    page = parse(render_markdown(f"before\n\n{text}\n\nafter"))

    assert (page.text[:6], page.text[-5:]) == ("before", "after")


def test_deeply_nested_quotes_and_lists_stop_somewhere():
    text = "\n".join(f"{'> ' * depth}- {depth}" for depth in range(200))

    depth = most = 0
    for part in render_markdown(text).split("<"):
        depth += part.startswith(("blockquote", "ul", "li")) - part.startswith(("/blockquote", "/ul", "/li"))
        most = max(most, depth)

    assert (depth, most < 100) == (0, True)


def test_linked_addresses_are_those_of_the_links_a_reader_gets():
    text = "[a](https://a.example/?x=1&y=2) <http://b.example/> [c][1] [d](javascript:x) https://e.example"
    text += "\n\n[1]: https://c.example"

    assert linked_addresses(text) == ["https://a.example/?x=1&y=2", "http://b.example/", "https://c.example"]


LINKS = {
    "[a](https://made.up/)": "a",
    "[a]( <https://made.up/> 'title' )": "a",
    "![a](https://made.up/)": "a",
    "<https://made.up/>": "https://made.up/",
    "[a](https://known.example/)": "[a](https://known.example/)",
    "[a](https://known.example/ 'title')": "[a](https://known.example/ 'title')",
    "<https://known.example/>": "<https://known.example/>",
    "[a][1]\n\n[1]: https://known.example/": "[a][1]\n\n[1]: https://known.example/",
    "[a][1]\n\n[1]: https://made.up/": "[a][1]\n\n",
    "[a](https://made.up/(x))": "[a] (https://made.up/(x))",
    "[a [b]](https://made.up/)": "[a [b]] (https://made.up/)",
    "[a\nb](https://made.up/)": "[a\nb] (https://made.up/)",
}


@pytest.mark.parametrize(("text", "expected"), LINKS.items())
def test_links_to_other_addresses_become_words(text, expected):
    found = without_other_links(text, {"https://known.example/"})

    assert found == expected
    assert [url for url in linked_addresses(found) if "made.up" in url] == []
