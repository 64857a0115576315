"""How an option was paid for by those who wanted it: one sentence for each way there is."""

from fractions import Fraction

from flask_babel import gettext, ngettext

from core.i18n import number
from transparency.results import OptionResult
from transparency.sentences.words import money, price

NOTHING = Fraction(0)


def paid(option: OptionResult, currency: str) -> str:
    """Why an option was funded that its supporters paid for."""
    if option.part == "epsilon":
        return _from_all(option, currency)
    if option.part == "loads" and option.support.price is not None:
        return _earned(option, currency)
    if option.support.rank is not None:
        return _by_rank(option)
    if option.support.quota is not None:
        return gettext(
            "Funded as number %(number)s: the ballots that stood by it were enough to pay for it.",
            number=number(option.funded_as or 0),
        )
    if option.support.price is not None and option.support.payers is not None:
        return _from_shares(option, currency)
    return gettext(
        "Funded as number %(number)s: %(left)s was left when its turn came, and it costs %(cost)s.",
        number=number(option.funded_as or 0),
        left=money(option.money_before, currency),
        cost=money(option.cost, currency),
    )


def _from_shares(option: OptionResult, currency: str) -> str:
    support = option.support
    figures = {
        "number": number(option.funded_as or 0),
        "who": _who(support.payers or 0, option.ballots),
        "price": price(support.price or NOTHING, currency),
    }
    if support.per_point:
        return gettext(
            "Funded as number %(number)s: %(who)s paid for it, at most %(price)s for each point "
            "they gave.",
            **figures,
        )
    return gettext(
        "Funded as number %(number)s: %(who)s paid for it, at most %(price)s each.", **figures
    )


def _who(payers: int, supporters: int) -> str:
    if payers == supporters:
        return ngettext(
            "its one supporter", "its %(number)s supporters", supporters, number=number(supporters)
        )
    return gettext(
        "%(payers)s of its %(number)s supporters",
        payers=number(payers),
        number=number(supporters),
    )


def _by_rank(option: OptionResult) -> str:
    return ngettext(
        "Funded as number %(number)s: the ballots that rank it first had enough of their votes "
        "left to pay for it.",
        "Funded as number %(number)s: the ballots that rank it among their first %(rank)s had "
        "enough of their votes left to pay for it.",
        option.support.rank or 1,
        number=number(option.funded_as or 0),
        rank=number(option.support.rank or 1),
    )


def _earned(option: OptionResult, currency: str) -> str:
    return gettext(
        "Funded as number %(number)s: %(who)s could pay for it together once everybody had been "
        "given %(price)s.",
        number=number(option.funded_as or 0),
        who=_who(option.support.payers or option.ballots, option.ballots),
        price=price(option.support.price or NOTHING, currency),
    )


def _from_all(option: OptionResult, currency: str) -> str:
    return gettext(
        "Funded as number %(number)s: its supporters paid all they still had, and everybody else "
        "at most %(price)s.",
        number=number(option.funded_as or 0),
        price=price(option.support.price or NOTHING, currency),
    )
