"""What may stand between braces in an admin's words, and what becomes of it."""

import pytest

from forum.texts.placeholders import Call, Links, as_html, as_paragraphs, as_text, dialled, in_html, mistakes

LINKS = Links(("https://a.example/?x=1&y=2", "https://b.example/"), "Read")


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("See {link}", []),
        ("{link} and {link} of {number}", []),
        ("A set {{a, b}} and {link}", []),
        ("See {lnk}\n{link}", ["Line 1: there is no {lnk}. Did you mean {link}?"]),
        ("One\n\nSee {Link}\n{link}", ["Line 3: there is no {Link}. Did you mean {link}?"]),
        ("{link}\r\n{link}\r\n{question}", ["Line 3: there is no {question}. There is: {link}, {number}."]),
        ("{link}\n{link", ["Line 2: a “{” without its “}”. For the sign itself, write “{{”."]),
        ("{link}}", ["Line 1: a “}” without its “{”. For the sign itself, write “}}”."]),
        ("{link}\n{", ["Line 2: a “{” without its “}”. For the sign itself, write “{{”."]),
        ("{link.__class__}{link}", ["Line 1: there is no {link.__class__}. Did you mean {link}?"]),
        ("{link!r}{link}", ["Line 1: there is no {link!r}. Did you mean {link}?"]),
        ("{link:>9}{link}", ["Line 1: there is no {link:>9}. Did you mean {link}?"]),
        ("{0}{link}", ["Line 1: there is no {0}. There is: {link}, {number}."]),
        ("{}{link}", ["Line 1: there is no {}. There is: {link}, {number}."]),
        ("No more.", ["{link} is missing. Without it this text is of no use."]),
        ("{{link}}", ["{link} is missing. Without it this text is of no use."]),
        (
            "{lnk}\n}",
            [
                "Line 1: there is no {lnk}. Did you mean {link}?",
                "Line 2: a “}” without its “{”. For the sign itself, write “}}”.",
                "{link} is missing. Without it this text is of no use.",
            ],
        ),
    ],
)
def test_a_mistake_is_told_with_its_line_and_what_was_meant(words, found):
    assert mistakes(words, ["link", "number"], ["link"]) == found


def test_where_there_are_no_placeholders_none_is_offered():
    assert mistakes("{name}", []) == ["Line 1: there is no {name}, nor any other placeholder in this text."]


@pytest.mark.parametrize(
    ("words", "text", "html"),
    [
        ("Call {number}!", "Call 119!", 'Call <a href="tel:119">119</a>!'),
        ("{{ <b> }} & {name}", "{ <b> } & <i>Ada</i>", "{ &lt;b&gt; } &amp; &lt;i&gt;Ada&lt;/i&gt;"),
        (
            "{links}",
            "https://a.example/?x=1&y=2\nhttps://b.example/",
            'Read: <a href="https://a.example/?x=1&amp;y=2">https://a.example/?x=1&amp;y=2</a><br>'
            'Read: <a href="https://b.example/">https://b.example/</a>',
        ),
        ("{gone} {", "{gone} {", "{gone} {"),
        ("{name}{name}", "<i>Ada</i><i>Ada</i>", "&lt;i&gt;Ada&lt;/i&gt;&lt;i&gt;Ada&lt;/i&gt;"),
        ("", "", ""),
    ],
)
def test_values_stand_in_their_place_and_are_escaped_in_html_alone(words, text, html):
    values = {"number": Call("119"), "name": "<i>Ada</i>", "links": LINKS}

    assert (as_text(words, values), as_html(words, values)) == (text, html)


def test_a_value_is_not_read_for_placeholders():
    assert as_text("{name}", {"name": "{number}", "number": 7}) == "{number}"


def test_an_empty_line_ends_a_paragraph():
    assert as_paragraphs("One\ntwo\n\nthree", {}) == "<p>One<br>two</p>\n\n<p>three</p>"
    assert as_paragraphs("", {}) == ""


def test_in_html_a_value_is_mere_text():
    html = '<p title="{number}">Call {number}, {{so}}</p>'

    assert in_html(html, {"number": Call("1&1")}) == '<p title="1&amp;1">Call 1&amp;1, {so}</p>'


@pytest.mark.parametrize(
    ("written", "dials"), [("119", "119"), ("0120-279-338", "0120279338"), ("+886 2 2345 6789", "+886223456789")]
)
def test_a_number_is_dialled_without_what_divides_it(written, dials):
    assert dialled(written) == dials
    assert Call(written).__html__() == f'<a href="tel:{dials}">{written}</a>'
