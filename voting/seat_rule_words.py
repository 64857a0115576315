"""The rules for seats in plain sentences: for the officer who chooses, and for everybody.

They say what holds on ballots that are cast here, which rank without gaps and name nobody twice:
what a rule makes of other marks is left to files from elsewhere.
"""

from collections.abc import Mapping

from flask_babel import gettext

from voting.counting.seats import find_seat_rule
from voting.counting.seats.rules.irv import HOPELESS
from voting.counting.seats.rules.ranked_pairs import WINNING_VOTES
from voting.counting.seats.ties import FIRST_STAGES, LOT

RANKS_PAIRS = ("schulze", "ranked-pairs")


def idea(rule: str) -> str:
    """A rule in half a sentence."""
    ideas = {
        "irv": gettext("The last goes out until one has a majority."),
        "scottish-stv": gettext("Votes that are not needed move on, so that seats mirror voters."),
        "meek-stv": gettext("The same idea, reckoned anew at every step by a computer."),
        "schulze": gettext("Everybody against everybody, by the strongest chain of wins."),
        "ranked-pairs": gettext("Everybody against everybody, the clearest wins first."),
    }
    return ideas.get(rule, "")


def used_by(rule: str) -> str:
    """Who counts by this rule, where that is known; else empty."""
    known = {
        "irv": gettext("Maine elects its members of Congress by it."),
        "scottish-stv": gettext("Scotland elects its councils by it. A count can be followed and"
                                " repeated by hand."),
    }  # fmt: skip
    return known.get(rule, "")


def warning(rule: str, seats: int) -> str:
    """What is to be known of this rule where so many are chosen; else empty."""
    if seats == 1 or rule not in RANKS_PAIRS:
        return ""
    return gettext(
        "Not proportional: the first of its ranking are chosen, so that one majority can take every"
        " seat. For people who should mirror the voters take the single transferable vote."
    )


def settings_in_words(rule: str, settings: Mapping[str, str]) -> list[str]:
    """One sentence for each thing that can be set of a rule, or that it leaves to the lot.

    `settings` are a contest's, or those of a counted election's document.
    """
    settled = find_seat_rule(rule).settle(settings)
    if rule == "irv":
        return [_batches(settled["batches"]), _ties(settled["ties"])]
    if rule == "scottish-stv":
        return [
            gettext("Votes are reckoned to five decimals, and what rounding loses is on record."),
            _ties("earlier-stages"),
        ]
    if rule == "meek-stv":
        return [
            gettext("Votes are reckoned to nine decimals."),
            gettext("Between equals for exclusion the lot decides."),
        ]
    if rule == "ranked-pairs":
        return [_strength(settled["strength"]), _open_ranking()]
    return [
        gettext("A win is as strong as the number of ballots for it."),
        _open_ranking(),
    ]


def _batches(batches: str) -> str:
    if batches == HOPELESS:
        return gettext(
            "Those who together have fewer ballots than the next above them are excluded at once."
        )
    return gettext("Candidates are excluded one by one.")


def _ties(ties: str) -> str:
    if ties == LOT:
        return gettext("Between equals the lot decides.")
    if ties == FIRST_STAGES:
        return gettext(
            "Between equals the first stage at which they differed decides; where there is none,"
            " the lot."
        )
    return gettext(
        "Between equals the latest stage at which they differed decides; where there is none, the"
        " lot."
    )


def _strength(strength: str) -> str:
    if strength == WINNING_VOTES:
        return gettext(
            "A win is as clear as the number of ballots for it; of equal ones the one with fewer"
            " against it."
        )
    return gettext("A win is as clear as the ballots for it are more than those against it.")


def _open_ranking() -> str:
    return gettext("Where these wins leave the order open, the lot decides.")
