"""What those who voted got, at the command line: `python -m voting.counting statistics FILE`."""

from argparse import ArgumentParser

from voting.counting.contest import Contest
from voting.counting.counts import Count
from voting.counting.districts import District
from voting.counting.money import format_money
from voting.counting.parameters import canonical_json
from voting.counting.statistics import Statistics, statistics

NAME = "statistics"
HELP = "tell what an outcome gives those who voted, by theme and by district"


def add_options(parser: ArgumentParser) -> None:
    """The command's own options."""
    parser.add_argument("file", metavar="FILE", help="a .pb or .pb.gz file or a rank table")
    parser.add_argument("--rule", metavar="R", help="count by this rule, not by the file's")
    parser.add_argument("--json", action="store_true", help="the same as JSON, money in parts")


def lines(result: Count, districts: tuple[District, ...], *, as_json: bool) -> list[str]:
    """What is printed of a count, one text a line."""
    told = statistics(result.contest, result.ballots, result.funded, districts=districts)
    if as_json:
        return [canonical_json(told.as_document())]
    return [*_all(told, result.contest), *_groups(told, result), *_districts(told, result.contest)]


def _all(told: Statistics, contest: Contest) -> list[str]:
    first, some = told.with_first_funded, told.with_funded
    return [
        contest.title,
        f"Ballots: {told.ballots}",
        *([] if some is None else [f"With a funded choice: {some}{_part(some, told.ballots)}"]),
        *([] if first is None else [f"With their first: {first}{_part(first, told.ballots)}"]),
        f"Money spent: {format_money(told.spent, contest.decimals)}",
    ]


def _groups(told: Statistics, result: Count) -> list[str]:
    if not told.groups:
        return []
    head = [f"By {told.grouped_by}", "funded", "money", "choices", "first choices"]
    rows = []
    for group in told.groups:
        spent = format_money(group.spent, result.contest.decimals)
        first = "-" if group.first_choices is None else str(group.first_choices)
        funded = f"{group.funded} of {group.options}"
        rows.append([group.name or "(none)", funded, spent, str(group.choices), first])
    return ["", *_table(head, rows)]


def _districts(told: Statistics, contest: Contest) -> list[str]:
    """The districts with shares of what belongs to districts, then what belongs to none."""
    if not told.districts:
        return []
    named = [district for district in told.districts if district.is_named]
    spent, voters = sum(d.spent for d in named), sum(d.voters for d in named)
    rows = [
        [
            ", ".join(district.names) if district.is_named else "(none, or not known)",
            f"{district.funded} of {district.options}",
            format_money(district.spent, contest.decimals),
            _part(district.spent, spent if district.is_named else 0).strip(" ()") or "-",
            str(district.voters),
            _part(district.voters, voters if district.is_named else 0).strip(" ()") or "-",
        ]
        for district in told.districts
    ]
    return ["", *_table(["By district", "funded", "money", "of it", "voters", "of them"], rows)]


def _part(number: int, whole: int) -> str:
    """A part in per cent with one decimal, rounded down; nothing of nothing."""
    return f" ({number * 100 // whole}.{number * 1000 // whole % 10} %)" if whole else ""


def _table(head: list[str], rows: list[list[str]]) -> list[str]:
    widths = [max(len(row[place]) for row in [head, *rows]) for place in range(len(head))]
    return [
        "  ".join(
            cell.rjust(width) if place else cell.ljust(width)
            for place, (cell, width) in enumerate(zip(row, widths, strict=True))
        ).rstrip()
        for row in [head, *rows]
    ]
