"""Language: which one the reader gets, and how times, money and counts are written in it."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from functools import lru_cache
from typing import Any

from babel import Locale
from babel.dates import format_date, format_time
from babel.numbers import format_currency, format_decimal, format_percent, get_currency_symbol
from flask import Flask, current_app, g, has_request_context, request
from flask_babel import Babel, force_locale, gettext, ngettext
from jinja2 import pass_eval_context
from jinja2.nodes import EvalContext
from markupsafe import Markup

from config import Settings
from core import clock, languages
from core.languages import reader_locale
from core.money import minor_digits

LOCALES = ("en",)
RIGHT_TO_LEFT = frozenset({"ar", "fa", "he", "ur"})


def init_app(app: Flask, settings: Settings) -> None:
    app.config["BABEL_DEFAULT_LOCALE"] = settings.default_locale
    app.config["BABEL_DEFAULT_TIMEZONE"] = settings.city_time_zone
    app.config["BABEL_TRANSLATION_DIRECTORIES"] = str(settings_folder(app))
    Babel(app, locale_selector=_locale_of_reader)  # type: ignore[arg-type]  # taken as it is
    app.jinja_env.globals.update(
        _=_say,
        gettext=_say,
        money=money,
        money_short=money_short,
        number=number,
        hundredths=hundredths,
        percent=percent,
        moment=moment,
        day=day,
        days_left=days_left,
    )
    app.context_processor(_language)
    languages.init_app(app)


def settings_folder(app: Flask) -> str:
    return f"{app.root_path}/../translations"


def choose_locale() -> str:
    """The best of our languages for what the browser asks; in jobs and commands the default."""
    default: str = current_app.config["BABEL_DEFAULT_LOCALE"]
    if not has_request_context():
        return default
    return request.accept_languages.best_match(LOCALES, default) or default


@contextmanager
def in_language(tag: str) -> Iterator[None]:
    """Words, dates and amounts as this language writes them, if it is one of ours, for paper that
    another person reads than the one who asks for it."""
    before = g.pop("locale", None)
    try:
        with force_locale(tag if tag in LOCALES else LOCALES[0]):  # type: ignore[attr-defined]
            yield
    finally:
        if before is not None:
            g.locale = before


def money(minor: int | None, currency: str, *, exact: bool = False) -> str:
    """An amount in full: `PLN 1,500,000`, with its small digits only where there are some.

    `exact` always writes them, so that amounts line up in a column where some have them.
    """
    if minor is None:
        return gettext("not known")
    return _written(minor, currency, exact, reader_locale())


def money_short(minor: int, currency: str) -> str:
    """An amount rounded for a glance: `PLN 1.5 M`. Always shown near the full one."""
    value = minor / 10 ** minor_digits(currency)
    symbol = get_currency_symbol(currency, locale="en_001") if currency == "EUR" else currency
    for unit, size, smallest in (("B", 1e9, 999_950_000), ("M", 1e6, 999_950), ("k", 1e3, 999.5)):
        if value >= smallest:  # 999,960 is a million for a glance, not 1,000 thousand
            return f"{symbol} {_counted(round(value / size, 1), reader_locale())} {unit}"
    return f"{symbol} {_counted(round(value), reader_locale())}"


def number(value: int) -> str:
    return _counted(value, reader_locale())


def hundredths(count: int) -> str:
    """A number of hundredths as a decimal number, always with two decimals: `12.50`."""
    return str(format_decimal(Decimal(count).scaleb(-2), "#,##0.00", locale=reader_locale()))


def percent(part: int, whole: int) -> str:
    """A share with one decimal; a dash where there is no whole."""
    if not whole:
        return "–"
    return format_percent(part / whole, "#,##0.0 %", locale=reader_locale())


def moment(at: datetime) -> str:
    """`Friday 3 October 2025, 18:00 (Warsaw time)`, in the city's zone."""
    local = clock.in_city(at)
    name = current_app.config["SETTINGS"].city_time_zone.rsplit("/", 1)[-1].replace("_", " ")
    return gettext(
        "%(date)s, %(time)s (%(place)s time)",
        date=_dated(local.date(), "EEEE d MMMM y", reader_locale()),
        time=_timed(local.hour, local.minute, reader_locale()),
        place=name,
    )


def day(on: date | datetime) -> str:
    """`3 October 2025`."""
    plain = clock.city_day(on) if isinstance(on, datetime) else on
    return _dated(plain, "d MMMM y", reader_locale())


def days_left(until: datetime) -> str:
    """How long there still is: `3 days left`, `closes today at 18:00`, or `closed`."""
    at = clock.now()
    if until <= at:
        return gettext("closed")
    local = clock.in_city(until)
    days = (local.date() - clock.city_day(at)).days
    hour = _timed(local.hour, local.minute, reader_locale())
    if days == 0:
        return gettext("closes today at %(time)s", time=hour)
    if days == 1 and until - at < timedelta(days=1):
        return gettext("closes tomorrow at %(time)s", time=hour)
    return ngettext("%(num)s day left", "%(num)s days left", days)


@pass_eval_context
def _say(frame: EvalContext, message: str, /, **values: Any) -> str:
    """A text of the interface for a template; a page asks for fifty, nearly all without values."""
    if not frame.autoescape:
        return gettext(message) % values
    if not values:
        return _ready(message, reader_locale())
    return Markup(gettext(message)) % values  # noqa: S704  (our own text)


@lru_cache(maxsize=5_000)
def _ready(message: str, locale: Locale) -> Markup:  # noqa: ARG001  (each language has its own)
    return Markup(gettext(message)) % ()  # noqa: S704  (our own text)


@lru_cache(maxsize=5_000)
def _counted(value: float, locale: Locale) -> str:
    return format_decimal(value, locale=locale)


@lru_cache(maxsize=5_000)
def _dated(on: date, pattern: str, locale: Locale) -> str:
    return format_date(on, pattern, locale=locale)


@lru_cache(maxsize=5_000)
def _timed(hour: int, minute: int, locale: Locale) -> str:
    return format_time(time(hour, minute), "HH:mm", locale=locale)


@lru_cache(maxsize=20_000)
def _written(minor: int, currency: str, exact: bool, locale: Locale) -> str:
    """Remembered, because lists show the same amounts again and again and Babel takes its time."""
    digits = minor_digits(currency)
    whole = minor % 10**digits == 0 and not (exact and digits)
    pattern = "¤¤ #,##0" if whole else "¤¤ #,##0." + "0" * digits
    value = Decimal(minor).scaleb(-digits)
    return str(format_currency(value, currency, pattern, locale=locale, currency_digits=False))


def _locale_of_reader() -> Locale:
    locale: Locale = _known_locale(choose_locale())
    g.locale = locale
    return locale


@lru_cache(maxsize=64)
def _known_locale(name: str) -> Locale:
    """One object for each language, which what is remembered by language is found by."""
    return Locale.parse(name)


def _language() -> dict[str, Any]:
    direction = "rtl" if reader_locale().language in RIGHT_TO_LEFT else "ltr"
    return {"current_locale": languages.page_language(), "text_direction": direction}
