"""What would have changed an outcome, or how safe it was: only what a second run confirmed."""

from flask_babel import gettext, ngettext
from markupsafe import Markup

from core.i18n import number
from core.languages import sentence
from transparency.results import OptionResult
from transparency.sentences.outcomes import BY_POINTS
from transparency.sentences.stages import decided
from transparency.sentences.words import either, first_of, money, points, quoted


def what_if(option: OptionResult, pot: int, currency: str, titles: str = "") -> str:
    """What would have changed the outcome, or how safe it was; empty where no run confirmed it."""
    if option.is_funded:
        return _margin(option, currency, titles)
    return _missing(option, pot, currency, titles)


def _margin(option: OptionResult, currency: str, titles: str) -> Markup:
    """How many points a funded option needed, what it could have cost, what a tie decided."""
    said: list[str | Markup] = []
    if option.points_limit == 0:
        said.append(gettext("It would have been funded even without a point."))
    elif option.points_limit == option.points:
        said.append(gettext("One point less would not have been enough."))
    elif option.points_limit is not None:
        enough = points(option.points_limit)
        said.append(gettext("It needed at least %(points)s.", points=enough))
    if option.part not in BY_POINTS and option.cost_limit is not None:
        said.append(_dearest(option.cost_limit, option.cost, currency))
    if option.tie_decides and option.equals:
        said.append(_won_tie(option, titles))
    return Markup(" ").join(said)


def _dearest(limit: int, cost: int, currency: str) -> str:
    if limit == cost:
        return gettext("Had it cost any more, it would not have been funded.")
    return gettext(
        "Even at a cost of up to %(amount)s it would have been funded.",
        amount=money(limit, currency),
    )


def _won_tie(option: OptionResult, titles: str) -> Markup:
    if option.part in BY_POINTS:
        said = gettext("%(others)s had as many points; whose turn came first was decided %(way)s.")
    else:
        said = gettext("%(others)s stood level with it; who went first was decided %(way)s.")
    way = decided(option.tie_broken_by, alone=len(option.equals) == 1)
    return sentence(said, others=first_of(option.equals, titles), way=way)


def _missing(option: OptionResult, pot: int, currency: str, titles: str) -> Markup:
    """The smallest changes, each taken alone, that would have funded an option."""
    ways = [*_more_support(option), *_other_money(option, pot, currency)]
    if option.rival is not None:
        ways.append(
            sentence(gettext("without %(rival)s"), rival=quoted(option.rival_title, titles))
        )
    if not ways:
        return Markup("")
    return sentence(gettext("It would have been funded %(ways)s."), ways=either(ways))


def _more_support(option: OptionResult) -> list[str | Markup]:
    """More ballots, or where that is not known, more points."""
    if option.ballots_more is not None:
        return [
            ngettext(
                "with one more ballot that names it alone",
                "with %(ballots)s more ballots that name it alone",
                option.ballots_more,
                ballots=number(option.ballots_more),
            )
        ]
    if option.points_limit is None or option.points_limit <= option.points:
        return []
    more = option.points_limit - option.points
    return [
        ngettext(
            "with %(points)s more point", "with %(points)s more points", more, points=number(more)
        )
    ]


def _other_money(option: OptionResult, pot: int, currency: str) -> list[str | Markup]:
    ways: list[str | Markup] = []
    if option.cost_limit is not None:
        limit = money(option.cost_limit, currency)
        ways.append(gettext("at a cost of up to %(amount)s", amount=limit))
    if option.budget_limit is not None:
        more_money = money(option.budget_limit - pot, currency)
        ways.append(gettext("with %(amount)s more in the pot", amount=more_money))
    return ways
