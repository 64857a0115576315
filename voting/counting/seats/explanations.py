"""Why each candidate was elected or not, and what would have changed that: figures, not sentences.

Every figure is given out only after the whole count, run again with it, has confirmed it. What no
run confirms is None.
"""

from dataclasses import asdict, dataclass
from typing import Any

from voting.counting.seats.election import EXCLUSION, Election
from voting.counting.seats.statistics import first_preferences
from voting.counting.seats.trials import Trials

BY_QUOTA = "by_quota"
TO_LAST_SEATS = "to_last_seats"
BY_RANKING = "by_ranking"
EXCLUDED = "excluded"
SEATS_TAKEN = "seats_taken"
RANKED_BELOW = "ranked_below"
LOST_TIE = "lost_tie"
WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True)
class Explanation:
    """Why one candidate came out as she did.

    `code` of a winner: "by_quota" (she reached the quota, or the majority), "to_last_seats" (no
    more were left than seats), "by_ranking" (the first of a ranking take the seats). Of the others:
    "excluded", "seats_taken" (she was still in when the last seat was taken), "ranked_below",
    "withdrawn", and "lost_tie" wherever a lot that draws her first would have elected her.

    `elected_as` is her place in the order of election, `first` the ballots that rank her first.
    `stage` is the one at which she was elected or excluded, or the last one; `tally` is what she
    had then, before she was excluded, and `quota` what was needed, in the election's units.
    `ranked` is her place in the ranking, where the rule makes one.

    For a candidate who was not elected, all else as it was: with `ballots_more` further ballots
    that rank her alone she would have been elected, and with one fewer not, which is the least
    number but for the single transferable vote (see `Trials.ballots_more`); `rival` is an elected
    one without whom she would have been elected.
    """

    candidate: str
    code: str
    elected_as: int | None
    first: int
    stage: int | None = None
    tally: int | None = None
    quota: int | None = None
    ranked: int | None = None
    ballots_more: int | None = None
    rival: str | None = None

    def as_document(self) -> dict[str, Any]:
        """Integers, texts and None, by name."""
        return asdict(self)


def explain(election: Election) -> tuple[Explanation, ...]:
    """Explain every candidate: the elected in the order of election, then the others.

    The others stand in the order in which they came nearest: the last to be excluded first, or as
    the ranking has them; who withdrew comes last.
    """
    trials = Trials(election)
    order = [*election.elected, *_others(election)]
    first = first_preferences(election.race, election.papers)
    return tuple(_explained(election, trials, ref, first[ref]) for ref in order)


def _explained(election: Election, trials: Trials, ref: str, first: int) -> Explanation:
    if ref in election.race.withdrawn:
        return Explanation(ref, WITHDRAWN, None, first)
    code, stage = _came_out(election, ref)
    told = _figures(election, ref, code, stage)
    if ref in election.elected:
        return Explanation(ref, code, election.elected.index(ref) + 1, first, **told)
    return Explanation(
        candidate=ref,
        code=LOST_TIE if trials.is_elected_as_luckiest(ref) else code,
        elected_as=None,
        first=first,
        ballots_more=trials.ballots_more(ref),
        rival=_rival(election, trials, ref),
        **told,
    )


def _rival(election: Election, trials: Trials, ref: str) -> str | None:
    """One who took the seat, the last elected first."""
    latest_first = reversed(election.elected)
    return next((other for other in latest_first if ref in trials.elected_without(other)), None)


def _came_out(election: Election, ref: str) -> tuple[str, int]:
    """How she came out, and the number of the stage; 0 where there are no stages."""
    if election.outcome.pairwise is not None:
        return (BY_RANKING if ref in election.elected else RANKED_BELOW), 0
    for stage in election.stages:
        if ref in stage.elected:
            return BY_QUOTA, stage.number
        if ref in stage.filled:
            return TO_LAST_SEATS, stage.number
        if stage.action == EXCLUSION and ref in stage.of:
            return EXCLUDED, stage.number
    return SEATS_TAKEN, len(election.stages)


def _figures(election: Election, ref: str, code: str, stage: int) -> dict[str, Any]:
    """What is told of the stage, or the place in the ranking."""
    if election.outcome.pairwise is not None:
        return {"ranked": election.outcome.pairwise.ranking.index(ref) + 1}
    then = election.stages[stage - (2 if code == EXCLUDED else 1)]
    return {
        "stage": stage,
        "tally": then.tallies[election.race.ids.index(ref)],
        "quota": then.quota,
    }


def _others(election: Election) -> list[str]:
    """Who was not elected, the nearest to a seat first."""
    race, gone = election.race, list(election.race.withdrawn)
    if election.outcome.pairwise is not None:
        return [*election.outcome.pairwise.ranking[len(election.elected) :], *gone]
    left = [race.ids[n] for n in race.standing if race.ids[n] not in election.elected]
    place = {ref: _came_out(election, ref) for ref in left}
    tally = {ref: _figures(election, ref, *place[ref])["tally"] for ref in left}
    stays = {ref: place[ref][1] + (place[ref][0] == SEATS_TAKEN) for ref in left}
    lot = {ref: rank for rank, ref in enumerate(race.tie_order)}
    return [*sorted(left, key=lambda ref: (-stays[ref], -tally[ref], lot[ref])), *gone]
