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
import json
import os
import sys
import zlib
from collections.abc import Iterable, Iterator
from decimal import Decimal
from pathlib import Path
from typing import NoReturn

KNOWN = """\
rules:
  points-by-rank  A ballot with k ranks gives its first project k points, the next k-1, its last 1.
                  Projects are funded in order of points; what costs more than the money left is
                  passed over. Equal points: the order of the file, or the tie order in its comment.
  greedy          Pabulib's name for the same on ordinal ballots.
"""
BALLOTS_OF_RULE = {"points-by-rank": "ordinal", "greedy": "ordinal"}
CUSTOM = "greedy-custom"
VERSION = "1"


class Refused(Exception):
    """The file cannot be counted; the text says why, in one sentence."""


def main(arguments: list[str] | None = None) -> int:
    options = parse_command_line(arguments)
    try:
        vote = Vote(read_text(options.file))
        vote.count(options.rule)
    except Refused as refusal:
        print(plain(f"recount.py: {options.file}: {refusal}"), file=sys.stderr)
        return 2
    show(vote.winners if options.winners else vote.account())
    return 0


class Vote:
    """One file: read it section by section, add up the points, then spend the money."""

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
        self.costs: dict[str, Decimal] = {}
        self.names: dict[str, str] = {}
        self.read_projects()
        self.rule = self.said("rule")
        self.ties = list(self.costs)
        self.read_comment()
        self.points = dict.fromkeys(self.costs, 0)
        self.content: list[str] = []
        self.ballots = self.add_table() if "RANKS" in titles else self.add_ballots()
        self.compare_with_meta("num_projects", len(self.costs))
        self.compare_with_meta("num_votes", self.ballots)
        self.left = self.budget
        self.winners: list[str] = []
        self.passed_over: list[tuple[str, Decimal]] = []

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
        """Take rule and tie order from `#1: common-purse RULE VERSION {...}` if it is there."""
        words = self.said("comment").split(" ", 4)
        if self.rule != CUSTOM or words[:2] != ["#1:", "common-purse"]:
            return
        try:
            _, _, rule, version, rest = words
            parameters, _ = json.JSONDecoder().raw_decode(rest)
            ties = parameters.pop("tie_order")
            good = isinstance(ties, list) and not parameters and sorted(ties) == sorted(self.costs)
        except (AttributeError, KeyError, TypeError, ValueError, RecursionError):
            raise Refused("Its comment does not give the rule and a tie order.") from None
        if not good:
            raise Refused("The tie order in its comment does not name each project once.")
        self.rule = rule if version == VERSION else f"{rule} in version {version}"
        self.ties = ties

    def add_ballots(self) -> int:
        voters: set[str] = set()
        allowed = self.allowed_lengths()
        for line, cells in self.records("VOTES", "voter_id", "vote"):
            if not cells["voter_id"] or cells["voter_id"] in voters:
                raise Refused(f"Line {line}: the voter id is missing, or came before.")
            voters.add(cells["voter_id"])
            ranking = [mark.strip() for mark in cells["vote"].split(",")]
            for project in ranking:
                if project not in self.points:
                    raise Refused(f"Line {line}: {project[:40]!r} is ranked but is no project.")
            if len(ranking) != len(set(ranking)):
                raise Refused(f"Line {line}: a project is ranked twice.")
            if len(ranking) not in allowed:
                raise Refused(f"Line {line}: the ballot ranks {len(ranking)}, which META forbids.")
            for worth, project in enumerate(reversed(ranking), start=1):
                self.points[project] += worth
            self.content.append(",".join(ranking))
        return len(voters)

    def add_table(self) -> int:
        filled: dict[int, list[int]] = {}
        seen: set[tuple[str, str, str]] = set()
        allowed = self.allowed_lengths()
        for line, cells in self.records("RANKS", "project_id", "length", "rank", "ballots"):
            project = cells["project_id"]
            length, rank, ballots = (number(cells, key, line) for key in list(cells)[1:4])
            place = project, cells["length"], cells["rank"]
            if project not in self.points or rank > length or place in seen:
                raise Refused(f"Line {line}: the project or the rank is impossible or repeated.")
            if length not in allowed:
                raise Refused(f"Line {line}: META forbids ballots that rank {length}.")
            seen.add(place)
            filled.setdefault(length, [0] * length)[rank - 1] += ballots
            self.points[project] += ballots * (length - rank + 1)
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
        return range(least, most + 1)

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

    def count(self, rule: str | None = None) -> None:
        """Fund, again and again, the best of the projects that the money left still pays for."""
        self.rule = rule or self.rule
        ballots = self.said("vote_type")
        if not ballots or BALLOTS_OF_RULE.get(self.rule) != ballots:
            known = "; ".join(f"{name} on {kind}" for name, kind in BALLOTS_OF_RULE.items())
            raise Refused(
                f"The rule {self.rule!r} on {ballots} ballots is unknown; known: {known}."
            )
        place = {project: rank for rank, project in enumerate(self.ties)}
        waiting = set(self.costs)
        while waiting:
            too_dear = {project for project in waiting if self.costs[project] > self.left}
            self.passed_over += [(project, self.left) for project in too_dear]
            waiting -= too_dear
            if waiting:
                best = max(waiting, key=lambda project: (self.points[project], -place[project]))
                waiting.remove(best)
                self.winners.append(best)
                self.left -= self.costs[best]

    def account(self) -> Iterator[str]:
        digest = hashlib.sha256("".join(f"{line}\n" for line in sorted(self.content)).encode())
        yield self.said("description")
        yield f"Counted by the rule {self.rule}, from {self.ballots} ballots."
        yield f"SHA-256 of the sorted ballots: {digest.hexdigest()}"
        yield f"To spend: {money(self.budget)}"
        yield ""
        yield "Funded, in this order"
        left = self.budget
        for project in self.winners:
            left -= self.costs[project]
            yield self.row(project, f"leaves {money(left)}")
        yield ""
        yield "Not funded, by points"
        for project, had in sorted(self.passed_over, key=self.turn):
            yield self.row(project, f"more than the {money(had)} left")
        spent = money(self.budget - self.left)
        yield ""
        yield f"{len(self.winners)} projects are funded for {spent}; {money(self.left)} is left."

    def turn(self, passed: tuple[str, Decimal]) -> tuple[int, int]:
        return -self.points[passed[0]], self.ties.index(passed[0])

    def row(self, project: str, remark: str) -> str:
        points, cost = self.points[project], money(self.costs[project])
        return f"{points:8} points  {project:14} costs {cost}, {remark}: {self.names[project]}"


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


def amount(text: str, what: str, line: int) -> Decimal:
    """An exact amount of money above zero, with at most two decimals."""
    whole, point, decimals = text.partition(".")
    digits = whole + decimals
    if not (whole and digits.isascii() and digits.isdigit()) or (point and not decimals):
        raise Refused(f"Line {line}: {what} is {text[:40]!r}, which is no amount of money.")
    if len(whole) > 15 or len(decimals) > 2 or not digits.strip("0"):
        raise Refused(f"Line {line}: {what} is zero, huge, or has more than two decimals.")
    return Decimal(text)


def number(cells: dict[str, str], key: str, line: int) -> int:
    text = cells[key]
    if not (text.isascii() and text.isdigit() and len(text) < 10 and text.strip("0")):
        raise Refused(f"Line {line}: {key} is {text[:20]!r}, not a whole number above zero.")
    return int(text)


def money(value: Decimal) -> str:
    return f"{value:.2f}" if value % 1 else f"{value:.0f}"


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
