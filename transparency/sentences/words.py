"""The parts that sentences are made of: amounts, points, votes, titles."""

from collections.abc import Callable, Sequence
from fractions import Fraction
from math import ceil

from babel.lists import format_list
from flask_babel import get_locale, gettext, ngettext
from markupsafe import Markup

from core.i18n import hundredths, number
from core.i18n import money as written_money
from core.languages import sentence, spoken
from transparency.results import ContestResult, OptionResult
from voting.counting.rules.units import UNIT


def money(minor: int, currency: str) -> str:
    """An amount that does not break at the end of a line."""
    return written_money(minor, currency).replace(" ", "\u00a0")


def amounts_in(currency: str) -> Callable[[int], str]:
    """Writes amounts of this currency, for tables that serve several."""
    return lambda minor: money(minor, currency)


def price(exact: Fraction, currency: str) -> str:
    """What was paid at most, as an amount that does not break at the end of a line."""
    return money(at_most(exact), currency)


def at_most(exact: Fraction) -> int:
    """An exact price, rounded up to the smallest coin, so that nobody paid more."""
    return ceil(exact)


def points(count: int) -> str:
    return ngettext("%(points)s point", "%(points)s points", count, points=number(count))


def ballots(count: int) -> str:
    return ngettext("%(ballots)s ballot", "%(ballots)s ballots", count, ballots=number(count))


def key_figure(option: OptionResult, result: ContestResult) -> str:
    """The one figure that a line has room for: points where they decided, else ballots."""
    figure = result.key_figure_of(option)
    return points(figure) if result.is_by_points else ballots(figure)


def votes(units: int) -> str:
    """Support as a number of votes, rounded down to hundredths."""
    return hundredths(units * 100 // UNIT)


def average(total: int, of: int) -> str:
    """How many each has on average, rounded down to hundredths; a dash where there is nobody."""
    return hundredths(total * 100 // of) if of else "–"


def either(parts: Sequence[str | Markup]) -> Markup:
    """`a`, `a or b`, `a, b, or c`; what is no markup yet is text."""
    shown = [str(Markup.escape(part)) for part in parts]
    listed = format_list(shown, style="or", locale=get_locale() or "en")
    return Markup(listed)  # noqa: S704  (each part was escaped, the words between are Babel's)


def quoted(title: str, language: str) -> Markup:
    return sentence(gettext("“%(title)s”"), title=spoken(title, language))


def first_of(titles: Sequence[str], language: str) -> Markup:
    """The first title in quotation marks, and how many there are besides."""
    first = quoted(titles[0], language)
    others = len(titles) - 1
    if not others:
        return first
    said = ngettext(
        "%(first)s and %(others)s other proposal", "%(first)s and %(others)s other proposals",
        others, first=first, others=number(others),
    )  # fmt: skip
    return Markup(said)  # noqa: S704  (its parts are markup or numbers)
