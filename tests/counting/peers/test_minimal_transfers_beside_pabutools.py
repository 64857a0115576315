"""Minimal transfers over costs beside pabutools' cumulative support transfer voting.

Its parts are put together as our rule has them: most support for its cost first, then transfers,
and nothing that spends what is left. As long as no donations have to be moved both are the same.
"""

from typing import Any

from tests.counting.peers.cases import Election, case_of, drawn_gifts, ruled
from tests.counting.peers.conftest import Peer
from voting.counting import Ballots, Contest, Count, Option, count
from voting.counting.rules.minimal_transfers import TRANSFERS_PART

Gift = dict[str, int]


def ours(election: Election) -> Count:
    return count(*ruled(election, "minimal-transfers", completion="none"))


def theirs(peer: Peer, *elections: Election) -> list[list[str]]:
    cases = [case_of(election, "transfers") for election in elections]
    found: list[list[str]] = peer("pabutools_count", cases)
    return found


def gifts(budget: int, costs: Gift, *ballots: Gift, **more: Any) -> Election:
    options = [Option.build(ref, cost) for ref, cost in costs.items()]
    contest = Contest.build("Gifts", budget, options, vote_type="cumulative", **more)
    rows = [([contest.ids.index(ref) for ref in given], list(given.values())) for given in ballots]
    return contest, Ballots.from_points(rows)


def moved(result: Count) -> list[bool]:
    """Of each project funded, in order, whether donations had to be moved to it."""
    return [stage.part == TRANSFERS_PART for stage in result.stages if stage.is_funded]


def test_what_is_given_its_cost_is_funded_alike_and_in_the_same_order(peer: Peer) -> None:
    """What is too much goes back and on, in both by what each ballot gives to the others."""
    elections = drawn_gifts(300)
    plain = [each for each in elections if not any(moved(ours(each)))]
    assert len(plain) > 100
    assert [list(ours(each).funded) for each in plain] == theirs(peer, *plain)


def test_where_donations_are_moved_nearly_all_are_funded_alike(peer: Peer) -> None:
    """The others part only after the first such project: who paid for it has other amounts left."""
    elections = [each for each in drawn_gifts(300) if any(moved(ours(each)))]
    counts = [ours(each) for each in elections]
    pairs = list(zip(counts, theirs(peer, *elections), strict=True))
    same = [list(result.funded) == other for result, other in pairs]
    assert len(same) > 60
    assert sum(same) > 0.95 * len(same)
    for result, other in pairs:
        alike = moved(result).index(True) + 1
        assert other[:alike] == list(result.funded)[:alike]


def test_pabutools_may_never_gather_all_that_donors_have(peer: Peer) -> None:
    """Its rounds come nearer and nearer to the cost of what needs all the money."""
    costs = {"mill": 6_000, "park": 2_000, "trees": 5_000}
    election = gifts(2_000, costs, {"park": 16}, {"trees": 3, "mill": 8, "park": 5})
    assert ours(election).funded == ("park",)
    assert theirs(peer, election) == [[]]


def test_pabutools_takes_otherwise_than_in_proportion_from_those_who_gather(peer: Peer) -> None:
    """The bridge is given 3.125 and 34.375 of its 54: we take 4.50 and 49.50. There the first, who
    has most of her gifts elsewhere, pays so much that she cannot pay for the trees any more."""
    costs = {"mill": 4_200, "well": 1_800, "bridge": 5_400, "pond": 5_400, "trees": 4_200}
    first = {"mill": 1, "bridge": 1, "trees": 6, "pond": 6, "well": 2}
    election = gifts(10_000, costs, first, {"bridge": 11, "mill": 5})
    assert ours(election).funded == ("bridge", "trees")
    [other] = theirs(peer, election)
    assert other[0] == "bridge"
    assert "trees" not in other


def test_pabutools_breaks_no_ties_between_projects_to_gather_for(peer: Peer) -> None:
    costs = {"park": 6_000, "mill": 6_000, "pond": 10_000}
    given = {"park": 7, "mill": 7, "pond": 2}
    orders = (["park", "mill", "pond"], ["mill", "park", "pond"])
    elections = [gifts(10_000, costs, given, given, tie_order=order) for order in orders]
    assert [ours(each).funded for each in elections] == [("park",), ("mill",)]
    one, other = theirs(peer, *elections)
    assert one == other
