"""Elections for these tests: real files, small ones written by hand, and random ones."""

import contextlib
import io
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from hypothesis import strategies as st

import recount
from voting.counting import Ballots, Contest, Explanation, Option, count, explain, write_pb

ROOT = Path(__file__).resolve().parent.parent.parent
KRAKOW_2024 = sorted((ROOT / "data" / "krakow-2024").glob("*.pb.gz"))
VOTING_NOW = sorted((ROOT / "data" / "voting-now").glob("*.pb.gz"))

SMALL = """\
META
key;value
description;A small vote
num_projects;3
num_votes;3
budget;100
vote_type;ordinal
rule;greedy
min_length;1
max_length;2
PROJECTS
project_id;cost;name
park;70;A park
bridge;60;A bridge
benches;30;Some benches
VOTES
voter_id;vote
1;park,bridge
2;bridge,park
3;park
"""


def contest_of(
    budget: int, costs: dict[str, int], tie_order: list[str] | None = None, **more: int
) -> Contest:
    options = [Option.build(ref, cost) for ref, cost in costs.items()]
    return Contest.build("A vote", budget, options, tie_order=tie_order, **more)  # type: ignore[arg-type]


def ballots_of(contest: Contest, *rankings: str) -> Ballots:
    """Ballots written as "park,bridge"."""
    number = {ref: place for place, ref in enumerate(contest.ids)}
    return Ballots.from_rows([[number[ref] for ref in r.split(",")] for r in rankings])


def recounted(path: Path, *options: str) -> list[str]:
    """The winners that `recount.py` prints, run in this process."""
    code, out, refusal = run_recount("--winners", str(path), *options)
    assert code == 0, refusal
    return out.splitlines()


def run_recount(*arguments: str) -> tuple[int, str, str]:
    """Exit code, standard output and standard error of `recount.py`."""
    out, refusal = io.TextIOWrapper(io.BytesIO(), encoding="utf-8"), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(refusal):
        try:
            code = recount.main(list(arguments))
        except SystemExit as end:
            code = int(end.code or 0)
    out.flush()
    return code, out.buffer.getvalue().decode(), refusal.getvalue()


def written(contest: Contest, ballots: Ballots) -> bytes:
    """The file as bytes."""
    file = io.BytesIO()
    write_pb(contest, ballots, file)
    return file.getvalue()


@st.composite
def small_elections(draw: st.DrawFn) -> tuple[Contest, Ballots]:
    """Few options, few distinct costs and few ballots, so that ties and tight money are common."""
    number = draw(st.integers(1, 7))
    refs = [f"P{n}" for n in range(number)]
    costs = draw(st.lists(st.integers(1, 9), min_size=number, max_size=number))
    contest = Contest.build(
        "Random",
        draw(st.integers(1, 25)) * 10,
        [Option.build(ref, cost * 10) for ref, cost in zip(refs, costs, strict=True)],
        tie_order=draw(st.permutations(refs)),
    )
    ranking = st.permutations(range(number)).flatmap(
        lambda order: st.integers(1, number).map(lambda length: order[:length])
    )
    return contest, Ballots.from_rows(draw(st.lists(ranking, max_size=12)))


def limits_among(ids: Sequence[str]) -> st.SearchStrategy[dict[str, Any]]:
    """One limit for some of the projects: of their number, or of their money, or of both."""
    listed = st.fixed_dictionaries(
        {"ids": st.lists(st.sampled_from(ids), min_size=1, unique=True)},
        optional={"money": st.integers(0, 200)},
    )
    return listed.flatmap(
        lambda limit: st.integers(0, 3).map(
            lambda most: limit if "money" in limit and most == 3 else {**limit, "projects": most}
        )
    )


def told(contest: Contest, ballots: Ballots) -> dict[str, Explanation]:
    """What is explained of each project, by its id."""
    return {each.option: each for each in explain(contest, count(contest, ballots))}


def wins(contest: Contest, ballots: Ballots, ref: str) -> bool:
    return ref in count(contest, ballots).funded


def with_cost(contest: Contest, ref: str, cost: int) -> Contest:
    options = [replace(o, cost=cost) if o.id == ref else o for o in contest.options]
    return replace(contest, options=tuple(options))
