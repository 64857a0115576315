"""The rows of PROJECTS as they are written: the format's columns, filled as it wants them filled.

Votes and scores are always those of the ballots that are written. What the format has no column
for is left out.
"""

from collections.abc import Sequence

from voting.counting.ballots import Ballots
from voting.counting.contest import Contest, Option
from voting.counting.counts import Count
from voting.counting.errors import CountingError
from voting.counting.money import format_money
from voting.counting.pb_format import LISTS, MAY_BE_EMPTY, PROJECT_COLUMNS
from voting.counting.published_text import format_points
from voting.counting.rank_table import RankTable
from voting.counting.rules import FUNDED, TOPPED_UP
from voting.counting.rules.scores import tally
from voting.counting.vote_types import TICKED

_SELECTED = {FUNDED: "1", TOPPED_UP: "2"}
_PLACE = {"latitude", "longitude"}
Cells = dict[str, str]


def project_rows(
    contest: Contest, counted: Ballots | RankTable, result: Count | None
) -> list[Sequence[str]]:
    """The header and one row for each project, in the contest's order."""
    rows = [_cells(option, contest.decimals) for option in contest.options]
    asked = {column for row in rows for column in row}
    tallied = {"votes", "score"} if result is not None else asked & {"votes", "score"}
    _set_tally(rows, contest, counted, tallied)
    if result is not None:
        chosen = {stage.option: _SELECTED.get(stage.outcome, "0") for stage in result.outcomes}
        for row in rows:
            row["selected"] = chosen.get(row["project_id"], "0")
    if any("selected" in row or row["name"] for row in rows):
        for row in rows:
            row["name"] = row["name"] or row["project_id"]
    header = [column for column in PROJECT_COLUMNS if _is_written(column, rows)]
    return [header, *([row.get(column, "") for column in header] for row in rows)]


def one_line(text: str) -> str:
    """A cell of one line without blanks around it, as the format demands."""
    return " ".join(text.split())


def _cells(option: Option, decimals: int) -> Cells:
    """What is known of a project, by the format's names of the columns."""
    cells = {column: one_line(cell) for column, cell in option.columns.items()}
    if target := cells.pop("target", ""):
        cells.setdefault("beneficiaries", target)
    for column in LISTS:
        if column in cells:
            items = (item.strip() for item in cells[column].split(","))
            cells[column] = ",".join(filter(None, items))
    if not all(cells.get(column) for column in _PLACE):
        cells = {column: cell for column, cell in cells.items() if column not in _PLACE}
    cells["project_id"], cells["cost"] = option.id, format_money(option.cost, decimals)
    cells["name"] = one_line(option.name)
    return cells


def _set_tally(
    rows: list[Cells], contest: Contest, counted: Ballots | RankTable, columns: set[str]
) -> None:
    """Put what the ballots say into these columns; scores only where they are more than votes."""
    for row in rows:
        row.pop("votes", None)
        row.pop("score", None)
    try:
        found = tally(contest, counted) if columns else None
    except CountingError:
        found = None
    if found is None:
        return
    scored = contest.vote_type not in TICKED and found.points_scale == 1
    for row, ballots, points in zip(rows, found.ballots, found.points, strict=True):
        if "votes" in columns or not scored:
            row["votes"] = str(ballots)
        if "score" in columns and scored:
            row["score"] = format_points(points, found.points_scale)


def _is_written(column: str, rows: list[Cells]) -> bool:
    """Whether every project has something to say there, or where cells may be empty, any."""
    filled = [bool(row.get(column)) for row in rows]
    return any(filled) if column in MAY_BE_EMPTY else all(filled)
