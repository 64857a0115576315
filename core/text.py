"""The one place where text of users is cleaned.

A line is plain text; a text is Markdown that becomes a small set of tags. HTML is made once, when
the text is saved, and passes two independent cleaners: bleach, then nh3. Templates may print only
what `render` returned without escaping it.
"""

import re
import unicodedata

import bleach
import nh3
from markdown_it import MarkdownIt

RENDERER_VERSION = 1
MAX_LINE = 200
MAX_TEXT = 10_000

TAGS = frozenset(
    {
        "p",
        "br",
        "strong",
        "em",
        "ul",
        "ol",
        "li",
        "blockquote",
        "a",
        "code",
        "pre",
        "hr",
        "h3",
        "h4",
    }
)
ATTRIBUTES = {"a": ["href", "title"], "ol": ["start"]}
PROTOCOLS = frozenset({"http", "https", "mailto"})

# Controls, and the marks that turn the direction of what follows: never meant, often misused.
_CONTROLS = re.compile(
    r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff\ufff9-\ufffb\ufffe\uffff]"
)
_SURROGATES = re.compile(r"[\ud800-\udfff]")
_MANY_MARKS = re.compile(
    r"([\u0300-\u036f\u0483-\u0489\u1dc0-\u1dff\u20d0-\u20ff]{3})[\u0300-\u036f\u0483-\u0489\u1dc0-\u1dff\u20d0-\u20ff]+"
)

_markdown = MarkdownIt("commonmark", {"html": False, "linkify": True, "typographer": False}).enable(
    "linkify"
)
_markdown.disable(["image", "html_block", "html_inline"])
_bleach = bleach.Cleaner(tags=TAGS, attributes=ATTRIBUTES, protocols=PROTOCOLS, strip=True)


def clean_line(text: str | None) -> str:
    """One line of plain text: composed letters, no controls, single spaces."""
    return " ".join(clean_text(text).split())


def clean_text(text: str | None) -> str:
    """Plain text with its line breaks: composed letters, no controls, no piled-up marks."""
    if not text:
        return ""
    text = _SURROGATES.sub("\N{REPLACEMENT CHARACTER}", text)
    text = unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n"))
    text = _CONTROLS.sub("", text)
    text = _MANY_MARKS.sub(r"\1", text)
    return re.sub(r"\n{3,}", "\n\n", text).strip()


def render(source: str) -> str:
    """HTML of a cleaned Markdown text, safe to print unescaped.

    Raises ValueError above MAX_TEXT characters: long nested input costs the cleaners time.
    """
    if len(source) > MAX_TEXT:
        raise ValueError(f"A text may have {MAX_TEXT} characters at most.")
    html = _markdown.render(source).replace("<h1>", "<h3>").replace("</h1>", "</h3>")
    html = html.replace("<h2>", "<h3>").replace("</h2>", "</h3>")
    html = (
        html.replace("<h5>", "<h4>")
        .replace("</h5>", "</h4>")
        .replace("<h6>", "<h4>")
        .replace("</h6>", "</h4>")
    )
    return nh3.clean(
        _bleach.clean(html),
        tags=set(TAGS),
        attributes={tag: set(names) for tag, names in ATTRIBUTES.items()},
        url_schemes=set(PROTOCOLS),
        link_rel="nofollow ugc noopener",
    )


def excerpt(source: str, longest: int = 160) -> str:
    """The beginning of a text as one plain line, cut at a word."""
    without_bullets = re.sub(r"(?m)^\s*(?:[-*+]|\d+[.)])\s+", "", source)
    plain = re.sub(r"[*_`#>\[\]]", "", clean_line(without_bullets))
    if len(plain) <= longest:
        return plain
    return plain[: longest + 1].rsplit(" ", 1)[0].rstrip(",.;:") + "…"
