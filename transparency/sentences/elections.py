"""Why somebody or something was chosen without money, and what would have changed that."""

from collections.abc import Callable

from flask_babel import gettext, ngettext
from markupsafe import Markup

from core.i18n import hundredths, number
from core.languages import sentence
from transparency.results import CandidateResult, ElectionResult
from transparency.sentences.words import ballots, either, quoted
from voting.counting.seats import SEAT_RULES

Say = Callable[[CandidateResult, ElectionResult, str], str]


def verdict(candidate: CandidateResult, result: ElectionResult, language: str = "") -> Markup:
    """Why it was chosen or not, and what would have changed that: a short paragraph.

    `language` is that of the titles that it may name.
    """
    say = SENTENCES.get(candidate.code, _without_stages)
    parts = (say(candidate, result, language), _what_if(candidate, language))
    return Markup(" ").join(part for part in parts if part)


def seat_rule_name(rule: str) -> str:
    """What a rule is called; its id where this version does not know it."""
    return gettext(SEAT_RULES[rule].title) if rule in SEAT_RULES else rule


def tally(units: int, result: ElectionResult) -> str:
    """A tally as people write it: whole, or rounded down to hundredths where some are not whole."""
    if result.has_fractions:
        return hundredths(units * 100 // result.unit)
    return number(units // result.unit)


def votes_held(units: int, result: ElectionResult) -> str:
    """The same with its noun: ballots where each counts whole, votes where it may count in part."""
    if result.unit == 1:
        return ballots(units)
    whole, part = divmod(units, result.unit)
    if part:
        return gettext("%(number)s votes", number=hundredths(units * 100 // result.unit))
    return ngettext("%(number)s vote", "%(number)s votes", whole, number=number(whole))


def _by_quota(candidate: CandidateResult, result: ElectionResult, _language: str) -> str:
    figures = {
        "stage": number(candidate.stage or 0),
        "held": votes_held(candidate.tally or 0, result),
        "needed": votes_held(candidate.quota or 0, result),
        "place": number(candidate.chosen_as or 0),
    }
    if result.rule == "irv" and candidate.stage == 1:
        return gettext(
            "Chosen at once, as the first choice of %(held)s; %(needed)s were needed for more than "
            "half.",
            **figures,
        )
    if result.rule == "irv":
        return gettext(
            "Chosen at stage %(stage)s, with %(held)s, more than half of those that still counted.",
            **figures,
        )
    return gettext(
        "Chosen as number %(place)s, at stage %(stage)s, with %(held)s; the quota was %(needed)s.",
        **figures,
    )


def _to_last_seats(candidate: CandidateResult, result: ElectionResult, _language: str) -> str:
    held = votes_held(candidate.tally or 0, result)
    if result.seats == 1:
        return gettext("Chosen as the last that was left, with %(held)s.", held=held)
    return gettext(
        "Chosen as number %(place)s, at stage %(stage)s, with %(held)s, below the quota: no more "
        "were left than places.",
        place=number(candidate.chosen_as or 0),
        stage=number(candidate.stage or 0),
        held=held,
    )


def _by_ranking(candidate: CandidateResult, result: ElectionResult, _language: str) -> str:
    place = number(candidate.ranked or 0)
    pairwise = result.pairwise
    if pairwise is None or candidate.ranked != 1:
        return gettext("Chosen: number %(place)s of the ranking.", place=place)
    if pairwise.beats_all(candidate):
        return gettext("Chosen: beside each of the others, more ballots place it above than below.")
    if result.rule == "schulze":
        return gettext(
            "Chosen: nothing stands above all others, and no chain of majorities against it is "
            "stronger than its own."
        )
    return gettext(
        "Chosen: nothing stands above all others, and it comes first when the clearest majorities "
        "are kept."
    )


def _excluded(candidate: CandidateResult, result: ElectionResult, _language: str) -> str:
    figures = {
        "stage": number(candidate.stage or 0),
        "held": votes_held(candidate.tally or 0, result),
    }
    if candidate.tally == 0:
        return gettext(
            "Not chosen: excluded at stage %(stage)s, when no ballot counted for it.", **figures
        )
    if _had_fewest(candidate, result):
        return gettext(
            "Not chosen: excluded at stage %(stage)s, with %(held)s, the fewest then.", **figures
        )
    return gettext("Not chosen: excluded at stage %(stage)s, with %(held)s.", **figures)


def _seats_taken(candidate: CandidateResult, result: ElectionResult, _language: str) -> str:
    return gettext(
        "Not chosen: still in the count, with %(held)s, when it was decided.",
        held=votes_held(candidate.tally or 0, result),
    )


def _ranked_below(candidate: CandidateResult, result: ElectionResult, language: str) -> Markup:
    pairwise, last = result.pairwise, result.chosen[-1]
    place = number(candidate.ranked or 0)
    if pairwise is None or not pairwise.beats(last, candidate):
        said = gettext("Not chosen: number %(place)s of the ranking.")
        return sentence(said, place=place)
    return sentence(
        gettext(
            "Not chosen: number %(place)s of the ranking. %(last)s stands above it on %(above)s, "
            "below it on %(below)s."
        ),
        place=place,
        last=quoted(last.title, language),
        above=ballots(pairwise.above(last, candidate)),
        below=number(pairwise.above(candidate, last)),
    )


def _lost_tie(candidate: CandidateResult, result: ElectionResult, _language: str) -> str:
    said = gettext(
        "Not chosen: there was a tie, and the lot that was published before voting decided; by "
        "another lot it would have been chosen."
    )
    if candidate.tally is None:
        return said
    held = gettext("It had %(held)s then.", held=votes_held(candidate.tally, result))
    return f"{said} {held}"


def _without_stages(candidate: CandidateResult, result: ElectionResult, _language: str) -> str:
    """All that is told of few ballots."""
    first = ngettext(
        "%(ballots)s ballot ranks it first.",
        "%(ballots)s ballots rank it first.",
        candidate.first,
        ballots=number(candidate.first),
    )
    if candidate.first == 0:
        first = gettext("No ballot ranks it first.")
    if not candidate.is_chosen:
        return first
    if result.seats == 1:
        return gettext("Chosen. %(first)s", first=first)
    place = number(candidate.chosen_as or 0)
    return gettext("Chosen as number %(place)s. %(first)s", place=place, first=first)


SENTENCES: dict[str, Say] = {
    "by_quota": _by_quota,
    "to_last_seats": _to_last_seats,
    "by_ranking": _by_ranking,
    "excluded": _excluded,
    "seats_taken": _seats_taken,
    "ranked_below": _ranked_below,
    "lost_tie": _lost_tie,
}
"""By reason; of few ballots, and of a reason that is new, only the first choices are told."""


def _had_fewest(candidate: CandidateResult, result: ElectionResult) -> bool:
    """Whether nobody who was still in had less when it was excluded."""
    before = result.stages[(candidate.stage or 2) - 2]
    still_in = [each.tally for each in before.holdings if not each.is_chosen]
    return candidate.tally == min(still_in, default=0)


def _what_if(candidate: CandidateResult, language: str) -> Markup:
    """What would have chosen it, each change taken alone: only what a second run confirmed."""
    ways: list[str | Markup] = []
    if candidate.ballots_more is not None:
        ways.append(
            ngettext(
                "with one more ballot that ranks it alone",
                "with %(ballots)s more ballots that rank it alone",
                candidate.ballots_more,
                ballots=number(candidate.ballots_more),
            )
        )
    if candidate.rival:
        ways.append(
            sentence(gettext("without %(rival)s"), rival=quoted(candidate.rival_title, language))
        )
    if not ways:
        return Markup("")
    return sentence(gettext("It would have been chosen %(ways)s."), ways=either(ways))
