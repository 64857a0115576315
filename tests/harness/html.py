"""What every page must be: correct HTML with one heading, a language and a title."""

import re
from xml.etree.ElementTree import Element

import html5lib
from html5lib.html5parser import ParseError

NAMESPACE = "{http://www.w3.org/1999/xhtml}"
# Values that neither end a tag nor name anything, and words without a sign that markup knows.
VALUE = re.compile(
    r'(\s(?:value|href|action|src|content|datetime|hx-post|hx-get))="[^"<>&\0-\x1f]*"'
)
WORDS = re.compile(
    r">[^<>&\"'\0-\x08\x0b-\x1f\x7f-\x9f]*[^<>&\"'\0-\x20\x7f-\x9f\s]"
    r"[^<>&\"'\0-\x08\x0b-\x1f\x7f-\x9f]*<"
)
_clean: set[str] = set()


def parse_page(text: str) -> Element:
    """Parses a whole page; any mistake in its markup is an AssertionError that shows the place."""
    parser = html5lib.HTMLParser(strict=True)
    try:
        root: Element = parser.parse(text)
    except ParseError as error:
        line, column = parser.tokenizer.stream.position()
        around = "\n".join(text.splitlines()[max(0, line - 3) : line])
        raise AssertionError(f"Markup, line {line}, column {column}: {error}\n{around}") from None
    return root


def assert_clean_page(text: str) -> None:
    """Correct markup, one h1, a language, a title, no id twice, no label without its field.

    A page that differs from a clean one in its words and values alone is clean.
    """
    bones = bones_of(text)
    if bones not in _clean:
        _assert_clean(text)
        _clean.add(bones)


def bones_of(text: str) -> str:
    """The page with its plain words and values left out: what decides whether it is clean."""
    return WORDS.sub(">x<", VALUE.sub(r'\1=""', text))


def _assert_clean(text: str) -> None:
    root = parse_page(text)
    assert root.get("lang"), "The page does not say its language."
    title = root.find(f"{NAMESPACE}head/{NAMESPACE}title")
    assert title is not None, "The page has no title."
    assert (title.text or "").strip(), "The page's title is empty."
    headings = list(root.iter(f"{NAMESPACE}h1"))
    assert len(headings) == 1, f"The page has {len(headings)} h1 headings."
    ids = [element.get("id") for element in root.iter() if element.get("id")]
    twice = sorted({name for name in ids if name and ids.count(name) > 1})
    assert not twice, f"These ids stand on the page more than once: {twice}"
    assert_labels_lead_to_fields(root, set(ids))


def assert_labels_lead_to_fields(root: Element, ids: set[str | None]) -> None:
    targets = [label.get("for") for label in root.iter(f"{NAMESPACE}label") if label.get("for")]
    lost = sorted(str(target) for target in targets if target not in ids)
    assert not lost, f"These labels name a field that is not on the page: {lost}"


def text_of(page: str) -> str:
    """The words of a page, as they are read, with single spaces."""
    root = html5lib.parse(page)
    for skipped in ("script", "style", "template"):
        for parent in root.iter():
            for child in parent.findall(f"{NAMESPACE}{skipped}"):
                child.text = ""
    return " ".join(" ".join(root.itertext()).split())
