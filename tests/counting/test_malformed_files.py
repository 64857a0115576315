"""A file that cannot be trusted is refused by both programs, in one sentence, at the line."""

import gzip
import re
from pathlib import Path

import pytest

from tests.counting.elections import SMALL, recounted, run_recount
from voting.counting import MalformedFile, count, read_file, read_pb

# What is replaced in the small file, by what, the line at fault, and a word of the sentence.
FAULTS = {
    "a section twice": ("VOTES\n", "PROJECTS\n", 16, "PROJECTS"),
    "a section after the last": ("3;park\n", "3;park\nMETA\n", 21, "META"),
    "no section META": ("META\nkey;value\n", "", 1, "META"),
    "a key of META twice": ("min_length;1", "budget;7", 9, "budget"),
    "a line of META with three cells": ("budget;100", "budget;100;7", 6, "META"),
    "a negative budget": ("budget;100", "budget;-100", 6, "budget"),
    "no number as budget": ("budget;100", "budget;NaN", 6, "budget"),
    "a budget with a comma": ("budget;100", "budget;1,5", 6, "budget"),
    "a budget of 18 digits": ("budget;100", "budget;123456789012345.678", 6, "17 digits"),
    "no budget": ("budget;100\n", "", None, "budget"),
    "no kind of vote": ("vote_type;ordinal\n", "", None, "vote_type"),
    "a project twice": ("benches;30", "park;30", 15, "park"),
    "a project without id": ("benches;30", ";30", 15, "id"),
    "a project with a comma in its id": ("benches;30", "a,b;30", 15, "comma"),
    "a project with a bell in its id": ("benches;30", "be\anches;30", 15, "print"),
    "a cost of nothing": ("park;70", "park;0", 13, "zero"),
    "a negative cost": ("park;70", "park;-70", 13, "-70"),
    "a cost that is not a number": ("park;70", "park;NaN", 13, "NaN"),
    "an endless cost": ("park;70", "park;1e999", 13, "1e999"),
    "a cost in foreign digits": ("park;70", "park;７０", 13, "cost"),
    "a column twice": ("cost;name", "cost;cost", 12, "column"),
    "a column missing": ("project_id;cost", "project_id;price", 12, "cost"),
    "a cell too many": ("A park", "A park;green", 13, "cells"),
    "a quotation mark left open": ("A park", '"A park', 13, "quotation"),
    "an unknown project in a vote": ("2;bridge,park", "2;bridge,pond", 19, "pond"),
    "a project ranked twice": ("2;bridge,park", "2;park,park", 19, "twice"),
    "an empty vote": ("3;park", "3;", 20, "empty"),
    "a vote with a gap": ("2;bridge,park", "2;bridge,,park", 19, "PROJECTS"),
    "too many ranks": ("2;bridge,park", "2;bridge,park,benches", 19, "3"),
    "a voter twice": ("3;park", "1;park", 20, "voter"),
    "a voter without id": ("3;park", ";park", 20, "voter"),
    "a vote with a cell too many": ("3;park", "3;park;7", 20, "cells"),
    "cells that wander between votes": ("2;bridge,park\n3;park", "2\nbridge;3;park", 19, "cells"),
    "fewer votes than announced": ("3;park\n", "", 5, "ballots"),
    "fewer projects than announced": ("num_projects;3", "num_projects;4", 4, "projects"),
    "a limit that is no number": ("max_length;2", "max_length;two", 10, "max_length"),
}
each_fault = pytest.mark.parametrize(
    ("old", "new", "line", "word"), FAULTS.values(), ids=FAULTS.keys()
)


@each_fault
@pytest.mark.parametrize("newline", ["\n", "\r\n"], ids=["LF", "CRLF"])
def test_the_engine_names_the_fault_and_its_line(
    tmp_path: Path, newline: str, old: str, new: str, line: int | None, word: str
) -> None:
    path = tmp_path / "vote.pb"
    assert SMALL.count(old) == 1
    path.write_bytes(SMALL.replace(old, new).replace("\n", newline).encode())
    with pytest.raises(MalformedFile) as refused:
        read_pb(path)
    assert refused.value.line == line, refused.value
    assert word in str(refused.value)
    assert re.fullmatch(r"(Line \d+: )?[A-Z].*\.", str(refused.value))


@each_fault
def test_the_recount_refuses_it_in_one_sentence(
    tmp_path: Path, old: str, new: str, line: int | None, word: str
) -> None:
    path = tmp_path / "vote.pb"
    path.write_text(SMALL.replace(old, new), encoding="utf-8")
    code, out, refusal = run_recount(str(path))
    assert (code, out) == (2, "")
    assert re.fullmatch(r"recount\.py: .*\.\n", refusal)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\n\n",
        b"no election at all",
        b"\x1f\x8b\x08 cut off",
        gzip.compress(SMALL.encode())[:-20],
        SMALL.encode("utf-16"),
        SMALL.replace("A park", "A p\xe4rk").encode("latin-1"),
        SMALL.split("PROJECTS")[0].encode(),
        SMALL.split("VOTES")[0].encode(),
        bytes(range(256)) * 50,
    ],
)
def test_something_that_is_no_election_is_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "vote.pb"
    path.write_bytes(content)
    with pytest.raises(MalformedFile):
        read_file(path)
    code, out, refusal = run_recount("--winners", str(path))
    assert (code, out, refusal.count("\n")) == (2, "", 1)


TOLERATED = {
    "as it is": SMALL,
    "windows line ends": SMALL.replace("\n", "\r\n"),
    "a byte order mark": "\ufeff" + SMALL,
    "blank lines": SMALL.replace("PROJECTS", "\n\nPROJECTS") + "\n \n",
    "no line end at the end": SMALL.rstrip("\n"),
    "blanks around cells": SMALL.replace(";", " ; "),
    "blanks around commas": SMALL.replace("park,bridge", "park , bridge"),
    "quotes around votes": SMALL.replace("park,bridge", '"park,bridge"'),
    "quotes and semicolons in names": SMALL.replace("A park", '"The ""big"" park; and trees"'),
    "more columns": re.sub("(?m)^(voter_id|[123]);", r"\1;age;", SMALL),
    "no announced numbers": SMALL.replace("num_votes;3\n", "").replace("num_projects;3\n", ""),
}


@pytest.mark.parametrize("text", TOLERATED.values(), ids=TOLERATED.keys())
def test_what_changes_nothing_is_tolerated(tmp_path: Path, text: str) -> None:
    path = tmp_path / "vote.pb"
    path.write_bytes(text.encode())
    contest, ballots = read_pb(path)
    assert count(contest, ballots).funded == ("park", "benches")
    assert recounted(path) == ["park", "benches"]
    assert ballots.published_lines(contest.ids) == ["bridge,park", "park", "park,bridge"]


def test_ids_that_need_quotes_can_be_voted_for(tmp_path: Path) -> None:
    path = tmp_path / "vote.pb"
    path.write_text(SMALL.replace("park", '"the ""park""; here"'), encoding="utf-8")
    text = SMALL.replace("park;70", '"p;""k""";70').replace(";bridge,park", ';"bridge,p;""k"""')
    text = text.replace("1;park,bridge", '1;"p;""k"",bridge"').replace("3;park", '3;"p;""k"""')
    path.write_text(text, encoding="utf-8")
    contest, ballots = read_pb(path)
    assert count(contest, ballots).funded == ('p;"k"', "benches")
    assert recounted(path) == ['p;"k"', "benches"]
