#!/usr/bin/env python3
"""Count a published vote again, or check its ballot log (`recount.py verify --help`).

FILE is a .pb file, a .pb.gz file, or a table of project x rank. This program is one file and needs
nothing but Python 3.10: copy it, read it, run it anywhere. It was written apart from the program
that counted first and shares no line with it, so that two counts which agree mean something.

The exit code is 0, or 2 with one sentence on standard error when the file cannot be counted.
"""

from __future__ import annotations

import argparse
import base64
import csv
import gzip
import hashlib
import heapq
import io
import json
import os
import re
import struct
import sys
import zipfile
import zlib
from array import array
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from fractions import Fraction
from functools import cached_property, lru_cache
from itertools import groupby
from math import gcd, lcm
from operator import itemgetter
from pathlib import Path
from typing import IO, Any, NamedTuple, NoReturn

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
votes that are used up:
  expanding-approvals  On ranked ballots. A project needs as large a part of all votes as its cost
                       is of the money. First count first ranks, then the second, too, and so on.
                       Supporters of what is funded pay with their votes, all of them the same.
  budget-stv           On ranked ballots, which stand by one project at a time. What has its votes
                       is funded, and what it did not need moves on to the next on each ballot. If
                       nothing has its votes, the weakest is dropped, and its ballots move on.
  minimal-transfers    On cumulative ballots, which divide a vote by their points. What has enough
                       is funded, the rest of these votes goes to the same ballots' other projects.
                       If nothing has, donors add to the strongest project from their others.
                       The rest of the money is spent by the scores.
loads:
  phragmen        On approval and choose-1 ballots. All ballots earn at the same speed, and what
                  they name is bought as soon as those who name it have earned its cost.
equal shares by Pabulib's names, on approval and choose-1 ballots:
  equalshares                  What a ballot gains is the cost of the funded projects it names.
  equalshares/add1             The shares then grow by one currency unit, and all runs anew, until
                               the outcome costs too much; the last that does not is the result.
  equalshares-comparison       After it, by ballots: does greedy fund more of what they name on
  equalshares/add1-comparison  more ballots than equal shares does? Then greedy is the result.
"""
VERIFYING = """\
Check a ballot log that was downloaded: the signatures, that every head signs the first leaves, that
nothing was removed or changed since heads were stored, the sums at closing, and where they are
there, the ballots and that each leaf is one of them.

A line is printed for each thing that was checked; the first leaf, head or ballot that is wrong is
named. A receipt and the opening of a check instead of a cast can be checked without a bundle, too.

The exit code is 0 where all is right, 1 where anything is wrong, and 2 with one sentence on
standard error when a file cannot be read.
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
OURS: dict[str, tuple[str, ...]] = {
    "points-by-rank": ("ordinal",),
    "approvals": NAMED,
    "points": ("cumulative", "scoring"),
    "equal-shares": KINDS,
    "expanding-approvals": ("ordinal",),
    "budget-stv": ("ordinal",),
    "minimal-transfers": ("cumulative",),
    "phragmen": NAMED,
}
SCORES = ("points-by-rank", "approvals", "points")
SECTIONS = ("META", "PROJECTS", "VOTES", "RANKS")
BY_TABLE = SCORES  # the rules for which a table of project x rank is enough
BALLOTS_OF_RULE: dict[str, tuple[str, ...]] = {
    **OURS,
    **dict.fromkeys(BY_SCORE, KINDS),
    **{name: NAMED if name.endswith("comparison") else KINDS for name in BY_SHARES},
}
CUSTOM = "greedy-custom"
VERSION = "1"
MOST_DIGITS = 17  # An amount of money has no more, counted in the parts of the unit.
MOST_DECIMALS = 1000
# What may stand around cells and commas. Line ends stand inside quotes. Other signs say something.
BLANKS = " \t\r\n\u00a0"


class Refused(Exception):
    """The file cannot be counted; the text says why, in one sentence."""


def main(arguments: list[str] | None = None) -> int:
    given = sys.argv[1:] if arguments is None else arguments
    if given[:1] == ["verify"]:
        return verify(given[1:])
    options = parse_command_line(given)
    try:
        vote = Vote(Sections(rows_of(lines_of(options.file))))
        result = count(vote, options.rule)
    except Refused as refusal:
        print(plain(f"recount.py: {options.file}: {refusal}"), file=sys.stderr)
        return 2
    show(result.winners if options.winners else account(vote, result))
    return 0


# --- Reading a file ------------------------------------------------------------------------------


class Ballot(NamedTuple):
    """What one ballot says: projects (of a ranking, the first first), and their points if given."""

    projects: list[str]
    points: tuple[Fraction, ...]

    def text(self) -> str:
        """The ballot in one text, in which it is kept. No id and no number has a line end."""
        marks = ",".join(map(decimal, self.points))
        return ",".join(self.projects) + (f"\n{marks}" if marks else "")


def ballot_of(text: str) -> Ballot:
    """The ballot that was kept as this text."""
    projects, _, marks = text.partition("\n")
    points = tuple(map(fraction, marks.split(","))) if marks else ()
    return Ballot(projects.split(","), points)


@lru_cache(maxsize=10_000)
def fraction(text: str) -> Fraction:
    return Fraction(text)


def published(text: str) -> str:
    """The ballot as it stands in the list whose fingerprint is published."""
    return text.replace("\n", ";")


class Voters:
    """The ids that came before. Most files number their voters, and a number is but a mark."""

    def __init__(self) -> None:
        self.numbered = bytearray()
        self.named: set[str] = set()

    def came_before(self, voter: str) -> bool:
        if not (voter.isascii() and voter.isdigit() and len(voter) < 8 and voter[0] != "0"):
            known = voter in self.named
            self.named.add(voter)
            return known
        number = int(voter)
        if number >= len(self.numbered):
            self.numbered.extend(bytes(number + 1 - len(self.numbered)))
        known = bool(self.numbered[number])
        self.numbered[number] = 1
        return known


class Currency(NamedTuple):
    """Into how many parts a unit of money is divided: hundredths, or finer ones if the file is so.

    All amounts are whole numbers of these parts.
    """

    decimals: int

    @property
    def unit(self) -> int:
        return int(10**self.decimals)

    def money(self, parts: int) -> str:
        whole, part = divmod(parts, self.unit)
        digits = f"{part:0{self.decimals}}".rstrip("0")
        return f"{whole}.{digits:0<2}" if part else f"{whole}"

    def rounded(self, parts: Fraction) -> str:
        """An amount with two decimals more than the parts have."""
        whole, part = divmod(round(parts * 100), self.unit * 100)
        return f"{whole}.{part:0{self.decimals + 2}}"

    def called(self) -> str:
        names = {2: "hundredths", 3: "thousandths", 4: "ten-thousandths", 6: "millionths"}
        return names.get(self.decimals, f"parts of which 10^{self.decimals} make a unit")


class Amount(NamedTuple):
    """An amount of money as a file writes it, without the zeros that say nothing."""

    what: str
    line: int
    whole: str
    decimals: str

    def in_parts_of(self, currency: Currency) -> int:
        digits = (self.whole + self.decimals.ljust(currency.decimals, "0")).lstrip("0")
        if len(digits) > MOST_DIGITS:
            raise Refused(
                f"Line {self.line}: {self.what} is too much: "
                f"counted in {currency.called()}, it has {len(digits)} digits."
            )
        return int(digits)


# A project, the length of a ranking and the project's rank there, the first rank being 1.
Place = tuple[str, int, int]


class Vote:
    """One file, read row by row. Of equal ballots one is kept, as a text, with their number."""

    def __init__(self, sections: Sections) -> None:
        self.meta = self.read_meta(sections.rows("META"))
        line, value = self.meta.get("budget", (0, "not given"))
        budget = amount(value, "the budget", line)
        self.kind = self.said("vote_type")
        if self.kind not in KINDS:
            known = ", ".join(KINDS)
            raise Refused(f"Its vote_type {self.kind[:40]!r} is unknown; known: {known}.")
        self.names: dict[str, str] = {}
        costs = self.read_projects(sections.rows("PROJECTS"))
        # The finest amount tells in which parts all are counted.
        self.currency = Currency(
            max(2, len(budget.decimals), *(len(cost.decimals) for cost in costs.values()))
        )
        self.budget = budget.in_parts_of(self.currency)
        self.costs = {project: cost.in_parts_of(self.currency) for project, cost in costs.items()}
        self.listed = {project: place for place, project in enumerate(self.costs)}
        self.place = self.listed  # in the tie order, if the comment gives one
        self.comment_rule = ""
        self.comment_parameters: dict[str, Any] = {}
        self.read_comment()
        self.max_length = self.length("max_length")
        self.groups: dict[str, int] = {}
        self.give_points = False
        self.table: dict[Place, int] | None = None
        rows = sections.rows("VOTES", "RANKS")
        if sections.titles[-1] == "RANKS":
            self.table = {}
            self.ballots = self.read_table(self.table, rows)
        else:
            self.ballots = self.read_ballots(rows)
        sections.end()
        self.compare_with_meta("num_projects", len(self.costs))
        self.compare_with_meta("num_votes", self.ballots)

    def read_meta(self, rows: Rows) -> dict[str, tuple[int, str]]:
        meta: dict[str, tuple[int, str]] = {}
        for line, cells in rows:
            row = without_spare(cells, 2)
            if len(row) != 2 or row[0] in meta or (not meta and row != ["key", "value"]):
                raise Refused(f"Line {line}: META is key;value, and then each key once.")
            meta[row[0]] = line, row[1]
        return meta

    def said(self, key: str) -> str:
        """What META says of something, or nothing."""
        return self.meta.get(key, (0, ""))[1]

    def read_projects(self, rows: Rows) -> dict[str, Amount]:
        """What each project costs; and their names."""
        costs: dict[str, Amount] = {}
        for line, cells in records(rows, "PROJECTS", "project_id", "cost"):
            project = cells["project_id"]
            if not project or "," in project or not project.isprintable():
                raise Refused(f"Line {line}: there is no usable project id.")
            if project in costs:
                raise Refused(f"Line {line}: the project {project} was listed before.")
            costs[project] = amount(cells["cost"], f"the cost of {project}", line)
            self.names[project] = cells.get("name", "")
        if not costs:
            raise Refused("It lists no projects.")
        return costs

    def read_comment(self) -> None:
        """Take rule, parameters and orders from `#1: common-purse RULE VERSION {...}`.

        Where PROJECTS stand by their turns, `order` tells how the contest had them.
        """
        comment = self.said("comment")
        told = self.said("rule") in (CUSTOM, "greedy-exclusive")
        line = re.match(r"#1: common-purse ([^ ]+) ([^ ]+) (.*)", comment, re.DOTALL)
        if line is None:
            if told and comment.startswith("#1: common-purse "):
                raise Refused("Its comment does not give the rule and a tie order.")
            return
        rule, version, rest = line.groups()
        parameters = parameters_in(rest)
        ties = parameters.pop("tie_order")
        order = parameters.pop("order", list(self.costs))
        if not told:
            return
        for what, projects in (("tie order", ties), ("order", order)):
            if sorted(projects) != sorted(self.costs):
                raise Refused(f"The {what} in its comment does not name each project once.")
        self.costs = {project: self.costs[project] for project in order}
        self.listed = {project: place for place, project in enumerate(order)}
        self.comment_rule = rule if version == VERSION else f"{rule} in version {version}"
        self.comment_parameters = parameters
        self.place = {project: place for place, project in enumerate(ties)}

    def read_ballots(self, rows: Rows) -> int:
        voters = Voters()
        counted = 0
        needed = ["voter_id", "vote"] + ["points"] * (SCORE_OF[self.kind] == "points")
        for line, cells in records(rows, "VOTES", *needed):
            if not cells["voter_id"] or voters.came_before(cells["voter_id"]):
                raise Refused(f"Line {line}: the voter id is missing, or came before.")
            text = cells["vote"]
            if "points" in cells and self.kind not in NAMED:
                self.give_points = True
                text += "\n" + cells["points"]
            # What is known already, letter by letter, was found to be good.
            if text not in self.groups:
                text = self.ballot(text, line).text()
            self.groups[text] = self.groups.get(text, 0) + 1
            counted += 1
        return counted

    def ballot(self, text: str, line: int) -> Ballot:
        """Order is part of a ranking alone; on other ballots the file's order stands for any."""
        vote, _, marks = text.partition("\n")
        projects = self.projects_in(vote, line)
        points: list[Fraction] = []
        if self.give_points:
            points = [points_of(mark.strip(BLANKS), self.kind, line) for mark in marks.split(",")]
            if len(points) != len(projects):
                raise Refused(
                    f"Line {line}: {len(points)} points stand beside {len(projects)} projects."
                )
        if self.kind == "ordinal":
            return Ballot(projects, tuple(points))
        by_file = sorted(range(len(projects)), key=lambda mark: self.listed[projects[mark]])
        return Ballot(
            [projects[mark] for mark in by_file],
            tuple(points[mark] for mark in by_file) if points else (),
        )

    def projects_in(self, vote: str, line: int) -> list[str]:
        projects = vote.split(",")
        if not self.costs.keys() >= set(projects):
            projects = [mark.strip(BLANKS) for mark in projects]
        if projects == [""]:
            raise Refused(f"Line {line}: the vote is empty.")
        different = set(projects)
        for project in projects:
            if project not in self.costs:
                raise Refused(f"Line {line}: the vote names {project[:40]!r}, no project.")
        if len(projects) != len(different):
            raise Refused(f"Line {line}: a project stands twice on the ballot.")
        if len(projects) not in self.allowed_lengths:
            raise Refused(f"Line {line}: the ballot names {len(projects)}, which is not allowed.")
        return projects

    def read_table(self, table: dict[Place, int], rows: Rows) -> int:
        """Read a table of project x rank, and tell from how many ballots it is."""
        filled: dict[int, list[int]] = {}
        needed = "project_id", "length", "rank", "ballots"
        for line, cells in records(rows, "RANKS", *needed):
            project = cells["project_id"]
            length, rank, ballots = (number(cells, key, line) for key in needed[1:])
            place = project, length, rank
            if project not in self.costs or rank > length or place in table:
                raise Refused(f"Line {line}: the project or the rank is impossible or repeated.")
            if length not in self.allowed_lengths:
                raise Refused(f"Line {line}: META forbids ballots that rank {length}.")
            table[place] = ballots
            filled.setdefault(length, [0] * length)[rank - 1] += ballots
        for length, ranks in filled.items():
            if len(set(ranks)) != 1:
                raise Refused(f"On ballots that rank {length} some ranks are filled more often.")
        return sum(ranks[0] for ranks in filled.values())

    @cached_property
    def allowed_lengths(self) -> range:
        least = self.length("min_length") or 1
        most = self.max_length or len(self.costs)
        return range(least, min(most, 1 if self.kind == "choose-1" else most) + 1)

    def length(self, key: str) -> int:
        """A length of ballots that META gives, or 0 if it gives none."""
        line, text = self.meta.get(key, (0, ""))
        return number({key: text}, key, line) if text else 0

    def compare_with_meta(self, key: str, found: int) -> None:
        if self.said(key) not in ("", str(found)):
            raise Refused(f"META gives {key} as {self.said(key)[:20]}, but there are {found}.")

    def different(self) -> Iterator[tuple[Ballot, int]]:
        """All ballots that differ from each other, and how many say the same."""
        for text, copies in self.groups.items():
            yield ballot_of(text), copies

    @cached_property
    def places(self) -> dict[Place, int]:
        """Where projects stand on ballots, and on how many ballots each time."""
        if self.table is not None:
            return self.table
        found: dict[int, list[Counter[str]]] = {}
        for ballot, copies in self.different():
            length = len(ballot.projects)
            if length not in found:
                found[length] = [Counter() for _ in range(length)]
            for at_rank, project in zip(found[length], ballot.projects, strict=True):
                at_rank[project] += copies
        return {
            (project, length, rank): copies
            for length, ranks in found.items()
            for rank, at_rank in enumerate(ranks, start=1)
            for project, copies in at_rank.items()
        }

    def fingerprint(self) -> str:
        """The SHA-256 of all ballots, sorted, a line each; or of the lines of the table."""
        digest = hashlib.sha256()
        if self.table is not None:
            lines = [f"{','.join(map(str, place))},{n}" for place, n in self.table.items()]
            digest.update("".join(f"{line}\n" for line in sorted(lines)).encode())
        for text in sorted(self.groups, key=published):
            digest.update(f"{published(text)}\n".encode() * self.groups[text])
        return digest.hexdigest()

    def named(self) -> dict[str, int]:
        """How many ballots name each project."""
        ballots = dict.fromkeys(self.costs, 0)
        for (project, _, _), copies in self.places.items():
            ballots[project] += copies
        return ballots

    def ranked_first(self) -> dict[str, int]:
        """How many ballots rank each project first."""
        ballots = dict.fromkeys(self.costs, 0)
        for (project, _, rank), copies in self.places.items():
            ballots[project] += copies if rank == 1 else 0
        return ballots

    def scores(self, scale: Scale) -> dict[str, Fraction]:
        """The score of each project, as the kind of ballots asks."""
        total: dict[str, int | Fraction] = dict.fromkeys(self.costs, 0)
        if self.give_points:
            for ballot, copies in self.different():
                for project, points in zip(ballot.projects, ballot.points, strict=True):
                    total[project] += copies * points
        elif self.kind == "ordinal":
            for (project, length, rank), copies in self.places.items():
                total[project] += copies * scale.points(length, rank)
        elif self.kind in NAMED:
            total.update(self.named())
        return {project: Fraction(score) for project, score in total.items()}


class Scale(NamedTuple):
    """How many points a rank gives: from the ballot's own length down to 1, or always the same."""

    name: str = "own"
    most: int = 0  # what the first rank gives, if that is always the same

    def points(self, length: int, rank: int) -> int:
        if self.name == "fixed":
            return self.most + 1 - rank
        return self.most // rank if self.name == "dowdall" else length + 1 - rank


# --- Which rule, with which parameters -----------------------------------------------------------


class Rule(NamedTuple):
    called: str
    name: str
    parameters: dict[str, Any]


def rule_of(vote: Vote, asked: str | None) -> Rule:
    """The rule asked for, or the file's own. It is never guessed."""
    check_comment(vote)
    called = asked or vote.comment_rule or vote.said("rule")
    known = ", ".join(rule for rule, kinds in BALLOTS_OF_RULE.items() if vote.kind in kinds)
    if called == CUSTOM:
        raise Refused(
            "Its rule is the city's own (greedy-custom), and no comment of ours says how it goes; "
            f"choose one with --rule: {known}."
        )
    kinds_of = BALLOTS_OF_RULE if asked or not vote.comment_rule else OURS
    if vote.kind not in kinds_of.get(called, ()):
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
    if vote.table is not None and name not in BY_TABLE:
        raise Refused(
            f"The rule {name} needs the ballots; a table of project and rank is too little."
        )
    return Rule(called, name, with_defaults(name, parameters, vote.kind))


def check_comment(vote: Vote) -> None:
    """A line of ours that cannot be understood is refused, whichever rule is asked for."""
    if vote.comment_rule in OURS:
        check_parameters(vote.comment_rule, vote.comment_parameters, vote)


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


def with_defaults(rule: str, parameters: dict[str, Any], kind: str) -> dict[str, Any]:
    if rule in SCORES:
        return parameters
    defaults: dict[str, Any] = {"ties": ["cheaper", "votes", "place"]}
    if rule != "equal-shares":
        defaults["completion"] = "none" if rule == "phragmen" else "greedy"
        return {**defaults, **parameters}
    utility = {"points-by-rank": "rank-points-cost", "approvals": "cost", "points": "points"}
    completion = parameters.get("completion", "greedy" if kind == "ordinal" else "none")
    return {
        "utility": utility[SCORE_OF[kind]],
        "completion": completion,
        "start": "floor" if completion.startswith("add1") else "exact",
        "stop": "overspend",
        **defaults,
        "comparison": False,
        "entry_share": "0/1",
        **parameters,
    }


def check_parameters(rule: str, parameters: dict[str, Any], vote: Vote) -> None:
    """Refuse what this program does not know, for it would count another rule than was meant."""
    checks = ties_checks(vote, parameters) | scale_checks(vote, parameters)
    if rule in SCORES:
        checks |= score_checks(vote, parameters)
    elif rule == "equal-shares":
        checks |= shares_checks(vote, parameters)
    elif rule == "phragmen":
        checks |= phragmen_checks(parameters)
    else:
        checks["completion"] = lambda value: value in ("none", "greedy")
    for key, value in parameters.items():
        if key not in checks:
            raise Refused(f"The rule {rule} has no parameter {key[:40]!r}.")
        if not checks[key](value):
            raise Refused(f"The rule {rule} cannot have the {key} that the comment gives it.")
    if "lot" in parameters.get("ties", ()) and "seed" not in parameters:
        raise Refused(f"The rule {rule} breaks ties by lot, but the comment gives no seed for it.")


Checks = dict[str, Callable[[Any], bool]]


def ties_checks(vote: Vote, parameters: dict[str, Any]) -> Checks:
    words = ["cheaper", "votes", "lot", "place"] + ["first_ranks"] * (vote.kind == "ordinal")
    return {
        "ties": lambda value: (
            isinstance(value, list)
            and len(value) > 0
            and all(value.count(word) == 1 and word in words for word in value)
        ),
        "seed": lambda value: (
            isinstance(value, str)
            and 0 < len(value) <= 200
            and value.isprintable()
            and "lot" in parameters.get("ties", ())
        ),
    }


def scale_checks(vote: Vote, parameters: dict[str, Any]) -> Checks:
    if vote.kind != "ordinal":
        return {}
    longest = vote.max_length or len(vote.costs)
    possible = {
        "own": True,
        "fixed": vote.max_length > 0 or "top" in parameters,
        "dowdall": 0 < vote.max_length <= 20,
    }
    return {
        "scale": lambda value: isinstance(value, str) and possible.get(value, False),
        "top": lambda value: (
            type(value) is int and longest <= value <= 10**6 and parameters.get("scale") == "fixed"
        ),
    }


def score_checks(vote: Vote, parameters: dict[str, Any]) -> Checks:
    lists = vote_lists(vote)
    return {
        "no_skip": lambda value: value is True,
        "threshold": lambda value: type(value) is int and value > 0,
        "threshold_share": is_share,
        "top_up": lambda value: (
            type(value) is int and 0 < value < 100 and parameters.get("no_skip") is True
        ),
        "exclusive": lambda value: (
            isinstance(value, list) and all(lists(group) and len(group) > 1 for group in value)
        ),
        "limits": lambda value: (
            isinstance(value, list) and all(is_limit(limit, lists) for limit in value)
        ),
    }


def vote_lists(vote: Vote) -> Callable[[Any], bool]:
    """Tells whether something is a list of projects, none twice."""

    def check(group: Any) -> bool:
        if not isinstance(group, list) or not all(isinstance(one, str) for one in group):
            return False
        return len(set(group)) == len(group) and set(group) <= set(vote.costs)

    return check


def is_limit(limit: Any, lists: Callable[[Any], bool]) -> bool:
    """A list of projects with the most of them, or the most money for them, or both."""
    if not isinstance(limit, dict) or not set(limit) <= {"ids", "projects", "money", "name"}:
        return False
    most = [limit[key] for key in ("projects", "money") if key in limit]
    return (
        lists(limit.get("ids"))
        and len(limit["ids"]) > 0
        and len(most) > 0
        and all(type(value) is int and value >= 0 for value in most)
        and isinstance(limit.get("name", ""), str)
    )


def shares_checks(vote: Vote, parameters: dict[str, Any]) -> Checks:
    utilities = ["cost", "cardinality"]
    if vote.kind == "ordinal":
        utilities += ["rank-points", "rank-points-cost"]
    if vote.give_points:
        utilities.append("points")
    if SCORE_OF[vote.kind] == "points":
        utilities.append("points")
    completions = ("none", "greedy", "add1", "add1-greedy", "epsilon")
    grows = str(parameters.get("completion")).startswith("add1")
    return {
        "utility": lambda value: value in utilities,
        "completion": lambda value: value in completions,
        "start": lambda value: value in ("floor", "exact"),
        "stop": lambda value: grows and value in ("overspend", "exhaustive"),
        "comparison": lambda value: value is True and vote.kind in NAMED,
        "entry_share": is_share,
    }


def phragmen_checks(parameters: dict[str, Any]) -> Checks:
    ends = parameters.get("no_skip") is True  # Only where the count ends early is there a rest.
    return {
        "no_skip": lambda value: value is True,
        "completion": lambda value: value == "none" or (value == "greedy" and ends),
    }


def is_share(value: Any) -> bool:
    """A fraction of whole numbers as text, as in "1/3"."""
    good = isinstance(value, str) and re.fullmatch(r"[1-9][0-9]{0,17}/[1-9][0-9]{0,17}", value)
    return bool(good)


def scale_of(vote: Vote, parameters: dict[str, Any]) -> Scale:
    name = parameters.get("scale", "own")
    if name == "dowdall":
        return Scale(name, lcm(*range(1, vote.max_length + 1)))
    return Scale(name, parameters.get("top", vote.max_length))


def order_of_ties(vote: Vote, parameters: dict[str, Any]) -> dict[str, int]:
    """Each project's place among its equals: by the first way of the chain that tells them apart.

    In a lot the lowest fingerprint wins. The seed was not known when the ids were given out.
    """
    seed = parameters.get("seed", "")
    keys: dict[str, dict[str, Any]] = {
        "cheaper": vote.costs,
        "votes": {project: -ballots for project, ballots in vote.named().items()},
        "first_ranks": {project: -ballots for project, ballots in vote.ranked_first().items()},
        "lot": {
            project: hashlib.sha256(f"{seed}\nties\n{project}".encode()).hexdigest()
            for project in vote.costs
        },
        "place": vote.place,
    }
    chain = [*parameters.get("ties", []), "place"]
    order = sorted(vote.costs, key=lambda project: [keys[way][project] for way in chain])
    return {project: place for place, project in enumerate(order)}


# --- Counting ------------------------------------------------------------------------------------


class Step(NamedTuple):
    """One step of a rule that has more to it than turns: a project, and in words what it got."""

    project: str
    told: str
    funded: bool = True


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
        self.heading: list[str] = []
        self.steps: list[Step] = []
        self.turns: list[Turn] = []
        self.excluded: list[str] = []

    @property
    def winners(self) -> list[str]:
        by_turn = [turn.project for turn in self.turns if turn.outcome in FUNDED]
        return [step.project for step in self.steps if step.funded] + by_turn


def count(vote: Vote, asked: str | None = None) -> Result:
    rule = rule_of(vote, asked)
    result = Result(rule, vote.scores(scale_of(vote, rule.parameters)))
    if rule.name in SCORES:
        ties = order_of_ties(vote, rule.parameters)
        waiting = list(vote.costs)
        result.turns = greedy(vote, result.scores, waiting, vote.budget, ties, rule.parameters)
    elif rule.name == "equal-shares":
        count_equal_shares(vote, result)
    elif not vote.ballots:
        finish(vote, result, "no ballots")
    elif rule.name == "expanding-approvals":
        count_expanding_approvals(vote, result)
    elif rule.name == "budget-stv":
        count_budget_stv(vote, result)
    elif rule.name == "minimal-transfers":
        count_minimal_transfers(vote, result)
    elif rule.name == "phragmen":
        count_phragmen(vote, result)
    return result


def finish(
    vote: Vote, result: Result, otherwise: str, outcomes: Mapping[str, str] | None = None
) -> None:
    """Spend by score what the rule left, if it is to be so; what fits no more is skipped."""
    done = {*result.winners, *result.excluded}
    waiting = [project for project in vote.costs if project not in done]
    left = vote.budget - sum(vote.costs[project] for project in result.winners)
    if result.rule.parameters["completion"] in ("greedy", "add1-greedy"):
        result.turns = greedy(vote, result.scores, waiting, left, vote.place, {})
    else:
        waiting.sort(key=lambda project: (-result.scores[project], vote.place[project]))
        became = outcomes or {}
        result.turns = [Turn(one, became.get(one, otherwise), left) for one in waiting]


# --- By score ------------------------------------------------------------------------------------


def greedy(
    vote: Vote,
    scores: Mapping[str, int | Fraction],
    waiting: list[str],
    left: int,
    ties: dict[str, int],
    terms: dict[str, Any],
) -> list[Turn]:
    """Fund by falling scores what fits into the money left, on the terms that a city sets."""
    least = [Fraction(terms[key]) for key in ("threshold",) if key in terms]
    if "threshold_share" in terms:
        least.append(Fraction(terms["threshold_share"]) * vote.ballots)
    limits = [in_parts_of(vote.currency, limit) for limit in terms.get("limits", [])]
    turns: list[Turn] = []
    funded: dict[str, int] = {}  # with what was paid for it from this budget
    ended = False
    for project in sorted(waiting, key=lambda one: (-scores[one], ties[one])):
        cost = vote.costs[project]
        enough = "top_up" in terms and left * 100 >= terms["top_up"] * cost
        pays = left if enough and cost > left else cost
        if any(scores[project] < threshold for threshold in least):
            outcome = "below the threshold"
        elif ended:
            outcome = "after the end"
        elif rivals(project, terms.get("exclusive", [])) & set(funded):
            outcome = "a rival is funded"
        elif any(passes(limit, project, pays, funded) for limit in limits):
            outcome = "a limit is reached"
        elif cost <= left:
            outcome = "funded"
        elif "no_skip" not in terms:
            outcome = "too dear"
        else:
            ended = True
            outcome = "topped up" if enough else "too dear, and the end"
        turns.append(Turn(project, outcome, left))
        if outcome in FUNDED:
            funded[project] = pays
            left -= pays
    return turns


def rivals(project: str, groups: list[list[str]]) -> set[str]:
    """The projects that exclude this one."""
    return {one for group in groups if project in group for one in group}


def in_parts_of(currency: Currency, limit: dict[str, Any]) -> dict[str, Any]:
    """A limit, whose money the comment tells in hundredths."""
    if "money" not in limit:
        return limit
    return {**limit, "money": limit["money"] * currency.unit // 100}


def passes(limit: dict[str, Any], project: str, pays: int, funded: dict[str, int]) -> bool:
    """Would this project be one too many, or cost too much, for a list of projects?"""
    if project not in limit["ids"]:
        return False
    paid = [pays] + [funded[one] for one in limit["ids"] if one in funded]
    too_many = "projects" in limit and len(paid) > limit["projects"]
    return too_many or ("money" in limit and sum(paid) > limit["money"])


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
    named = vote.named()
    least = Fraction(parameters["entry_share"])
    result.excluded = [
        project
        for project, cost in vote.costs.items()
        if named[project] * vote.budget < least * cost * vote.ballots
    ]
    eligible = [project for project in vote.costs if project not in set(result.excluded)]
    if vote.ballots:
        buy(vote, result, eligible)
    epsilon = parameters["completion"] == "epsilon"
    finish(vote, result, "not bought by all" if epsilon else "not bought")
    if parameters["comparison"]:
        compare_with_greedy(vote, result, eligible, named)


def buy(vote: Vote, result: Result, eligible: list[str]) -> None:
    """Let ballots buy projects together, and tell what each payer paid."""
    parameters = result.rule.parameters
    market = Market(vote, parameters, eligible)
    share = Fraction(vote.budget, vote.ballots)
    if parameters["start"] == "floor":
        unit = vote.currency.unit
        share = Fraction(share // unit * unit)
    market.run(share)
    if parameters["completion"].startswith("add1"):
        share = grow(vote, market, share, eligible, parameters["stop"] == "exhaustive")
    rounded = vote.currency.rounded
    per = "" if parameters["utility"] in ("cost", "cardinality") else " for each point"
    result.heading = [
        f"Every ballot had a share of {rounded(share)} (rounded).",
        "Bought together, in this order; what each supporter paid at most is rounded",
    ]
    for project, price, payers in market.bought:
        told = f"{payers:8} supporters paid at most {rounded(price)}{per} for"
        result.steps.append(Step(project, told))
    if parameters["completion"] == "epsilon":
        for project, price, payers in market.buy_by_all(eligible):
            told = f"{payers:8} ballots paid, others than supporters at most {rounded(price)}, for"
            result.steps.append(Step(project, told))


def grow(
    vote: Vote, market: Market, share: Fraction, eligible: list[str], exhaustive: bool
) -> Fraction:
    """Let shares grow until the outcome costs too much; the last that does not is the result."""
    unit = vote.currency.unit
    while True:
        winners = {purchase.project for purchase in market.bought}
        left = vote.budget - market.spent()
        fits = any(vote.costs[one] <= left for one in eligible if one not in winners)
        if (exhaustive and not fits) or winners == market.supported:
            return share
        same = market.same_for  # This many units more on each ballot change nothing.
        market.run(share + (same + 1) * unit)
        if market.spent() > vote.budget:
            market.run(share + same * unit)
            return share + same * unit
        share += (same + 1) * unit


class Price(NamedTuple):
    """What a project costs its supporters: `owed / weight` for each point, in slivers of money.

    `rho`, the least of which is funded, is that price for each unit of what they gain. Were all
    shares t steps larger, it would be `(owed + change * t) / divisor` or more.
    """

    rho: Fraction
    owed: int
    change: int
    weight: int
    divisor: int


EMPTY, FULL = 0, 1  # the purse of ballots that gave all they had, and that of all at first

# The supporters of a project: by the points that they give it, how many ballots have which purse.
Crowd = dict[int, dict[int, int]]


class Market:
    """Where ballots buy projects together, each with the same share of the money.

    Exact and still fast. Equal ballots are one group. Groups that paid alike have one purse, so
    that sums over ballots are sums over few purses. All money is a whole number of slivers of a
    part, `scale` of them each; slivers become smaller when a price asks for it. A price never
    falls while money is spent, so the last one known is a least price, and a project whose least
    price is above another's price need not be looked at. And beside the money of a purse stands
    `growth`: how much more there would be if all shares were larger by a step. From it follows
    `same_for`: by how many steps all shares may grow with every decision as it was.
    """

    def __init__(self, vote: Vote, parameters: dict[str, Any], eligible: list[str]) -> None:
        self.costs = vote.costs
        # By how much shares may grow; no growth is followed where they do not.
        self.step = vote.currency.unit if parameters["completion"].startswith("add1") else 0
        self.ties = order_of_ties(vote, parameters)
        utility, scale = parameters["utility"], scale_of(vote, parameters)
        # A gain of points x cost: all supporters' gains have the cost as a factor.
        with_cost = utility in ("cost", "rank-points-cost")
        self.size = {one: vote.costs[one] if with_cost else 1 for one in eligible}
        # Points with decimals become whole numbers, all by the same factor.
        self.factor = lcm(
            *{points.denominator for ballot, _ in vote.different() for points in ballot.points}
            if utility == "points"
            else {1}
        )
        self.ballots = vote.ballots
        self.purse = [FULL] * len(vote.groups)
        # By the points that they give it and their size, the groups that gain from a project.
        self.supporters: dict[str, dict[tuple[int, int], array[int]]] = {
            one: defaultdict(numbers) for one in eligible
        }
        for group, (ballot, copies) in enumerate(vote.different()):
            gains = points_in_market(ballot, utility, scale)
            for project, gain in zip(ballot.projects, gains, strict=True):
                points = int(gain * self.factor)
                if points > 0 and project in self.supporters:
                    self.supporters[project][points, copies].append(group)
        self.crowds_at_first = {one: self.crowd_of(one) for one in eligible}
        self.ballots_for = {
            one: sum(sum(ballots.values()) for ballots in crowd.values())
            for one, crowd in self.crowds_at_first.items()
        }
        self.supported = {one for one in eligible if self.ballots_for[one]}

    def crowd_of(self, project: str) -> Crowd:
        """The supporters of a project who have money, by their purses."""
        crowd: Crowd = {}
        for (points, copies), groups in self.supporters[project].items():
            ballots = crowd.setdefault(points, {})
            for purse, number in Counter(map(self.purse.__getitem__, groups)).items():
                if purse != EMPTY:
                    ballots[purse] = ballots.get(purse, 0) + number * copies
        return crowd

    def run(self, share: Fraction) -> None:
        """Buy, again and again, the project whose supporters get it at the least rho."""
        self.scale = share.denominator
        self.money = [0, share.numerator]
        self.growth = [0, self.step * self.scale]
        self.holders = [0, self.ballots]
        self.unused: list[int] = []
        self.purse = [FULL] * len(self.purse)
        self.same_for = sys.maxsize
        self.bought: list[Purchase] = []
        # In order of the least price known, which is 0 before anything is known.
        waiting: list[tuple[Fraction, int, str]]
        waiting = [(Fraction(0), self.ties[one], one) for one in self.supported]
        heapq.heapify(waiting)
        known: dict[str, Price] = {}
        while waiting:
            asked: list[tuple[Fraction, int, str]] = []
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
        crowd = self.crowd_of(project) if self.bought else self.crowds_at_first[project]
        owed, change = self.costs[project] * self.scale, 0
        missing = owed - sum(
            copies * self.money[purse]
            for ballots in crowd.values()
            for purse, copies in ballots.items()
        )
        if missing > 0:
            self.holds_while(missing, -self.growth_of(crowd), equal=False)
            return None
        weight = sum(points * sum(ballots.values()) for points, ballots in crowd.items())
        able = {points: list(ballots.items()) for points, ballots in crowd.items()}
        while True:
            poor: Crowd = {}
            for points, ballots in able.items():
                enough = -(-owed * points // weight)
                poor[points] = {one: n for one, n in ballots if self.money[one] < enough}
                if poor[points]:
                    able[points] = [one for one in ballots if one[0] not in poor[points]]
            if not any(poor.values()):
                break
            for points, purses in poor.items():
                owed -= sum(copies * self.money[purse] for purse, copies in purses.items())
                weight -= points * sum(purses.values())
            change -= self.growth_of(poor)
        divisor = weight * self.size[project] * self.scale
        return Price(Fraction(owed, divisor), owed, change, weight, divisor)

    def growth_of(self, crowd: Crowd) -> int:
        """How much more a crowd would have if all shares were larger by a step."""
        if not self.step:
            return 0
        return sum(
            copies * self.growth[purse]
            for ballots in crowd.values()
            for purse, copies in ballots.items()
        )

    def stays_best(
        self,
        best: Price,
        tie: int,
        others: list[tuple[Fraction, int, str]],
        known: dict[str, Price],
    ) -> None:
        """Note for which larger shares no other project would be cheaper."""
        for _, other_tie, project in others:
            other = known[project]
            ahead = other.owed * best.divisor - best.owed * other.divisor
            growth = other.change * best.divisor - best.change * other.divisor
            self.holds_while(ahead, growth, equal=tie < other_tie)

    def pay(self, project: str, price: Price) -> None:
        """Let supporters pay so much for each point, or all they have."""
        finer = price.weight // gcd(price.weight, price.owed, price.change)
        self.divide(finer)
        each, change = price.owed * finer // price.weight, price.change * finer // price.weight
        for points, ballots in self.crowd_of(project).items():
            becomes = {EMPTY: EMPTY}
            for purse in ballots:
                rest = self.money[purse] - each * points
                growth = self.growth[purse] - change * points
                if rest >= 0:
                    self.holds_while(rest, growth, equal=True)
                    becomes[purse] = self.new_purse(rest, growth)
                else:
                    self.holds_while(-rest, -growth, equal=False)
                    becomes[purse] = EMPTY
            self.give_purses(project, points, ballots, becomes)
        per_point = Fraction(each, self.scale) * self.factor
        self.bought.append(Purchase(project, per_point, self.ballots_for[project]))

    def new_purse(self, money: int, growth: int) -> int:
        """The number of a purse that nobody holds yet."""
        if not self.unused:
            self.unused.append(len(self.money))
            for column in (self.money, self.growth, self.holders):
                column.append(0)
        purse = self.unused.pop()
        self.money[purse], self.growth[purse] = money, growth
        return purse

    def give_purses(
        self, project: str, points: int, ballots: dict[int, int], becomes: dict[int, int]
    ) -> None:
        """Who gave a project these points has paid, and has another purse than before."""
        for (given, _), groups in self.supporters[project].items():
            if given == points:
                for group in groups:
                    self.purse[group] = becomes[self.purse[group]]
        for old, copies in ballots.items():
            self.holders[becomes[old]] += copies
            self.holders[old] -= copies
            if not self.holders[old]:
                self.money[old] = self.growth[old] = 0
                self.unused.append(old)

    def buy_by_all(self, eligible: list[str]) -> list[Purchase]:
        """Let every ballot help where supporters gave all, first where others pay the least.

        It is what happens if a ballot gains next to nothing from what it does not name.
        """
        done = {purchase.project for purchase in self.bought}
        waiting = [(Fraction(0), self.ties[one], one) for one in eligible if one not in done]
        heapq.heapify(waiting)
        helped: list[Purchase] = []
        while waiting:
            _, tie, project = heapq.heappop(waiting)
            most = self.most_of_others(project)
            if most is None:
                continue
            if waiting and (most, tie) > waiting[0][:2]:
                heapq.heappush(waiting, (most, tie, project))
                continue
            helped.append(Purchase(project, most, self.pay_by_all(project, most)))
        return helped

    def most_of_others(self, project: str) -> Fraction | None:
        """The least that is enough if nobody pays more but supporters, who pay all they have.

        None: all ballots together have too little. Money only becomes less, and the amount more.
        """
        owed = self.costs[project] * self.scale
        if owed > sum(money * n for money, n in zip(self.money, self.holders, strict=True)):
            return None
        others = self.holders.copy()
        for ballots in self.crowd_of(project).values():
            for purse, copies in ballots.items():
                owed -= self.money[purse] * copies
                others[purse] -= copies
        payers = sum(others)
        for purse in sorted(range(len(others)), key=self.money.__getitem__):
            if self.money[purse] * payers >= owed:
                break
            owed -= self.money[purse] * others[purse]
            payers -= others[purse]
        return Fraction(owed, payers * self.scale)

    def pay_by_all(self, project: str, most: Fraction) -> int:
        """Let everybody pay, and tell how many ballots paid anything."""
        self.divide((most * self.scale).denominator)
        each = int(most * self.scale)
        payers = sum(n for money, n in zip(self.money, self.holders, strict=True) if money)
        for points, ballots in self.crowd_of(project).items():
            becomes = dict.fromkeys([EMPTY, *ballots], EMPTY)
            self.give_purses(project, points, ballots, becomes)
        self.money = [money - min(money, each) for money in self.money]
        return payers

    def divide(self, finer: int) -> None:
        """Cut the slivers of money into so many, that a price may be a whole number of them."""
        if finer > 1:
            self.scale *= finer
            for column in (self.money, self.growth):
                for purse, amount_in_it in enumerate(column):
                    column[purse] = amount_in_it * finer

    def holds_while(self, now: int, growth: int, *, equal: bool) -> None:
        """Something was decided because `now` is above 0 (or equal to it). How long is it so?"""
        if growth < 0:
            self.same_for = min(self.same_for, (now if equal else now - 1) // -growth)


def numbers() -> array[int]:
    """A list of whole numbers below 2^32, in four bytes each."""
    return array("I")


def points_in_market(ballot: Ballot, utility: str, scale: Scale) -> Iterable[int | Fraction]:
    """The points that a ballot gives the projects it names, as far as they decide what it gains."""
    length = len(ballot.projects)
    if utility.startswith("rank-points"):
        return points_by_rank(scale, length)
    return ballot.points if utility == "points" else [1] * length


@lru_cache(maxsize=1000)
def points_by_rank(scale: Scale, length: int) -> list[int]:
    return [scale.points(length, rank) for rank in range(1, length + 1)]


def compare_with_greedy(
    vote: Vote, result: Result, eligible: list[str], named: dict[str, int]
) -> None:
    """Take the greedy outcome if more ballots have more of their projects in it."""
    turns = greedy(vote, named, eligible, vote.budget, vote.place, {})
    by_shares = set(result.winners)
    by_greedy = {turn.project for turn in turns if turn.outcome in FUNDED}
    prefer: Counter[str] = Counter()
    for ballot, copies in vote.different():
        projects = set(ballot.projects)
        ahead = len(projects & by_greedy) - len(projects & by_shares)
        prefer["neither" if not ahead else "greedy" if ahead > 0 else "shares"] += copies
    ahead = prefer["greedy"] > prefer["shares"]
    if ahead:
        result.heading, result.steps, result.turns = [], [], turns
    result.heading.insert(
        0,
        f"{prefer['shares']} ballots have more of their projects funded by equal shares, "
        f"{prefer['greedy']} by greedy, {prefer['neither']} as many by both: "
        f"{'greedy' if ahead else 'equal shares'} is the result.",
    )


# --- Votes that are used up: expanding approvals, budget STV and minimal transfers ---------------

VOTE = 10**9  # One vote. Votes are divided into as many units, and each unit counts once.


def quotas(vote: Vote) -> dict[str, int]:
    """The votes a project needs: as large a part of all as its cost of the budget, rounded up."""
    all_units = vote.ballots * VOTE
    return {one: -(-all_units * cost // vote.budget) for one, cost in vote.costs.items()}


def votes(units: int) -> str:
    return decimal(Fraction(units, VOTE))


def count_expanding_approvals(vote: Vote, result: Result) -> None:
    """Fund what enough ballots rank first; then what enough rank first or second; and so on."""
    ties = order_of_ties(vote, result.rule.parameters)
    quota = quotas(vote)
    ballots = list(vote.groups)
    copies = array("Q", vote.groups.values())
    units = array("Q", [VOTE]) * len(ballots)
    placed = by_rank(vote)
    supporters = {project: numbers() for project in vote.costs}
    support = dict.fromkeys(vote.costs, 0)
    left = vote.budget
    waiting = list(vote.costs)
    result.heading = ["Funded by those who rank it so high, in this order"]
    for rank, groups_of in enumerate(placed, start=1):
        for project, groups in groups_of.items():
            supporters[project].extend(groups)
            support[project] += sum(copies[group] * units[group] for group in groups)
        while able := [
            one for one in waiting if vote.costs[one] <= left and support[one] >= quota[one]
        ]:
            best = min(able, key=lambda one: (-Fraction(support[one], vote.costs[one]), ties[one]))
            result.steps.append(
                Step(
                    best,
                    f"{votes(support[best])} votes give it rank {rank} or better, "
                    f"{votes(quota[best])} were needed:",
                )
            )
            waiting.remove(best)
            left -= vote.costs[best]
            purses: Counter[int] = Counter()
            for group in supporters[best]:
                purses[units[group]] += copies[group]
            most = least_payment(quota[best], purses)
            for group in supporters[best]:
                pays = min(units[group], most)
                units[group] -= pays
                for project in ballot_of(ballots[group]).projects[:rank]:
                    support[project] -= copies[group] * pays
    finish(vote, result, "not bought")


def by_rank(vote: Vote) -> list[dict[str, array[int]]]:
    """For each rank, and for each project at that rank, the groups of ballots."""
    placed: list[dict[str, array[int]]] = []
    for group, (ballot, _) in enumerate(vote.different()):
        while len(placed) < len(ballot.projects):
            placed.append(defaultdict(numbers))
        for groups_of, project in zip(placed, ballot.projects, strict=False):
            groups_of[project].append(group)
    return placed


def least_payment(owed: int, purses: dict[int, int]) -> int:
    """The least whole number that is enough if each ballot pays it, or all it has if that is less.

    The purses tell how many ballots have so much. Together they have enough.
    """
    ballots = sum(purses.values())
    for units, copies in sorted(purses.items()):
        if units * ballots >= owed:
            break
        owed -= units * copies
        ballots -= copies
    return -(-owed // ballots)


def count_budget_stv(vote: Vote, result: Result) -> None:
    """Fund the strongest project that has its quota; if none has, drop the weakest."""
    ties = order_of_ties(vote, result.rule.parameters)
    quota = quotas(vote)
    piles = Piles(vote)
    left = vote.budget
    money = vote.currency.money
    result.heading = ["Every ballot stands by one project at a time; in this order"]
    while piles.papers:
        dear = [project for project in piles.papers if vote.costs[project] > left]
        for project in sorted(dear, key=lambda one: ties[one]):
            told = f"dropped, as it costs more than the {money(left)} left:"
            result.steps.append(Step(project, told, funded=False))
        if dear:
            piles.send_on(dear)
            continue
        by_strength = sorted(
            piles.papers, key=lambda one: (-Fraction(piles.support[one], quota[one]), ties[one])
        )
        best, worst = by_strength[0], by_strength[-1]
        support = piles.support[best]
        if support >= quota[best]:
            told = f"{votes(support)} votes where {votes(quota[best])} were needed fund"
            result.steps.append(Step(best, told))
            left -= vote.costs[best]
            piles.send_on([best], Fraction(support - quota[best], support))
        else:
            told = (
                f"{votes(piles.support[worst])} votes of {votes(quota[worst])} needed, so dropped:"
            )
            result.steps.append(Step(worst, told, funded=False))
            piles.send_on([worst])
    finish(vote, result, "dropped")


class Piles:
    """Every ballot stands by its first project that continues. Equal ballots are one paper."""

    def __init__(self, vote: Vote) -> None:
        self.ballots = list(vote.groups)
        self.copies = array("Q", vote.groups.values())
        self.units = array("Q", [VOTE]) * len(self.ballots)  # What is left of each ballot.
        self.papers = {project: numbers() for project in vote.costs}
        self.support = dict.fromkeys(vote.costs, 0)
        for paper in range(len(self.ballots)):
            self.stand(paper)

    def stand(self, paper: int) -> None:
        """Put a paper to its first project that continues, if there is one."""
        for project in ballot_of(self.ballots[paper]).projects:
            if project in self.papers:
                self.papers[project].append(paper)
                self.support[project] += self.copies[paper] * self.units[paper]
                return

    def send_on(self, projects: list[str], kept: Fraction = Fraction(1)) -> None:
        """These projects no longer continue. Their papers move on with the part that they keep."""
        for papers in [self.papers.pop(project) for project in projects]:
            for paper in papers:
                self.units[paper] = self.units[paper] * kept.numerator // kept.denominator
                self.stand(paper)


def count_minimal_transfers(vote: Vote, result: Result) -> None:
    """Fund what has its quota in donations; what has not is first given more by its own donors."""
    ties = order_of_ties(vote, result.rule.parameters)
    all_units = vote.ballots * VOTE
    quota = {one: max(1, all_units * cost // vote.budget) for one, cost in vote.costs.items()}
    donations = Donations(vote)
    support = donations.support
    left = vote.budget
    result.heading = ["Every ballot divides one vote among its projects, by its points"]
    while True:
        fitting = sorted(
            (project for project in support if vote.costs[project] <= left),
            key=lambda one: (-Fraction(support[one], vote.costs[one]), ties[one]),
        )
        at_once = (one for one in fitting if support[one] >= quota[one])
        with_more = (one for one in fitting if donations.of_all_donors(one) >= quota[one])
        project = next(at_once, None) or next(with_more, None)
        if project is None:
            break
        has, needs = support[project], quota[project]
        if has >= needs:
            told = f"{votes(has)} votes were given where {votes(needs)} were needed for"
            donations.give_back(project, needs)
        else:
            told = f"{votes(has)} votes were given and the donors added up to {votes(needs)} for"
            donations.give_more(project, needs)
        result.steps.append(Step(project, told))
        left -= vote.costs[project]
    finish(vote, result, "not bought")


class Donations:
    """What each ballot gives to the projects that continue, in units; equal ballots together."""

    def __init__(self, vote: Vote) -> None:
        self.support = dict.fromkeys(vote.costs, 0)
        self.donors = {project: numbers() for project in vote.costs}
        self.copies = list(vote.groups.values())
        self.given: list[dict[str, int]] = []
        for group, (ballot, _) in enumerate(vote.different()):
            marks = sorted(
                zip(ballot.projects, ballot.points, strict=True),
                key=lambda mark: vote.place[mark[0]],
            )
            # Points have at most nine decimals, so that all of them become whole numbers.
            weights = {project: int(points * 10**9) for project, points in marks if points > 0}
            self.given.append({})
            self.receive(group, split(VOTE, weights))
            for project in weights:
                self.donors[project].append(group)

    def receive(self, group: int, units: dict[str, int]) -> None:
        """Ballots of this group give so much more to these projects."""
        given = self.given[group]
        for project, more in units.items():
            given[project] = given.get(project, 0) + more
            self.support[project] += more * self.copies[group]

    def of_all_donors(self, project: str) -> int:
        """What those who give anything to a project give to all projects."""
        return sum(
            sum(self.given[group].values()) * self.copies[group]
            for group in self.donors[project]
            if self.given[group][project] > 0
        )

    def give_back(self, project: str, quota: int) -> None:
        """Pay a project that has its quota; donors give what is left over to their others."""
        support = self.support.pop(project)
        for group in self.donors[project]:
            donation = self.given[group].pop(project)
            over = donation - donation * quota // support
            self.receive(group, split(over, self.given[group]))

    def give_more(self, project: str, quota: int) -> None:
        """Pay a project for which all donors give so many times more, or all they have."""
        owed, weight = self.times_more(project, quota)
        del self.support[project]
        for group in self.donors[project]:
            has = sum(self.given[group].values())
            donation = self.given[group].pop(project)
            rest = has - min(has, donation * owed // weight)
            others = self.given[group]
            new = split(rest, others) if donation else others
            self.receive(group, {one: units - others[one] for one, units in new.items()})

    def times_more(self, project: str, quota: int) -> tuple[int, int]:
        """The least fraction by which all donations grow to the quota if nobody gives too much."""
        able = [
            (sum(self.given[group].values()), self.given[group][project], self.copies[group])
            for group in self.donors[project]
        ]
        owed, weight = quota, sum(donation * copies for _, donation, copies in able)
        while poor := [one for one in able if one[0] * weight < owed * one[1]]:
            able = [one for one in able if one[0] * weight >= owed * one[1]]
            owed -= sum(has * copies for has, _, copies in poor)
            weight -= sum(donation * copies for _, donation, copies in poor)
        return owed, weight


def split(units: int, weights: dict[str, int]) -> dict[str, int]:
    """Divide units by weights: each project's part is rounded so that together they are all."""
    total = sum(weights.values())
    if not total:
        return {}
    parts: dict[str, int] = {}
    done = before = 0
    for project, weight in weights.items():
        done += weight
        upto = units * done // total
        parts[project] = upto - before
        before = upto
    return parts


# --- Loads: Phragmén's sequential rule -----------------------------------------------------------


def count_phragmen(vote: Vote, result: Result) -> None:
    """Every ballot earns at equal speed; a project is bought once its supporters have its cost.

    Earned are hundredths. What a ballot earned before `since` is spent, and `since` is one of the
    times at which something was bought. So sums over ballots are sums over those times.
    """
    ties = order_of_ties(vote, result.rule.parameters)
    copies = list(vote.groups.values())
    supporters: dict[str, array[int]] = defaultdict(numbers)
    for group, (ballot, _) in enumerate(vote.different()):
        for project in ballot.projects:
            supporters[project].append(group)
    times = [Fraction(0)]
    since = [0] * len(copies)

    def affordable_at(project: str) -> Fraction:
        ballots: Counter[int] = Counter()
        for group in supporters[project]:
            ballots[since[group]] += copies[group]
        earned = vote.costs[project] + sum(times[at] * ballots[at] for at in ballots)
        return Fraction(earned) / ballots.total()

    left = vote.budget
    outcomes = {one: "nobody names it" for one in vote.costs if one not in supporters}
    result.heading = ["Bought as soon as its supporters had earned enough; amounts are rounded"]
    # In order of the earliest time known. A time never becomes earlier while money is spent.
    waiting = [(Fraction(0), ties[one], one) for one in supporters]
    heapq.heapify(waiting)
    while waiting:
        _, tie, project = heapq.heappop(waiting)
        time = affordable_at(project)
        if waiting and (time, tie) > waiting[0][:2]:
            heapq.heappush(waiting, (time, tie, project))
        elif vote.costs[project] <= left:
            earned = vote.currency.rounded(time)
            told = f"when every ballot had earned {earned} in all, supporters had enough for"
            result.steps.append(Step(project, told))
            left -= vote.costs[project]
            times.append(time)
            for group in supporters[project]:
                since[group] = len(times) - 1
        elif "no_skip" in result.rule.parameters:
            outcomes[project] = "too dear, and the end"
            break
        else:
            outcomes[project] = "too dear"
    finish(vote, result, "after the end", outcomes)


# --- The account ---------------------------------------------------------------------------------


def account(vote: Vote, result: Result) -> Iterator[str]:
    money = vote.currency.money
    yield vote.said("description")
    yield f"Counted by the rule {result.rule.called}, from {vote.ballots} ballots."
    if result.rule.parameters:
        yield f"Its parameters: {json.dumps(result.rule.parameters, ensure_ascii=False)}"
    yield f"SHA-256 of the sorted ballots: {vote.fingerprint()}"
    yield f"To spend: {money(vote.budget)}"
    if vote.currency.decimals > 2:
        called = vote.currency.called()
        yield f"Its amounts are finer than hundredths; they were counted in {called}."
    yield ""
    yield from account_of_steps(vote, result)
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


def account_of_steps(vote: Vote, result: Result) -> Iterator[str]:
    yield from result.heading
    money = vote.currency.money
    left = vote.budget
    for project, told, funded in result.steps:
        cost, name = vote.costs[project], vote.names[project]
        left -= cost if funded else 0
        leaves = f", leaves {money(left)}" if funded else ""
        yield f"{told} {project}, which costs {money(cost)}{leaves}: {name}"
    for project in result.excluded:
        yield f"Named too rarely for its cost to be considered: {project}: {vote.names[project]}"
    if result.heading or result.excluded:
        yield ""


def account_of_turns(vote: Vote, result: Result) -> Iterator[str]:
    money = vote.currency.money
    funded = [turn for turn in result.turns if turn.outcome in FUNDED]
    if funded or not result.steps:
        yield "Funded by score, in this order" if result.steps else "Funded, in this order"
    for turn in funded:
        cost = vote.costs[turn.project]
        remark = f"leaves {money(max(turn.left - cost, 0))}"
        if turn.outcome == "topped up":
            remark += f", {money(cost - turn.left)} comes from elsewhere"
        yield row(vote, result, turn.project, remark)
    if funded or not result.steps:
        yield ""
    yield "Not funded, by points"
    for turn in result.turns:
        if turn.outcome not in FUNDED:
            yield row(vote, result, turn.project, why(turn, money(turn.left)))


def why(turn: Turn, left: str) -> str:
    return {
        "below the threshold": "below the least score",
        "after the end": "the funding had ended",
        "a rival is funded": "a project that excludes it is funded",
        "too dear": f"more than the {left} left",
        "too dear, and the end": f"more than the {left} left, which ends the funding",
        "a limit is reached": "it would pass the limit for projects of its kind",
        "not bought": "its supporters had too little",
        "not bought by all": "all ballots together had too little",
        "no ballots": "nobody voted",
        "dropped": "it was dropped",
        "nobody names it": "nobody names it",
    }[turn.outcome]


def row(vote: Vote, result: Result, project: str, remark: str) -> str:
    unit = "ballots" if vote.kind in NAMED else "points"
    score, cost = decimal(result.scores[project]), vote.currency.money(vote.costs[project])
    return f"{score:>8} {unit}  {project:14} costs {cost}, {remark}: {vote.names[project]}"


def decimal(value: Fraction) -> str:
    """A number of points, exactly; they have at most nine decimals."""
    whole, part = divmod(abs(value), 1)
    digits = f"{int(part * 10**9):09}".rstrip("0")
    return f"{'-' if value < 0 else ''}{whole}" + (f".{digits}" if digits else "")


# --- The ballot log: `verify` --------------------------------------------------------------------
# Written from docs/ballot-log.md, which defines every byte of it, and from nothing else.

HASH_SIZE = 32
BUNDLE_FILES = (
    "manifests.json",
    "heads.json",
    "leaves.txt",
    "closing.json",
    "ballots.pb",
    "ballots.blt",
    "ballots.json",
    "openings.json",
)


class Wrong(Exception):
    """Something is not as the log promises; the text says what, in one sentence."""


def verify(arguments: list[str]) -> int:
    """Check a downloaded ballot log, and say of each thing whether it is right."""
    options = parse_verify(arguments)
    report = Report()
    try:
        log = BallotLog(options.bundle) if options.bundle else None
        if log is not None:
            check_log(log, options, report)
        for path in options.receipt:
            report.check(check_receipt, path, log, options.key)
        for path in options.opening:
            report.check(check_opening, path, log)
    except Wrong as wrong:  # Without what is wrong here nothing that follows can be checked.
        report.wrong(f"{wrong}")
        report.unknown("all that would have come after it")
    except Refused as refusal:
        print(plain(f"recount.py verify: {refusal}"), file=sys.stderr)
        return 2
    return report.verdict()


class Report:
    """What was checked, a line for each thing."""

    def __init__(self) -> None:
        self.checks = 0
        self.wrongs = 0

    def check(self, check: Callable[..., str], *given: Any) -> None:
        try:
            self.right(check(*given))
        except Wrong as wrong:
            self.wrong(str(wrong))

    def right(self, text: str) -> None:
        self.checks += 1
        show([f"right        {text}"])

    def wrong(self, text: str) -> None:
        self.checks += 1
        self.wrongs += 1
        show([f"WRONG        {text}"])

    def unknown(self, text: str) -> None:
        show([f"not checked  {text}"])

    def verdict(self) -> int:
        if self.wrongs:
            show([f"Of {number_of(self.checks, 'check')} {self.wrongs} found something wrong."])
            return 1
        show([f"{number_of(self.checks, 'check')}: nothing is wrong."])
        return 0


def check_log(log: BallotLog, options: argparse.Namespace, report: Report) -> None:
    if options.key is None:
        report.unknown("whether the key is the city's; --key HEX compares it with the printed one")
    else:
        report.check(check_key, log, options.key)
    stored = {path: stored_heads(path) for path in options.heads}
    report.check(check_manifests, log)
    report.check(check_heads, log)
    heads = [*log.heads, *(head for heads in stored.values() for head in heads)]
    report.right(log.read_leaves({head.document["size"] for head in heads}))
    report.check(check_roots, log)
    for path, kept in stored.items():
        report.check(check_stored_heads, log, path, kept)
    if not stored:
        report.unknown("heads that somebody stored earlier; --heads FILE compares them")
    report.check(check_closing, log)
    for path in options.closing:
        report.check(check_stored_closing, log, path)
    check_rankings(log, report)


def check_rankings(log: BallotLog, report: Report) -> None:
    """Check ballots and openings, where they are there, and that they are not where they must."""
    ballots = log.ballots_file
    opened = log.has("openings.json")
    if log.is_small and (ballots or opened) and not log.is_an_auditors:
        report.wrong(f"{ballots or 'openings.json'}: so few ballots should not be published")
    published = None
    if ballots:
        try:
            published = log.published_ballots(ballots)
        except Wrong as wrong:
            report.wrong(str(wrong))
    if published:
        report.check(check_published, log, published)
        if not log.is_small:
            report.check(check_binding, log, published)
    elif not ballots:
        report.unknown("the ballots, which are not in this bundle")
    if opened:
        report.check(check_openings, log, published)
    elif log.newest["openings"] == "public" and not log.is_small:
        report.wrong("openings.json: the manifest promises it, and it is not in the bundle")
    else:
        report.unknown("whether the leaves hold these ballots; auditors have the openings")


class BallotLog:
    """A bundle as it was downloaded. What is read here has the form it needs, and no more."""

    def __init__(self, path: str) -> None:
        self.path = path
        with reading(path):
            self.zip = zipfile.ZipFile(path)
        names = self.zip.namelist()
        for name in names:
            if name not in BUNDLE_FILES or names.count(name) > 1:
                raise Wrong(f"The bundle has a file {name[:60]!r} too many")
        self.manifests = all_signed("manifest", self.json("manifests.json"), "manifests.json")
        self.heads = all_signed("head", self.json("heads.json"), "heads.json")
        self.closing = signed("closing", self.json("closing.json"), "closing.json")
        self.newest = self.manifests[-1].document
        self.contest = self.newest["contest"]
        self.key = bytes.fromhex(self.newest["log_key"])
        # The manifests by their M, in the order of their numbers.
        self.known = {manifest.fingerprint(): manifest.document for manifest in self.manifests}
        self.leaves = b""
        self.roots: dict[int, str] = {}

    def has(self, name: str) -> bool:
        return name in self.zip.namelist()

    @contextmanager
    def file(self, name: str) -> Iterator[IO[bytes]]:
        where = f"{self.path}: {name}"
        if not self.has(name):
            raise Refused(f"{where} is missing.")
        if self.zip.getinfo(name).compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            raise Refused(f"{where} is packed in a way that no bundle is.")
        with reading(where), self.zip.open(name) as file:
            yield file

    def json(self, name: str, hook: Hook | None = None) -> Any:
        with self.file(name) as file:
            return json_in(file.read(), hook)

    @property
    def size(self) -> int:
        return len(self.leaves) // HASH_SIZE

    def leaf(self, position: int) -> str:
        return self.leaves[HASH_SIZE * position : HASH_SIZE * (position + 1)].hex()

    def position_of(self, commitment: str) -> int | None:
        """Where a commitment stands in the log, if it does."""
        sought = bytes.fromhex(commitment)
        found = self.leaves.find(sought)
        while found > 0 and found % HASH_SIZE:
            found = self.leaves.find(sought, found + 1)
        return None if found < 0 else found // HASH_SIZE

    def read_leaves(self, sizes: set[int]) -> str:
        """Read all leaves once, and keep the root that the tree has at each of these sizes."""
        tree = Tree()
        leaves = bytearray()
        different: set[bytes] = set()
        self.roots[0] = tree.root()  # A head may have been signed before anybody voted.
        with self.file("leaves.txt") as file:
            for line in iter(lambda: file.readline(100), b""):
                commitment = commitment_in(line, tree.size)
                if commitment in different:
                    raise Wrong(f"leaves.txt: leaf {tree.size} stands in the log twice")
                different.add(commitment)
                leaves += commitment
                tree.append(commitment)
                if tree.size in sizes:
                    self.roots[tree.size] = tree.root()
        self.leaves = bytes(leaves)
        self.roots[self.size] = tree.root()
        return f"leaves.txt: {number_of(self.size, 'leaf', 'leaves')}, none of them twice"

    def check_root(self, head: Signed) -> None:
        size = head.document["size"]
        if size > self.size:
            raise Wrong(f"{head.where}: {size} leaves were signed, but there are only {self.size}")
        if self.roots[size] != head.document["root"]:
            raise Wrong(f"{head.where}: the first {size} leaves are not those that were signed")

    def check_contest(self, document: dict[str, Any], where: str) -> None:
        if document["contest"] != self.contest:
            raise Wrong(f"{where}: it is of the contest {document['contest'][:60]!r}")

    def check_manifest(self, document: dict[str, Any], where: str) -> None:
        if document["manifest"] not in self.known:
            raise Wrong(f"{where}: it names a manifest that is not in manifests.json")

    @cached_property
    def gone(self) -> dict[int, str]:
        """The positions of leaves that are not counted, and why."""
        record = self.closing.document
        return {position: why for why in ("superseded", "withdrawn") for position in record[why]}

    @property
    def is_small(self) -> bool:
        """Whether there are so few ballots that no rankings may be published."""
        record = self.closing.document
        is_unbound = record["ballots"] is None and self.may_publish_fewer
        return bool(is_unbound or record["counted"] < self.newest["rankings_from"])

    @property
    def may_publish_fewer(self) -> bool:
        """A ballot for money that ranks only what was withdrawn is counted, and not published."""
        return bool(self.newest["withdrawn"]) and self.newest["seats"] is None

    @property
    def is_an_auditors(self) -> bool:
        """Whether this is a copy that only a named auditor was given: others have no openings."""
        for_auditors = self.newest["openings"] == "auditors" or self.is_small
        return self.has("openings.json") and for_auditors

    @property
    def ballots_file(self) -> str | None:
        return next((name for name in ("ballots.pb", "ballots.blt") if self.has(name)), None)

    def published_ballots(self, name: str) -> Published:
        with self.file(name) as file:
            try:
                lines = text_lines(file)
                return ballots_in_pb(lines) if name.endswith("pb") else ballots_in_blt(lines, self)
            except Refused as refusal:
                raise Wrong(f"{name}: {refusal}") from None


# --- The ballot log: one thing after the other ---------------------------------------------------


def check_key(log: BallotLog, key: str) -> str:
    if log.key.hex() != key:
        raise Wrong(f"manifests.json: the log's key is {log.key.hex()}, not the one you gave")
    return f"the log's key is {key}"


def check_manifests(log: BallotLog) -> str:
    for number, manifest in enumerate(log.manifests, start=1):
        where, document = manifest.where, manifest.document
        log.check_contest(document, where)
        if document["number"] != number:
            raise Wrong(f"{where}: its number is {document['number']}")
        if document["log_key"] != log.key.hex():
            raise Wrong(f"{where}: it names another key than the newest one does")
        check_options(document["options"], where)
        refs = {option["ref"] for option in document["options"]}
        if document["withdrawn"] != sorted(refs.intersection(document["withdrawn"])):
            raise Wrong(f"{where}: the withdrawn are not options of it, in order")
        manifest.check_signature(log.key)
    signed_ones = number_of(len(log.manifests), "signed manifest")
    changes = "".join(map(changed_terms, log.manifests, log.manifests[1:]))
    return f"manifests.json: {signed_ones} of {log.contest}, {log.newest['title']!r}{changes}"


def changed_terms(before: Signed, manifest: Signed) -> str:
    """What two people changed while others voted, which everybody should hear."""
    old, new = before.document, manifest.document
    names = [name for name in sorted(new) if new[name] != old[name] and name != "number"]
    return f"; number {new['number']} changed {', '.join(names) or 'nothing'}"


def check_options(options: list[Any], where: str) -> None:
    for number, option in enumerate(options):
        if option["number"] != number:
            raise Wrong(f"{where}, option {number}: its number is {option['number']}")
    for key in ("ref", "tie_position"):
        if len({option[key] for option in options}) < len(options):
            raise Wrong(f"{where}: two options have the same {key}")


def check_heads(log: BallotLog) -> str:
    """Check what heads say of themselves; their roots need the leaves."""
    order = list(log.known)
    before: dict[str, Any] = {"size": 0, "manifest": order[0]}
    for head in log.heads:
        where, document = head.where, head.document
        log.check_contest(document, where)
        log.check_manifest(document, where)
        head.check_signature(log.key)
        if document["final"] != (head is log.heads[-1]):
            raise Wrong(f"{where}: the last head is the final one, and no other is")
        # At closing no ballot may be waiting: then the final head signs what was signed before.
        if document["size"] < before["size"] + (not document["final"]):
            raise Wrong(f"{where}: its size is {document['size']}, but sizes only grow")
        if order.index(document["manifest"]) < order.index(before["manifest"]):
            raise Wrong(f"{where}: it names an older manifest than the head before it")
        before = document
    if before["manifest"] != order[-1]:
        raise Wrong(f"{log.heads[-1].where}: it does not name the newest manifest")
    return f"heads.json: {number_of(len(log.heads), 'signed head')}, the last is the final one"


def check_roots(log: BallotLog) -> str:
    for head in log.heads:
        log.check_root(head)
    if log.heads[-1].document["size"] != log.size:
        raise Wrong(f"leaves.txt: the final head does not sign all of its {log.size} leaves")
    return f"leaves.txt: every head signs its first leaves; the root is {log.roots[log.size]}"


def check_stored_heads(log: BallotLog, path: str, heads: list[Signed]) -> str:
    published = {canonical(head.document) for head in log.heads}
    for head in heads:
        log.check_contest(head.document, head.where)
        head.check_signature(log.key)
        log.check_root(head)
        if canonical(head.document) not in published:
            raise Wrong(f"{head.where}: it was signed, but heads.json does not have it")
    different = {canonical(head.document) for head in heads}
    return f"{path}: {number_of(len(different), 'stored head')}, all of them still in the log"


def check_closing(log: BallotLog) -> str:
    record, where = log.closing.document, "closing.json"
    log.check_contest(record, where)
    log.closing.check_signature(log.key)
    if record["manifest"] != list(log.known)[-1]:
        raise Wrong(f"{where}: it does not name the newest manifest")
    if (record["size"], record["root"]) != (log.size, log.roots[log.size]):
        raise Wrong(f"{where}: its size and root are not those of the log")
    for why in ("superseded", "withdrawn"):
        positions = record[why]
        if positions != sorted(set(positions)) or (positions and positions[-1] >= log.size):
            raise Wrong(f"{where}: {why} are no positions in the log, each once and ascending")
    taken = len(record["superseded"]) + len(record["withdrawn"])
    if len(log.gone) < taken:
        raise Wrong(f"{where}: a position is both superseded and withdrawn")
    if record["counted"] != log.size - taken:
        raise Wrong(f"{where}: {log.size} leaves less {taken} are not {record['counted']} counted")
    if record["roll_marks"] != record["counted"]:
        raise Wrong(f"{where}: {record['counted']} ballots, but {record['roll_marks']} roll marks")
    if (record["ballots"] is None) != log.is_small:
        bound = "of so few ballots it should bind none" if log.is_small else "it binds no ballots"
        raise Wrong(f"{where}: {bound}")
    if record["paper"] > log.size:
        raise Wrong(f"{where}: {record['paper']} ballots on paper are more than there are leaves")
    return (
        f"closing.json: of {number_of(log.size, 'leaf', 'leaves')} {len(record['superseded']):,} "
        f"were superseded and {len(record['withdrawn']):,} withdrawn; {record['counted']:,} were "
        f"counted, as many as marks on the roll, {record['paper']:,} of them from paper"
    )


def check_stored_closing(log: BallotLog, path: str) -> str:
    """Two records of the same closing may each be in order, and count different ballots."""
    stored = signed("closing", json_file(path), path)
    log.check_contest(stored.document, path)
    stored.check_signature(log.key)
    if canonical(stored.document) != canonical(log.closing.document):
        raise Wrong(f"{path}: the key signed this record of the closing, and another one as well")
    return f"{path}: the stored record of the closing is still the only one"


class Published(NamedTuple):
    """The published ballots: how many there are of each ranking, which is refs with commas."""

    file: str
    rankings: dict[str, int]
    titles: dict[str, str]  # by ref
    vote: Vote | None = None  # what a .pb file says besides


def ballots_in_pb(lines: Iterator[str]) -> Published:
    vote = Vote(Sections(rows_of(lines)))
    if vote.kind != "ordinal" or vote.table is not None:
        raise Refused("It has no rankings.")
    return Published("ballots.pb", vote.groups, vote.names, vote)


def ballots_in_blt(lines: Iterator[str], log: BallotLog) -> Published:
    """The rankings of a .blt file, where the manifest's option 0 is candidate 1."""
    refs = [option["ref"] for option in log.newest["options"]]
    numbers = {str(number): ref for number, ref in enumerate(refs, start=1)}
    rankings: Counter[str] = Counter()
    if next(lines, "").split()[:1] != [str(len(refs))]:
        raise Refused("It has not as many candidates as the manifest has options.")
    gone = [f"-{number}" for number, ref in numbers.items() if ref in log.newest["withdrawn"]]
    for line, words in enumerate(map(str.split, lines), start=2):
        if line == 2 and gone:
            if sorted(words) != sorted(gone):
                raise Refused("It does not name the options that the manifest says were withdrawn.")
            continue
        if words == ["0"]:
            quoted = re.findall(r'"((?:[^"\\]|\\.)*)"', "".join(lines))
            titles = [re.sub(r"\\(.)", r"\1", title) for title in quoted]
            return Published("ballots.blt", +rankings, dict(zip(refs, titles, strict=False)))
        ranking = [numbers.get(word, "") for word in words[1:-1]]
        if not all(ranking) or words[-1:] != ["0"] or not re.fullmatch("[0-9]{1,9}", words[0]):
            raise Refused(f"Line {line}: it does not rank options of the manifest.")
        rankings[",".join(ranking)] += int(words[0])
    raise Refused("The ballots do not end with a line that has nothing but 0.")


def check_published(log: BallotLog, published: Published) -> str:
    ballots = sum(published.rankings.values())
    counted = log.closing.document["counted"]
    if ballots > counted or (ballots < counted and not log.may_publish_fewer):
        raise Wrong(f"{published.file}: it has {ballots} ballots, not as many as were counted")
    check_threshold(log, ballots)
    if published.vote:
        check_terms(published.vote, log.newest, published.file)
    for option in log.newest["options"]:
        if published.vote and option["ref"] in log.newest["withdrawn"]:
            continue
        if published.titles.get(option["ref"], "").split() != option["title"].split():
            raise Wrong(f"{published.file}: {option['ref']} does not have the manifest's title")
    return f"{published.file}: {number_of(ballots, 'ballot')}, under the terms of the manifest"


def check_threshold(log: BallotLog, ballots: int) -> None:
    """Whether the record binds ballots depends on how many are published, not on how many came."""
    if (ballots < log.newest["rankings_from"]) != log.is_small:
        bound = "it binds no ballots" if log.is_small else "of so few ballots it should bind none"
        raise Wrong(f"closing.json: {bound}; {number_of(ballots, 'ballot')} can be published")


def check_binding(log: BallotLog, found: Published) -> str:
    """The ballots are those that were signed at closing, before anybody knew the result."""
    where = "ballots.json"
    if not log.has(where):
        raise Wrong(f"{where}: it is missing, so that the ballots could be any")
    document = shaped("ballots", log.json(where), where)
    log.check_contest(document, where)
    digest = hashlib.sha256(b"common-purse/ballots/1\n" + bytes.fromhex(document["salt"]))
    for ranking in sorted(found.rankings):
        digest.update(f"{ranking}\n".encode() * found.rankings[ranking])
    if digest.hexdigest() != log.closing.document["ballots"]:
        raise Wrong(f"{found.file}: its ballots are not those that the closing record binds")
    return f"{found.file}: its ballots are those that the closing record binds"


def check_terms(vote: Vote, manifest: dict[str, Any], where: str) -> None:
    """Money and ties are those that were promised. A file may count money in other parts."""
    gone = manifest["withdrawn"]
    options = [option for option in manifest["options"] if option["ref"] not in gone]
    if sorted(vote.costs) != sorted(option["ref"] for option in options):
        raise Wrong(f"{where}: its projects are not the options of the manifest")
    for option in options:
        cost = vote.costs[option["ref"]]
        if cost * (manifest["budget_minor"] or 0) != (option["cost_minor"] or 0) * vote.budget:
            raise Wrong(f"{where}: {option['ref']} does not have the manifest's cost")
    ties = [option["ref"] for option in sorted(options, key=itemgetter("tie_position"))]
    if sorted(vote.costs, key=vote.place.__getitem__) != ties:
        raise Wrong(f"{where}: its tie order is not that of the manifest")
    try:
        rule, parameters = rule_in(vote)
    except Refused as refusal:
        raise Wrong(f"{where}: {refusal}") from None
    version = manifest["rule_version"]
    promised = (
        manifest["rule"] if version == VERSION else f"{manifest['rule']} in version {version}"
    )
    if (rule, parameters) != (promised, manifest["rule_parameters"]):
        raise Wrong(f"{where}: its rule, or a parameter of it, is not that of the manifest")


def rule_in(vote: Vote) -> tuple[str, dict[str, Any]]:
    """The rule as a manifest has it."""
    if vote.comment_rule:
        return vote.comment_rule, vote.comment_parameters
    called = vote.said("rule")
    return our_name(called, vote), told_by_meta(called, vote)


def check_openings(log: BallotLog, published: Published | None) -> str:
    openings = Openings(log)
    document = shaped("openings", log.json("openings.json", openings.take), "openings.json")
    log.check_contest(document, "openings.json")
    openings.end(document["openings"])
    counted = without_withdrawn(openings.rankings, log)
    check_threshold(log, sum(counted.values()))
    if published is None and log.has("ballots.json") and not log.is_small:
        check_binding(log, Published("openings.json", counted, {}))
    own = " (this is an auditor's own copy, and not to be passed on)" if log.is_an_auditors else ""
    if published is None:
        return f"openings.json: every counted leaf was opened, and holds a ballot it may hold{own}"
    for ranking in sorted(counted.keys() | published.rankings.keys()):
        opened, told = counted[ranking], published.rankings.get(ranking, 0)
        if opened != told:
            raise Wrong(
                f"{published.file}: {number_of(told, 'ballot')} with the ranking {ranking}, "
                f"but {number_of(opened, 'leaf', 'leaves')}"
            )
    return f"openings.json: the counted leaves were opened, and hold those of {published.file}{own}"


def without_withdrawn(rankings: Counter[str], log: BallotLog) -> Counter[str]:
    """The rankings as they are published: in a .pb file, what was withdrawn is passed over."""
    gone = set(log.newest["withdrawn"])
    if not gone or log.newest["seats"] is not None:
        return rankings
    counted: Counter[str] = Counter()
    for ranking, ballots in rankings.items():
        counted[",".join(ref for ref in ranking.split(",") if ref not in gone)] += ballots
    counted.pop("", None)
    return counted


class Openings:
    """The openings, each checked as it is read and then let go, for there may be a million."""

    TAKEN = object()

    def __init__(self, log: BallotLog) -> None:
        self.log = log
        self.expected = (position for position in range(log.size) if position not in log.gone)
        self.rankings: Counter[str] = Counter()
        self.allowed: set[tuple[str, str]] = set()
        self.heads = iter(log.heads)
        self.head = next(self.heads).document

    def take(self, pairs: list[tuple[str, Any]]) -> Any:
        found = once_each(pairs)
        if "openings" in found:
            return found
        position = next(self.expected, None)
        self.check(found, position, f"openings.json, leaf {position}")
        return self.TAKEN

    def check(self, opening: dict[str, Any], position: int | None, where: str) -> None:
        shaped("leaf", opening, where)
        if position is None or opening["position"] != position:
            raise Wrong(f"{where}: the opening of leaf {opening['position']} stands in its place")
        self.log.check_manifest(opening, where)
        ranking, manifest = opening["ranking"], opening["manifest"]
        text = ",".join(ranking)
        if (manifest, text) not in self.allowed:
            check_ranking(ranking, self.log.known[manifest], where)
            self.allowed.add((manifest, text))
        self.check_order(position, manifest, where)
        if commitment(self.log.contest, manifest, ranking, opening["salt"]) != self.log.leaf(
            position
        ):
            raise Wrong(f"{where}: it was sealed with another ballot than this one")
        self.rankings[text] += 1

    def check_order(self, position: int, manifest: str, where: str) -> None:
        """A head names the newest manifest, so no leaf that it signs can name a newer one."""
        while self.head["size"] <= position and (head := next(self.heads, None)):
            self.head = head.document
        newest = self.log.known.get(self.head["manifest"], self.log.newest)
        if self.log.known[manifest]["number"] > newest["number"]:
            raise Wrong(f"{where}: its manifest is newer than the head that signs it")

    def end(self, taken: list[Any]) -> None:
        position = next(self.expected, None)
        if position is not None:
            raise Wrong(f"openings.json, leaf {position}: it is counted, but not opened")
        if any(one is not self.TAKEN for one in taken):
            raise Wrong("openings.json: something in it is no opening")


def check_ranking(ranking: list[str], manifest: dict[str, Any], where: str) -> None:
    """A ranking is what its manifest allows: so many of the options, each once."""
    refs = {option["ref"] for option in manifest["options"]}
    if not refs >= set(ranking) or len(set(ranking)) < len(ranking):
        raise Wrong(f"{where}: it does not rank options of its manifest, each once")
    if not manifest["min_length"] <= len(ranking) <= (manifest["max_length"] or len(refs)):
        raise Wrong(f"{where}: it ranks {len(ranking)}, which its manifest does not allow")


def check_receipt(path: str, log: BallotLog | None, key: str | None) -> str:
    receipt = shaped("receipt", json_file(path), path)
    sealed = receipt["commitment"]
    if receipt["code"] != code_of(sealed):
        raise Wrong(f"{path}: the code is not that of the commitment")
    if receipt["key"] != (log.key.hex() if log else key or receipt["key"]):
        raise Wrong(f"{path}: its key is {receipt['key']}, which is not the log's")
    promise = signed("promise", receipt["promise"], f"{path}, promise")
    promise.check_signature(bytes.fromhex(receipt["key"]))
    if promise.document["commitment"] != sealed:
        raise Wrong(f"{promise.where}: it is that of another ballot")
    if promise.document["contest"] != receipt["contest"]:
        raise Wrong(f"{promise.where}: it is that of another contest")
    if receipt["inclusion"] is not None:
        check_inclusion(receipt, path)
    code = "-".join(re.findall("....", receipt["code"]))
    if log is None:
        key_told = "your key" if key else f"the key {receipt['key']}"
        return f"{path}: {code} was promised with {key_told}; whether it is in the log, see above"
    log.check_contest(receipt, path)
    log.check_manifest(promise.document, promise.where)
    return f"{path}: {code} {place_in(log, receipt, path)}"


def check_inclusion(receipt: dict[str, Any], path: str) -> None:
    """The proof leads from the commitment to the root of a head that the key signed."""
    where = f"{path}, inclusion"
    inclusion = shaped("inclusion", receipt["inclusion"], where)
    head = signed("head", inclusion["head"], f"{where}, head")
    head.check_signature(bytes.fromhex(receipt["key"]))
    if head.document["contest"] != receipt["contest"]:
        raise Wrong(f"{head.where}: it is that of another contest")
    if inclusion["position"] >= head.document["size"]:
        raise Wrong(f"{where}: the position is not below the size of the head")
    leaf = leaf_hash(bytes.fromhex(receipt["commitment"]))
    proof = [bytes.fromhex(sibling) for sibling in inclusion["proof"]]
    if (
        climb(leaf, inclusion["position"], head.document["size"], proof).hex()
        != head.document["root"]
    ):
        raise Wrong(f"{where}: the proof does not lead to the root of the head")


def place_in(log: BallotLog, receipt: dict[str, Any], path: str) -> str:
    """Where the ballot of a receipt stands, and whether it is counted."""
    position = log.position_of(receipt["commitment"])
    if position is None:
        raise Wrong(f"{path}: the ballot was promised, but is not in the log: a broken promise")
    inclusion = receipt["inclusion"]
    heads = [head.document for head in log.heads]
    if inclusion is not None and inclusion["head"]["document"] not in heads:
        raise Wrong(f"{path}, inclusion: heads.json does not have this head")
    told = {
        "superseded": "a later ballot of the same voter took its place; if it did not, complain",
        "withdrawn": "it was taken out; the public record must tell why",
    }
    return f"is leaf {position}; {told.get(log.gone.get(position, ''), 'it is counted')}"


def check_opening(path: str, log: BallotLog | None) -> str:
    """Check instead of cast: what did the server seal? The voter compares with what she marked."""
    opening = shaped("opening", json_file(path), path)
    manifest = shaped("manifest", opening["manifest"], f"{path}, manifest")
    named = hashlib.sha256(canonical(manifest)).hexdigest()
    sealed = opening["commitment"]
    if commitment(opening["contest"], named, opening["ranking"], opening["salt"]) != sealed:
        raise Wrong(f"{path}: another ballot than this one was sealed")
    if manifest["contest"] != opening["contest"]:
        raise Wrong(f"{path}: its manifest is that of another contest")
    check_options(manifest["options"], path)
    check_ranking(opening["ranking"], manifest, path)
    if log is not None:
        log.check_contest(opening, path)
        log.check_manifest({"manifest": named}, path)
        if log.position_of(sealed) is not None:
            raise Wrong(f"{path}: the ballot was opened for a check, and yet is in the log")
    titles = {option["ref"]: option["title"] for option in manifest["options"]}
    ranks = "; ".join(f"{rank}. {titles[ref]}" for rank, ref in enumerate(opening["ranking"], 1))
    return (
        f"{path}: {'-'.join(re.findall('....', code_of(sealed)))} had sealed: {ranks or 'nothing'}"
    )


# --- The ballot log: how it is written -----------------------------------------------------------


class Signed(NamedTuple):
    """A document of the log with its signature, and where it stands, in words."""

    kind: str
    where: str
    document: dict[str, Any]
    signature: bytes

    def check_signature(self, key: bytes) -> None:
        said = f"common-purse/{self.kind}/1\n".encode() + canonical(self.document)
        if not is_signature(key, said, self.signature):
            raise Wrong(f"{self.where}: it was not signed with the log's key")

    def fingerprint(self) -> str:
        return hashlib.sha256(canonical(self.document)).hexdigest()


Hook = Callable[[list[tuple[str, Any]]], Any]
Test = Callable[[Any], bool]


# Made once, since a million ballots are written with it.
CANONICAL = json.JSONEncoder(sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def canonical(document: Any) -> bytes:
    try:
        return CANONICAL.encode(document).encode()
    except UnicodeEncodeError:
        raise Wrong("A text has signs that are no letters") from None


def commitment(contest: str, manifest: str, ranking: list[str], salt: str) -> str:
    payload = {
        "contest": contest,
        "format": "common-purse/ballot/1",
        "manifest": manifest,
        "ranking": ranking,
    }
    sealed = b"common-purse/ballot/1\n" + bytes.fromhex(salt) + canonical(payload)
    return hashlib.sha256(sealed).hexdigest()


def code_of(sealed: str) -> str:
    return base64.b32encode(bytes.fromhex(sealed)).decode()[:28]


def commitment_in(line: bytes, position: int) -> bytes:
    text = line.removesuffix(b"\n").decode("ascii", "replace")
    if not is_hash(text):
        raise Wrong(f"leaves.txt: leaf {position} is no commitment")
    return bytes.fromhex(text)


def all_signed(kind: str, value: Any, where: str) -> list[Signed]:
    if not isinstance(value, list) or not value:
        raise Wrong(f"{where}: it is no list of signed documents")
    return [
        signed(kind, one, f"{where}, {kind} {number}") for number, one in enumerate(value, start=1)
    ]


def signed(kind: str, value: Any, where: str) -> Signed:
    found = shaped("signed", value, where)
    document = shaped(kind, found["document"], where)
    return Signed(kind, where, document, bytes.fromhex(found["signature"]))


def stored_heads(path: str) -> list[Signed]:
    """The heads in a file: lists of them, or one after the other, as a curl a day leaves them."""
    found: list[Any] = []
    with reading(path):
        text = Path(path).read_bytes().decode("utf-8-sig").strip()
    while text:
        with reading(f"{path}: what stands after {number_of(len(found), 'head')}"):
            value, end = decoder(once_each).raw_decode(text)
        found += value if isinstance(value, list) else [value]
        text = text[end:].lstrip()
    return all_signed("head", found, path)


def shaped(kind: str, value: Any, where: str) -> dict[str, Any]:
    """A value that has the fields of its kind, and no others."""
    fields = FORMS[kind]
    if not isinstance(value, dict):
        raise Wrong(f"{where}: it is no {kind}")
    for name in sorted(fields.keys() ^ value.keys()):
        has = "has no field" if name in fields else "has a field too many,"
        raise Wrong(f"{where}: it {has} {name[:40]!r}")
    for name, test in fields.items():
        if not test(value[name]):
            raise Wrong(f"{where}: its {name} is not as the format wants it")
    return value


def is_whole(value: Any) -> bool:
    return type(value) is int and value >= 0


def is_text(value: Any) -> bool:
    return isinstance(value, str)


def is_hash(value: Any) -> bool:
    return isinstance(value, str) and re.fullmatch("[0-9a-f]{64}", value) is not None


def is_anything(_value: Any) -> bool:
    return True


def none_or(test: Test) -> Test:
    return lambda value: value is None or test(value)


def list_of(test: Test) -> Test:
    return lambda value: isinstance(value, list) and all(map(test, value))


def matching(pattern: str) -> Test:
    return lambda value: isinstance(value, str) and re.fullmatch(pattern, value) is not None


def form_of(kind: str) -> dict[str, Test]:
    return {"format": matching(f"common-purse/{kind}/1"), "contest": is_text}


def is_option(value: Any) -> bool:
    tests = FORMS["option"]
    return (
        isinstance(value, dict)
        and value.keys() == tests.keys()
        and all(test(value[name]) for name, test in tests.items())
    )


FORMS: dict[str, dict[str, Test]] = {
    "signed": {"document": is_anything, "signature": matching("[0-9a-f]{128}")},
    "manifest": form_of("manifest")
    | {
        "budget_minor": none_or(is_whole),
        "currency": none_or(is_text),
        "ballot_kind": is_text,
        "log_key": is_hash,
        "max_length": none_or(is_whole),
        "min_length": is_whole,
        "number": is_whole,
        "objection_days": is_whole,
        "openings": matching("public|auditors"),
        "options": list_of(is_option),
        "rankings_from": is_whole,
        "rule": is_anything,
        "rule_parameters": is_anything,
        "rule_version": is_anything,
        "seats": none_or(is_whole),
        "tie_order": is_anything,
        "title": is_text,
        "withdrawn": list_of(is_text),
    },
    "option": {
        "cost_minor": none_or(is_whole),
        "number": is_whole,
        "ref": matching("[^ ,]+"),
        "tie_position": is_whole,
        "title": is_text,
    },
    "head": form_of("head")
    | {
        "final": lambda value: isinstance(value, bool),
        "manifest": is_hash,
        "root": is_hash,
        "signed_at": matching("[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}Z"),
        "size": is_whole,
    },
    "promise": form_of("promise") | {"commitment": is_hash, "manifest": is_hash},
    "receipt": form_of("receipt")
    | {
        "code": is_text,
        "commitment": is_hash,
        "inclusion": is_anything,
        "key": is_hash,
        "promise": is_anything,
    },
    "inclusion": {"head": is_anything, "position": is_whole, "proof": list_of(is_hash)},
    "opening": form_of("opening")
    | {
        "commitment": is_hash,
        "manifest": is_anything,
        "ranking": list_of(is_text),
        "salt": is_hash,
    },
    "closing": form_of("closing")
    | {
        "ballots": none_or(is_hash),
        "counted": is_whole,
        "manifest": is_hash,
        "paper": is_whole,
        "roll_marks": is_whole,
        "root": is_hash,
        "size": is_whole,
        "superseded": list_of(is_whole),
        "withdrawn": list_of(is_whole),
    },
    "ballots": form_of("ballots") | {"salt": is_hash},
    "openings": form_of("openings") | {"openings": lambda value: isinstance(value, list)},
    "leaf": {
        "manifest": is_hash,
        "position": is_whole,
        "ranking": list_of(is_text),
        "salt": is_hash,
    },
}


@contextmanager
def reading(where: str) -> Iterator[None]:
    """What cannot be read is refused in a sentence, whatever Python calls it."""
    try:
        yield
    except UnicodeDecodeError:
        raise Refused(f"{where} is not text in UTF-8.") from None
    except (EOFError, zlib.error, zipfile.BadZipFile, struct.error):
        raise Refused(f"{where} is damaged, or is no ZIP file.") from None
    except OSError as error:
        raise Refused(f"{where} cannot be read ({error.strerror or 'damaged'}).") from None
    except (ValueError, RecursionError):
        raise Refused(f"{where} is no JSON that a ballot log has.") from None
    except (RuntimeError, NotImplementedError, MemoryError):
        raise Refused(f"{where} cannot be unpacked here.") from None


def json_file(path: str) -> Any:
    with reading(path):
        return json_in(Path(path).read_bytes())


def json_in(raw: bytes, hook: Hook | None = None) -> Any:
    return decoder(hook or once_each).decode(raw.decode("utf-8-sig"))


def decoder(hook: Hook) -> json.JSONDecoder:
    """Of two programs that read a file, neither must find another value than the other."""
    return json.JSONDecoder(
        object_pairs_hook=hook, parse_int=short, parse_float=refused, parse_constant=refused
    )


def once_each(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise ValueError("a key stands twice")
    return found


def short(digits: str) -> int:
    return int(digits) if len(digits) <= MOST_DIGITS + 1 else refused(digits)


def refused(text: str) -> NoReturn:
    raise ValueError(f"{text} is no whole number of the log")


def number_of(count: int, one: str, many: str = "") -> str:
    return f"{count:,} {one if count == 1 else many or one + 's'}"


# --- The ballot log: the tree of RFC 9162, section 2.1 -------------------------------------------


def leaf_hash(entry: bytes) -> bytes:
    return hashlib.sha256(b"\x00" + entry).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    return hashlib.sha256(b"\x01" + left + right).digest()


class Tree:
    """A tree that grows leaf by leaf. Kept are only the roots of its full parts, largest first."""

    def __init__(self) -> None:
        self.size = 0
        self.parts: list[bytes] = []

    def append(self, entry: bytes) -> None:
        node = leaf_hash(entry)
        self.size += 1
        full = self.size
        while full % 2 == 0:  # Two parts of the same size are one of twice the size.
            node = node_hash(self.parts.pop(), node)
            full //= 2
        self.parts.append(node)

    def root(self) -> str:
        if not self.parts:
            return hashlib.sha256(b"").hexdigest()
        *larger, root = self.parts
        for part in reversed(larger):
            root = node_hash(part, root)
        return root.hex()


def climb(node: bytes, position: int, size: int, proof: list[bytes]) -> bytes:
    """The root to which a proof leads (2.1.3). Its last sibling stands right below the root."""
    if size == 1 or not proof:
        return node if size == 1 and not proof else b""
    left = 1 << (size - 1).bit_length() - 1  # so many leaves are left of the root
    *below, sibling = proof
    if position < left:
        return node_hash(climb(node, position, left, below), sibling)
    return node_hash(sibling, climb(node, position - left, size - left, below))


# --- The ballot log: Ed25519 signatures, RFC 8032 ------------------------------------------------
# Points of the curve -x² + y² = 1 + d x² y² over the numbers modulo P are kept as X, Y, Z, T with
# x = X/Z, y = Y/Z and xy = T/Z, so that adding them needs no division.

Point = tuple[int, int, int, int]
P = 2**255 - 19
ORDER = 2**252 + 27742317777372353535851937790883648493  # of the base point
CURVE_D = -121665 * pow(121666, -1, P) % P
ROOT_OF_MINUS_1 = pow(2, (P - 1) // 4, P)
ZERO: Point = (0, 1, 1, 0)
BASE = (4 * pow(5, -1, P) % P).to_bytes(32, "little")


def is_signature(key: bytes, message: bytes, signature: bytes) -> bool:
    """Whether S·B = R + h·A exactly, with S below the order and no point of small order."""
    r, s = signature[:32], int.from_bytes(signature[32:], "little")
    multiples_of_key = multiples(key, minus=True)
    if s >= ORDER or multiples_of_key is None:
        return False
    h = int.from_bytes(hashlib.sha512(r + key + message).digest(), "little") % ORDER
    point = add(times(s, multiples(BASE)), times(h, multiples_of_key))
    return not is_of_small_order(point) and encoded(point) == r


def add(a: Point, b: Point) -> Point:
    """The sum of two points, which may be equal (Hisil, Wong, Carter and Dawson 2008, 3.1)."""
    minus = (a[1] - a[0]) * (b[1] - b[0])
    plus = (a[1] + a[0]) * (b[1] + b[0])
    t = 2 * CURVE_D * a[3] * b[3] % P
    z = 2 * a[2] * b[2]
    e, f, g, h = plus - minus, z - t, z + t, plus + minus
    return e * f % P, g * h % P, f * g % P, e * h % P


@lru_cache(maxsize=8)
def multiples(encoding: bytes, minus: bool = False) -> list[list[Point]] | None:
    """For each of the 64 hexadecimal digits of a number: the point, or minus it, that often."""
    point = decoded(encoding)
    if point is None or is_of_small_order(point):
        return None
    if minus:
        point = -point[0] % P, point[1], point[2], -point[3] % P
    rows = []
    for _ in range(64):
        row = [ZERO]
        for _ in range(16):
            row.append(add(row[-1], point))
        point = row.pop()
        rows.append(row)
    return rows


def times(number: int, rows: list[list[Point]] | None) -> Point:
    point = ZERO
    for row in rows or []:
        point = add(point, row[number % 16])
        number //= 16
    return point


def is_of_small_order(point: Point) -> bool:
    for _ in range(3):
        point = add(point, point)
    return point[0] == 0 and point[1] == point[2]


def encoded(point: Point) -> bytes:
    divided = pow(point[2], -1, P)
    x, y = point[0] * divided % P, point[1] * divided % P
    return (y | (x % 2) << 255).to_bytes(32, "little")


def decoded(encoding: bytes) -> Point | None:
    """The point written so, if there is one; each point is written in one way alone."""
    number = int.from_bytes(encoding, "little")
    y, odd = number % 2**255, number >> 255
    square = (y * y - 1) * pow(CURVE_D * y * y + 1, -1, P) % P
    x = pow(square, (P + 3) // 8, P)
    if x * x % P != square:
        x = x * ROOT_OF_MINUS_1 % P
    if y >= P or x * x % P != square or (x == 0 and odd):
        return None
    x = x if x % 2 == odd else P - x
    return x, y, 1, x * y % P


# --- The command line, and text ------------------------------------------------------------------


def parse_command_line(arguments: list[str]) -> argparse.Namespace:
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


def parse_verify(arguments: list[str]) -> argparse.Namespace:
    parser = OneSentenceParser(
        prog="recount.py verify",
        description=VERIFYING,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("bundle", metavar="BUNDLE.zip", nargs="?", help="the log, downloaded")
    files = {
        "heads": "signed heads that somebody stored",
        "closing": "the record of the closing, stored",
        "receipt": "a voter's receipt",
        "opening": "the opening of a check instead of a cast",
    }
    for name, what in files.items():
        told = f"{what}; may stand several times"
        parser.add_argument(f"--{name}", metavar="FILE", action="append", default=[], help=told)
    parser.add_argument("--key", metavar="HEX", help="the city's key, as it was printed")
    options = parser.parse_args(arguments)
    alone = (options.receipt or options.opening) and not (options.heads or options.closing)
    if options.bundle is None and not alone:
        parser.error("give the bundle that you downloaded")
    if options.key is not None and not is_hash(options.key):
        parser.error("the key is 64 signs, of 0 to 9 and a to f")
    return options


class OneSentenceParser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        self.exit(2, f"recount.py: {message}; try --help.\n")


# The rows of a section, each with its line.
Rows = Iterator[tuple[int, list[str]]]


class Sections:
    """The sections of a file, one after the other; no more of it is kept than a row."""

    def __init__(self, rows: Iterator[tuple[str, int, list[str]]]) -> None:
        self.waiting = groupby(rows, key=itemgetter(0))
        self.titles: list[str] = []

    def rows(self, *expected: str) -> Rows:
        """The rows of the section that comes next, if it is one that is expected."""
        title, rows = next(self.waiting, ("", iter(())))
        self.titles += [title] if title else []
        if title not in expected:
            self.refuse()
        next(rows)  # This is the title.
        return ((line, cells) for _, line, cells in rows)

    def end(self) -> None:
        for title, _ in self.waiting:
            self.titles.append(title)
            self.refuse()

    def refuse(self) -> NoReturn:
        found = ", ".join([*self.titles, *(title for title, _ in self.waiting)]) or "none"
        raise Refused(f"It needs the sections META, PROJECTS, VOTES in that order, not {found}.")


def rows_of(lines: Iterator[str]) -> Iterator[tuple[str, int, list[str]]]:
    """The rows of a file, each with the title of its section and its line."""
    title = ""
    seen: set[str] = set()
    csv.field_size_limit(2**24)  # A tie order of many projects is one long cell.
    reader = csv.reader(lines, delimiter=";", strict=True)
    try:
        for cells in reader:
            row = [cell.strip(BLANKS) for cell in cells]
            if not any(row):
                continue
            if row[0] in SECTIONS and not any(row[1:]):
                title = row[0]
                if title in seen:
                    raise Refused(f"Line {reader.line_num}: {title} begins a second time.")
                seen.add(title)
            if not title:
                raise Refused(f"Line {reader.line_num}: the file does not begin with META.")
            yield title, reader.line_num, row
    except csv.Error as error:
        raise Refused(f"Line {reader.line_num}: it is not well quoted ({error}).") from None


def lines_of(path: str) -> Iterator[str]:
    try:
        with Path(path).open("rb") as file:
            packed = file.peek(2)[:2] == b"\x1f\x8b"
            unpacked = gzip.GzipFile(fileobj=file) if packed else file
            yield from text_lines(unpacked)
    except UnicodeDecodeError:
        raise Refused("It is not text in UTF-8.") from None
    except (EOFError, zlib.error, gzip.BadGzipFile):
        raise Refused("The compressed file is damaged.") from None
    except OSError as error:
        raise Refused(f"It cannot be read ({error.strerror}).") from None


def text_lines(file: Any) -> Iterator[str]:
    """The lines of a file. A line ends with a line feed, and with nothing else."""
    with io.TextIOWrapper(file, encoding="utf-8-sig", newline="\n") as text:
        yield from text


def records(rows: Rows, section: str, *needed: str) -> Iterator[tuple[int, dict[str, str]]]:
    """The rows of a section by column name, each with its line."""
    line, cells = next(rows, (0, []))
    header = without_spare(cells, 0)
    if not set(needed) <= set(header):
        raise Refused(f"{section} needs the columns {', '.join(needed)}.")
    if len(header) != len(set(header)):
        raise Refused(f"Line {line}: {section} has the same column twice.")
    for line, cells in rows:
        row = without_spare(cells, len(header))
        if len(row) != len(header):
            raise Refused(f"Line {line}: {len(row)} cells stand under {len(header)} columns.")
        yield line, dict(zip(header, row, strict=True))


def parameters_in(text: str) -> dict[str, Any]:
    """The JSON object with which a text begins. It has a tie order, and may have an order."""
    try:
        parameters, _ = json.JSONDecoder().raw_decode(text)
    except (ValueError, RecursionError):
        raise Refused("The parameters in its comment are no JSON that can be read.") from None
    found: dict[str, Any] = parameters if isinstance(parameters, dict) else {}
    if not are_ids(found.get("tie_order")):
        raise Refused("Its comment does not give a tie order, a list of project ids.")
    if not are_ids(found.get("order", [])):
        raise Refused("The order in its comment is no list of project ids.")
    return found


def are_ids(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(one, str) for one in value)


def without_spare(row: list[str], columns: int) -> list[str]:
    """A row without the empty cells that spreadsheets write behind the columns there are."""
    while len(row) > columns and not row[-1]:
        row = row[:-1]
    return row


def amount(text: str, what: str, line: int) -> Amount:
    """An amount of money above zero, in digits with a point at the most."""
    whole, point, decimals = text.partition(".")
    digits = whole + decimals
    if not (whole and digits.isascii() and digits.isdigit()) or (point and not decimals):
        raise Refused(f"Line {line}: {what} is {text[:40]!r}, which is no amount of money.")
    if not digits.strip("0"):
        raise Refused(f"Line {line}: {what} is zero.")
    if len(decimals.rstrip("0")) > MOST_DECIMALS:
        raise Refused(f"Line {line}: {what} has more than {MOST_DECIMALS} decimals.")
    return Amount(what, line, whole, decimals.rstrip("0"))


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
    return Fraction(text) if re.fullmatch(r"[+-]?[0-9]{1,9}(\.[0-9]{1,9}0*)?", text) else None


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
