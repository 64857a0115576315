"""Real votes with the winners that the cities announced: what every program here must find.

Each is a file that Pabulib publishes (http://pabulib.org, CC BY 4.0), without anything of the
voters but their votes. The winners are read with the standard library alone, so that no program
under test is asked what it should find.
"""

import csv
import gzip
import io
from dataclasses import dataclass
from pathlib import Path

ELECTIONS = Path(__file__).resolve().parent.parent / "data" / "elections"


@dataclass(frozen=True)
class RealElection:
    """A file, the rule that has to be named for it (None: it says its own), and who won."""

    path: Path
    rule: str | None
    funded: frozenset[str]

    @property
    def name(self) -> str:
        return self.path.name.removesuffix(".pb.gz")

    @property
    def options(self) -> list[str]:
        """What to say at the command line besides the file."""
        return [] if self.rule is None else ["--rule", self.rule]


def _read(path: Path) -> RealElection:
    text = gzip.decompress(path.read_bytes()).decode()
    meta, _, rest = text.partition("\nPROJECTS\n")
    projects = csv.DictReader(io.StringIO(rest.partition("\nVOTES\n")[0]), delimiter=";")
    # In Poznan a project is funded with money from elsewhere, marked 2, if the rest nearly covers
    # it; in other cities 2 means an award outside the vote.
    poznan = "rule;greedy-custom" in meta
    won = {"1", "2"} if poznan else {"1"}
    funded = frozenset(row["project_id"].strip() for row in projects if row["selected"] in won)
    return RealElection(path, "greedy-80" if poznan else None, funded)


def _rule(path: Path) -> str:
    meta = gzip.decompress(path.read_bytes()).decode().partition("\nPROJECTS\n")[0]
    return next(line[5:] for line in meta.splitlines() if line.startswith("rule;"))


_FILES = sorted(ELECTIONS.glob("*.pb.gz"))

GREEDY = [_read(path) for path in _FILES if _rule(path).startswith("greedy")]
"""Those decided by points or votes, greedily."""

EQUAL_SHARES = [_read(path) for path in _FILES if _rule(path).startswith("equalshares")]
"""Those decided by equal shares."""

ALL = [*GREEDY, *EQUAL_SHARES]
