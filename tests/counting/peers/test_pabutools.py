"""Where a rule is defined as in pabutools, the same is funded, in the same order."""

from collections.abc import Sequence
from typing import Any

import pytest

from tests.counting.peers.cases import KINDS, Election, case_of, drawn, real, ruled
from tests.counting.peers.conftest import Peer
from voting.counting import count

GREEDY = {
    "ordinal": ("points-by-rank", "rank-points-cost"),
    "approval": ("approvals", "cost"),
    "choose-1": ("approvals", "cost"),
    "cumulative": ("points", "points-cost"),
}
UTILITIES = {
    "ordinal": ("cost", "cardinality", "rank-points", "rank-points-cost"),
    "approval": ("cost", "cardinality"),
    "choose-1": ("cost", "cardinality"),
    "cumulative": ("cost", "cardinality", "points"),
}
Pair = tuple[Election, dict[str, Any]]


def greedy(election: Election) -> Pair:
    rule, worth = GREEDY[election[0].vote_type]
    return ruled(election, rule), case_of(election, "greedy", worth)


def by_shares(election: Election) -> list[Pair]:
    return [
        (ruled(election, "equal-shares", utility=worth, completion="none"),
         case_of(election, "shares", worth))
        for worth in UTILITIES[election[0].vote_type]
    ]  # fmt: skip


def same(peer: Peer, pairs: Sequence[Pair]) -> None:
    """Both programs count all of them and fund the same in the same order."""
    theirs = peer("pabutools_count", [case for _, case in pairs])
    assert [list(count(*election).funded) for election, _ in pairs] == theirs


@pytest.mark.parametrize("kind", KINDS)
def test_drawn_votes_are_funded_alike_by_score(peer: Peer, kind: str) -> None:
    same(peer, [greedy(election) for election in drawn(kind, 150)])


@pytest.mark.parametrize("kind", KINDS)
def test_drawn_votes_are_funded_alike_by_equal_shares(peer: Peer, kind: str) -> None:
    same(peer, [pair for election in drawn(kind, 80) for pair in by_shares(election)])


@pytest.mark.parametrize("start", ["floor", "exact"])
@pytest.mark.parametrize("stop", ["overspend", "exhaustive"])
def test_drawn_votes_are_funded_alike_by_every_reading_of_add1(
    peer: Peer, start: str, stop: str
) -> None:
    """The same is funded; where all of it is, pabutools goes on raising, and the order may turn."""
    settings = {"start": start, "stop": stop}
    elections = drawn("approval", 18)
    theirs = peer("pabutools_count", [case_of(e, "add1", "cost", **settings) for e in elections])
    by_add1 = {"utility": "cost", "completion": "add1", **settings}
    ours = [count(*ruled(e, "equal-shares", **by_add1)).funded for e in elections]
    assert list(map(sorted, ours)) == list(map(sorted, theirs))


def test_drawn_votes_are_compared_alike(peer: Peer) -> None:
    same(
        peer,
        [
            (ruled(e, "equal-shares", utility="cost", completion="none", comparison=True),
             case_of(e, "comparison", "cost"))
            for e in drawn("approval", 150)
        ],
    )  # fmt: skip


def test_cities_are_funded_alike_by_score(peer: Peer) -> None:
    same(peer, [greedy(election) for election in real(7000).values()])


def test_cities_are_funded_alike_by_equal_shares(peer: Peer) -> None:
    same(peer, [pair for election in real(2600).values() for pair in by_shares(election)])


def test_drawn_votes_are_funded_alike_by_phragmen(peer: Peer) -> None:
    """Where nothing ties, everything is named and nothing costs more than there is."""
    elections = [e for e in drawn("approval", 200, costs=5400) if defined_alike(e)]
    assert len(elections) > 50
    same_by_phragmen(peer, elections)


def test_cities_are_funded_alike_by_phragmen(peer: Peer) -> None:
    cities = real(3000).values()
    same_by_phragmen(peer, [e for e in cities if e[0].vote_type == "approval" and defined_alike(e)])


def same_by_phragmen(peer: Peer, elections: Sequence[Election]) -> None:
    """pabutools gives the projects in its own order of names."""
    theirs = peer("pabutools_count", [case_of(e, "phragmen", ties=["place"]) for e in elections])
    ours = [count(*ruled(e, "phragmen", no_skip=True)).funded for e in elections]
    assert list(map(sorted, ours)) == list(map(sorted, theirs))


def defined_alike(election: Election) -> bool:
    contest, ballots = election
    named = {ref for ranking, _ in ballots.rankings(contest.ids) for ref in ranking}
    return named == set(contest.ids) and max(contest.costs) <= contest.budget
