#!/usr/bin/env python3
"""Count a published vote again.

FILE is a .pb file, a .pb.gz file, or a table of project x rank. This program is one file and needs
nothing but Python 3.10: copy it, read it, run it anywhere. It was written apart from the program
that counted first and shares no line with it, so that two counts which agree mean something.

The exit code is 0, or 2 with one sentence on standard error when the file cannot be counted.
"""

from __future__ import annotations

import argparse
import csv
import gzip
import hashlib
import heapq
import json
import os
import re
import sys
import zlib
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from fractions import Fraction
from functools import lru_cache
from math import gcd, lcm
from pathlib import Path
from typing import Any, NamedTuple, NoReturn

KNOWN = """\
rules by score:
  points-by-rank  On ranked ballots. A ballot with k ranks gives its first project k points, the
                  next k-1, its last 1. (Where the file itself gives points, those count.)
  approvals       On approval and choose-1 ballots. A project's score is how many ballots name it.
  points          On cumulative and scoring ballots. A project's score is the sum of its points.
                  All three fund in order of score; what costs more than the money left is passed
                  over. Equal scores: the order of the file, or the tie order in its comment.
the same by Pabulib's names, on all ballots:
  greedy            The score that fits the ballots. A least score in META counts here, too.
  greedy-no-skip    The first project in turn that does not fit ends the funding.
  greedy-threshold  What has less than META's min_project_score_threshold is not considered.
  greedy-exclusive  What excludes a funded project is passed over; the comment gives the groups.
  greedy-80         Like no-skip, but the project that ends it is funded all the same if the money
                    left covers 80 percent of its cost (Poznań's rule).
equal shares:
  equal-shares    Every ballot gets the same share of the money and pays only for what it names.
                  Funded is, again and again, what costs its supporters least per unit of what
                  they gain. On ranked ballots the rest of the money is spent by the scores.
the same by Pabulib's names, on approval and choose-1 ballots:
  equalshares                  What a ballot gains is the cost of the funded projects it names.
  equalshares/add1             The shares then grow by one currency unit, and all runs anew, until
                               the outcome costs too much; the last that does not is the result.
  equalshares-comparison       After it, by ballots: does greedy fund more of what they name on
  equalshares/add1-comparison  more ballots than equal shares does? Then greedy is the result.
"""
KINDS = ("ordinal", "approval", "choose-1", "cumulative", "scoring")
SCORE_OF = {
    "ordinal": "points-by-rank",
    "approval": "approvals",
    "choose-1": "approvals",
    "cumulative": "points",
    "scoring": "points",
}
NAMED = ("approval", "choose-1")  # kinds of ballots that name projects and say no more
BY_SCORE = ("greedy", "greedy-no-skip", "greedy-threshold", "greedy-exclusive", "greedy-80")
BY_SHARES: dict[str, dict[str, Any]] = {
    "equalshares": {"completion": "none"},
    "equalshares/add1": {"completion": "add1"},
    "equalshares-comparison": {"completion": "none", "comparison": True},
    "equalshares/add1-comparison": {"completion": "add1", "comparison": True},
}
BALLOTS_OF_RULE: dict[str, tuple[str, ...]] = {
    "points-by-rank": ("ordinal",),
    "approvals": NAMED,
    "points": ("cumulative", "scoring"),
    "equal-shares": KINDS,
    **dict.fromkeys(BY_SCORE, KINDS),
    **{name: NAMED if name.endswith("comparison") else KINDS for name in BY_SHARES},
}
CUSTOM = "greedy-custom"
VERSION = "1"
UNIT = 100  # One unit of currency. All money here is a whole number of hundredths.


class Refused(Exception):
    """The file cannot be counted; the text says why, in one sentence."""


def main(arguments: list[str] | None = None) -> int:
    options = parse_command_line(arguments)
    try:
        vote = Vote(read_text(options.file))
        result = count(vote, options.rule)
    except Refused as refusal:
        print(plain(f"recount.py: {options.file}: {refusal}"), file=sys.stderr)
        return 2
    show(result.winners if options.winners else account(vote, result))
    return 0


# --- Reading a file ------------------------------------------------------------------------------


class Ballot(NamedTuple):
    """What one ballot says: projects (of a ranking, the first first), and their points if given."""

    projects: tuple[str, ...]
    points: tuple[Fraction, ...]

    def line(self) -> str:
        """The ballot as it stands in the list whose fingerprint is published."""
        marks = ",".join(map(decimal, self.points))
        return ",".join(self.projects) + (f";{marks}" if marks else "")


class Vote:
    """One file, read section by section. Equal ballots are kept once, with their number."""

    def __init__(self, text: str) -> None:
        self.sections = split_sections(text)
        titles = list(self.sections)
        if titles not in (["META", "PROJECTS", "VOTES"], ["META", "PROJECTS", "RANKS"]):
            found = ", ".join(titles) or "none"
            raise Refused(
                f"It needs the sections META, PROJECTS, VOTES in that order, not {found}."
            )
        self.meta = self.read_meta()
        line, value = self.meta.get("budget", (0, "not given"))
        self.budget = amount(value, "the budget", line)
        self.kind = self.said("vote_type")
        if self.kind not in KINDS:
            known = ", ".join(KINDS)
            raise Refused(f"Its vote_type {self.kind[:40]!r} is unknown; known: {known}.")
        self.costs: dict[str, int] = {}
        self.names: dict[str, str] = {}
        self.read_projects()
        self.listed = {project: place for place, project in enumerate(self.costs)}
        self.place = self.listed  # in the tie order, if the comment gives one
        self.comment_rule = ""
        self.comment_parameters: dict[str, Any] = {}
        self.read_comment()
        self.content: list[str] = []
        self.groups: Counter[Ballot] = Counter()
        self.table: dict[str, int] | None = None
        if "RANKS" in titles:
            self.table = dict.fromkeys(self.costs, 0)
            self.ballots = self.read_table(self.table)
        else:
            self.ballots = self.read_ballots()
        self.compare_with_meta("num_projects", len(self.costs))
        self.compare_with_meta("num_votes", self.ballots)

    def read_meta(self) -> dict[str, tuple[int, str]]:
        meta: dict[str, tuple[int, str]] = {}
        for line, row in self.sections["META"]:
            if len(row) != 2 or row[0] in meta or (not meta and row != ["key", "value"]):
                raise Refused(f"Line {line}: META is key;value, and then each key once.")
            meta[row[0]] = line, row[1]
        return meta

    def said(self, key: str) -> str:
        """What META says of something, or nothing."""
        return self.meta.get(key, (0, ""))[1]

    def read_projects(self) -> None:
        for line, cells in self.records("PROJECTS", "project_id", "cost"):
            project = cells["project_id"]
            if not project or "," in project or not project.isprintable():
                raise Refused(f"Line {line}: there is no usable project id.")
            if project in self.costs:
                raise Refused(f"Line {line}: the project {project} was listed before.")
            self.costs[project] = amount(cells["cost"], f"the cost of {project}", line)
            self.names[project] = cells.get("name", "")
        if not self.costs:
            raise Refused("It lists no projects.")

    def read_comment(self) -> None:
        """Take rule, parameters and tie order from `#1: common-purse RULE VERSION {...}`."""
        words = self.said("comment").split(" ", 4)
        told = self.said("rule") in (CUSTOM, "greedy-exclusive")
        if not told or words[:2] != ["#1:", "common-purse"]:
            return
        try:
            _, _, rule, version, rest = words
            parameters, _ = json.JSONDecoder().raw_decode(rest)
            ties = parameters.pop("tie_order")
            good = isinstance(ties, list) and sorted(ties) == sorted(self.costs)
        except (AttributeError, KeyError, TypeError, ValueError, RecursionError):
            raise Refused("Its comment does not give the rule and a tie order.") from None
        if not good:
            raise Refused("The tie order in its comment does not name each project once.")
        self.comment_rule = rule if version == VERSION else f"{rule} in version {version}"
        self.comment_parameters = parameters
        self.place = {project: place for place, project in enumerate(ties)}

    def read_ballots(self) -> int:
        voters: set[str] = set()
        allowed = self.allowed_lengths()
        needed = ["voter_id", "vote"] + ["points"] * (SCORE_OF[self.kind] == "points")
        for line, cells in self.records("VOTES", *needed):
            if not cells["voter_id"] or cells["voter_id"] in voters:
                raise Refused(f"Line {line}: the voter id is missing, or came before.")
            voters.add(cells["voter_id"])
            projects = [mark.strip() for mark in cells["vote"].split(",")]
            if projects == [""]:
                raise Refused(f"Line {line}: the vote is empty.")
            for project in projects:
                if project not in self.costs:
                    raise Refused(f"Line {line}: the vote names {project[:40]!r}, no project.")
            if len(projects) != len(set(projects)):
                raise Refused(f"Line {line}: a project stands twice on the ballot.")
            if len(projects) not in allowed:
                raise Refused(
                    f"Line {line}: the ballot names {len(projects)}, which is not allowed."
                )
            ballot = self.ballot(projects, cells.get("points"), line)
            self.groups[ballot] += 1
            self.content.append(ballot.line())
        return len(voters)

    def ballot(self, projects: list[str], marks: str | None, line: int) -> Ballot:
        """Order is part of a ranking alone; on other ballots the file's order stands for any."""
        points: list[Fraction] = []
        if marks is not None and self.kind not in NAMED:
            points = [points_of(mark.strip(), self.kind, line) for mark in marks.split(",")]
            if len(points) != len(projects):
                raise Refused(
                    f"Line {line}: {len(points)} points stand beside {len(projects)} projects."
                )
        if self.kind == "ordinal":
            return Ballot(tuple(projects), tuple(points))
        by_file = sorted(range(len(projects)), key=lambda mark: self.listed[projects[mark]])
        return Ballot(
            tuple(projects[mark] for mark in by_file),
            tuple(points[mark] for mark in by_file) if points else (),
        )

    def read_table(self, points: dict[str, int]) -> int:
        """Add up the points of a table of project x rank, and tell from how many ballots it is."""
        filled: dict[int, list[int]] = {}
        seen: set[tuple[str, str, str]] = set()
        allowed = self.allowed_lengths()
        for line, cells in self.records("RANKS", "project_id", "length", "rank", "ballots"):
            project = cells["project_id"]
            length, rank, ballots = (number(cells, key, line) for key in list(cells)[1:4])
            place = project, cells["length"], cells["rank"]
            if project not in points or rank > length or place in seen:
                raise Refused(f"Line {line}: the project or the rank is impossible or repeated.")
            if length not in allowed:
                raise Refused(f"Line {line}: META forbids ballots that rank {length}.")
            seen.add(place)
            filled.setdefault(length, [0] * length)[rank - 1] += ballots
            points[project] += ballots * (length - rank + 1)
            self.content.append(f"{project},{length},{rank},{ballots}")
        for length, ranks in filled.items():
            if len(set(ranks)) != 1:
                raise Refused(f"On ballots that rank {length} some ranks are filled more often.")
        return sum(ranks[0] for ranks in filled.values())

    def allowed_lengths(self) -> range:
        meta = {key: value for key, (_, value) in self.meta.items()}
        least, most = (
            number(meta, key, self.meta[key][0]) if key in meta else otherwise
            for key, otherwise in (("min_length", 1), ("max_length", len(self.costs)))
        )
        return range(least, min(most, 1 if self.kind == "choose-1" else most) + 1)

    def records(self, section: str, *needed: str) -> Iterator[tuple[int, dict[str, str]]]:
        """The rows of a section by column name, each with its line."""
        rows = iter(self.sections[section])
        line, header = next(rows, (0, []))
        if header[:1] != [needed[0]] or not set(needed) <= set(header):
            raise Refused(f"{section} needs the columns {', '.join(needed)}.")
        if len(header) != len(set(header)):
            raise Refused(f"Line {line}: {section} has the same column twice.")
        for line, row in rows:
            if len(row) != len(header):
                raise Refused(f"Line {line}: {len(row)} cells stand under {len(header)} columns.")
            yield line, dict(zip(header, row, strict=True))

    def compare_with_meta(self, key: str, found: int) -> None:
        if key in self.meta and self.said(key) != str(found):
            raise Refused(f"META gives {key} as {self.said(key)[:20]}, but there are {found}.")

    def weights(self, ballot: Ballot, by: str) -> Iterable[int | Fraction]:
        """What a ballot gives each project it names: 1, its points, or points by rank."""
        if by == "named":
            return [1] * len(ballot.projects)
        return ballot.points if by == "points" else range(len(ballot.projects), 0, -1)

    def totals(self, by: str) -> dict[str, Fraction]:
        """What all ballots together give each project."""
        total: dict[str, int | Fraction] = dict.fromkeys(self.costs, 0)
        for ballot, copies in self.groups.items():
            for project, weight in zip(ballot.projects, self.weights(ballot, by), strict=True):
                total[project] += copies * weight
        return {project: Fraction(value) for project, value in total.items()}

    def scores(self) -> dict[str, Fraction]:
        """The score of each project, as the kind of ballots asks."""
        if self.table is not None:
            return {project: Fraction(points) for project, points in self.table.items()}
        if self.kind in NAMED:
            return self.totals("named")
        given = any(ballot.points for ballot in self.groups)
        by_rank = self.kind == "ordinal" and not given
        return self.totals("ranks" if by_rank else "points")


# --- Which rule, with which parameters -----------------------------------------------------------


class Rule(NamedTuple):
    called: str
    name: str
    parameters: dict[str, Any]


def rule_of(vote: Vote, asked: str | None) -> Rule:
    """The rule asked for, or the file's own. It is never guessed."""
    called = asked or vote.comment_rule or vote.said("rule")
    known = ", ".join(rule for rule, kinds in BALLOTS_OF_RULE.items() if vote.kind in kinds)
    if called == CUSTOM:
        raise Refused(
            "Its rule is the city's own (greedy-custom), and no comment of ours says how it goes; "
            f"choose one with --rule: {known}."
        )
    if vote.kind not in BALLOTS_OF_RULE.get(called, ()):
        raise Refused(
            f"The rule {called[:60]!r} is unknown on {vote.kind} ballots; "
            f"choose one of these with --rule: {known}."
        )
    name = our_name(called, vote)
    if not asked and vote.said("rule") == "greedy-exclusive":
        called = "greedy-exclusive"
    if called in BY_SCORE or called in BY_SHARES:
        parameters = told_by_meta(called, vote)
    elif name == vote.comment_rule:
        parameters = vote.comment_parameters
    else:
        of_file = vote.said("rule")
        same = of_file in BALLOTS_OF_RULE and of_file != "greedy-exclusive"
        same = same and our_name(of_file, vote) == name
        parameters = told_by_meta(of_file, vote) if same else {}
    check_parameters(name, parameters, vote)
    if name == "equal-shares":
        if vote.table is not None:
            raise Refused(
                "Equal shares need the ballots; a table of project and rank is too little."
            )
        parameters = with_defaults(parameters, vote.kind)
    return Rule(called, name, parameters)


def our_name(called: str, vote: Vote) -> str:
    if called in BY_SCORE:
        return SCORE_OF[vote.kind]
    return "equal-shares" if called in BY_SHARES else called


def told_by_meta(called: str, vote: Vote) -> dict[str, Any]:
    """The parameters that one of Pabulib's names stands for."""
    if called in BY_SHARES:
        return {"utility": "cost", **BY_SHARES[called]}
    if called == "greedy-80":
        return {"no_skip": True, "top_up": 80}
    if called == "greedy-exclusive":
        same_rule = vote.comment_rule == SCORE_OF[vote.kind]
        if not (same_rule and "exclusive" in vote.comment_parameters):
            raise Refused("The file does not say which projects exclude each other.")
        return vote.comment_parameters
    parameters: dict[str, Any] = {"no_skip": True} if called == "greedy-no-skip" else {}
    line, threshold = vote.meta.get("min_project_score_threshold", (0, ""))
    if threshold.strip("0"):
        parameters["threshold"] = number({"the threshold": threshold}, "the threshold", line)
    elif called == "greedy-threshold":
        raise Refused("META does not give the min_project_score_threshold that its rule needs.")
    return parameters


def with_defaults(parameters: dict[str, Any], kind: str) -> dict[str, Any]:
    utility = {"points-by-rank": "rank-points-cost", "approvals": "cost", "points": "points"}
    completion = parameters.get("completion", "greedy" if kind == "ordinal" else "none")
    return {
        "utility": utility[SCORE_OF[kind]],
        "completion": completion,
        "start": "floor" if completion.startswith("add1") else "exact",
        "stop": "overspend",
        "ties": ["cheaper", "votes", "place"],
        "comparison": False,
        "entry_share": "0/1",
        **parameters,
    }


def check_parameters(rule: str, parameters: dict[str, Any], vote: Vote) -> None:
    """Refuse what this program does not know, for it would count another rule than was meant."""
    checks = shares_checks(vote) if rule == "equal-shares" else score_checks(vote, parameters)
    for key, value in parameters.items():
        if key not in checks:
            raise Refused(f"The rule {rule} has no parameter {key[:40]!r}.")
        if not checks[key](value):
            raise Refused(f"The rule {rule} cannot have the {key} that the comment gives it.")


Checks = dict[str, Callable[[Any], bool]]


def score_checks(vote: Vote, parameters: dict[str, Any]) -> Checks:
    return {
        "no_skip": lambda value: value is True,
        "threshold": lambda value: type(value) is int and value > 0,
        "threshold_share": is_share,
        "top_up": lambda value: (
            type(value) is int and 0 < value < 100 and parameters.get("no_skip") is True
        ),
        "exclusive": lambda value: isinstance(value, list) and all(map(vote_lists(vote), value)),
    }


def vote_lists(vote: Vote) -> Callable[[Any], bool]:
    """Tells whether something is a list of projects, none twice."""

    def check(group: Any) -> bool:
        if not isinstance(group, list) or not all(isinstance(one, str) for one in group):
            return False
        return len(set(group)) == len(group) and set(group) <= set(vote.costs)

    return check


def shares_checks(vote: Vote) -> Checks:
    utilities = ["cost", "cardinality"]
    if vote.kind == "ordinal":
        utilities += ["rank-points", "rank-points-cost"]
    if vote.groups and all(ballot.points for ballot in vote.groups):
        utilities.append("points")
    if SCORE_OF[vote.kind] == "points":
        utilities.append("points")
    ties = ("cheaper", "votes", "place")
    return {
        "utility": lambda value: value in utilities,
        "completion": lambda value: value in ("none", "greedy", "add1", "add1-greedy"),
        "start": lambda value: value in ("floor", "exact"),
        "stop": lambda value: value in ("overspend", "exhaustive"),
        "ties": lambda value: (
            isinstance(value, list)
            and all(value.count(word) == 1 and word in ties for word in value)
        ),
        "comparison": lambda value: value is False or (value is True and vote.kind in NAMED),
        "entry_share": is_share,
    }


def is_share(value: Any) -> bool:
    """A fraction of whole numbers as text, as in "1/3"."""
    good = isinstance(value, str) and re.fullmatch(r"[0-9]{1,18}/0*[1-9][0-9]{0,17}", value)
    return bool(good)


# --- Counting ------------------------------------------------------------------------------------


class Turn(NamedTuple):
    """What became of a project in its turn, and the money left before it."""

    project: str
    outcome: str
    left: int


FUNDED = ("funded", "topped up")


class Result:
    """The winners in the order they were funded, and what an account tells of how they won."""

    def __init__(self, rule: Rule, scores: dict[str, Fraction]) -> None:
        self.rule = rule
        self.scores = scores
        self.bought: list[Purchase] = []
        self.share = Fraction(0)
        self.turns: list[Turn] = []
        self.excluded: list[str] = []
        self.preferred: Counter[str] = Counter()

    @property
    def winners(self) -> list[str]:
        by_turn = [turn.project for turn in self.turns if turn.outcome in FUNDED]
        return [purchase.project for purchase in self.bought] + by_turn


def count(vote: Vote, asked: str | None = None) -> Result:
    rule = rule_of(vote, asked)
    result = Result(rule, vote.scores())
    if rule.name == "equal-shares":
        count_equal_shares(vote, result)
    else:
        result.turns = greedy(vote, result.scores, rule.parameters, list(vote.costs), vote.budget)
    return result


def greedy(
    vote: Vote,
    scores: dict[str, Fraction],
    parameters: dict[str, Any],
    waiting: list[str],
    left: int,
) -> list[Turn]:
    """Fund by falling scores what fits into the money left; equal scores by the tie order."""
    least = [Fraction(parameters[key]) for key in ("threshold",) if key in parameters]
    if "threshold_share" in parameters:
        least.append(Fraction(parameters["threshold_share"]) * vote.ballots)
    turns: list[Turn] = []
    funded: set[str] = set()
    ended = False
    for project in sorted(waiting, key=lambda one: (-scores[one], vote.place[one])):
        cost = vote.costs[project]
        groups = parameters.get("exclusive", [])
        rivals = {one for group in groups if project in group for one in group}
        if any(scores[project] < threshold for threshold in least):
            outcome = "below the threshold"
        elif ended:
            outcome = "after the end"
        elif rivals & funded:
            outcome = "a rival is funded"
        elif cost <= left:
            outcome = "funded"
        elif "no_skip" not in parameters:
            outcome = "too dear"
        else:
            ended = True
            enough = "top_up" in parameters and left * 100 >= parameters["top_up"] * cost
            outcome = "topped up" if enough else "too dear, and the end"
        turns.append(Turn(project, outcome, left))
        if outcome in FUNDED:
            funded.add(project)
            left -= min(cost, left)
    return turns


# --- Equal shares --------------------------------------------------------------------------------


class Purchase(NamedTuple):
    """A project that its supporters bought together.

    `price` is what each of them paid at most for each point that the ballot gives the project (a
    ballot that only names it gives one point). Who had less paid all that was there.
    """

    project: str
    price: Fraction
    supporters: int


def count_equal_shares(vote: Vote, result: Result) -> None:
    parameters = result.rule.parameters
    named = vote.totals("named")
    least = Fraction(parameters["entry_share"])
    result.excluded = [
        project
        for project, cost in vote.costs.items()
        if named[project] * vote.budget < least * cost * vote.ballots
    ]
    eligible = [project for project in vote.costs if project not in set(result.excluded)]
    if vote.ballots:
        result.share, result.bought = buy(vote, parameters, eligible, named)
    left = vote.budget - sum(vote.costs[one.project] for one in result.bought)
    bought = {purchase.project for purchase in result.bought}
    rest = [project for project in eligible if project not in bought]
    if parameters["completion"] in ("greedy", "add1-greedy"):
        result.turns = greedy(vote, result.scores, {}, rest, left)
    else:
        order = sorted(rest, key=lambda one: (-result.scores[one], vote.place[one]))
        result.turns = [Turn(project, "not bought", left) for project in order]
    if parameters["comparison"]:
        compare_with_greedy(vote, result, eligible, named)


def buy(
    vote: Vote, parameters: dict[str, Any], eligible: list[str], named: dict[str, Fraction]
) -> tuple[Fraction, list[Purchase]]:
    """The share of each ballot, and what was bought with it."""
    fewest_last = {project: -int(ballots) for project, ballots in named.items()}
    keys = {"cheaper": vote.costs, "votes": fewest_last, "place": vote.place}
    ties = {
        project: tuple(keys[word][project] for word in [*parameters["ties"], "place"])
        for project in eligible
    }
    market = Market(vote, parameters["utility"], eligible, ties)
    share = Fraction(vote.budget, vote.ballots)
    if parameters["start"] == "floor":
        share = Fraction(share // UNIT * UNIT)
    market.run(share)
    if not parameters["completion"].startswith("add1"):
        return share, market.bought
    while True:
        bought = market.bought
        winners = {purchase.project for purchase in bought}
        left = vote.budget - market.spent()
        fits = any(vote.costs[one] <= left for one in eligible if one not in winners)
        if (parameters["stop"] == "exhaustive" and not fits) or winners == set(market.supporters):
            return share, bought
        same = market.same_for  # This many units more on each ballot change nothing.
        market.run(share + (same + 1) * UNIT)
        if market.spent() > vote.budget:
            market.run(share + same * UNIT)
            return share + same * UNIT, market.bought
        share += (same + 1) * UNIT


class Supporters(NamedTuple):
    """The ballots that gain from one project, equal ones together: (group, copies, points)."""

    groups: list[tuple[int, int, int]]
    weight: int
    ballots: int


class Price(NamedTuple):
    """What a project costs its supporters: `owed / weight` for each point, in parts of a hundredth.

    `rho`, the least of which is funded, is that price for each unit of what they gain. Were all
    shares t units of currency larger, it would be `(owed + change * t) / parts` or more.
    """

    rho: Fraction
    owed: int
    change: int
    weight: int
    parts: int


class Market:
    """Where ballots buy projects together, each with the same share of the money.

    Exact and still fast. Equal ballots are one group. All money is a whole number of parts of a
    hundredth, `scale` parts each; the parts become smaller when a price asks for it. A price never
    falls while money is spent, so the last one known is a least price, and a project whose least
    price is above another's price need not be looked at. And beside the money of a group stands
    `growth`: how much more there would be if all shares were larger by a unit. From it follows
    `same_for`: by how many units all shares may grow with every decision as it was.
    """

    def __init__(
        self, vote: Vote, utility: str, eligible: list[str], ties: dict[str, tuple[Any, ...]]
    ) -> None:
        self.costs = vote.costs
        self.ties = ties
        by = {"points": "points", "rank-points": "ranks", "rank-points-cost": "ranks"}
        groups = list(vote.groups.items())
        self.groups = len(groups)
        gains = [list(vote.weights(ballot, by.get(utility, "named"))) for ballot, _ in groups]
        # Points with decimals become whole numbers, all by the same factor.
        factor = lcm(*{Fraction(gain).denominator for of_ballot in gains for gain in of_ballot})
        self.unit = Fraction(factor)
        found: dict[str, list[tuple[int, int, int]]] = {project: [] for project in eligible}
        for group, (ballot, copies) in enumerate(groups):
            for project, gain in zip(ballot.projects, gains[group], strict=True):
                if gain > 0 and project in found:
                    found[project].append((group, copies, int(gain * factor)))
        self.supporters = {
            project: Supporters(
                members,
                sum(copies * points for _, copies, points in members),
                sum(copies for _, copies, _ in members),
            )
            for project, members in found.items()
            if members
        }
        # A gain of points x cost: all supporters' gains have the cost as a factor.
        with_cost = utility in ("cost", "rank-points-cost")
        self.size = {one: vote.costs[one] if with_cost else 1 for one in self.supporters}

    def run(self, share: Fraction) -> None:
        """Buy, again and again, the project whose supporters get it at the least rho."""
        self.scale = share.denominator
        self.money = [share.numerator] * self.groups
        self.growth = [UNIT * self.scale] * self.groups
        self.same_for = sys.maxsize
        self.bought: list[Purchase] = []
        # In order of the least price known, which is 0 before anything is known.
        waiting: list[tuple[Fraction, tuple[Any, ...], str]]
        waiting = [(Fraction(0), self.ties[one], one) for one in self.supporters]
        heapq.heapify(waiting)
        known: dict[str, Price] = {}
        while waiting:
            asked: list[tuple[Fraction, tuple[Any, ...], str]] = []
            least = None
            while waiting and (least is None or waiting[0][0] <= least):
                _, tie, project = heapq.heappop(waiting)
                price = self.price(project)
                if price:
                    known[project] = price
                    asked.append((price.rho, tie, project))
                    least = price.rho if least is None else min(least, price.rho)
            if not asked:
                return
            best = min(asked)
            for entry in asked:
                if entry is not best:
                    heapq.heappush(waiting, entry)
            self.stays_best(known[best[2]], best[1], waiting, known)
            self.pay(best[2], known[best[2]])

    def spent(self) -> int:
        return sum(self.costs[purchase.project] for purchase in self.bought)

    def price(self, project: str) -> Price | None:
        """Let all supporters pay the same for each point; who has less gives all there is.

        What those leave unpaid is shared by the others, of whom some may now have less than that;
        and so on, until the others can pay. None: all of them together have too little.
        """
        money, growth = self.money, self.growth
        able, weight, _ = self.supporters[project]
        owed, change = self.costs[project] * self.scale, 0
        missing = owed - sum(copies * money[group] for group, copies, _ in able)
        if missing > 0:
            more = sum(copies * growth[group] for group, copies, _ in able)
            self.holds_while(missing, -more, equal=False)
            return None
        while True:
            poor = [one for one in able if money[one[0]] * weight < owed * one[2]]
            if not poor:
                break
            able = [one for one in able if money[one[0]] * weight >= owed * one[2]]
            for group, copies, points in poor:
                owed -= copies * money[group]
                change -= copies * growth[group]
                weight -= copies * points
        parts = weight * self.size[project] * self.scale
        return Price(Fraction(owed, parts), owed, change, weight, parts)

    def stays_best(
        self,
        best: Price,
        tie: tuple[Any, ...],
        others: list[tuple[Fraction, tuple[Any, ...], str]],
        known: dict[str, Price],
    ) -> None:
        """Note for which larger shares no other project would be cheaper."""
        for _, other_tie, project in others:
            other = known[project]
            ahead = other.owed * best.parts - best.owed * other.parts
            growth = other.change * best.parts - best.change * other.parts
            self.holds_while(ahead, growth, equal=tie < other_tie)

    def pay(self, project: str, price: Price) -> None:
        finer = price.weight // gcd(price.weight, price.owed, price.change)
        if finer > 1:
            self.scale *= finer
            self.money = [money * finer for money in self.money]
            self.growth = [growth * finer for growth in self.growth]
        each, change = price.owed * finer // price.weight, price.change * finer // price.weight
        groups, _, ballots = self.supporters[project]
        for group, _, points in groups:
            rest = self.money[group] - each * points
            growth = self.growth[group] - change * points
            if rest >= 0:
                self.holds_while(rest, growth, equal=True)
                self.money[group], self.growth[group] = rest, growth
            else:
                self.holds_while(-rest, -growth, equal=False)
                self.money[group] = self.growth[group] = 0
        per_point = Fraction(each, self.scale) * self.unit
        self.bought.append(Purchase(project, per_point, ballots))

    def holds_while(self, now: int, growth: int, *, equal: bool) -> None:
        """Something was decided because `now` is above 0 (or equal to it). How long is it so?"""
        if growth < 0:
            self.same_for = min(self.same_for, (now if equal else now - 1) // -growth)


def compare_with_greedy(
    vote: Vote, result: Result, eligible: list[str], named: dict[str, Fraction]
) -> None:
    """Take the greedy outcome if more ballots have more of their projects in it."""
    turns = greedy(vote, named, {}, eligible, vote.budget)
    by_shares = set(result.winners)
    by_greedy = {turn.project for turn in turns if turn.outcome in FUNDED}
    for ballot, copies in vote.groups.items():
        projects = set(ballot.projects)
        ahead = len(projects & by_greedy) - len(projects & by_shares)
        choice = "neither" if not ahead else "greedy" if ahead > 0 else "equal shares"
        result.preferred[choice] += copies
    if result.preferred["greedy"] > result.preferred["equal shares"]:
        result.bought, result.turns = [], turns


# --- The account ---------------------------------------------------------------------------------


def account(vote: Vote, result: Result) -> Iterator[str]:
    digest = hashlib.sha256("".join(f"{line}\n" for line in sorted(vote.content)).encode())
    yield vote.said("description")
    yield f"Counted by the rule {result.rule.called}, from {vote.ballots} ballots."
    if result.rule.parameters:
        yield f"Its parameters: {json.dumps(result.rule.parameters, ensure_ascii=False)}"
    yield f"SHA-256 of the sorted ballots: {digest.hexdigest()}"
    yield f"To spend: {money(vote.budget)}"
    yield ""
    yield from account_of_shares(vote, result)
    yield from account_of_turns(vote, result)
    spent = sum(vote.costs[project] for project in result.winners)
    more = spent - vote.budget
    yield ""
    yield (
        f"{len(result.winners)} projects are funded for {money(spent)}; "
        f"{money(max(-more, 0))} is left."
    )
    if more > 0:
        yield f"{money(more)} of it is topped up from elsewhere."


def account_of_shares(vote: Vote, result: Result) -> Iterator[str]:
    if result.rule.name != "equal-shares":
        return
    if result.preferred:
        ahead = result.preferred["greedy"] > result.preferred["equal shares"]
        yield (
            f"{result.preferred['equal shares']} ballots have more of their projects funded by "
            f"equal shares, {result.preferred['greedy']} by greedy, {result.preferred['neither']} "
            f"as many by both: {'greedy' if ahead else 'equal shares'} is the result."
        )
        if ahead:
            return
    yield f"Every ballot had a share of {rounded(result.share)} (rounded)."
    yield "Bought together, in this order; what each supporter paid at most is rounded"
    per = "" if result.rule.parameters["utility"] in ("cost", "cardinality") else " for each point"
    left = vote.budget
    for purchase in result.bought:
        left -= vote.costs[purchase.project]
        yield (
            f"{purchase.supporters:8} supporters paid at most {rounded(purchase.price)}{per} for "
            f"{purchase.project}, which costs {money(vote.costs[purchase.project])}, "
            f"leaves {money(left)}: {vote.names[purchase.project]}"
        )
    for project in result.excluded:
        yield f"Named too rarely for its cost to be considered: {project}: {vote.names[project]}"
    yield ""


def account_of_turns(vote: Vote, result: Result) -> Iterator[str]:
    funded = [turn for turn in result.turns if turn.outcome in FUNDED]
    if funded or not result.bought:
        yield "Funded by score, in this order" if result.bought else "Funded, in this order"
    for turn in funded:
        cost = vote.costs[turn.project]
        remark = f"leaves {money(max(turn.left - cost, 0))}"
        if turn.outcome == "topped up":
            remark += f", {money(cost - turn.left)} comes from elsewhere"
        yield row(vote, result, turn.project, remark)
    if funded or not result.bought:
        yield ""
    yield "Not funded, by points"
    for turn in result.turns:
        if turn.outcome not in FUNDED:
            yield row(vote, result, turn.project, why(turn))


def why(turn: Turn) -> str:
    return {
        "below the threshold": "below the least score",
        "after the end": "the funding had ended",
        "a rival is funded": "a project that excludes it is funded",
        "too dear": f"more than the {money(turn.left)} left",
        "too dear, and the end": f"more than the {money(turn.left)} left, which ends the funding",
        "not bought": "its supporters had too little",
    }[turn.outcome]


def row(vote: Vote, result: Result, project: str, remark: str) -> str:
    unit = "ballots" if vote.kind in NAMED else "points"
    score, cost = decimal(result.scores[project]), money(vote.costs[project])
    return f"{score:>8} {unit}  {project:14} costs {cost}, {remark}: {vote.names[project]}"


def money(hundredths: int) -> str:
    whole, part = divmod(hundredths, UNIT)
    return f"{whole}.{part:02}" if part else f"{whole}"


def rounded(hundredths: Fraction) -> str:
    """An amount with four decimals."""
    whole, part = divmod(round(hundredths * 100), 10_000)
    return f"{whole}.{part:04}"


def decimal(value: Fraction) -> str:
    """A number of points, exactly; they have at most nine decimals."""
    whole, part = divmod(abs(value), 1)
    digits = f"{int(part * 10**9):09}".rstrip("0")
    return f"{'-' if value < 0 else ''}{whole}" + (f".{digits}" if digits else "")


# --- The command line, and text ------------------------------------------------------------------


def parse_command_line(arguments: list[str] | None) -> argparse.Namespace:
    parser = OneSentenceParser(
        prog="recount.py",
        description=__doc__,
        epilog=KNOWN,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("file", metavar="FILE", help="a .pb or .pb.gz file or a rank table")
    parser.add_argument("--rule", metavar="R", help="count by this rule instead of the file's own")
    parser.add_argument("--winners", action="store_true", help="print only the funded ids")
    return parser.parse_args(arguments)


class OneSentenceParser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        self.exit(2, f"recount.py: {message}; try --help.\n")


def read_text(path: str) -> str:
    try:
        data = Path(path).read_bytes()
        return (gzip.decompress(data) if data[:2] == b"\x1f\x8b" else data).decode("utf-8-sig")
    except UnicodeDecodeError:
        raise Refused("It is not text in UTF-8.") from None
    except (EOFError, zlib.error, gzip.BadGzipFile):
        raise Refused("The compressed file is damaged.") from None
    except OSError as error:
        raise Refused(f"It cannot be read ({error.strerror}).") from None


def split_sections(text: str) -> dict[str, list[tuple[int, list[str]]]]:
    """The file's rows, each with its line, under the titles they stand below."""
    sections: dict[str, list[tuple[int, list[str]]]] = {}
    title = ""
    lines = (f"{line}\n" for line in text.split("\n"))
    reader = csv.reader(lines, delimiter=";", strict=True)
    try:
        for cells in reader:
            row = [cell.strip() for cell in cells]
            if row in (["META"], ["PROJECTS"], ["VOTES"], ["RANKS"]):
                title = row[0]
                if title in sections:
                    raise Refused(f"Line {reader.line_num}: {title} begins a second time.")
                sections[title] = []
            elif any(row):
                if not title:
                    raise Refused(f"Line {reader.line_num}: the file does not begin with META.")
                sections[title].append((reader.line_num, row))
    except csv.Error as error:
        raise Refused(f"Line {reader.line_num}: it is not well quoted ({error}).") from None
    return sections


def amount(text: str, what: str, line: int) -> int:
    """An exact amount of money above zero in hundredths; the text has at most two decimals."""
    whole, point, decimals = text.partition(".")
    digits = whole + decimals
    if not (whole and digits.isascii() and digits.isdigit()) or (point and not decimals):
        raise Refused(f"Line {line}: {what} is {text[:40]!r}, which is no amount of money.")
    if len(whole) > 15 or len(decimals) > 2 or not digits.strip("0"):
        raise Refused(f"Line {line}: {what} is zero, huge, or has more than two decimals.")
    return int(whole + decimals.ljust(2, "0"))


def number(cells: dict[str, str], key: str, line: int) -> int:
    text = cells[key]
    if not (text.isascii() and text.isdigit() and len(text) < 10 and text.strip("0")):
        raise Refused(f"Line {line}: {key} is {text[:20]!r}, not a whole number above zero.")
    return int(text)


def points_of(text: str, kind: str, line: int) -> Fraction:
    """The points that stand beside a project, exactly. On scoring ballots they may be below 0."""
    points = exact(text)
    if points is None:
        raise Refused(f"Line {line}: {text[:40]!r} is no number of points.")
    if points < 0 and kind != "scoring":
        raise Refused(f"Line {line}: {text} points are less than none.")
    return points


@lru_cache(maxsize=10_000)
def exact(text: str) -> Fraction | None:
    return Fraction(text) if re.fullmatch(r"-?[0-9]{1,12}(\.[0-9]{1,9})?", text) else None


def plain(text: str) -> str:
    """Text without signs that would move a terminal's cursor."""
    return "".join(sign if sign.isprintable() else "?" for sign in text)


def show(lines: Iterable[str]) -> None:
    try:
        for line in lines:
            sys.stdout.buffer.write(f"{plain(line)}\n".encode())
        sys.stdout.flush()
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


if __name__ == "__main__":
    sys.exit(main())
