"""What may be told of a count for seats: everything, or of few ballots only who was chosen.

Whoever knows some of a few ballots could work out the others from the tallies of later stages, or
from a table of who stands above whom. So of few ballots the first choices are all that is told
besides the outcome, as the table of project × rank tells them where there is money.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from voting.counting.seats import Election, explain, first_preferences, other_elections
from voting.counting.seats import voters_figures as heard

_TOLD_OF_FEW = ("rule", "rule_version", "parameters", "race", "unit", "elected")


@dataclass(frozen=True)
class ToldElection:
    """The count as it is published: its document, the reasons, and what is told besides.

    `ballots_are_public` says whether the ballots are published, so that everybody can count again.
    """

    count: dict[str, Any]
    reasons: Sequence[dict[str, Any]]
    ballots_are_public: bool
    besides: dict[str, Any] = field(default_factory=dict)


def tell_election(election: Election) -> ToldElection:
    """Everything: the count of ballots that are all published."""
    others = [
        {"rule": other.rule, "rule_version": other.version, "elected": list(other.elected)}
        for other in other_elections(election)
    ]
    return ToldElection(
        count=election.as_document(),
        reasons=[why.as_document() for why in explain(election)],
        ballots_are_public=True,
        besides={"statistics": heard(election).as_document(), "alternatives": others},
    )


def tell_election_of_few(election: Election) -> ToldElection:
    """Who was chosen, in which order, and the first choices; no hash of the ballots either."""
    whole = election.as_document()
    number = {name: whole["ballots"][name] for name in ("number", "valid", "refused", "blank")}
    first = first_preferences(election.race, election.papers)
    order = {ref: place for place, ref in enumerate(election.elected, 1)}
    refs = sorted(election.race.ids, key=lambda ref: (order.get(ref, len(order) + 1), -first[ref]))
    reasons = [
        {
            "candidate": ref,
            "code": "chosen" if ref in order else "not_chosen",
            "elected_as": order.get(ref),
            "first": first[ref],
        }
        for ref in refs
    ]
    told = {name: whole[name] for name in _TOLD_OF_FEW}
    return ToldElection({**told, "ballots": number}, reasons, ballots_are_public=False)
