"""Files as they are out there: what changes no count is read, and said once; never in silence."""

import gzip
import io
import os
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tests.counting.elections import VOTING_NOW
from tests.counting.real_elections import ALL
from voting.counting import (
    CountingError,
    FileWarning,
    MalformedFile,
    TooLarge,
    count,
    read,
    read_file,
    read_pb,
)

COMPLETE = """\
META
key;value
description;A small vote
country;Worldwide
unit;A town
instance;2026
num_projects;3
num_votes;3
budget;100
vote_type;ordinal
rule;greedy
date_begin;01.02.2026
date_end;03.02.2026
min_length;1
max_length;2
PROJECTS
project_id;cost;votes;name;category;selected
park;70;3;A park;green,water;1
bridge;60;2;A bridge;;0
benches;30;0;Some benches;;1
VOTES
voter_id;vote
1;park,bridge
2;bridge,park
3;park
"""
PROJECTS, _, VOTES = COMPLETE.partition("PROJECTS\n")[2].rstrip().partition("\nVOTES\n")
NO_DAY = "in META is neither a year nor a date such as 31.12.2024."
APPROVALS = COMPLETE.replace("ordinal", "approval")
SPARE = "Empty cells at the end of a line are passed over."
BLANKS = "Blanks around the commas of a list are passed over."
ORDER = "The columns are not in the format's order."

# What is replaced, by what, and the one warning about it.
TOLERATED = {
    "a byte order mark": (
        "META\n",
        "\ufeffMETA\n",
        "Line 1: The file begins with a byte order mark, which is passed over.",
    ),
    "a line end of another system": (
        "unit;A town\n",
        "unit;A town\r\n",
        "Line 5: The line ends with a carriage return, which is passed over.",
    ),
    "such a line end among the votes": (
        "2;bridge,park\n3;park\n",
        "2;bridge,park\r\n3;park\r\n",
        "Line 23: The line ends with a carriage return, which is passed over. (2 times)",
    ),
    "blank lines": (
        "PROJECTS\n",
        "\n \n\nPROJECTS\n",
        "Line 16: A blank line is passed over. (3 times)",
    ),
    "a blank line among the votes": ("3;park", "\n3;park", "Line 25: A blank line is passed over."),
    "blank lines at the end": ("3;park\n", "3;park\n\n\n", "Line 27: A blank line is passed over."),
    "blanks around cells": (
        "park;70;3",
        "park; 70 ;3",
        "Line 18: Blanks around a cell are passed over.",
    ),
    "blanks in a vote": ("park,bridge", "park , bridge", f"Line 23: {BLANKS}"),
    "blanks in a list of categories": ("green,water", "green, water", BLANKS),
    "a spreadsheet's empty cells": (
        "META\nkey;value\n",
        "META;;\nkey;value;\n",
        f"Line 1: {SPARE} (2 times)",
    ),
    "empty cells behind projects": (
        "A park;green,water;1",
        "A park;green,water;1;;",
        f"Line 18: {SPARE}",
    ),
    "empty cells behind votes": ("2;bridge,park", "2;bridge,park;", f"Line 24: {SPARE}"),
    "zeros behind the second decimal": (
        "park;70;",
        "park;70.0000;",
        "Line 18: An amount has zeros behind its second decimal.",
    ),
    "an empty limit": (
        "max_length;2",
        "max_length;",
        "Line 15: META says nothing for 'max_length', which is passed over.",
    ),
    "no announced numbers": (
        "num_projects;3\nnum_votes;3\n",
        "",
        "META does not say: num_projects, num_votes.",
    ),
    "keys in another order": (
        "unit;A town\ninstance;2026",
        "instance;2026\nunit;A town",
        "The keys of META are not in the format's order.",
    ),
    "a key of one's own": (
        "max_length;2",
        "max_length;2\nweather;fair",
        "Line 16: META says 'weather', which the format does not know.",
    ),
    "columns of votes in another order": (
        VOTES,
        "vote;voter_id\npark,bridge;1\nbridge,park;2\npark;3",
        f"Line 22: {ORDER}",
    ),
    "columns of projects in another order": (
        PROJECTS,
        (
            "project_id;cost;name;votes;category;selected\npark;70;A park;3;green,water;1\n"
            "bridge;60;A bridge;2;;0\nbenches;30;Some benches;0;;1"
        ),
        f"Line 17: {ORDER}",
    ),
    "a column of one's own": (
        PROJECTS,
        PROJECTS.replace("\n", ";7\n").replace("selected;7", "selected;zip") + ";7",
        "The column 'zip' of PROJECTS is not one of the format's.",
    ),
    "a day that does not exist": ("01.02.2026", "30.02.2026", f"Line 12: The date_begin {NO_DAY}"),
    "an end before the beginning": (
        "date_end;03.02.2026",
        "date_end;2025",
        "Line 13: The date_end in META is before the date_begin.",
    ),
    "other numbers of votes": (
        "park;70;3",
        "park;70;4",
        "The votes that PROJECTS says are not those of the ballots.",
    ),
    "a project dearer than the budget": (
        "bridge;60",
        "bridge;600",
        "A project costs more than the whole budget.",
    ),
    "an outcome that is none": (";;0", ";;9", "A project's selected is none of 0, 1, 2 and 3."),
    "an empty name": ("A bridge", "", "A project has no name."),
    "a limit that nobody reaches": (
        "max_length;2",
        "max_length;3",
        "No ballot is as long as the max_length.",
    ),
    "a flag that is none": (
        "max_length;2",
        "max_length;2\nfully_funded;0",
        "Line 16: META's fully_funded can only be 1.",
    ),
    "a comment without a number": (
        "max_length;2",
        "max_length;2\ncomment;Fine weather.",
        "Line 16: The comment in META does not begin with '#1: '.",
    ),
}


def warned(text: str) -> list[str]:
    return [str(warning) for warning in read(io.BytesIO(text.encode())).warnings]


def test_a_file_as_it_should_be_is_read_without_a_word() -> None:
    assert warned(COMPLETE) == []


@pytest.mark.parametrize(("old", "new", "warning"), TOLERATED.values(), ids=TOLERATED.keys())
def test_what_is_tolerated_is_said_once_and_changes_nothing(
    old: str, new: str, warning: str
) -> None:
    assert COMPLETE.count(old) == 1 or old == "META\n"
    text = COMPLETE.replace(old, new, 1)
    found = warned(text)
    assert found == [warning]
    contest, ballots = read_pb(io.BytesIO(text.encode()))
    assert count(contest, ballots).funded == ("park", "benches")
    assert ballots.published_lines(contest.ids) == ["bridge,park", "park", "park,bridge"]


@pytest.mark.parametrize(
    ("old", "new", "warning"),
    [
        (
            "min_length;1",
            "min_length;1\nmax_sum_cost;100",
            "A ballot is beyond the max_sum_cost. (2 times)",
        ),
        ("min_length;1", "min_length;1\nmin_sum_cost;71", "A ballot is beyond the min_sum_cost."),
        ("min_length;1", "min_length;1\nmax_sum_cost;much", "META's max_sum_cost is not a number."),
        (
            VOTES,
            "voter_id;vote;points\n1;park,bridge;2,1\n2;bridge,park;1,2\n3;park;3",
            "Line 22: Points do not belong to such ballots and are passed over.",
        ),
        (
            "rule;greedy\n",
            "rule;greedy\nmin_project_score_threshold;1\n",
            (
                "Line 11: The rule is greedy with a min_project_score_threshold: "
                "it is counted as greedy-threshold."
            ),
        ),
    ],
)
def test_so_are_the_oddities_of_ballots_that_tick(old: str, new: str, warning: str) -> None:
    assert warning in warned(APPROVALS.replace(old, new))


def test_sums_of_points_are_compared_with_what_meta_allows() -> None:
    text = COMPLETE.replace("ordinal", "cumulative").replace(
        "voter_id;vote", "voter_id;vote;points"
    )
    text = text.replace("park,bridge", "park,bridge;2,1").replace(
        "bridge,park", "bridge,park;2,2.5"
    )
    text = text.replace("3;park", "3;park;4.5")
    assert "META does not say the max_sum_points of cumulative ballots." in warned(text)
    text = text.replace("max_length;2\n", "max_length;2\nmax_sum_points;4\n")
    assert warned(text) == ["A ballot is beyond the max_sum_points. (2 times)"]


def test_warnings_can_be_collected_beside_the_contest() -> None:
    warnings: list[FileWarning] = []
    text = COMPLETE.replace("\n", "\r\n").encode()
    read_file(io.BytesIO(text), warnings)
    read_pb(io.BytesIO(text), warnings)
    assert len(warnings) == 2
    assert (warnings[0].line, warnings[0].times) == (1, 25)


def test_real_files_bring_no_more_than_their_known_oddities() -> None:
    known = {
        "PROJECTS does not say which were selected.",
        "PROJECTS says neither the votes nor the score.",
        "A ballot is beyond the max_sum_cost.",
    }
    for path in [*(election.path for election in ALL), *VOTING_NOW]:
        said = {warning.sentence for warning in read(path).warnings}
        assert said <= known | {"The line ends with a carriage return, which is passed over."}


def test_many_blank_lines_are_one_warning_and_no_depth() -> None:
    found = warned(COMPLETE.replace("PROJECTS\n", "\n" * 20_000 + "PROJECTS\n"))
    assert found == ["Line 16: A blank line is passed over. (20000 times)"]


def test_a_tie_order_of_many_projects_is_no_cell_too_long() -> None:
    refs = [f"a-project-with-a-long-id-{n}" for n in range(6000)]
    order = ",".join(f'""{ref}""' for ref in reversed(refs))
    comment = f'"#1: common-purse points-by-rank 1 {{""tie_order"":[{order}]}}"'
    rows = "".join(f"{ref};1\n" for ref in refs)
    text = (
        f"META\nkey;value\nbudget;1\nvote_type;ordinal\nrule;greedy-custom\ncomment;{comment}\n"
        f"PROJECTS\nproject_id;cost\n{rows}VOTES\nvoter_id;vote\n1;{refs[0]},{refs[1]}\n"
    )
    contest, _ = read_pb(io.BytesIO(text.encode()))
    assert contest.tie_order == tuple(reversed(refs))


# --- larger than memory ------------------------------------------------------------------------


def long_vote(quote: str) -> bytes:
    """A vote of 9,900 ballots, each another, so that nothing can be grouped."""
    head, _, _ = COMPLETE.replace("num_votes;3\nbudget", "num_votes;9900\nbudget").partition(
        "1;park"
    )
    head = head.replace("num_projects;3\n", "").replace("max_length;2\n", "")
    head = head.replace("VOTES\n", "".join(f"p{n};1;0;N;;0\n" for n in range(100)) + "VOTES\n")
    pairs = ((n % 100, (n % 100 + 1 + n // 100) % 100) for n in range(9900))
    votes = (f"{n};{quote}p{one},p{two}{quote}\n" for n, (one, two) in enumerate(pairs))
    return (head + "".join(votes)).encode()


@pytest.mark.parametrize("quote", ["", '"'], ids=["at a glance", "with care"])
def test_a_file_that_cannot_be_held_is_refused_in_one_sentence(quote: str) -> None:
    content = long_vote(quote)
    assert len(read_pb(io.BytesIO(content))[1].copies) == 9900
    with pytest.raises(TooLarge) as refused:
        read(io.BytesIO(content), most_bytes=1 << 20)
    assert str(refused.value).startswith("This file needs more memory than the 1 MiB allowed")


def test_so_is_one_whose_projects_or_keys_have_no_end() -> None:
    keys = "".join(f"key-{n};value\n" for n in range(9_000))
    projects = "".join(f"p{n};1;0;N;;0\n" for n in range(9_000))
    for text in (
        COMPLETE.replace("unit;", f"{keys}unit;"),
        COMPLETE.replace("park;70", f"{projects}park;70"),
    ):
        with pytest.raises(TooLarge):
            read(io.BytesIO(text.encode()), most_bytes=1 << 20)


@pytest.mark.parametrize("before", [b"", COMPLETE.encode(), COMPLETE.partition("PRO")[0].encode()])
def test_a_bomb_of_one_long_line_is_refused_early(tmp_path: Path, before: bytes) -> None:
    path = tmp_path / "bomb.pb.gz"
    with gzip.open(path, "wb", 1) as bomb:
        bomb.write(before)
        for _ in range(80):
            bomb.write(b"9" * (1 << 20))
    with pytest.raises(MalformedFile, match="longer than 16 MiB") as refused:
        read(path)
    assert refused.value.line == before.count(b"\n") + 1


def test_what_comes_through_a_pipe_is_read_like_a_file() -> None:
    out, into = os.pipe()
    os.write(into, COMPLETE.encode())
    os.close(into)
    with os.fdopen(out, "rb") as pipe:
        assert len(read(pipe).ballots) == 3


def test_a_pipe_with_a_name_is_opened_once(tmp_path: Path) -> None:
    path = tmp_path / "pipe"
    os.mkfifo(path)
    with ThreadPoolExecutor(1) as other:
        writing = other.submit(path.write_bytes, gzip.compress(COMPLETE.encode()))
        assert len(read(path).ballots) == 3
        assert writing.result(10)


def test_no_memory_at_all_is_a_sentence_too(monkeypatch: pytest.MonkeyPatch) -> None:
    def exhausted(*_: object) -> None:
        raise MemoryError

    monkeypatch.setattr("voting.counting.pb_reader.read_contest", exhausted)
    with pytest.raises(CountingError, match="needs more memory"):
        read(io.BytesIO(COMPLETE.encode()))
