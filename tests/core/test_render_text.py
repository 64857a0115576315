"""Markdown of users becomes a few harmless tags: two cleaners agree on it, and nothing runs."""

import re
from time import process_time
from urllib.parse import urlsplit
from xml.etree.ElementTree import Element

import bleach
import html5lib
import nh3
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core import text
from core.text import ATTRIBUTES, MAX_TEXT, PROTOCOLS, TAGS, render

HTML = "{http://www.w3.org/1999/xhtml}"
ALLOWED = {"href", "title", "start", "rel"}

PIECES = st.sampled_from(
    [
        "<script>alert(1)</script>", "<img src=x onerror=alert(1)>", "<svg onload=alert(1)>",
        "<math><mtext></form><form>", "<style>*{}</style>", "<!--", "-->", "<![CDATA[", "]]>",
        "<noscript><p title='</noscript><img src=x onerror=alert(1)>'>", "</textarea>", "<p",
        "[x](javascript:alert(1))", "[x](<data:text/html,<b>>)", "![x](https://e.example/x.png)",
        "<https://example.org>", "www.example.org", "[a]: javascript:alert(1)", "[a]", "`", "```\n",
        "> ", "- ", "1) ", "# ", "###### ", "**", "_", "\n", "\n\n", "    ", "&lt;", "&#106;", "\\",
        "{{7*7}}", "{% x %}", '"', "'", " onmouseover=", "\t", "é", "\u202e", "x",
    ]
)  # fmt: skip


def elements(html: str) -> list[Element]:
    """What a browser makes of it, without the frame that the parser adds."""
    root = html5lib.parseFragment(html, container="div")
    return [element for element in root.iter() if element is not root]


def assert_harmless(html: str) -> None:
    for element in elements(html):
        tag = str(element.tag).removeprefix(HTML)
        assert tag in TAGS, html
        assert set(element.attrib) <= ALLOWED, html
        if (href := element.get("href")) is not None:
            assert urlsplit(href.strip()).scheme in PROTOCOLS | {""}, html
            assert element.get("rel") == "nofollow ugc noopener"


@settings(max_examples=120)
@given(st.lists(PIECES, max_size=12).map("".join) | st.text(max_size=200))
def test_nothing_outside_the_short_list_of_tags_comes_out(source: str) -> None:
    assert_harmless(render(source))


@settings(max_examples=120)
@given(st.lists(PIECES, max_size=12).map("".join) | st.text(max_size=200))
def test_the_two_cleaners_agree(source: str) -> None:
    """nh3 finds nothing to take from what bleach let through, but adds what links tell."""
    once = render(source)
    without_rel = once.replace(' rel="nofollow ugc noopener"', "")
    again = bleach.clean(
        without_rel, tags=TAGS, attributes=ATTRIBUTES, protocols=PROTOCOLS, strip=True
    )

    assert elements_alike(again, without_rel)


def elements_alike(left: str, right: str) -> bool:
    def flat(html: str) -> list[tuple[str, dict[str, str], str, str]]:
        return [
            (str(each.tag), dict(each.attrib), each.text or "", each.tail or "")
            for each in elements(html)
        ]

    return flat(left) == flat(right)


@pytest.mark.parametrize(
    "address",
    [
        "javascript:alert(1)", "JaVaScRiPt:alert(1)", "java\tscript:alert(1)", "\x01javascript:x",
        "javascript&#58;alert(1)", "&#106;avascript:alert(1)", "vbscript:x", "data:text/html,x",
        "file:///etc/passwd", "blob:x", "  javascript:alert(1)", "javascript&colon;alert(1)",
        "feed:javascript:alert(1)", "tel:1", "ftp://example.org/x",
    ],
)  # fmt: skip
@pytest.mark.parametrize("form", ["[x]({})", "[x](<{}>)", "<{}>", "[x][a]\n\n[a]: {}", "{}"])
def test_a_link_that_would_run_or_open_something_else_is_no_link(form: str, address: str) -> None:
    html = render(form.format(address))

    assert_harmless(html)


@pytest.mark.parametrize(
    "markup",
    [
        '<noscript><p title="</noscript><img src=x onerror=alert(1)>">',
        '<math><mtext><table><mglyph><style><!--</style><img title="--&gt;&lt;img onerror=x&gt;">',
        '<svg></p><style><a id="</style><img src=1 onerror=alert(1)>">',
        "<form><math><mtext></form><form><mglyph><style></math><img src onerror=alert(1)>",
        "<a href='javascript:alert(1)'>x</a><iframe src=//evil.example>",
        "<template><script>alert(1)</script></template>",
        "<details open ontoggle=alert(1)>",
        "<p style='background:url(javascript:alert(1))'>",
        "<base href=//evil.example><meta http-equiv=refresh content=0>",
        "`<script>alert(1)</script>`",
        "    <script>alert(1)</script>",
        "```html\n<script>alert(1)</script>\n```",
        '[<img src=x onerror=alert(1)>](https://example.org "<script>")',
    ],
)
def test_markup_is_shown_as_it_was_typed_and_does_nothing(markup: str) -> None:
    html = render(markup)

    assert_harmless(html)
    assert "onerror" not in "".join(str(each.attrib) for each in elements(html))


@pytest.mark.parametrize("asleep", ["bleach", "nh3"])
@pytest.mark.parametrize(
    "markup",
    [
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        "<p onclick=alert(1) style='color:red' id=x class=y>x</p>",
        "<a href='javascript:alert(1)' target=_blank>x</a>",
        "<a href='data:text/html,x'>x</a>",
        "<svg><style><img src=x onerror=alert(1)></style></svg>",
        "<iframe src=//evil.example></iframe><form action=//evil><input name=a></form>",
        "<h1>x</h1><table><td>x</td></table><details open>x</details>",
    ],
)
def test_each_cleaner_alone_would_do_if_markdown_let_something_through(
    monkeypatch: pytest.MonkeyPatch, asleep: str, markup: str
) -> None:
    monkeypatch.setattr(text._markdown, "render", lambda source: source)
    if asleep == "bleach":
        monkeypatch.setattr(text._bleach, "clean", lambda html: html)
    else:
        monkeypatch.setattr(nh3, "clean", lambda html, **_rules: html)

    for element in elements(render(markup)):
        assert str(element.tag).removeprefix(HTML) in TAGS
        assert set(element.attrib) <= ALLOWED
        assert urlsplit(element.get("href") or "").scheme in PROTOCOLS | {""}


def test_what_a_text_may_hold_is_kept() -> None:
    html = render(
        "# One\n\n##### Deep\n\n**bold** and *soft*, see <https://example.org>, me@example.org\n\n"
        '3. third\n4. fourth\n\n> quoted\n\n`code`\n\n---\n\n[home](/rounds "Rounds")'
    )

    assert "<h3>One</h3>" in html
    assert "<h4>Deep</h4>" in html
    assert "<strong>bold</strong> and <em>soft</em>" in html
    assert re.search(r'<a href="https://example.org"[^>]*rel="nofollow ugc noopener"', html)
    assert 'href="mailto:me@example.org"' in html
    assert '<ol start="3">' in html
    assert "<blockquote>" in html
    assert 'href="/rounds" title="Rounds"' in html


def test_a_text_longer_than_allowed_is_not_rendered() -> None:
    render("x" * MAX_TEXT)

    with pytest.raises(ValueError, match=str(MAX_TEXT)):
        render("x" * (MAX_TEXT + 1))


@pytest.mark.parametrize(
    "unit",
    [
        ">", "> ", "- ", "* ", "[", "![", "](", "*", "_", "**a", "`", "<", "<a", "&", "\\", "1. ",
        "#", "a@", "http://", "www.a.", "[a](", "<!--", "\t", "*a_ ", "[](", "a**b", "~", '"', "(",
        "\n", "> - ", "[a]: b\n", "a.b@c.", "://a",
    ],
)  # fmt: skip
def test_the_worst_text_is_rendered_in_time_that_a_reader_waits(unit: str) -> None:
    """A bound against times that grow with the square, far above what a loaded machine takes."""
    source = (unit * MAX_TEXT)[:MAX_TEXT]
    began = process_time()

    html = render(text.clean_text(source))

    assert process_time() - began < 10
    assert_harmless(html)
