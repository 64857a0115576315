"""Where every project costs alike, funding is electing a committee, and abcvoting elects it too."""

import random

import pytest

from tests.counting.peers.conftest import Peer
from voting.counting import RULES, Ballots, Contest, Option, count

RULE = {
    "equal-shares": ("equal-shares", {"utility": "cardinality", "ties": ["place"]}),
    "phragmen": ("phragmen", {}),
}
Approvals = list[list[int]]


def drawn() -> list[tuple[int, int, Approvals]]:
    """Candidates, seats, and approvals with no voter who approves of nobody."""
    lots = random.Random("committees")
    found = []
    for _ in range(120):
        candidates = lots.randint(2, 8)
        voters = lots.randint(1, 20)
        approvals = [
            sorted(lots.sample(range(candidates), lots.randint(1, candidates)))
            for _ in range(voters)
        ]
        found.append((candidates, lots.randint(1, candidates - 1), approvals))
    return found


@pytest.mark.parametrize("name", [name for name in RULE if name in RULES])
def test_the_same_committee_is_elected(peer: Peer, name: str) -> None:
    rule, parameters = RULE[name]
    elections = drawn()
    ours = []
    for candidates, seats, approvals in elections:
        options = [Option.build(f"C{n}", 1000) for n in range(candidates)]
        contest = Contest.build(
            "Committee", seats * 1000, options, vote_type="approval", rule=rule,
            parameters=parameters,
        )  # fmt: skip
        funded = count(contest, Ballots.from_rows(approvals)).funded
        ours.append(sorted(contest.ids.index(ref) for ref in funded))
    theirs = peer(
        "abcvoting_count",
        [
            {"candidates": candidates, "seats": seats, "approvals": approvals, "rule": name}
            for candidates, seats, approvals in elections
        ],
    )
    named = [{number for ballot in approvals for number in ballot} for *_, approvals in elections]
    wanted = [[c for c in seats if c in known] for seats, known in zip(theirs, named, strict=True)]
    assert ours == wanted


def test_abcvoting_fills_seats_with_candidates_whom_nobody_named(peer: Peer) -> None:
    """By Phragmén's rule we fund one of the two, since nobody pays for the other."""
    case = {"candidates": 2, "seats": 2, "approvals": [[1]], "rule": "phragmen"}
    assert peer("abcvoting_count", [case]) == [[0, 1]]
