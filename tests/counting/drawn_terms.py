"""Parameters of every rule for money, drawn as a city might set them, and now and then wrongly."""

from typing import Any

from hypothesis import strategies as st

from tests.counting.recount_files import VoteFile, chains, scales

COMPLETED = ("expanding-approvals", "budget-stv", "minimal-transfers")
RULES_OF = {
    "ordinal": ("points-by-rank", "equal-shares", "expanding-approvals", "budget-stv"),
    "approval": ("approvals", "equal-shares", "phragmen"),
    "choose-1": ("approvals", "equal-shares", "phragmen"),
    "cumulative": ("points", "equal-shares", "minimal-transfers"),
    "scoring": ("points", "equal-shares"),
}
WRONG: tuple[dict[str, Any], ...] = (
    {"ties": []}, {"ties": ["lot"]}, {"ties": ["dearer"]}, {"seed": "7"}, {"threshold": 0},
    {"top_up": 80}, {"completion": "all"}, {"utility": "joy"}, {"limits": [{}]}, {"scale": "own"},
    {"ties": ["first_ranks"]}, {"no_skip": False}, {"entry_share": "1/0"},
)  # fmt: skip


@st.composite
def terms(draw: st.DrawFn, vote: VoteFile) -> dict[str, Any]:
    """What the comment says of the file's rule."""
    chosen = draw(chains(vote.kind)) | draw(scales(vote))
    if vote.rule == "equal-shares":
        chosen |= draw(terms_of_shares(vote.kind))
    elif vote.rule == "phragmen":
        ends = {"no_skip": True}
        chosen |= draw(st.sampled_from([{}, ends, ends | {"completion": "greedy"}]))
    elif vote.rule in COMPLETED:
        chosen |= draw(st.sampled_from([{}, {"completion": "greedy"}, {"completion": "none"}]))
    else:
        chosen |= draw(terms_of_scores(vote))
    wrong: dict[str, Any] = draw(st.sampled_from([{}] * 3 * len(WRONG) + list(WRONG)))
    return chosen | wrong


@st.composite
def terms_of_shares(draw: st.DrawFn, kind: str) -> dict[str, Any]:
    utilities = ["cost", "cardinality"]
    utilities += ["rank-points", "rank-points-cost"] * (kind == "ordinal")
    utilities += ["points"] * (kind in ("cumulative", "scoring"))
    completions = ["none", "greedy", "add1", "add1-greedy", "epsilon"]
    drawn = {
        "utility": draw(st.none() | st.sampled_from(utilities)),
        "completion": draw(st.none() | st.sampled_from(completions)),
        "start": draw(st.sampled_from([None, "floor", "exact"])),
        "stop": draw(st.sampled_from([None, "overspend", "exhaustive"])),
        "comparison": draw(st.sampled_from([None, kind in ("approval", "choose-1") or None])),
        "entry_share": draw(st.sampled_from([None, "1/3", "3/2"])),
    }
    return {key: value for key, value in drawn.items() if value is not None}


@st.composite
def terms_of_scores(draw: st.DrawFn, vote: VoteFile) -> dict[str, Any]:
    projects = st.lists(st.sampled_from([*vote.costs]), min_size=1, unique=True)
    money, number = st.integers(0, vote.budget * 100 // vote.unit), st.integers(0, 3)
    end: dict[str, Any] = {"no_skip": True}
    drawn = {
        "threshold": draw(st.none() | st.integers(1, 4)),
        "threshold_share": draw(st.none() | st.sampled_from(["1/3", "1/2", "5/4"])),
        "exclusive": draw(st.none() | st.lists(projects, max_size=2)),
        "limits": draw(
            st.none()
            | st.lists(st.fixed_dictionaries({"ids": projects, "money": money}), max_size=2)
            | st.lists(st.fixed_dictionaries({"ids": projects, "projects": number}), max_size=2)
        ),
    }
    ends = [{}, {}, end, end | {"top_up": draw(st.integers(1, 99))}]
    chosen: dict[str, Any] = draw(st.sampled_from(ends))
    return chosen | {key: drawn[key] for key in drawn if drawn[key] is not None}
