"""Votes written by hand or drawn, as the text of a file, for the tests of `recount.py` alone."""

import json
import tempfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from hypothesis import strategies as st

from tests.counting.elections import run_recount

KINDS = ("ordinal", "approval", "choose-1", "cumulative", "scoring")


@dataclass
class VoteFile:
    """What a file says. A ballot of points is written "a,b;2,1", any other "a,b".

    Money is a whole number of units of currency, or of their tenths, hundredths and so on, by
    `decimals`.
    """

    kind: str
    costs: dict[str, int]
    ballots: list[str]
    budget: int = 100
    rule: str = "greedy"
    parameters: dict[str, Any] | None = None
    meta: dict[str, str] = field(default_factory=dict)
    ties: list[str] | None = None
    order: list[str] | None = None
    decimals: int = 0

    def text(self) -> str:
        meta = {"budget": self.money(self.budget), "vote_type": self.kind, **self.meta}
        meta["rule"] = self.rule
        if self.parameters is not None:
            ours = {**self.parameters, "tie_order": self.ties or list(self.costs)}
            ours |= {"order": self.order} if self.order else {}
            line = f"#1: common-purse {self.rule} 1 {json.dumps(ours)}".replace('"', '""')
            meta.update(rule="greedy-custom", comment=f'"{line}"')
        columns = "voter_id;vote" + ";points" * any(";" in ballot for ballot in self.ballots)
        if self.kind in ("cumulative", "scoring"):
            columns = "voter_id;vote;points"
        lines = ["META", "key;value", *(f"{key};{value}" for key, value in meta.items())]
        lines += ["PROJECTS", "project_id;cost"]
        lines += [f"{project};{self.money(cost)}" for project, cost in self.costs.items()]
        lines += ["VOTES", columns]
        lines += [f"{voter};{ballot}" for voter, ballot in enumerate(self.ballots, start=1)]
        return "\n".join(lines) + "\n"

    @property
    def unit(self) -> int:
        """How much of what costs are written in makes a unit of currency."""
        return int(10**self.decimals)

    def money(self, amount: int) -> str:
        whole, part = divmod(amount, self.unit)
        return f"{whole}.{part:0{self.decimals}}" if self.decimals else f"{whole}"

    def run(self, *options: str) -> tuple[int, str, str]:
        """What `recount.py` makes of it: exit code, standard output and standard error."""
        return run_text(self.text(), *options)

    def winners(self, *options: str) -> list[str]:
        code, out, refusal = self.run("--winners", *options)
        assert code == 0, refusal
        return out.split()

    def account(self, *options: str) -> str:
        code, out, refusal = self.run(*options)
        assert code == 0, refusal
        return out


def run_text(text: str, *options: str) -> tuple[int, str, str]:
    with tempfile.TemporaryDirectory(prefix="votes-") as folder:
        path = Path(folder) / "vote.pb"
        path.write_text(text, encoding="utf-8")
        return run_recount(*options, str(path))


@st.composite
def vote_files(
    draw: st.DrawFn, kinds: tuple[str, ...] = KINDS, decimals: tuple[int, ...] = (0,)
) -> VoteFile:
    """Few projects, few different costs, few ballots: ties and tight money are common."""
    kind = draw(st.sampled_from(kinds))
    projects = [f"P{n}" for n in range(draw(st.integers(1, 6)))]
    fine = draw(st.sampled_from(decimals))
    odd = st.sampled_from([0, 0, 1, 5 * 10 ** (fine - 1)] if fine else [0])
    costs = {project: draw(st.integers(1, 12)) * 10**fine + draw(odd) for project in projects}
    ballots = []
    for _ in range(draw(st.integers(0, 9))):
        order = draw(st.permutations(projects))
        named = order[: 1 if kind == "choose-1" else draw(st.integers(1, len(order)))]
        ballot = ",".join(named)
        if kind in ("cumulative", "scoring"):
            least = -3 if kind == "scoring" else 0
            ballot += ";" + ",".join(str(draw(st.integers(least, 6)) / 2) for _ in named)
        ballots.append(ballot)
    ties = draw(st.permutations(projects))
    budget = draw(st.integers(1, 40)) * 10**fine + draw(odd)
    return VoteFile(kind, costs, ballots, budget, ties=ties, decimals=fine)


@st.composite
def chains(draw: st.DrawFn, kind: str) -> dict[str, Any]:
    """A chain that breaks ties, or none."""
    if not draw(st.booleans()):
        return {}
    words = ["cheaper", "votes", "lot", "place"] + ["first_ranks"] * (kind == "ordinal")
    ties = draw(st.permutations(words))[: draw(st.integers(1, len(words)))]
    return {"ties": ties} | ({"seed": draw(st.sampled_from("abc"))} if "lot" in ties else {})


@st.composite
def scales(draw: st.DrawFn, vote: VoteFile) -> dict[str, Any]:
    """What ranks are worth, where ballots rank; META is told the longest ballot, or it is not."""
    most = len(vote.costs)
    if vote.kind != "ordinal" or not draw(st.booleans()):
        return {}
    if draw(st.booleans()):
        return {"scale": "fixed", "top": most + draw(st.integers(0, 2))}
    vote.meta["max_length"] = str(most + draw(st.integers(0, 1)))
    return {"scale": draw(st.sampled_from(["own", "fixed", "dowdall"]))}
