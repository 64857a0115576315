"""Other cities' votes: whatever their rule, the winners we count are those that they announced."""

import gzip
from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest

from scripts.copy_election import main, without_voters
from tests.counting.elections import run_recount
from tests.counting.real_elections import ALL, GREEDY, RealElection
from voting.counting import count, explain, read_pb, write_pb

each_greedy = pytest.mark.parametrize("election", GREEDY, ids=lambda election: election.name)


def test_there_are_votes_of_every_kind_and_rule() -> None:
    counts = [count(*read_pb(election.path), election.rule) for election in GREEDY]
    kinds = Counter(done.contest.vote_type for done in counts)
    assert set(kinds) == {"ordinal", "approval", "choose-1", "cumulative"}
    used = {key for done in counts for key in done.contest.parameters}
    assert used == {"no_skip", "threshold", "top_up"}


@each_greedy
def test_the_engine_finds_the_official_winners(election: RealElection) -> None:
    assert election.funded
    assert set(count(*read_pb(election.path), election.rule).funded) == election.funded


@each_greedy
def test_votes_and_scores_are_the_official_ones(election: RealElection) -> None:
    contest, ballots = read_pb(election.path)
    official = {option.id: option.columns for option in contest.options}
    for stage in count(contest, ballots, election.rule).stages:
        columns = official[stage.option]
        assert columns.get("votes", str(stage.ballots)) == str(stage.ballots)
        assert columns.get("score", str(stage.points)) == str(stage.points)


@pytest.mark.parametrize("election", ALL, ids=lambda election: election.name)
def test_both_programs_publish_the_same_fingerprint_of_the_ballots(
    election: RealElection,
) -> None:
    contest, ballots = read_pb(election.path)
    said = run_recount(str(election.path), *election.options)[1]
    assert f": {ballots.digest(contest.ids)}\n" in said


@each_greedy
def test_a_written_file_gives_the_same_count(election: RealElection, tmp_path: Path) -> None:
    contest, ballots = read_pb(election.path)
    first = count(contest, ballots, election.rule)
    copy = tmp_path / "copy.pb.gz"
    write_pb(first.contest, ballots, copy)
    contest_again, ballots_again = read_pb(copy)
    assert replace(contest_again, options=()) == replace(contest, options=())
    assert (contest_again.ids, contest_again.costs) == (contest.ids, contest.costs)
    assert ballots_again.digest(contest.ids) == ballots.digest(contest.ids)
    assert count(contest_again, ballots_again, election.rule).as_json() == first.as_json()


@each_greedy
def test_money_is_told_truly_to_every_project(election: RealElection) -> None:
    contest, ballots = read_pb(election.path)
    result = count(contest, ballots, election.rule)
    assert 0 <= result.left < contest.budget
    for stage, told in zip(result.stages, explain(contest, result), strict=True):
        assert (told.code in ("funded", "topped_up")) == stage.is_funded


@each_greedy
def test_nothing_of_a_voter_is_kept_but_the_vote(election: RealElection) -> None:
    text = gzip.decompress(election.path.read_bytes()).decode()
    header, *rows = text.split("\nVOTES\n")[1].splitlines()
    assert header in ("voter_id;vote", "voter_id;vote;points")
    assert [row.split(";")[0] for row in rows] == [str(n) for n in range(1, len(rows) + 1)]
    assert [row.split(";")[1:] for row in rows] == sorted(row.split(";")[1:] for row in rows)


def test_a_copy_leaves_out_who_voted(tmp_path: Path) -> None:
    text = "META\nkey;value\nPROJECTS\nproject_id;cost\na;1\nVOTES\n"
    votes = 'voter_id;age;vote;sex;points\n77;31;b;F;"2"\n12;90;a,b;M;1,1\n'
    (tmp_path / "one.pb").write_text(text + votes, encoding="utf-8")
    assert main([str(tmp_path / "copies"), str(tmp_path / "one.pb")]) == 0
    copied = gzip.decompress((tmp_path / "copies" / "one.pb.gz").read_bytes()).decode()
    assert copied == without_voters(text + votes)
    assert copied == text + "voter_id;vote;points\n1;a,b;1,1\n2;b;2\n"
    assert main([]) == 2
