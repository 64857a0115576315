"""Trying a rule on ballots that were cast before: what it would have funded, beside what was.

For officers who choose a rule. Nothing of it is kept, and none of it is anybody's result.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import BinaryIO

from babel.numbers import is_currency
from flask_babel import gettext

from core.i18n import money
from voting import counting
from voting.amounts import NotCountable, from_hundredths
from voting.counting.groups import Grouping
from voting.counting.money import HUNDREDTHS, format_money
from voting.counting.statistics import preferences
from voting.rule_parameters import Parameters, parameters_for_count
from voting.trial_counts import funded_by
from voting.trial_rules import remarks, rule_for

MOST_MEMORY = 256 * 1024 * 1024

Told = Callable[..., counting.Statistics]
"""What is told of an outcome, given the contest, its ballots and what is funded."""


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
    the options' names. `remarks` say what these ballots made otherwise than the rule says,
    `warnings` what their file has otherwise than its format wants.
    """

    title: str
    language: str
    vote_type: str
    options: int
    budget: int
    own: Outcome
    tried: Outcome
    in_both: tuple[counting.Option, ...]
    only_own: tuple[counting.Option, ...]
    only_tried: tuple[counting.Option, ...]
    prefer_own: int
    prefer_tried: int
    amount: Callable[[int], str]
    remarks: Sequence[str] = ()
    warnings: Sequence[str] = ()

    @property
    def ballots(self) -> int:
        return self.own.statistics.ballots

    @property
    def groups(self) -> list[tuple[counting.GroupShare, counting.GroupShare]]:
        """What each district or theme gets by either outcome, the most chosen one first."""
        pairs = zip(self.own.statistics.groups, self.tried.statistics.groups, strict=True)
        return sorted(pairs, key=lambda pair: -(pair[0].first_choices or pair[0].choices))

    @property
    def indifferent(self) -> int:
        """Ballots with as many of their choices funded by both."""
        return self.ballots - self.prefer_own - self.prefer_tried

    @property
    def is_same(self) -> bool:
        """Whether both fund the same."""
        return not self.only_own and not self.only_tried


@dataclass(frozen=True)
class PastVote:
    """A contest with its ballots to try a rule on, and what was tolerated in their file.

    `districts` are there where it says both where projects lie and where voters live.
    """

    contest: counting.Contest
    ballots: counting.Ballots
    warnings: Sequence[str] = ()
    districts: Sequence[counting.District] = ()


def read_files(files: Sequence[tuple[str, BinaryIO]]) -> PastVote:
    """What was uploaded, by name, and is not kept: one file, or the two tables of one vote.

    Raises counting.CountingError with the line at fault.
    """
    districts: Sequence[counting.District] = ()
    if len(files) == 1:
        reading = counting.read(files[0][1], most_bytes=MOST_MEMORY)
        files[0][1].seek(0)
        districts = counting.read_districts(files[0][1], reading.contest, most_bytes=MOST_MEMORY)
    else:
        tables = {_table(name): stream for name, stream in files}
        if len(files) != 2 or set(tables) != {"projects", "ballots"}:
            raise counting.CountingError(
                gettext(
                    "Choose one file, or the two tables of one vote, whose names end with "
                    "-projects.csv and -ballots.csv."
                )
            )
        reading = counting.read_csv(tables["projects"], tables["ballots"], most_bytes=MOST_MEMORY)
    if not isinstance(reading.ballots, counting.Ballots):
        raise counting.CountingError(
            gettext("This file has a table of ranks. A rule is tried on the ballots themselves.")
        )
    warnings = [str(each) for each in reading.warnings]
    return PastVote(reading.contest, reading.ballots, warnings, districts)


def _table(name: str) -> str:
    """Which of the two tables a file is, by its name."""
    stem = name.lower().removesuffix(".gz")
    return next((each for each in ("projects", "ballots") if stem.endswith(f"-{each}.csv")), "")


def try_rule(
    title: str, given: PastVote, rule: str, parameters: Parameters, *, currency: str,
    language: str = "",
) -> Trial:  # fmt: skip
    """Counts by this rule, or by what comes nearest to it, what was decided by another.

    Raises counting.CountingError where the ballots cannot be counted by it or take too long, or
    where the contest says neither its rule nor its winners.
    """
    contest, ballots = given.contest, given.ballots
    nearest, settings = rule_for(rule, parameters, contest)
    settings = parameters_for_count(settings, contest.options)
    asked = replace(contest, rule=nearest, rule_version="", parameters=settings)
    grouping = Grouping.of(contest, ballots)
    told = partial(counting.statistics, grouping=grouping, districts=given.districts)
    own, tried = _own_outcome(contest, ballots, told), _counted(asked, ballots, told)
    prefer_own, prefer_tried = preferences(contest, ballots, own.funded, tried.funded)
    return Trial(
        title=title,
        language=language,
        vote_type=contest.vote_type,
        options=len(contest.options),
        budget=contest.budget,
        own=own,
        tried=tried,
        in_both=_among(contest, own.funded & tried.funded),
        only_own=_among(contest, own.funded - tried.funded),
        only_tried=_among(contest, tried.funded - own.funded),
        prefer_own=prefer_own,
        prefer_tried=prefer_tried,
        amount=amounts_in(currency, contest.decimals),
        remarks=remarks(rule, parameters, contest),
        warnings=given.warnings,
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


def _own_outcome(contest: counting.Contest, ballots: counting.Ballots, told: Told) -> Outcome:
    """What the contest's own rule funds; where it is not known, what the file says was funded."""
    try:
        return _counted(contest, ballots, told)
    except counting.UnknownRule:
        winners = contest.official_winners
    if winners is None:
        raise counting.CountingError(
            gettext(
                "The file names no rule that is known here, and does not say what was funded. So "
                "there is nothing to compare with."
            )
        )
    listed = [ref for ref in contest.ids if ref in winners]
    return Outcome(None, {}, winners, told(contest, ballots, listed))


def _counted(contest: counting.Contest, ballots: counting.Ballots, told: Told) -> Outcome:
    rule, parameters = counting.choose_rule(contest)
    funded = funded_by(contest, ballots)
    return Outcome(rule, parameters, frozenset(funded), told(contest, ballots, funded))


def _among(contest: counting.Contest, ids: Iterable[str]) -> tuple[counting.Option, ...]:
    wanted = set(ids)
    return tuple(option for option in contest.options if option.id in wanted)
