"""Seats filled here and by pyrankvote and pref_voting: the same wherever the definitions meet.

What they do otherwise stands in docs/counting/seats.md: each breaks ties in its own way, so that
races in which a tie decided are left out, and those without are compared to the last one.
"""

from random import Random
from typing import Any

import pytest

from tests.counting.peers.conftest import Peer
from voting.counting.seats import Candidate, Election, Papers, Race, elect

NUMBER = 240


@pytest.fixture(scope="module")
def races() -> list[dict[str, Any]]:
    return [invented(Random(seed)) for seed in range(NUMBER)]


@pytest.fixture(scope="module")
def answers(peer: Peer, races: list[dict[str, Any]]) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = peer("seats", races)
    return found


@pytest.mark.parametrize("rule", ["irv", "scottish-stv", "meek-stv"])
def test_rounds_elect_the_same_people(
    rule: str, races: list[dict[str, Any]], answers: list[dict[str, Any]]
) -> None:
    compared = 0
    for race, answer in zip(races, answers, strict=True):
        if rule in answer and not decided_by_a_tie(result := count(race, rule)):
            assert sorted(map(int, result.elected)) == sorted(answer[rule])
            compared += 1
    assert compared > NUMBER // 3


@pytest.mark.parametrize(
    ("rule", "theirs", "settings"),
    [
        ("schulze", "schulze", {}),
        ("ranked-pairs", "ranked-pairs", {}),
        ("ranked-pairs", "winning-votes", {"strength": "winning-votes"}),
    ],
)
def test_comparisons_in_pairs_elect_one_of_those_whom_others_leave_tied(
    rule: str,
    theirs: str,
    settings: dict[str, str],
    races: list[dict[str, Any]],
    answers: list[dict[str, Any]],
) -> None:
    compared = 0
    for race, answer in zip(races, answers, strict=True):
        if theirs in answer:
            result = count(race, rule, settings)
            assert int(result.elected[0]) in answer[theirs]
            assert result.outcome.pairwise is not None
            assert [list(row) for row in result.outcome.pairwise.matrix] == answer["matrix"]
            compared += 1
    assert compared > NUMBER // 3


def invented(chance: Random) -> dict[str, Any]:
    """A race whose papers are plain rankings, some of them short."""
    size = chance.randint(2, 5)
    papers = {}
    for _ in range(chance.randint(3, 20)):
        order = chance.sample(range(size), chance.randint(1, size))
        papers[tuple(order)] = chance.randint(1, 15)
    return {
        "candidates": size,
        "seats": chance.choice([1, chance.randint(1, size - 1)]),
        "papers": [[list(order), copies] for order, copies in papers.items()],
    }


def count(race: dict[str, Any], rule: str, settings: dict[str, str] | None = None) -> Election:
    people = [Candidate(str(number)) for number in range(race["candidates"])]
    marks = (([(number,) for number in order], copies) for order, copies in race["papers"])
    papers = Papers.of_marks(marks)
    return elect(Race.build("Invented", people, race["seats"]), papers, rule, settings)


def decided_by_a_tie(election: Election) -> bool:
    """Whether any tie was met but those that only order who is elected at the same stage."""
    return any(tie.question != "order" for stage in election.stages for tie in stage.ties)
