#!/usr/bin/env python3
"""Build the demo's elections from Pabulib's files: `scripts/build_demo_data.py SOURCE_FOLDER`.

Makes data/krakow-2024 (nineteen contests with their ballots and official winners) and
data/voting-now (projects only, for the round that is open in the demo). What the files say of the
voters is left behind: the writer knows only rankings, sorts them and numbers them afresh. The
output is the same bytes each time.
"""

import argparse
import re
import sys
from dataclasses import replace
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from voting.counting import Ballots, Contest, Option, read_pb, write_pb  # noqa: E402

DECIDED = "Poland_Krakow_2024*.pb.gz"
OPEN_NOW = (
    "Poland_Krakow_2024.pb.gz",
    "Poland_Krakow_2025_Podgorze.pb.gz",
    "Poland_Krakow_2025_Czyzyny.pb.gz",
    "Poland_Krakow_2024_Swoszowice.pb.gz",
)
OUTCOME = {"votes", "score", "selected"}
CONTESTS = 19


def main() -> int:
    parser = argparse.ArgumentParser(description="Build data/ from a folder of Pabulib's files.")
    parser.add_argument("source", type=Path, help="folder with the Poland_Krakow_*.pb.gz files")
    parser.add_argument("--target", type=Path, default=ROOT / "data", help="default: data/")
    chosen = parser.parse_args()
    decided = sorted(chosen.source.glob(DECIDED))
    if len(decided) != CONTESTS:
        print(f"{chosen.source} has {len(decided)} files {DECIDED}, not {CONTESTS}.")
        return 2
    for path in decided:
        contest, ballots = read_pb(path)
        write_pb(contest, ballots, _target(chosen.target / "krakow-2024", path))
    for name in OPEN_NOW:
        path = chosen.source / name
        contest, _ = read_pb(path)
        target = _target(chosen.target / "voting-now", path)
        write_pb(_before_the_vote(contest), Ballots.from_rows([]), target)
    return 0


def _target(folder: Path, path: Path) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    return folder / path.name.removeprefix("Poland_").lower()


def _before_the_vote(contest: Contest) -> Contest:
    """The contest as it was before anybody voted: no outcome, and no order that gives it away."""
    projects = sorted(contest.options, key=_by_id)
    options = tuple(replace(project, columns=_without_outcome(project)) for project in projects)
    return replace(contest, options=options, tie_order=tuple(option.id for option in options))


def _by_id(project: Option) -> list[tuple[int, str]]:
    """Sort BO.OM.2/24 before BO.OM.10/24."""
    return [(int(part or 0), "") if part.isdigit() else (0, part)
            for part in re.split(r"([0-9]+)", project.id)]  # fmt: skip


def _without_outcome(project: Option) -> dict[str, str]:
    return {name: text for name, text in project.columns.items() if name not in OUTCOME}


if __name__ == "__main__":
    sys.exit(main())
