"""Every text of the interface can be translated: none stands bare in a template or a refusal."""

import ast
import re

import pytest

from tests.architecture.test_shape import ROOT, name_of, parsed, sources

TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))

COMMENT = re.compile(r"\{#.*?#\}|<!--.*?-->", re.DOTALL)
TRANSLATED = re.compile(r"\{%-?\s*trans\b.*?endtrans\s*-?%\}", re.DOTALL)
CLASSES = re.compile(r"\{% block (?:body_class|layout) %\}.*?\{% endblock %\}", re.DOTALL)
JINJA = re.compile(r"\{\{.*?\}\}|\{%.*?%\}", re.DOTALL)
NOT_READ = re.compile(r"<(script|style|code|pre)\b.*?</\1>", re.DOTALL | re.IGNORECASE)
SPOKEN = re.compile(r"\b(?:aria-label|title|alt|placeholder)\s*=\s*(\"[^\"]*\"|'[^']*')")
TAG = re.compile(r"<[^>]*>", re.DOTALL)
FILE_NAME = re.compile(r"[\w-]*\.(?:zip|py|csv|txt|pb|json)|SHA256SUMS")
WORD = re.compile(r"[^\W\d_]{2,}")
ENTITY = re.compile(r"&#?\w+;")


def test_no_text_stands_bare_in_a_template() -> None:
    bare = {name_of(file): bare_texts(file.read_text()) for file in TEMPLATES}

    assert {name: texts for name, texts in bare.items() if texts} == {}


def test_no_refusal_says_a_bare_sentence() -> None:
    bare = [
        f"{name_of(file)}: {ast.unparse(argument)}"
        for file in sources()
        for node in ast.walk(parsed(file))
        if isinstance(node, ast.Call) and ast.unparse(node.func).endswith("Refusal")
        for argument in [*node.args[2:4], *said_by_name(node)]
        if any(WORD.search(words) for words in literals_of(argument))
    ]
    assert bare == []


def literals_of(argument: ast.expr) -> list[str]:
    """What stands there word for word: the text itself, or the fixed parts of an f-string."""
    parts = argument.values if isinstance(argument, ast.JoinedStr) else [argument]
    return [str(part.value) for part in parts if isinstance(part, ast.Constant)]


def said_by_name(call: ast.Call) -> list[ast.expr]:
    return [word.value for word in call.keywords if word.arg in {"sentence", "next_step"}]


@pytest.mark.parametrize(
    ("markup", "found"),
    [
        ("<p>Cast my ballot</p>", ["Cast my ballot"]),
        ("<p>{{ _('Cast my ballot') }}</p>", []),
        ("<p>{% trans %}Cast my ballot{% endtrans %}</p>", []),
        ('<a aria-label="Main menu" href="/x">{{ x }}</a>', ["Main menu"]),
        ('<a aria-label="{{ _(\'Main\') }}" href="/x">1&nbsp;·&nbsp;2</a>', []),
        ("{# a remark #}<script>var words</script>", []),
    ],
)
def test_a_bare_text_would_be_noticed(markup: str, found: list[str]) -> None:
    assert bare_texts(markup) == found


def bare_texts(source: str) -> list[str]:
    """Texts that a reader sees or hears and that gettext does not."""
    for removed in (COMMENT, TRANSLATED, CLASSES, NOT_READ):
        source = removed.sub(" ", source)
    source = JINJA.sub("\x00", source)
    spoken = [match.group(1)[1:-1] for match in SPOKEN.finditer(source)]
    shown = TAG.sub("\x01", source).split("\x01")
    pieces = [piece for text in shown + spoken for piece in text.split("\x00")]
    words = [piece.strip() for piece in pieces if WORD.search(ENTITY.sub(" ", piece))]
    # What begins with a hyphen is the end of an id that a macro puts together.
    return [word for word in words if not (word.startswith("-") or FILE_NAME.fullmatch(word))]
