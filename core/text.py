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

# Controls, what turns the direction of what follows, and what is there but never seen: never
# meant, often misused. Joiners stay: Persian and many pictures are written with them.
_CONTROLS = re.compile(
    r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u00ad\u034f\u061c\u180e\u200b\u200e\u200f"
    r"\u202a-\u202e\u2060-\u206f\ufeff\ufff0-\ufffb\ufffe\uffff\U000e0000-\U000e007f]"
)
_LINE_ENDS = re.compile(r"\r\n|[\r\u2028\u2029]")
_SURROGATES = re.compile(r"[\ud800-\udfff]")
_MANY_MARKS = re.compile(
    r"([\u0300-\u036f\u0483-\u0489\u1dc0-\u1dff\u20d0-\u20ff]{3})[\u0300-\u036f\u0483-\u0489\u1dc0-\u1dff\u20d0-\u20ff]+"
)
_LONG_RUN = re.compile(r"[^\x00-\x7f]{9,}")
MOST_MARKS = 8  # on one letter, in any script
MOST_MARKS_IN_A_REQUEST = 100
_BLANK_LETTERS = frozenset("\u115f\u1160\u2800\u3164\uffa0")

_markdown = MarkdownIt("commonmark", {"html": False, "linkify": True, "typographer": False}).enable(
    "linkify"
)
_markdown.disable(["image", "html_block", "html_inline"])
_bleach = bleach.Cleaner(tags=TAGS, attributes=ATTRIBUTES, protocols=PROTOCOLS, strip=True)


def clean_line(text: str | None) -> str:
    """One line of plain text: composed letters, no controls, single spaces."""
    return " ".join(clean_text(text).split())


def clean_text(text: str | None) -> str:
    """Plain text with its line breaks: composed letters, no controls, no piled-up marks.

    What nobody could see, such as a lone joiner, is nothing. Composing may part a letter into more
    marks than may stand on one, so that it is cleaned until nothing changes any more.
    """
    cleaned = _clean_once(text) if text else ""
    while not cleaned.isascii() and (again := _clean_once(cleaned)) != cleaned:
        cleaned = again
    return cleaned


def _clean_once(text: str) -> str:
    text = _SURROGATES.sub("\N{REPLACEMENT CHARACTER}", _LINE_ENDS.sub("\n", text))
    text = _LONG_RUN.sub(_without_piles, _CONTROLS.sub("", text))
    text = _MANY_MARKS.sub(r"\1", unicodedata.normalize("NFC", text))
    text = re.sub(r"\n{3,}", "\n\n", unicodedata.normalize("NFC", text)).strip()
    return text if any(map(_is_seen, text)) else ""


def piles_up(text: str) -> bool:
    """Whether more marks stand on one letter than anybody types.

    Normalising sorts them, which takes a time that grows with the square of their number.
    """
    if text.isascii():
        return False
    marks = 0
    for sign in text:
        if _is_mark(sign):
            marks += 1
            if marks > MOST_MARKS_IN_A_REQUEST:
                return True
        elif unicodedata.category(sign)[0] != "C":
            marks = 0
    return False


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
    plain = clean_line(re.sub(r"[*_`#>\[\]]", "", without_bullets))
    if len(plain) <= longest:
        return plain
    return plain[: longest + 1].rsplit(" ", 1)[0][:longest].rstrip(",.;:") + "…"


def _without_piles(run: re.Match[str]) -> str:
    kept, marks = [], 0
    for sign in run[0]:
        marks = marks + 1 if _is_mark(sign) else 0
        if marks <= MOST_MARKS:
            kept.append(sign)
    return "".join(kept)


def _is_mark(sign: str) -> bool:
    """Whether it is put on the letter before it; the two voiced marks are not called marks."""
    return unicodedata.category(sign)[0] == "M" or sign in "\uff9e\uff9f"


def _is_seen(sign: str) -> bool:
    letter = unicodedata.category(sign)[0] in "LNPS" and sign not in _BLANK_LETTERS
    return letter and not _is_mark(sign)
