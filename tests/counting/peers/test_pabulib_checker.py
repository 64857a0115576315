"""What we write passes the checker by which Pabulib takes files in, without an error."""

import io
from dataclasses import replace
from typing import Any

import pytest

from tests.counting.peers.conftest import Peer
from tests.counting.real_elections import ELECTIONS
from transparency.exports.contest_files import PublishedInput
from voting.counting import RULES, Ballots, Contest, Count, Option, count, read_pb, write_pb

# One small file of each city and kind of vote; the checker is slow on larger ones.
CITIES = [
    "Netherlands_Assen_2024",
    "Poland_Czestochowa_2024_Bleszno",
    "Poland_Gdynia_2021_Babie_Doly__small",
    "Poland_Katowice_2024_Dab",
    "Poland_Krakow_2019_Wzgorza_Krzeslawickie",
    "Poland_Lodz_2025_Zdrowie-Mania",
    "Poland_Warszawa_2017_Las",
    "Poland_Wroclaw_2017_Rejon_nr_11_250",
]
META = {
    "country": "Worldwide", "unit": "A town", "instance": "2026",
    "date_begin": "01.02.2026", "date_end": "03.02.2026",
}  # fmt: skip


def written(
    contest: Contest, ballots: Ballots, result: Count | None = None, *, by_turns: bool = False
) -> str:
    target = io.BytesIO()
    write_pb(contest, ballots, target, result, by_turns=by_turns)
    return target.getvalue().decode()


def errors(peer: Peer, texts: list[str]) -> list[dict[str, object]]:
    return [found.get("errors", {}) for found in peer("pabulib_checker", texts)]


def a_vote(**changed: Any) -> tuple[Contest, Ballots]:
    """A small ranked vote with a tie that its tie order decides against the file's order."""
    costs = {"park": 7000, "bridge": 6000, "mill": 6000, "benches": 300}
    contest = Contest.build(
        "A vote", 12_500, [Option.build(ref, cost, f"The {ref}") for ref, cost in costs.items()],
        meta=META, max_length=9, tie_order=["mill", "bridge", "park", "benches"],
    )  # fmt: skip
    ballots = Ballots.from_rows([[0, 1], [0, 2], [1, 2], [2, 1]])
    return replace(contest, **changed), ballots


@pytest.mark.parametrize("how", ["as imported", "with the result", "by turns"])
def test_every_imported_file_is_written_without_an_error(peer: Peer, how: str) -> None:
    texts = []
    for city in CITIES:
        contest, ballots = read_pb(ELECTIONS / f"{city}.pb.gz")
        result = None if how == "as imported" else count(contest, ballots)
        texts.append(written(contest, ballots, result, by_turns=how == "by turns"))
        again, same = read_pb(io.BytesIO(texts[-1].encode()))
        ids = sorted(again.ids)
        assert ids == sorted(contest.ids)
        assert multiset(again, same) == multiset(contest, ballots)
    assert errors(peer, texts) == [{}] * len(CITIES)


def multiset(contest: Contest, ballots: Ballots) -> list[str]:
    """The ballots as sorted lines, whatever the order of the projects."""
    kept = contest.vote_type == "ordinal" or ballots.points is not None
    lines = ballots.published_lines(contest.ids)
    return sorted(line if kept else ",".join(sorted(line.split(","))) for line in lines)


def test_a_result_by_turns_of_any_rule_satisfies_the_checker(peer: Peer) -> None:
    contest, ballots = a_vote()
    texts = []
    for rule in RULES.values():
        if "ordinal" in rule.vote_types:
            contest = replace(contest, rule=rule.name)
            result = count(contest, ballots)
            texts.append(written(contest, ballots, result, by_turns=True))
            again = count(*read_pb(io.BytesIO(texts[-1].encode())))
            assert again.as_json() == result.as_json()
    assert errors(peer, texts) == [{}] * len(texts)


def test_what_the_platform_publishes_passes(peer: Peer) -> None:
    contest, ballots = a_vote()
    given = PublishedInput.of(contest, ballots, count(contest, ballots), META)
    assert errors(peer, [given.as_file().decode()]) == [{}]


def test_odd_contests_pass_too(peer: Peer) -> None:
    rich, ballots = a_vote(budget=10_000_000)
    odd, _ = a_vote(meta=META | {"weather": "fair"}, notes=("A remark.",))
    columns = {"category": "green , water", "target": "all", "zip": "7", "proposer": ""}
    first = replace(odd.options[0], name="", columns=columns | {"latitude": "1.5"})
    odd = replace(odd, options=(first, *odd.options[1:]))
    limited, _ = a_vote(parameters={"threshold": 2}, tie_order=rich.ids)
    texts = [written(each, ballots, count(each, ballots)) for each in (rich, odd, limited)]
    assert errors(peer, texts) == [{}] * 3
    assert "fully_funded;1\n" in texts[0]
    assert "#2: A remark. #3: weather: fair" in texts[1]
    assert "green,water;all" in texts[1]
    assert "rule;greedy-threshold\n" in texts[2]
    for text, contest in zip(texts, (rich, odd, limited), strict=True):
        again = count(*read_pb(io.BytesIO(text.encode())))
        assert again.as_document()["stages"] == count(contest, ballots).as_document()["stages"]


def test_points_with_decimals_pass(peer: Peer) -> None:
    contest, _ = a_vote(vote_type="cumulative", rule="points")
    contest = replace(contest, tie_order=contest.ids, meta=META | {"max_sum_points": "10"})
    ballots = Ballots.from_points([([0, 1], [55, 15]), ([2], [40]), ([1, 3], [30, 25])], 10)
    text = written(contest, ballots, count(contest, ballots))
    assert "rule;greedy-custom\n" in text
    assert errors(peer, [text]) == [{}]
    assert count(*read_pb(io.BytesIO(text.encode()))).funded == count(contest, ballots).funded


def test_amounts_finer_than_hundredths_pass(peer: Peer) -> None:
    contest, ballots = a_vote(decimals=3)
    options = tuple(replace(option, cost=option.cost * 10 + 5) for option in contest.options)
    contest = replace(contest, options=options, budget=125_001)
    text = written(contest, ballots, count(contest, ballots), by_turns=True)
    assert "budget;125.001\n" in text
    assert "\nbenches;3.005;" in text
    assert errors(peer, [text]) == [{}]


def test_the_checker_would_object(peer: Peer) -> None:
    """So that no test here passes only because nothing is looked at."""
    contest, ballots = a_vote()
    good = written(contest, ballots, count(contest, ballots))
    spoilt = [good.replace("country;", "county;"), good.replace("num_votes;4", "num_votes;5")]
    assert all(errors(peer, spoilt))
