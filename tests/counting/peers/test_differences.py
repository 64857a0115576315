"""What docs/counting/differences.md says of other programs, each difference seen once."""

import pytest

from tests.counting.elections import ballots_of, contest_of
from tests.counting.peers.cases import Election, case_of, ruled
from tests.counting.peers.conftest import Peer
from voting.counting import Contest, Option, count


def funded(election: Election, rule: str, **parameters: object) -> list[str]:
    return list(count(*ruled(election, rule, **parameters)).funded)


def approvals(budget: int, costs: dict[str, int], *ballots: str) -> Election:
    """Amounts in whole units; ballots written as "park,bridge"."""
    options = [Option.build(ref, cost * 100) for ref, cost in costs.items()]
    contest = Contest.build("A vote", budget * 100, options, vote_type="approval")
    return contest, ballots_of(contest, *ballots)


@pytest.fixture
def ranked() -> Election:
    contest = contest_of(100, {"park": 60, "bridge": 50})
    return contest, ballots_of(contest, "bridge,park", "park", "park")


def test_pabutools_borda_gives_the_last_rank_nothing(peer: Peer, ranked: Election) -> None:
    assert funded(ranked, "points-by-rank") == ["park"]
    assert peer("pabutools_count", [case_of(ranked, "greedy", "borda")]) == [["bridge"]]


def test_pabutools_divides_the_score_by_the_cost(peer: Peer) -> None:
    election = approvals(100, {"park": 90, "bench": 20}, "park", "park", "park", "bench")
    assert funded(election, "approvals") == ["park"]
    by_density = case_of(election, "greedy", "cardinality")
    assert peer("pabutools_count", [by_density]) == [["bench"]]


def test_pabutools_breaks_ties_by_name_where_nothing_is_said(peer: Peer) -> None:
    election = approvals(10, {"b": 10, "a": 10}, "a", "b")
    assert funded(election, "approvals") == ["b"]
    assert peer("pabutools_count", [case_of(election, "greedy", "cost", ties=[])]) == [["a"]]


ADD1 = {"utility": "cost", "completion": "add1", "start": "exact"}


def test_pabutools_add1_ends_once_nothing_more_fits(peer: Peer) -> None:
    """Read as Wieliczka did it goes on: a later outcome still fits the budget."""
    election = approvals(12, {"a": 3, "b": 5, "c": 6}, "b,c", "b", "a,c")
    increment = case_of(election, "add1", "cost", increment=True)
    assert peer("pabutools_count", [increment]) == [["b", "a"]]
    assert funded(election, "equal-shares", **ADD1, stop="exhaustive") == ["b", "a"]
    assert funded(election, "equal-shares", **ADD1, stop="overspend") == ["b", "c"]


def test_pabutools_increment_does_not_wait_for_what_nobody_supports(peer: Peer) -> None:
    """Nobody wants the fountain, and it would fit; the longer way to ask takes it into account."""
    costs = {"fountain": 3, "bridge": 11, "bench": 4, "tree": 3}
    election = approvals(16, costs, "bridge", "bridge,tree", "bench")
    increment = case_of(election, "add1", "cost", increment=True)
    in_full = case_of(election, "add1", "cost", start="exact", stop="exhaustive")
    ours = funded(election, "equal-shares", **ADD1, stop="exhaustive")
    assert ours == ["bridge", "bench"]
    assert peer("pabutools_count", [increment, in_full]) == [["tree", "bench"], ours]


def test_pabutools_leaves_a_draw_between_two_outcomes_open(peer: Peer) -> None:
    """One ballot has more by equal shares, one by votes: we keep equal shares."""
    election = approvals(12, {"park": 10, "bench": 4}, "park", "park,bench", "bench")
    preferred = peer("pabutools_count", [case_of(election, "preferred", "cost")])
    assert preferred == [["bench", "park"]]
    assert funded(election, "equal-shares", utility="cost", comparison=True) == ["bench"]


def test_pabutools_phragmen_leaves_out_what_costs_more_than_there_is(peer: Peer) -> None:
    """Without skipping, ours ends at the palace, which is the first whose turn it is."""
    election = approvals(10, {"palace": 11, "bench": 4}, "palace", "palace", "palace", "bench")
    assert funded(election, "phragmen", no_skip=True) == []
    assert funded(election, "phragmen") == ["bench"]
    assert peer("pabutools_count", [case_of(election, "phragmen")]) == [["bench"]]


def test_pabutools_phragmen_ends_if_any_of_several_equal_ones_does_not_fit(peer: Peer) -> None:
    election = approvals(9, {"tree": 3, "bench": 4, "park": 8}, "tree", "bench", "park", "park")
    assert funded(election, "phragmen", no_skip=True) == ["tree", "bench"]
    assert peer("pabutools_count", [case_of(election, "phragmen")]) == [["tree"]]


def test_pabutools_phragmen_funds_what_nobody_named(peer: Peer) -> None:
    election = approvals(10, {"tree": 3, "fountain": 4}, "tree")
    assert funded(election, "phragmen") == ["tree"]
    assert sorted(peer("pabutools_count", [case_of(election, "phragmen")])[0]) == [
        "fountain", "tree",
    ]  # fmt: skip
