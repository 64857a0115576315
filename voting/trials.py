"""Trying a rule on ballots that were cast before: what it would have funded, beside what was.

For officers who choose a rule. Nothing of it is kept, and none of it is anybody's result.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from typing import BinaryIO

from babel.numbers import is_currency
from flask_babel import gettext

from core.i18n import money
from voting import counting
from voting.amounts import NotCountable, from_hundredths
from voting.counting.money import HUNDREDTHS, format_money
from voting.counting.statistics import preferences
from voting.rule_parameters import Parameters, parameters_for_count

MOST_MEMORY = 256 * 1024 * 1024


@dataclass(frozen=True)
class Outcome:
    """What is funded by one rule. `rule` is None where a city's file says the winners alone."""

    rule: counting.Rule | None
    parameters: Parameters
    funded: frozenset[str]
    statistics: counting.Statistics


@dataclass(frozen=True)
class Trial:
    """Two outcomes of the same ballots: `own` is what was counted then, `tried` the new one.

    Options stand in the order of the paper. `prefer_own` is how many ballots have more of their
    choices funded by it, `prefer_tried` how many by the other. Money is in parts as fine as the
    ballots' file has it, `amount` writes it in the currency of these ballots; `language` is that of
    the options' names.
    """

    title: str
    language: str
    budget: int
    own: Outcome
    tried: Outcome
    in_both: tuple[counting.Option, ...]
    only_own: tuple[counting.Option, ...]
    only_tried: tuple[counting.Option, ...]
    prefer_own: int
    prefer_tried: int
    amount: Callable[[int], str]

    @property
    def ballots(self) -> int:
        return self.own.statistics.ballots

    @property
    def indifferent(self) -> int:
        """Ballots with as many of their choices funded by both."""
        return self.ballots - self.prefer_own - self.prefer_tried

    @property
    def is_same(self) -> bool:
        """Whether both fund the same."""
        return not self.only_own and not self.only_tried


def read_ballots(stream: BinaryIO) -> tuple[counting.Contest, counting.Ballots]:
    """The contest and the ballots of an uploaded file, which is not kept.

    Raises counting.CountingError with the line at fault.
    """
    return counting.read_pb(stream, most_bytes=MOST_MEMORY)


def try_rule(
    title: str,
    contest: counting.Contest,
    ballots: counting.Ballots,
    rule: str,
    parameters: Parameters,
    *,
    currency: str,
    language: str = "",
) -> Trial:
    """Counts by this rule what was decided by another.

    Raises counting.CountingError where the ballots cannot be counted by it, or where the contest
    says neither its rule nor its winners.
    """
    given = parameters_for_count(parameters, contest.options)
    asked = replace(contest, rule=rule, rule_version="", parameters=given)
    own, tried = _own_outcome(contest, ballots), _counted(asked, ballots)
    prefer_own, prefer_tried = preferences(contest, ballots, own.funded, tried.funded)
    return Trial(
        title=title,
        language=language,
        budget=contest.budget,
        own=own,
        tried=tried,
        in_both=_among(contest, own.funded & tried.funded),
        only_own=_among(contest, own.funded - tried.funded),
        only_tried=_among(contest, tried.funded - own.funded),
        prefer_own=prefer_own,
        prefer_tried=prefer_tried,
        amount=amounts_in(currency, contest.decimals),
    )


def amounts_in(currency: str, decimals: int = HUNDREDTHS) -> Callable[[int], str]:
    """Writes parts of a unit as amounts of this currency; plainly where a file names none we know.

    What is finer than hundredths is shown to the nearest of them; the count itself rounds nothing.
    """
    fine = 10 ** (decimals - HUNDREDTHS)

    def amount(parts: int) -> str:
        hundredths, rest = divmod(parts, fine)
        if not rest:
            return exactly(hundredths)
        return gettext("about %(amount)s", amount=exactly(hundredths + (2 * rest >= fine)))

    def exactly(hundredths: int) -> str:
        if not is_currency(currency):
            return f"{format_money(hundredths)} {currency}".strip()
        try:
            return money(from_hundredths(hundredths, currency), currency)
        except NotCountable:
            return f"{currency} {format_money(hundredths)}"

    return amount


def _own_outcome(contest: counting.Contest, ballots: counting.Ballots) -> Outcome:
    """What the contest's own rule funds; where it is not known, what the file says was funded."""
    try:
        return _counted(contest, ballots)
    except counting.UnknownRule:
        winners = contest.official_winners
        if winners is None:
            raise
        listed = [ref for ref in contest.ids if ref in winners]
        return Outcome(None, {}, winners, counting.statistics(contest, ballots, listed))


def _counted(contest: counting.Contest, ballots: counting.Ballots) -> Outcome:
    result = counting.count(contest, ballots)
    statistics = counting.statistics(contest, ballots, result.funded)
    return Outcome(result.rule, result.contest.parameters, frozenset(result.funded), statistics)


def _among(contest: counting.Contest, ids: Iterable[str]) -> tuple[counting.Option, ...]:
    wanted = set(ids)
    return tuple(option for option in contest.options if option.id in wanted)
