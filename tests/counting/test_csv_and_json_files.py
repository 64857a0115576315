"""The same contest as CSV tables and as one JSON document: written, read again, and refused."""

import io
import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.counting.elections import small_elections
from tests.counting.real_elections import ALL
from voting.counting import (
    Ballots,
    Contest,
    MalformedFile,
    TooLarge,
    count,
    read,
    read_csv,
    read_file,
    read_json,
    read_pb,
    write_csv,
    write_json,
    write_pb,
)
from voting.counting.__main__ import main

PROJECTS = """\
# description: A small vote, "ranked"
# budget: 100
# vote_type: ordinal
# rule: greedy
project_id,cost,name
park,70,"A park, green"
bridge,60,A bridge
benches,30,Some benches
"""
BALLOTS = "ballot,rank_1,rank_2\n1,park,bridge\n2,bridge,park\n3,park,\n"


def through_csv(contest: Contest, ballots: Ballots) -> tuple[Contest, Ballots]:
    projects, votes = io.BytesIO(), io.BytesIO()
    write_csv(contest, ballots, projects, votes)
    projects.seek(0)
    votes.seek(0)
    reading = read_csv(projects, votes)
    assert isinstance(reading.ballots, Ballots)
    return reading.contest, reading.ballots


def through_json(contest: Contest, ballots: Ballots) -> tuple[Contest, Ballots]:
    target = io.BytesIO()
    write_json(contest, ballots, target)
    target.seek(0)
    reading = read_json(target)
    assert isinstance(reading.ballots, Ballots)
    return reading.contest, reading.ballots


def through_pb(contest: Contest, ballots: Ballots) -> tuple[Contest, Ballots]:
    target = io.BytesIO()
    write_pb(contest, ballots, target)
    target.seek(0)
    return read_pb(target)


both = pytest.mark.parametrize("through", [through_csv, through_json], ids=["csv", "json"])


def test_ticks_in_any_order_are_the_same_ballot_in_a_table_too() -> None:
    projects = b"# budget: 100\n# vote_type: approval\nproject_id,cost\npark,50\nbridge,50\n"
    ballots = b'ballot,vote\n1,"bridge,park"\n2,"park,bridge"\n'
    reading = read_csv(io.BytesIO(projects), io.BytesIO(ballots))
    assert isinstance(reading.ballots, Ballots)
    assert reading.ballots.published_lines(reading.contest.ids) == ["park,bridge"] * 2


def test_a_byte_order_mark_before_the_tables_is_told() -> None:
    marked = b"\xef\xbb\xbf" + PROJECTS.encode()
    reading = read_csv(io.BytesIO(marked), io.BytesIO(BALLOTS.encode()))
    told = [str(each) for each in reading.warnings if "byte order mark" in each.sentence]
    assert told == ["Line 1: The file begins with a byte order mark, which is passed over."]


@both
@given(election=small_elections())
def test_a_ranked_vote_comes_back_as_it_went(
    through: Any, election: tuple[Contest, Ballots]
) -> None:
    contest, ballots = election
    again = through(contest, ballots)
    assert count(*again).as_json() == count(*through_pb(contest, ballots)).as_json()
    assert again[1].published_lines(contest.ids) == ballots.published_lines(contest.ids)


@both
@given(
    votes=st.lists(
        st.tuples(
            st.permutations(range(3)), st.lists(st.integers(-99, 99), min_size=3, max_size=3)
        ),
        max_size=8,
    ),
    scale=st.sampled_from([1, 10, 1000]),
)
def test_so_does_one_that_gives_points(through: Any, votes: Any, scale: int) -> None:
    contest = replace(small(), vote_type="scoring", rule="points")
    ballots = Ballots.from_points(votes, scale).unordered()
    again = through(contest, ballots)
    assert again[1].published_lines(contest.ids) == ballots.published_lines(contest.ids)
    assert count(*again).funded == count(contest, ballots).funded


@both
@pytest.mark.parametrize("election", ALL[::6], ids=lambda election: election.name)
def test_so_do_real_elections(through: Any, election: Any) -> None:
    contest, ballots = read_pb(election.path)
    again = through(contest, ballots)
    assert again[0] == through_pb(contest, ballots)[0]
    assert again[1].digest(again[0].ids) == ballots.digest(contest.ids)


def small() -> Contest:
    return read_csv(io.BytesIO(PROJECTS.encode()), io.BytesIO(BALLOTS.encode())).contest


def test_either_table_is_enough_to_find_both(tmp_path: Path) -> None:
    (tmp_path / "vote-projects.csv").write_text(PROJECTS, encoding="utf-8")
    (tmp_path / "vote-ballots.csv").write_text(BALLOTS, encoding="utf-8")
    for name in ("vote-projects.csv", "vote-ballots.csv"):
        assert count(*read_file(tmp_path / name)).funded == ("park", "benches")
    with pytest.raises(MalformedFile, match=r"-ballots\.csv"):
        read_file(tmp_path / "vote.csv")


def test_the_command_line_counts_them_too(tmp_path: Path, capsys: Any) -> None:
    contest = small()
    ballots = Ballots.from_rows([[0, 1], [0]])
    write_json(contest, ballots, tmp_path / "vote.json.gz")
    write_json(contest, ballots, tmp_path / "vote")
    write_csv(contest, ballots, tmp_path / "v-projects.csv.gz", tmp_path / "v-ballots.csv.gz")
    for name in ("vote.json.gz", "vote", "v-ballots.csv.gz"):
        assert main(["count", "--winners", str(tmp_path / name)]) == 0
        assert capsys.readouterr().out == "park\nbenches\n"


def test_other_programs_find_the_tables_as_they_expect_them(tmp_path: Path) -> None:
    contest, ballots = small(), Ballots.from_rows([[0, 1], [1]])
    write_csv(contest, ballots, tmp_path / "p", tmp_path / "b", count(contest, ballots))
    assert (tmp_path / "b").read_text() == "ballot,rank_1,rank_2\n1,bridge,\n2,park,bridge\n"
    text = (tmp_path / "p").read_text().splitlines()
    assert text[0] == '# description: A small vote, "ranked"'
    assert text[-4] == "project_id,cost,votes,score,name,selected"
    assert text[-3] == 'park,70,1,2,"A park, green",1'


@pytest.mark.parametrize(
    ("projects", "ballots", "line", "word"),
    [
        (PROJECTS.replace("# budget: 100\n", ""), BALLOTS, None, "budget"),
        (PROJECTS.replace("# rule: greedy", "# greedy"), BALLOTS, 4, "key: value"),
        (PROJECTS.replace("# rule: greedy", "# budget: 7"), BALLOTS, 4, "twice"),
        (PROJECTS.replace("bridge,60", "bridge,many"), BALLOTS, 7, "many"),
        (PROJECTS.replace("# rule: greedy", "# num_votes: 4"), BALLOTS, 4, "4 ballots"),
        (PROJECTS, BALLOTS.replace("2,bridge,park", "2,,park"), 3, "left empty"),
        (PROJECTS, BALLOTS.replace("2,bridge,park", "2,bridge,pond"), 3, "pond"),
        (PROJECTS, BALLOTS.replace("3,park,", "1,park,"), 4, "comes twice"),
        (PROJECTS, BALLOTS.replace("rank_2", "rank_3"), 1, "in order"),
        (PROJECTS, BALLOTS.replace("rank_", "place_"), 1, "rank_1"),
        (PROJECTS.replace("ordinal", "scoring"), BALLOTS, 1, "points"),
    ],
)
def test_tables_that_go_wrong_say_where(
    projects: str, ballots: str, line: int | None, word: str
) -> None:
    with pytest.raises(MalformedFile, match=word) as refused:
        read_csv(io.BytesIO(projects.encode()), io.BytesIO(ballots.encode()))
    assert refused.value.line == line


def document(**changed: Any) -> bytes:
    target = io.BytesIO()
    write_json(small(), Ballots.from_rows([[0, 1], [1]]), target)
    return json.dumps(json.loads(target.getvalue()) | changed).encode()


@pytest.mark.parametrize(
    ("content", "word"),
    [
        (b"{", "not valid JSON"),
        (b'{"format": 1}', "format"),
        (b"[" * 100_000, "not valid JSON"),
        (document(meta=[]), "The meta"),
        (document(meta={"budget": 100}), "texts"),
        (document(projects={}), "projects must be a list"),
        (document(projects=[]), "no project"),
        (document(projects=[{"project_id": "park"}]), "needs a project_id and a cost"),
        (document(projects=[{"project_id": "park", "cost": "1."}]), "not an amount"),
        (document(ballots=7), "ballots must be a list"),
        (document(ballots=[7]), "Ballot 1"),
        (document(ballots=[{"vote": []}]), "Ballot 1: The vote is empty"),
        (document(ballots=[{"vote": ["park"]}, {"vote": ["pond"]}]), "Ballot 2: .*pond"),
        (document(ballots=[{"vote": ["park"], "copies": 0}]), "copies"),
        (document(ballots=[{"vote": ["park"], "copies": True}]), "copies"),
        (
            document(
                meta={"budget": "9", "vote_type": "scoring"},
                ballots=[{"vote": ["park"], "points": ["1", "2"]}],
            ),
            "Ballot 1: .*2 numbers",
        ),
        (document(ballots=[{"vote": ["park"]}]), "announces 2 ballots"),
    ],
)
def test_a_document_that_goes_wrong_is_refused_in_words(content: bytes, word: str) -> None:
    with pytest.raises(MalformedFile, match=word):
        read_json(io.BytesIO(content))


def test_what_is_too_large_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "vote.json"
    path.write_bytes(b'{"ballots": [' + b'"x",' * 100_000)
    with pytest.raises(TooLarge):
        read(path, most_bytes=1 << 20)
    (tmp_path / "v-projects.csv").write_text(PROJECTS, encoding="utf-8")
    rows = "".join(f"{n},park,\n" for n in range(9_000))
    (tmp_path / "v-ballots.csv").write_text(f"ballot,rank_1,rank_2\n{rows}", encoding="utf-8")
    with pytest.raises(TooLarge):
        read(tmp_path / "v-ballots.csv", most_bytes=1 << 20)
