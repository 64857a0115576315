"""Count a published file at the command line: `python -m voting.counting count FILE`.

Takes the same options as `recount.py` and prints the same winners; needs NumPy, no web framework
and no database. `statistics FILE` tells what those who voted got; `elect FILE` fills seats, see
`voting.counting.seats`.
"""

import argparse
import io
import os
import sys
from typing import NoReturn

from voting.counting.contest import Contest
from voting.counting.counts import Count, count
from voting.counting.errors import CountingError
from voting.counting.file_warnings import FileWarning
from voting.counting.files import read_file
from voting.counting.money import HUNDREDTHS, format_money, parts_in_words
from voting.counting.parameters import canonical_json
from voting.counting.published_text import format_points
from voting.counting.rules import Stage, known_rules
from voting.counting.seats import command as seats
from voting.counting.statistics_command import HELP, NAME, add_options, lines
from voting.counting.voters_columns import read_districts

_MARKS = {
    "topped_up": "funded, topped up",
    "below_threshold": "below threshold",
    "rival_funded": "rival funded",
    "limit_reached": "limit reached",
    "dropped_cost": "dropped, too dear",
    "dropped_support": "dropped",
    "after_stop": "after the end",
    "below_entry": "below entry",
    "unpaid": "not paid for",
}


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        """Refuse a wrong command in one sentence."""
        self.exit(2, f"{self.prog}: {message}; --help tells more.\n")


def main(arguments: list[str] | None = None) -> int:
    """Run a command; the exit code is 0, or 2 after one sentence on standard error."""
    chosen = _parser().parse_args(arguments)
    warnings: list[FileWarning] = []
    try:
        if chosen.command == seats.NAME:
            return _print([_printable(line) for line in seats.run_command(chosen)])
        contest, ballots = read_file(chosen.file, warnings)
        result = count(contest, ballots, chosen.rule)
        districts = read_districts(chosen.file, contest) if chosen.command == NAME else ()
    except CountingError as error:
        return _refuse(chosen.file, str(error))
    except OSError as error:
        return _refuse(chosen.file, f"The file cannot be read ({error.strerror}).")
    for warning in warnings:
        print(_printable(f"{chosen.file}: warning: {warning}"), file=sys.stderr)
    if chosen.command == NAME:
        told = lines(result, districts, as_json=chosen.json)
        return _print([_printable(line) for line in told])
    if chosen.winners:
        return _print(list(result.funded))
    if chosen.json:
        return _print([result.as_json()])
    return _print(_account(result))


def _parser() -> argparse.ArgumentParser:
    parser = _Parser(prog="python -m voting.counting", description="Count published ballots.")
    commands = parser.add_subparsers(required=True, metavar="COMMAND", dest="command")
    seats.add_options(commands.add_parser(seats.NAME, help=seats.HELP))
    add_options(commands.add_parser(NAME, help=HELP))
    counting = commands.add_parser(
        "count", help="count a .pb file, a .pb.gz file or a rank table",
        epilog=f"Rules: {known_rules()}.",
    )  # fmt: skip
    counting.add_argument("file", metavar="FILE", help="a .pb or .pb.gz file or a rank table")
    counting.add_argument("--rule", metavar="R", help="count by this rule, not by the file's")
    shown = counting.add_mutually_exclusive_group()
    shown.add_argument("--winners", action="store_true", help="only the funded ids, one a line")
    shown.add_argument("--json", action="store_true", help="the count as its published document")
    return parser


def _account(result: Count) -> list[str]:
    contest = result.contest
    names = {option.id: option.name for option in contest.options}
    width = max(len(option.id) for option in contest.options)

    def money(parts: int) -> str:
        return format_money(parts, contest.decimals)

    lines = [
        contest.title,
        f"Rule: {result.rule.title} ({result.rule.name}), version {result.rule.version}",
        *_parameters(contest),
        f"Ballots: {len(result.ballots)}, SHA-256 {result.ballots.digest(contest.ids)}",
        f"Budget: {money(contest.budget)}",
        *_fineness(contest),
        "",
        *(_stage_line(stage, width, names[stage.option], result) for stage in result.stages),
        "",
        f"Funded: {len(result.funded)} projects for {money(result.spent)}.",
        f"Left: {money(result.left)}.",
    ]
    return [_printable(line) for line in lines]


def _parameters(contest: Contest) -> list[str]:
    """What was set of the rule, one line for each parameter."""
    return [
        f"  {key}: {value if isinstance(value, str) else canonical_json(value)}"
        for key, value in sorted(contest.parameters.items())
    ]


def _fineness(contest: Contest) -> list[str]:
    """Where amounts are finer than hundredths, in what they were counted."""
    if contest.decimals == HUNDREDTHS:
        return []
    return [f"Amounts are counted in {parts_in_words(contest.decimals)}."]


def _stage_line(stage: Stage, width: int, name: str, result: Count) -> str:
    scale, decimals = result.ballots.points_scale, result.contest.decimals
    cost, left = (format_money(each, decimals) for each in (stage.cost, stage.money_before))
    tie = " (the tie order decides)" if stage.tie_decides else ""
    price = "" if stage.price is None else f" (paid by {stage.payers} ballots)"
    return (
        f"{stage.number:4} {_MARKS.get(stage.outcome, stage.outcome):17} {stage.option:{width}} "
        f"{format_points(stage.points, scale):>8} points, cost {cost:>12} of {left:>12}  "
        f"{name}{tie}{price}"
    )


def _printable(line: str) -> str:
    """A line without characters that could move a terminal's cursor."""
    return "".join(sign if sign.isprintable() else "?" for sign in line)


def _print(lines: list[str]) -> int:
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(encoding="utf-8")
    try:
        for line in lines:
            print(line)
        sys.stdout.flush()
    except BrokenPipeError:
        # Whoever read us has seen enough; leave nothing for the interpreter to flush at its end.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return 0


def _refuse(file: str, sentence: str) -> int:
    print(_printable(f"{file}: {sentence}"), file=sys.stderr)
    return 2


if __name__ == "__main__":
    sys.exit(main())
