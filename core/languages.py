"""Texts in another language than the page that shows them.

The interface speaks the reader's language; what residents wrote stays in theirs. A screen reader
must be told where the language changes, or it reads Polish titles as if they were English. Tags
are those of BCP 47, such as `pl` or `pt-BR`; an empty one means that the language is not known,
and then nothing is said of it.
"""

import re
from functools import lru_cache

from babel import Locale, UnknownLocaleError
from babel.localedata import locale_identifiers
from flask import Flask, current_app, g, has_app_context
from flask_babel import get_locale
from markupsafe import Markup, escape

LONGEST = 35
_ENGLISH = Locale("en")
_TAG = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z]{4})?(-([A-Za-z]{2}|[0-9]{3}))?")


def init_app(app: Flask) -> None:
    """Every template may call `lang_of(language)` and `spoken(text, language)`."""
    app.jinja_env.globals.update(lang_of=lang_of, spoken=spoken)


def lang_of(language: str | None) -> Markup:
    """The attribute ` lang="pl"` where the page is in another language, else nothing."""
    return _attribute(language or "", page_language())


def spoken(text: object, language: str | None) -> Markup:
    """A text to stand inside a sentence of the page: escaped, and marked where it is foreign."""
    return marked(text, lang_of(language))


# Typed, because what is escaped already is equal to the same letters that are not.
@lru_cache(maxsize=5_000, typed=True)
def marked(text: object, attribute: Markup) -> Markup:
    """The same, where the attribute is known already."""
    if not attribute or not text:
        return escape(text)
    return Markup("<span{}>{}</span>").format(attribute, text)


def sentence(words: str, **parts: object) -> Markup:
    """A translated sentence with its parts put in, so that parts by `spoken` stay marked."""
    return escape(words) % {name: escape(part) for name, part in parts.items()}


def page_language() -> str:
    """The tag of the language that this reader gets."""
    return _tag(reader_locale())


def reader_locale() -> Locale:
    """The language that this reader gets; a page asks for it some hundred times."""
    known: Locale | None = g.get("locale") if has_app_context() else None
    return known or get_locale() or _ENGLISH


def instance_language() -> str:
    """The tag of the language of this city, where nobody says another."""
    return str(current_app.config["BABEL_DEFAULT_LOCALE"]).replace("_", "-")


def known_language(tag: str) -> str:
    """The tag as it is usually written, or nothing where it names no language that we know."""
    if not _TAG.fullmatch(tag):
        return ""
    try:
        return str(Locale.parse(tag, sep="-")).replace("_", "-")
    except (ValueError, UnknownLocaleError):
        return ""


def languages(*others: str) -> list[tuple[str, str]]:
    """The languages that one can choose from: tags and names, by name in the page's language.

    Those of two letters, and `others` that are in use already.
    """
    known = _languages(str(get_locale() or "en"))
    tags = {tag for tag, _ in known}
    return [(tag, name_of(tag)) for tag in dict.fromkeys(others) if tag and tag not in tags] + known


def name_of(tag: str) -> str:
    """What a language is called in the page's language; the tag itself where that is not known."""
    try:
        return Locale.parse(tag, sep="-").get_display_name(get_locale() or "en") or tag
    except (ValueError, UnknownLocaleError):
        return tag


@lru_cache(maxsize=64)
def _tag(locale: Locale) -> str:
    return str(locale).replace("_", "-")


@lru_cache(maxsize=256)
def _attribute(language: str, page: str) -> Markup:
    if not language or language.casefold() == page.casefold():
        return Markup("")
    return Markup(' lang="{}"').format(language)


@lru_cache(maxsize=16)
def _languages(locale: str) -> list[tuple[str, str]]:
    names = Locale.parse(locale).languages
    tags = {tag for tag in locale_identifiers() if len(tag) == 2 and tag in names}
    return sorted(((tag, names[tag]) for tag in tags), key=lambda pair: pair[1].casefold())
