"""What Pabulib's checker would object to in a file that can be counted: each thing a warning.

None of it changes a count. The errors of the checker that could are refused by the readers.
"""

import re
from datetime import date
from fractions import Fraction
from math import ceil, floor

import numpy as np

from voting.counting.ballots import Ballots, Numbers
from voting.counting.contest import Contest, Option
from voting.counting.errors import CountingError
from voting.counting.file_warnings import Warnings
from voting.counting.pb_format import (
    LISTS,
    MAY_BE_EMPTY,
    META_KEYS,
    PROJECT_COLUMNS,
    WANTED_KEYS,
    WITHDRAWN,
    in_order,
)
from voting.counting.pb_sections import Meta
from voting.counting.published_text import format_points
from voting.counting.rank_table import RankTable
from voting.counting.rules.scores import tally
from voting.counting.vote_types import POINTED

_MACHINE_NUMBER = 1 << 63

_DATE = re.compile(r"(?:([0-9]{2})\.([0-9]{2})\.)?([0-9]{4})")
_NUMBER = re.compile(r"[0-9]{1,20}(?:\.[0-9]{1,30})?")
_THRESHOLD = "min_project_score_threshold"


def check_file(
    meta: Meta, contest: Contest, found: Ballots | RankTable, warnings: Warnings
) -> None:
    """Everything that its checker would look at."""
    _check_meta(meta, warnings)
    _check_contest(contest, warnings)
    _check_ballots(contest, found, warnings)


def _check_meta(meta: Meta, warnings: Warnings) -> None:
    """What is missing in META, unknown, out of order, or contradicts itself."""
    missing = [key for key in WANTED_KEYS if key not in meta]
    if missing:
        warnings.add(f"META does not say: {', '.join(missing)}.")
    for key in meta:
        if key not in META_KEYS:
            warnings.add(
                f"META says {key[:40]!r}, which the format does not know.", meta.lines[key]
            )
    if not in_order(list(meta), META_KEYS):
        warnings.add("The keys of META are not in the format's order.")
    _check_dates(meta, warnings)
    for key in ("fully_funded", "experimental"):
        if meta.get(key, "1") != "1":
            warnings.add(f"META's {key} can only be 1.", meta.lines.get(key))
    if not meta.get("comment", "#1: ").startswith("#1: "):
        warnings.add("The comment in META does not begin with '#1: '.", meta.lines.get("comment"))
    if meta.get("rule") == "greedy" and _THRESHOLD in meta:
        sentence = f"The rule is greedy with a {_THRESHOLD}: it is counted as greedy-threshold."
        warnings.add(sentence, meta.lines.get("rule"))
    if meta["vote_type"] == "cumulative" and "max_sum_points" not in meta:
        warnings.add("META does not say the max_sum_points of cumulative ballots.")


def _check_contest(contest: Contest, warnings: Warnings) -> None:
    """What is odd about the limits and the projects."""
    one = contest.vote_type == "choose-1"
    if one and (contest.min_length > 1 or (contest.max_length or 1) > 1):
        warnings.add("On choose-1 ballots min_length and max_length are 1.")
    if not one and (contest.max_length or 0) > len(contest.options):
        warnings.add("The max_length is above the number of projects.")
    for column in contest.options[0].columns:
        if column == "target":
            warnings.add("The column 'target' is called 'beneficiaries' now.")
        elif column not in PROJECT_COLUMNS:
            warnings.add(f"The column {column[:40]!r} of PROJECTS is not one of the format's.")
    for option in contest.options:
        if option.cost > contest.budget and option.cost != WITHDRAWN * contest.unit:
            warnings.add("A project costs more than the whole budget.")
        _check_cells(option, warnings)


def _check_cells(option: Option, warnings: Warnings) -> None:
    if not option.name:
        warnings.add("A project has no name.")
    if option.columns.get("selected", "0") not in ("0", "1", "2", "3"):
        warnings.add("A project's selected is none of 0, 1, 2 and 3.")
    for column, cell in option.columns.items():
        if not cell and column in PROJECT_COLUMNS and column not in MAY_BE_EMPTY:
            warnings.add(f"A cell of the column {column!r} is empty.")
        if column in LISTS and any(item != item.strip() for item in cell.split(",")):
            warnings.add("Blanks around the commas of a list are passed over.")


def _check_ballots(contest: Contest, found: Ballots | RankTable, warnings: Warnings) -> None:
    """What the ballots say otherwise than META and the columns votes, score and selected."""
    _check_tally(contest, found, warnings)
    winners = contest.official_winners
    if winners is None:
        warnings.add("PROJECTS does not say which were selected.")
    elif sum(o.cost for o in contest.options if o.id in winners) > contest.budget:
        warnings.add("The projects that are selected cost more than the budget.")
    if isinstance(found, RankTable) or not len(found):
        return
    if contest.max_length and found.lengths.max() < contest.max_length:
        warnings.add("No ballot is as long as the max_length.")
    if contest.vote_type == "approval":
        # No ballot names a project twice; only where all together are too much for machine numbers
        # may a ballot be.
        kind = np.int64 if sum(contest.costs) < _MACHINE_NUMBER else object
        costs = np.array(contest.costs, kind)[found.options]
        _check_sums(contest, found, costs, "sum_cost", contest.unit, warnings)
    if contest.vote_type in POINTED and found.points is not None:
        _check_sums(contest, found, found.points, "sum_points", found.points_scale, warnings)


def _check_tally(contest: Contest, found: Ballots | RankTable, warnings: Warnings) -> None:
    columns = contest.options[0].columns
    if not {"votes", "score"} & set(columns):
        warnings.add("PROJECTS says neither the votes nor the score.")
        return
    try:
        counted = tally(contest, found)
    except CountingError:
        return
    for number, option in enumerate(contest.options):
        votes = str(counted.ballots[number])
        score = format_points(counted.points[number], counted.points_scale)
        for column, ours in (("votes", votes), ("score", score)):
            differs = (option.columns.get(column) or ours) != ours
            sentence = f"The {column} that PROJECTS says are not those of the ballots."
            warnings.add(sentence, times=differs)


def _check_sums(
    contest: Contest, found: Ballots, amounts: Numbers, name: str, scale: int, warnings: Warnings
) -> None:
    """Compare what each ballot adds up to with META's least and most; `scale` of it are a unit."""
    sums = np.add.reduceat(amounts, found.starts[:-1])
    for key in ("min", "max"):
        text = contest.meta.get(f"{key}_{name}", "")
        if not text:
            continue
        if not _NUMBER.fullmatch(text):
            warnings.add(f"META's {key}_{name} is not a number.")
            continue
        bound = Fraction(text) * scale
        beyond = sums < ceil(bound) if key == "min" else sums > floor(bound)
        ballots = int(found.copies[beyond.astype(bool)].sum())
        warnings.add(f"A ballot is beyond the {key}_{name}.", times=ballots)


def _check_dates(meta: Meta, warnings: Warnings) -> None:
    days = {}
    for key, last in (("date_begin", False), ("date_end", True)):
        if key in meta and (day := _day(meta[key], last)):
            days[key] = day
        elif key in meta:
            sentence = f"The {key} in META is neither a year nor a date such as 31.12.2024."
            warnings.add(sentence, meta.lines.get(key))
    if len(days) == 2 and days["date_end"] < days["date_begin"]:
        warnings.add("The date_end in META is before the date_begin.", meta.lines.get("date_end"))


def _day(text: str, last: bool) -> date | None:
    """The day, or the first or last day of the year; None if it is neither."""
    match = _DATE.fullmatch(text)
    if match is None:
        return None
    default = (31, 12) if last else (1, 1)
    day, month = (int(match[1]), int(match[2])) if match[1] else default
    try:
        return date(int(match[3]), month, day)
    except ValueError:
        return None
