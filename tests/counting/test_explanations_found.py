"""How much of what could be told is found: an explanation is never wrong, but may be missing.

Eight drawn elections, always the same, of six projects and fourteen ballots. The numbers are those
of the figures found when they were written down, and of the counts made for them: a figure that was
badly guessed is found in the end, but only by trying many more. More figures and fewer counts are
welcome, and the numbers go with them.
"""

import random
from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest

from voting.counting import Ballots, Contest, Option, count, explain
from voting.counting.explanations.trials import Trials

FIGURES = ("cost_limit", "points_limit", "budget_limit", "ballots_more", "rival")
ORDERED, TICKED = "ordinal", "approval"

# Kind of ballots, rule, parameters; then how many lost, how many figures there are of each, and how
# often all had to be counted for these.
FOUND: list[tuple[str, str, Mapping[str, Any], tuple[int, ...]]] = [
    (ORDERED, "points-by-rank", {}, (24, 43, 48, 24, 24, 13, 190)),
    (ORDERED, "points-by-rank", {"ties": ["cheaper", "votes"]}, (24, 43, 48, 24, 24, 14, 221)),
    (ORDERED, "points-by-rank", {"no_skip": True}, (27, 28, 48, 27, 27, 8, 186)),
    (ORDERED, "points-by-rank", {"no_skip": True, "top_up": 80}, (27, 28, 48, 27, 27, 10, 182)),
    (ORDERED, "points-by-rank", {"threshold_share": "1/3"}, (25, 41, 48, 23, 25, 13, 188)),
    (ORDERED, "points-by-rank", {"exclusive": [["P0", "P1"]]}, (25, 37, 48, 17, 25, 15, 173)),
    (
        ORDERED,
        "points-by-rank",
        {"limits": [{"ids": ["P0", "P1", "P2"], "money": 800}]},
        (24, 48, 44, 12, 20, 12, 169),
    ),
    (ORDERED, "equal-shares", {}, (22, 47, 0, 22, 22, 12, 232)),
    (
        ORDERED,
        "equal-shares",
        {"utility": "cardinality", "completion": "none"},
        (29, 48, 0, 29, 29, 5, 375),
    ),
    (
        ORDERED,
        "equal-shares",
        {"utility": "cost", "entry_share": "3/2"},
        (28, 48, 0, 27, 25, 0, 260),
    ),
    (
        ORDERED,
        "equal-shares",
        # Slow to count, so that a figure is given up after four steps.
        {"completion": "add1-greedy", "stop": "exhaustive"},
        (22, 45, 0, 22, 22, 11, 356),
    ),
    (ORDERED, "equal-shares", {"completion": "epsilon"}, (20, 48, 0, 20, 20, 5, 528)),
    (ORDERED, "expanding-approvals", {}, (21, 48, 0, 21, 21, 11, 349)),
    (ORDERED, "expanding-approvals", {"completion": "none"}, (28, 48, 0, 28, 28, 6, 549)),
    (ORDERED, "budget-stv", {}, (22, 46, 0, 22, 22, 12, 493)),
    (ORDERED, "budget-stv", {"completion": "none"}, (28, 45, 0, 25, 28, 4, 722)),
    (TICKED, "approvals", {}, (23, 41, 48, 23, 23, 12, 182)),
    (TICKED, "equal-shares", {}, (29, 46, 0, 26, 29, 7, 479)),
    (TICKED, "phragmen", {}, (20, 43, 0, 0, 0, 6, 861)),
]


def drawn(seed: int) -> tuple[Contest, Ballots]:
    chance = random.Random(seed)
    refs = [f"P{number}" for number in range(6)]
    lot = chance.sample(refs, 6)
    budget = chance.randint(10, 25) * 100
    options = [Option.build(ref, chance.randint(2, 9) * 100) for ref in refs]
    contest = Contest.build("Drawn", budget, options, tie_order=lot)
    rows = [chance.sample(range(6), chance.randint(1, 4)) for _ in range(14)]
    return contest, Ballots.from_rows(rows)


@pytest.mark.parametrize(("kind", "rule", "parameters", "known"), FOUND, ids=lambda x: str(x)[:40])
def test_no_figure_that_was_found_once_is_missing_or_takes_more_counts(
    kind: str,
    rule: str,
    parameters: Mapping[str, Any],
    known: tuple[int, ...],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    lost, found, begun = 0, Counter[str](), list[Trials]()
    begin = Trials.begin

    def begin_and_note(trials: Trials) -> None:
        begun.append(trials)
        begin(trials)

    monkeypatch.setattr(Trials, "begin", begin_and_note)
    for seed in range(8):
        contest, ballots = drawn(seed)
        asked = replace(contest, vote_type=kind, rule=rule, parameters=parameters)
        result = count(asked, ballots.unordered() if kind == TICKED else ballots)
        for told in explain(result.contest, result):
            lost += told.option not in result.funded
            found.update(name for name in FIGURES if getattr(told, name) is not None)
    assert lost == known[0]
    fewer = {
        name: f"{found[name]} of {number}"
        for name, number in zip(FIGURES, known[1:-1], strict=True)
        if found[name] < number
    }
    assert fewer == {}
    assert len(begun) <= known[-1] * 21 // 20, "a twentieth more than it took at first"
