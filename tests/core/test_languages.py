"""What is in another language than the page says so, and nothing else does."""

import pytest
from flask import Flask
from markupsafe import Markup

from core import languages


@pytest.fixture
def page(app: Flask) -> Flask:
    """An application that answers in English."""
    return app


def test_only_another_language_than_the_page_is_marked(page: Flask) -> None:
    with page.test_request_context("/", headers={"Accept-Language": "en"}):
        assert languages.lang_of("pl") == ' lang="pl"'
        assert languages.lang_of("en") == languages.lang_of("") == languages.lang_of(None) == ""


def test_a_foreign_title_in_a_sentence_is_marked_and_escaped(page: Flask) -> None:
    with page.test_request_context("/", headers={"Accept-Language": "en"}):
        title = languages.spoken("Ławki <b> & cień", "pl")
        said = languages.sentence("“%(title)s” costs %(cost)s.", title=title, cost="<5>")

    assert said == Markup('“<span lang="pl">Ławki &lt;b&gt; &amp; cień</span>” costs &lt;5&gt;.')


def test_a_text_in_the_language_of_the_page_is_escaped_alone(page: Flask) -> None:
    with page.test_request_context("/", headers={"Accept-Language": "en"}):
        assert languages.spoken("Benches <b>", "en") == Markup("Benches &lt;b&gt;")


@pytest.mark.parametrize(
    ("typed", "known"),
    [("pl", "pl"), ("PL", "pl"), ("pt-br", "pt-BR"), ("zh-Hant", "zh-Hant"), ("es-419", "es-419"),
     ("", ""), ("xx", ""), ("polish", ""), ("pl_PL", ""), ('pl" onclick="', "")],
)  # fmt: skip
def test_a_tag_is_known_or_left_out(typed: str, known: str) -> None:
    assert languages.known_language(typed) == known


def test_languages_are_offered_by_name_with_those_in_use(page: Flask) -> None:
    with page.test_request_context("/", headers={"Accept-Language": "en"}):
        offered = languages.languages("pl", "pt-BR", "pt-BR")

    assert ("pl", "Polish") in offered
    assert offered[0] == ("pt-BR", "Portuguese (Brazil)")
    assert len({tag for tag, _ in offered}) == len(offered)
