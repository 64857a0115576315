"""The reason for each outcome: one true sentence for every outcome of every rule.

Which sentence fits depends on the reason and on the part of the count in which it fell: in order
of points, paid by supporters, or from what was left after that.
"""

from collections.abc import Callable

from flask_babel import gettext, ngettext
from markupsafe import Markup

from core.i18n import number
from core.languages import sentence
from transparency.results import OptionResult
from transparency.sentences.paid import paid
from transparency.sentences.stages import broken_tie
from transparency.sentences.words import ballots, first_of, money, points

Say = Callable[[OptionResult, int, str], str]

BY_POINTS = ("greedy", "fill")


def reason(option: OptionResult, pot: int, currency: str, titles: str = "") -> str:
    """Why the option was funded or not: one sentence. `pot` is the contest's whole money."""
    if option.code == "lost_tie":
        return _lost_tie(option, currency, titles)
    if option.code == "funded" and option.part not in BY_POINTS:
        return paid(option, currency)
    say = SENTENCES.get(option.code, _funded if option.is_funded else _no_money_left)
    return say(option, pot, currency)


def _standing(option: OptionResult) -> str:
    """What the option had: points where these decided, else the ballots that name it."""
    if option.part in BY_POINTS:
        return gettext("with %(points)s", points=points(option.points))
    return gettext("named on %(ballots)s", ballots=ballots(option.ballots))


def _figures(option: OptionResult, currency: str) -> dict[str, str]:
    return {
        "number": number(option.funded_as or 0),
        "points": points(option.points),
        "standing": _standing(option),
        "cost": money(option.cost, currency),
        "left": money(option.money_before, currency),
    }


def _funded(option: OptionResult, pot: int, currency: str) -> str:
    figures = _figures(option, currency)
    if option.part == "fill":
        return gettext(
            "Funded as number %(number)s from what was left, with %(points)s: %(left)s was there "
            "when its turn came, and it costs %(cost)s.",
            **figures,
        )
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


def _topped_up(option: OptionResult, _pot: int, currency: str) -> str:
    return gettext(
        "Funded as number %(number)s, with %(points)s: %(left)s was left when its turn came, most "
        "of the %(cost)s that it costs; the rest comes from elsewhere.",
        **_figures(option, currency),
    )


def _no_money_left(option: OptionResult, _pot: int, currency: str) -> str:
    figures = _figures(option, currency)
    if option.part == "fill" and option.money_before == 0:
        return gettext(
            "Not funded, with %(points)s: its supporters did not pay for it together, and what was "
            "left then was spent before its turn came; it costs %(cost)s.",
            **figures,
        )
    if option.part == "fill":
        return gettext(
            "Not funded, with %(points)s: its supporters did not pay for it together, and of what "
            "was left then, %(left)s was there when its turn came; it costs %(cost)s.",
            **figures,
        )
    if option.money_before == 0:
        return gettext(
            "Not funded, %(standing)s: when its turn came, nothing was left, and it costs "
            "%(cost)s.",
            **figures,
        )
    return gettext(
        "Not funded, %(standing)s: when its turn came, %(left)s was left, and it costs %(cost)s.",
        **figures,
    )


def _over_budget(option: OptionResult, pot: int, currency: str) -> str:
    return gettext(
        "Not funded, %(standing)s: it costs %(cost)s, more than the whole pot of %(pot)s.",
        **_figures(option, currency),
        pot=money(pot, currency),
    )


def _lost_tie(option: OptionResult, currency: str, titles: str) -> Markup:
    others = option.ahead or option.equals
    if option.part in BY_POINTS and others:
        said = gettext(
            "Not funded, with %(points)s, the same as %(others)s, which went first %(way)s: after "
            "that %(left)s was left, and it costs %(cost)s."
        )
    else:
        said = gettext(
            "Not funded: it stood level with %(others)s, which went first %(way)s; after that it "
            "could no longer be paid for. It costs %(cost)s."
        )
    return sentence(
        said,
        points=points(option.points),
        others=first_of(others, titles) if others else gettext("another proposal"),
        way=broken_tie(option.tie_broken_by, alone=len(option.equals) == 1),
        left=money(option.money_before, currency),
        cost=money(option.cost, currency),
    )


def _below_threshold(option: OptionResult, _pot: int, _currency: str) -> str:
    return gettext(
        "Not funded: its %(points)s are fewer than the least that a proposal needs here.",
        points=points(option.points),
    )


def _below_entry(option: OptionResult, _pot: int, currency: str) -> str:
    return gettext(
        "Not funded: it is named on %(ballots)s, too few for its cost of %(cost)s to take part.",
        ballots=ballots(option.ballots),
        cost=money(option.cost, currency),
    )


def _rival_funded(option: OptionResult, _pot: int, _currency: str) -> str:
    return gettext(
        "Not funded, %(standing)s: a proposal that excludes it was funded before its turn.",
        standing=_standing(option),
    )


def _limit_reached(option: OptionResult, _pot: int, currency: str) -> str:
    return gettext(
        "Not funded, %(standing)s: with its cost of %(cost)s, more of its kind would have been "
        "funded than this contest allows.",
        **_figures(option, currency),
    )


def _after_stop(option: OptionResult, _pot: int, _currency: str) -> str:
    return gettext(
        "Not funded, %(standing)s: the funding had ended before its turn, with a proposal that "
        "what was left could not pay.",
        standing=_standing(option),
    )


def _unpaid(option: OptionResult, _pot: int, currency: str) -> str:
    if option.ballots == 0:
        return gettext("Not funded: no ballot names it.")
    return ngettext(
        "Not funded: the one ballot that names it could not pay its cost of %(cost)s.",
        "Not funded: the %(ballots)s ballots that name it could not pay its cost of %(cost)s "
        "together.",
        option.ballots,
        ballots=number(option.ballots),
        cost=money(option.cost, currency),
    )


def _dropped_cost(option: OptionResult, _pot: int, currency: str) -> str:
    return gettext(
        "Not funded: %(left)s was left when it was dropped, and it costs %(cost)s. Its ballots "
        "went on to their next choice.",
        **_figures(option, currency),
    )


def _dropped_support(option: OptionResult, _pot: int, currency: str) -> str:
    return gettext(
        "Not funded: of all that were still in the count it had the least support for its cost of "
        "%(cost)s. Its ballots went on to their next choice.",
        cost=money(option.cost, currency),
    )


SENTENCES: dict[str, Say] = {
    "funded": _funded,
    "topped_up": _topped_up,
    "skipped": _no_money_left,
    "no_money_left": _no_money_left,
    "over_budget": _over_budget,
    "below_threshold": _below_threshold,
    "below_entry": _below_entry,
    "rival_funded": _rival_funded,
    "limit_reached": _limit_reached,
    "after_stop": _after_stop,
    "unpaid": _unpaid,
    "dropped_cost": _dropped_cost,
    "dropped_support": _dropped_support,
}
"""By reason; a reason that is new is told by the money there was, which is always known."""
