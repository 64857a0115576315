"""The files of the whole round: what the others mean, and the programs that count again."""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from transparency.data_files import DataFile, data_file

DICTIONARY = Path(__file__).with_name("columns.csv")
"""Every file and column, explained; published as it stands."""

_PROGRAMS = {
    "recount.py": "Counts any contest for money again",
    "recount_seats.py": "Counts any contest without money again",
}


@dataclass(frozen=True)
class RoundFacts:
    """What the README says of the round."""

    name: str
    city: str
    address: str
    published_on: str
    source: str
    licence: str


def round_files(
    facts: RoundFacts, contests: list[tuple[str, str]], programs: Iterable[Path]
) -> list[DataFile]:
    """README, column dictionary and recount programs. `contests` are pairs of ref and title."""
    readme, columns = _readme(facts, contests), DICTIONARY.read_bytes()
    return [
        data_file("README.txt", "What the files are, and how to count again", readme),
        data_file("columns.csv", "Every file and column, explained", columns),
        *(data_file(path.name, _PROGRAMS[path.name], path.read_bytes()) for path in programs),
    ]


def _readme(facts: RoundFacts, contests: list[tuple[str, str]]) -> str:
    listed = "\n".join(f"    {ref}: {title}" for ref, title in contests)
    return f"""{facts.name}, {facts.city}
Published on {facts.published_on}; {facts.address}

What is here
------------
For each contest, with CONTEST standing for its name below:
    CONTEST.pb             ballots and projects in the format of Pabulib (pabulib.org/format)
    CONTEST-ballots.csv    the ballots as a table; CONTEST-ballots.json the same as JSON
    CONTEST-projects.csv   the projects with points, outcome and reason
    CONTEST.json           contest, count, the reason for each outcome, and what the voters got
    CONTEST-count.json     the count itself, stage by stage; its SHA-256 is what is announced
Where too few ballots were cast to publish them one by one, CONTEST-ranks.csv and .json hold the
table of project and rank in place of the ballots. Where it is enough to count again there is also
CONTEST-ranks.txt; where the rule needs whole rankings, these are kept for auditors.
For a contest without money (a name, a plan, a jury) there are, beside CONTEST.json,
CONTEST-count.json and the ballots:
    CONTEST.blt            ballots and answers in the form that election programs read
    CONTEST-candidates.csv who was chosen, with first choices and reason
    CONTEST-stages.csv     who held what after each stage, or
    CONTEST-matrix.csv     how many ballots place one above another
Where too few ballots were cast, only who was chosen and the first choices are told.
Every column is explained in columns.csv. Files are UTF-8 with LF line ends.

Contests
--------
{listed}

Count again
-----------
    python3 recount.py CONTEST.pb
(or CONTEST-ranks.txt), and for a contest without money, with what CONTEST.json names,
    python3 recount_seats.py CONTEST.blt --rule RULE --tie-order IDS
Both were written apart from the program that counted first; they need nothing but Python 3.10.
From the source code, python -m voting.counting elect with these options prints the count itself.

Check that nothing was altered
------------------------------
    sha256sum -c --ignore-missing SHA256SUMS
SHA256SUMS is a file of its own beside this one.

Source
------
{facts.source}

Terms of use
------------
{facts.licence}
"""
