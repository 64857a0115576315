"""What is said of rules: the idea behind a count in a sentence or two, and how others compare."""

from fractions import Fraction
from math import floor

from flask_babel import gettext, ngettext

from transparency.results import ContestResult, OtherRule
from transparency.sentences.words import ballots, money
from voting.amounts import from_hundredths
from voting.counting import RULES


def rule_name(rule: str) -> str:
    """What a rule is called; its id where this version does not know it."""
    return gettext(RULES[rule].title) if rule in RULES else rule


def idea(result: ContestResult) -> str:
    """How the contest was counted, for the head of its count."""
    if result.facts.get("decided_by") == "greedy":
        return _replaced(result)
    say = {
        "equal-shares": _equal_shares,
        "expanding-approvals": _expanding_approvals,
        "budget-stv": _budget_stv,
        "phragmen": _phragmen,
        "minimal-transfers": _minimal_transfers,
    }.get(result.rule, _by_points)
    return say(result)


def comparison(other: OtherRule, result: ContestResult) -> str:
    """Whose ballots have more of their choices funded: by the rule that decided, or by another."""
    return gettext(
        "%(here)s have more of their choices funded by %(this)s, %(there)s by %(that)s.",
        here=ballots(other.more_here),
        this=rule_name(result.rule),
        there=ballots(other.more_there),
        that=rule_name(other.rule),
    )


def _by_points(result: ContestResult) -> str:
    if result.parameters.get("no_skip"):
        return ngettext(
            "One turn after the other, in order of points, until a proposal cost more than was "
            "left. %(num)s was funded.",
            "One turn after the other, in order of points, until a proposal cost more than was "
            "left. %(num)s were funded.",
            len(result.funded),
        )
    return ngettext(
        "One turn after the other, in order of points: each proposal that the money left could "
        "pay was funded. %(num)s was.",
        "One turn after the other, in order of points: each proposal that the money left could "
        "pay was funded. %(num)s were.",
        len(result.funded),
    )


def _equal_shares(result: ContestResult) -> str:
    share = _share(result)
    said = gettext(
        "Everybody who voted held an equal share of the money. Proposals were paid from the "
        "shares of those who rank them; the one that cost its supporters least for what it is "
        "worth to them came first."
    )
    if share:
        said = gettext(
            "Everybody who voted held an equal share of the money, %(share)s. Proposals were paid "
            "from the shares of those who rank them; the one that cost its supporters least for "
            "what it is worth to them came first.",
            share=share,
        )
    return f"{said} {_how_many(result)}"


def _share(result: ContestResult) -> str:
    """The share in words, if the record has it: to the coin, and said to be so."""
    if "share" not in result.facts:
        return ""
    exact = Fraction(result.facts["share"]) * from_hundredths(100, result.currency) / 100
    written = money(floor(exact), result.currency)
    if exact.denominator == 1:
        return written
    return gettext("%(amount)s and a fraction", amount=written)


def _expanding_approvals(result: ContestResult) -> str:
    said = gettext(
        "First only the first choice of each ballot was read, then the first two, and so on. A "
        "proposal was funded as soon as the ballots read for it had votes enough for its part of "
        "the pot, and they paid with their votes."
    )
    return f"{said} {_how_many(result)}"


def _budget_stv(result: ContestResult) -> str:
    said = gettext(
        "Each ballot stood by its first choice that was still in the count. A proposal with votes "
        "enough for its part of the pot was funded, and what it did not need went on to the next "
        "choices; when none had enough, the weakest for its cost was dropped."
    )
    return f"{said} {_how_many(result)}"


def _phragmen(result: ContestResult) -> str:
    said = gettext(
        "Everybody who voted was given money at the same speed, and a proposal was funded as soon "
        "as those who name it could pay for it together."
    )
    return f"{said} {_how_many(result)}"


def _minimal_transfers(result: ContestResult) -> str:
    said = gettext(
        "Each ballot shared out an equal part of the pot among its projects, as its points say. "
        "What a proposal did not need, and what stood by one that was dropped, went on to the "
        "others on the same ballots."
    )
    return f"{said} {_how_many(result)}"


def _replaced(result: ContestResult) -> str:
    return gettext(
        "Equal shares was counted first and compared with funding in order of points alone: "
        "%(greedy)s have more of their choices funded by points alone, %(shares)s by equal shares. "
        "So the points decided.",
        greedy=ballots(result.facts["prefer_greedy"]),
        shares=ballots(result.facts["prefer_shares"]),
    )


def _how_many(result: ContestResult) -> str:
    filled = sum(option.part == "fill" for option in result.funded)
    supported = len(result.funded) - filled
    said = ngettext("%(num)s was funded so.", "%(num)s were funded so.", supported)
    if not filled:
        return said
    more = ngettext(
        "What was left then went by points, and funded %(num)s more.",
        "What was left then went by points, and funded %(num)s more.",
        filled,
    )
    return f"{said} {more}"
