"""The sections of a `.pb` file but for its votes: META, PROJECTS, and RANKS of our rank tables."""

from voting.counting.allowance import Allowance
from voting.counting.contest import MOST_OPTIONS, Contest
from voting.counting.errors import CountingError, MalformedFile, at_line
from voting.counting.file_warnings import Warnings
from voting.counting.listed_projects import (
    ListedProject,
    StatedAmount,
    decimals_of,
    listed_project,
    options_of,
    stated_amount,
)
from voting.counting.parameters import CUSTOM, EXCLUSIVE, RuleLine, read_comment
from voting.counting.pb_format import PROJECT_COLUMNS, in_order
from voting.counting.rank_table import RankTable
from voting.counting.rows import Rows, whole_number
from voting.counting.rules import RULES

_OWN_KEYS = frozenset(
    {"description", "num_projects", "num_votes", "budget", "vote_type", "rule"}
    | {"min_length", "max_length", "comment"}
)


class Meta(dict[str, str]):
    """The keys of META with their values; `lines` has the line of each."""

    def __init__(self) -> None:
        super().__init__()
        self.lines: dict[str, int | None] = {}

    def put_at(
        self, line: int | None, key: str, value: str, warnings: Warnings, allowance: Allowance
    ) -> None:
        """Keep one key; without a value it is as good as not there."""
        if key in self.lines:
            raise MalformedFile(f"META says {key!r} twice.", line)
        allowance.take(len(key) + len(value), entries=1)
        self.lines[key] = line
        if value:
            self[key] = value
        else:
            warnings.add(f"META says nothing for {key!r}, which is passed over.", line)

    def check_number(self, key: str, found: int, things: str) -> None:
        """Refuse a file that was cut or joined: META's number must be the one counted."""
        if key in self and self[key] != str(found):
            raise MalformedFile(
                f"META announces {self[key][:20]} {things}, but the file has {found}.",
                self.lines.get(key),
            )


def read_meta(rows: Rows) -> Meta:
    meta = Meta()
    if rows.without_spare_cells(next(rows, []), 2) != ["key", "value"]:
        raise MalformedFile("The section META must begin with key;value.", rows.line)
    for row in rows:
        if not row:
            break
        cells = rows.without_spare_cells(row, 2)
        if len(cells) != 2:
            raise MalformedFile("A line of META must be one key and one value.", rows.line)
        meta.put_at(rows.line, cells[0], cells[1], rows.warnings, rows.allowance)
    return meta


def read_contest(rows: Rows, meta: Meta) -> Contest:
    """Everything but the ballots; `rows` stands before the projects and is left behind them."""
    budget = budget_of(meta, rows.warnings)
    if rows.section != "PROJECTS":
        raise MalformedFile("The section PROJECTS is expected here.", rows.line)
    return contest_of(meta, budget, _read_projects(rows), rows.warnings)


def budget_of(meta: Meta, warnings: Warnings) -> StatedAmount:
    """The budget, refused at once where META lacks what nothing can be counted without."""
    for key in ("budget", "vote_type"):
        if key not in meta:
            raise MalformedFile(f"META does not say the {key}.", meta.lines.get(key))
    return stated_amount(meta["budget"], "The budget", warnings, meta.lines.get("budget"))


def contest_of(
    meta: Meta, budget: StatedAmount, listed: list[ListedProject], warnings: Warnings
) -> Contest:
    """The contest that META and these projects make together."""
    if not listed:
        raise MalformedFile("There is no project.")
    meta.check_number("num_projects", len(listed), "projects")
    decimals = decimals_of([budget, *(project.cost for project in listed)], warnings)
    in_parts = budget.in_parts(decimals)
    options = options_of(listed, decimals)
    line, notes = _rule_line(meta, [option.id for option in options])
    chosen = _chosen(meta.get("rule", ""), line)
    if line.order is not None:
        place = {ref: number for number, ref in enumerate(line.order)}
        options = sorted(options, key=lambda option: place[option.id])
    try:
        contest = Contest.build(
            meta.get("description", ""), in_parts, options, decimals=decimals,
            vote_type=meta["vote_type"],
            rule=chosen.rule, rule_version=chosen.version, tie_order=line.tie_order,
            min_length=_limit(meta, "min_length") or 1, max_length=_limit(meta, "max_length"),
            meta={key: value for key, value in meta.items() if key not in _OWN_KEYS}, notes=notes,
            parameters=chosen.parameters,
        )  # fmt: skip
    except MalformedFile:
        raise
    except CountingError as error:
        raise MalformedFile(str(error)) from None
    with at_line(meta.lines.get("comment")):
        if line.rule in RULES and line.version in ("", RULES[line.rule].version):
            RULES[line.rule].check(contest, line.parameters)
    return contest


def read_ranks(rows: Rows, contest: Contest) -> RankTable:
    """The table of project x rank, to the end of the file."""
    header = rows.header("project_id", "length", "rank", "ballots")
    number = {ref: place for place, ref in enumerate(contest.ids)}
    table: list[tuple[int, int, int, int]] = []
    for row in rows:
        if not row:
            raise MalformedFile(f"The section {rows.section} comes too late.", rows.line)
        cells = rows.cells(header, row)
        rows.allowance.take(0, entries=1)
        with at_line(rows.line):
            if cells["project_id"] not in number:
                raise CountingError(f"The project {cells['project_id']!r} is not in PROJECTS.")
            length, rank, ballots = (
                whole_number(cells[key], f"The {key}") for key in ("length", "rank", "ballots")
            )
            if not contest.min_length <= length <= (contest.max_length or length):
                raise CountingError(f"Ballots of length {length} are outside the contest's limits.")
            table.append((number[cells["project_id"]], length, rank, ballots))
    try:
        return RankTable.from_rows(table)
    except CountingError as error:
        raise MalformedFile(str(error)) from None


def _rule_line(meta: Meta, ids: list[str]) -> tuple[RuleLine, list[str]]:
    """What the file says of its rule, by our line of its comment or by META's name for it."""
    with at_line(meta.lines.get("comment")):
        line, notes = read_comment(meta.get("comment", ""))
        if line is None or meta.get("rule", "") not in (CUSTOM, EXCLUSIVE):
            return RuleLine(meta.get("rule", ""), "", ids, {}), notes
        for what, order in (("tie_order", line.tie_order), ("order", line.order)):
            if order is not None and sorted(order) != sorted(ids):
                raise CountingError(f"The {what} must name each project exactly once.")
        return line, notes


def _chosen(rule: str, line: RuleLine) -> RuleLine:
    """What counts a file whose META names this rule.

    `greedy-exclusive` needs to be told what excludes what; of another line it keeps the orders.
    """
    if rule == EXCLUSIVE and "exclusive" not in line.parameters:
        return line._replace(rule=rule, version="", parameters={})
    return line


def _read_projects(rows: Rows) -> list[ListedProject]:
    header = rows.header("project_id", "cost")
    if not in_order(header, PROJECT_COLUMNS):
        rows.warnings.add("The columns are not in the format's order.", rows.line)
    listed: list[ListedProject] = []
    seen: set[str] = set()
    for row in rows:
        if not row:
            break
        rows.allowance.take(sum(map(len, row)), entries=1 + len(row) // 2)
        cells = rows.cells(header, row)
        ref = cells["project_id"]
        with at_line(rows.line):
            if ref in seen:
                raise CountingError(f"The project {ref!r} is listed twice.")
            if len(listed) == MOST_OPTIONS:
                raise CountingError(f"There are more than {MOST_OPTIONS} projects.")
        listed.append(listed_project(cells, rows.warnings, rows.line))
        seen.add(ref)
    if not listed:
        raise MalformedFile("The section PROJECTS lists no project.", rows.line)
    return listed


def _limit(meta: Meta, key: str) -> int | None:
    if key not in meta:
        return None
    with at_line(meta.lines.get(key)):
        return whole_number(meta[key], f"The {key}")
