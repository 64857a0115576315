"""Krakow 2024, the real vote: the winners we count are the winners that the city announced."""

import gzip
from collections import Counter
from pathlib import Path

import pytest

from tests.counting.elections import KRAKOW_2024, VOTING_NOW, recounted, run_recount
from voting.counting import Ballots, Contest, count, explain, read_pb, write_pb

each_contest = pytest.mark.parametrize("path", KRAKOW_2024, ids=lambda path: path.name[:-6])


def as_multiset(contest: Contest, ballots: Ballots) -> Counter[tuple[str, ...]]:
    return Counter(dict(ballots.rankings(contest.ids)))


def test_the_city_voted_in_nineteen_contests() -> None:
    assert len(KRAKOW_2024) == 19


@each_contest
def test_engine_and_recount_find_the_official_winners(path: Path) -> None:
    contest, ballots = read_pb(path)
    result = count(contest, ballots)
    assert contest.official_winners
    assert set(result.funded) == contest.official_winners
    assert recounted(path) == list(result.funded)


@each_contest
def test_votes_and_points_are_the_official_ones(path: Path) -> None:
    contest, ballots = read_pb(path)
    official = {option.id: option.columns for option in contest.options}
    for stage in count(contest, ballots).stages:
        assert str(stage.points) == official[stage.option]["score"]
        assert str(stage.ballots) == official[stage.option]["votes"]


@each_contest
def test_a_written_file_reads_as_the_same_contest_and_ballots(path: Path, tmp_path: Path) -> None:
    contest, ballots = read_pb(path)
    copy = tmp_path / "copy.pb"
    write_pb(contest, ballots, copy)
    contest_again, ballots_again = read_pb(copy)
    assert contest_again == contest
    assert as_multiset(contest_again, ballots_again) == as_multiset(contest, ballots)
    assert copy.read_bytes() == gzip.decompress(path.read_bytes())


@each_contest
def test_nothing_but_the_ranking_is_published_of_a_voter(path: Path) -> None:
    text = gzip.decompress(path.read_bytes()).decode()
    header, *votes = text.split("VOTES\n")[1].splitlines()
    assert header == "voter_id;vote"
    rankings = [vote.split(";")[1] for vote in votes]
    assert [vote.split(";")[0] for vote in votes] == [str(n) for n in range(1, len(votes) + 1)]
    assert rankings == sorted(rankings)


@each_contest
def test_both_programs_publish_the_same_fingerprint_of_the_ballots(path: Path) -> None:
    contest, ballots = read_pb(path)
    assert f": {ballots.digest(contest.ids)}\n" in run_recount(str(path))[1]


@each_contest
def test_every_unfunded_project_can_be_told_what_would_have_been_enough(path: Path) -> None:
    contest, ballots = read_pb(path)
    for explanation in explain(contest, count(contest, ballots)):
        if explanation.code != "funded":
            assert explanation.points_limit
            assert explanation.budget_limit


@pytest.mark.parametrize("path", VOTING_NOW, ids=lambda path: path.name[:-6])
def test_the_open_round_shows_nothing_of_the_past_vote(path: Path) -> None:
    contest, ballots = read_pb(path)
    assert len(ballots) == 0
    assert contest.official_winners is None
    assert all(set(option.columns) <= {"category"} for option in contest.options)
    text = gzip.decompress(path.read_bytes()).decode()
    assert "score" not in text
    numbers = [int(ref.split(".")[2].split("/")[0]) for ref in contest.ids]
    assert numbers == sorted(numbers), "the file's order would be the order of the result"
