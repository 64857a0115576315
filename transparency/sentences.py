"""The reason for each outcome, in plain words.

Made from codes and integers only, and only from figures that the count confirmed when it was run
again: nothing here is guessed or rounded. Every sentence goes through the translations.
"""

from collections.abc import Sequence
from functools import lru_cache

from babel.lists import format_list
from flask_babel import get_locale, gettext, ngettext
from markupsafe import Markup

from core.i18n import money as written_money
from core.i18n import number
from core.languages import page_language, sentence, spoken
from transparency.results import ContestResult, OptionResult


def explanation(option: OptionResult, result: ContestResult, titles: str = "") -> Markup:
    """Why the option was funded or not, and what would have changed that: a short paragraph.

    `titles` is the language of the proposals that it may name. Published results never change, so
    each paragraph is put together once per language.
    """
    return _explanation(option, result.budget, result.currency, titles, page_language())


@lru_cache(maxsize=8192)
def _explanation(
    option: OptionResult, pot: int, currency: str, titles: str, _locale: str
) -> Markup:
    parts = (reason(option, pot, currency, titles), what_if(option, pot, currency, titles))
    return Markup(" ").join(part for part in parts if part)


def reason(option: OptionResult, pot: int, currency: str, titles: str = "") -> str:
    """Why the option was funded or not: one sentence. `pot` is the contest's whole money."""
    if option.code == "lost_tie":
        return _lost_tie(option, currency, titles)
    say = {
        "funded": _funded,
        "no_money_left": _no_money_left,
        "over_budget": _over_budget,
    }[option.code]
    return say(option, pot, currency)


def what_if(option: OptionResult, pot: int, currency: str, titles: str = "") -> str:
    """What would have changed the outcome, or how safe it was; empty where no run confirmed it."""
    return _margin(option, titles) if option.is_funded else _missing(option, pot, currency)


def money(minor: int, currency: str) -> str:
    """An amount that does not break at the end of a line."""
    return written_money(minor, currency).replace(" ", "\u00a0")


def points(count: int) -> str:
    return ngettext("%(points)s point", "%(points)s points", count, points=number(count))


def _funded(option: OptionResult, pot: int, currency: str) -> str:
    figures = {
        "number": number(option.funded_as or 0),
        "points": points(option.points),
        "cost": money(option.cost, currency),
        "left": money(option.money_before, currency),
    }
    if option.money_before == pot:
        return gettext(
            "Funded as number %(number)s, with %(points)s: the whole pot of %(left)s was there "
            "when its turn came, and it costs %(cost)s.",
            **figures,
        )
    return gettext(
        "Funded as number %(number)s, with %(points)s: %(left)s was left when its turn came, and "
        "it costs %(cost)s.",
        **figures,
    )


def _no_money_left(option: OptionResult, _pot: int, currency: str) -> str:
    figures = {
        "points": points(option.points),
        "cost": money(option.cost, currency),
        "left": money(option.money_before, currency),
    }
    if option.money_before == 0:
        return gettext(
            "Not funded, with %(points)s: when its turn came, nothing was left, and it costs "
            "%(cost)s.",
            **figures,
        )
    return gettext(
        "Not funded, with %(points)s: when its turn came, %(left)s was left, and it costs "
        "%(cost)s.",
        **figures,
    )


def _lost_tie(option: OptionResult, currency: str, titles: str) -> Markup:
    said = gettext(
        "Not funded, with %(points)s, the same as %(others)s, which the published tie order put "
        "first: after that %(left)s was left, and it costs %(cost)s."
    )
    return sentence(
        said,
        points=points(option.points),
        others=_titles(option.ahead or option.equals, titles),
        left=money(option.money_before, currency),
        cost=money(option.cost, currency),
    )


def _over_budget(option: OptionResult, pot: int, currency: str) -> str:
    return gettext(
        "Not funded, with %(points)s: it costs %(cost)s, more than the whole pot of %(pot)s.",
        points=points(option.points),
        cost=money(option.cost, currency),
        pot=money(pot, currency),
    )


def _margin(option: OptionResult, titles: str) -> Markup:
    """How many of its points a funded option needed, and what a tie decided."""
    said = []
    if option.points_limit == 0:
        said.append(gettext("It would have been funded even without a point."))
    elif option.points_limit == option.points:
        said.append(gettext("One point less would not have been enough."))
    elif option.points_limit is not None:
        enough = points(option.points_limit)
        said.append(gettext("It needed at least %(points)s.", points=enough))
    if option.tie_decides and option.equals:
        others = gettext(
            "%(others)s had as many points; the published tie order decided whose turn came first."
        )
        said.append(sentence(others, others=_titles(option.equals, titles)))
    return Markup(" ").join(said)


def _missing(option: OptionResult, pot: int, currency: str) -> str:
    """The smallest changes, each taken alone, that would have funded an option."""
    ways = []
    if option.cost_limit is not None:
        limit = money(option.cost_limit, currency)
        ways.append(gettext("at a cost of up to %(amount)s", amount=limit))
    if option.points_limit is not None and option.points_limit > option.points:
        more = option.points_limit - option.points
        ways.append(
            ngettext(
                "with %(points)s more point", "with %(points)s more points", more,
                points=number(more),
            )
        )  # fmt: skip
    if option.budget_limit is not None:
        more_money = money(option.budget_limit - pot, currency)
        ways.append(gettext("with %(amount)s more in the pot", amount=more_money))
    if not ways:
        return ""
    return gettext("It would have been funded %(ways)s.", ways=_either(ways))


def _either(parts: Sequence[str]) -> str:
    return str(format_list(list(parts), style="or", locale=get_locale() or "en"))


def _titles(titles: Sequence[str], language: str) -> Markup:
    """The first title in quotation marks, and how many there are besides."""
    first = sentence(gettext("“%(title)s”"), title=spoken(titles[0], language))
    others = len(titles) - 1
    if not others:
        return first
    said = ngettext(
        "%(first)s and %(others)s other proposal", "%(first)s and %(others)s other proposals",
        others, first=first, others=number(others),
    )  # fmt: skip
    return Markup(said)  # noqa: S704  (its parts are markup or numbers)
