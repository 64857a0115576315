"""A strict reading of Pabulib's format, as its checker enforces it; every mistake as a sentence.

Written from the description of the format, apart from our writer and readers.
"""

import csv
import io
import re
from decimal import Decimal

META = [
    "description", "country", "unit", "district", "subunit", "instance", "num_projects",
    "num_votes", "budget", "vote_type", "rule", "date_begin", "date_end", "min_length",
    "max_length", "edition", "language", "currency", "comment",
]  # fmt: skip
MANDATORY = [
    "description", "country", "unit", "instance", "num_projects", "num_votes", "budget",
    "vote_type", "rule", "date_begin", "date_end",
]  # fmt: skip
PROJECTS = ["project_id", "cost", "votes", "score", "name", "category", "selected"]
RULES = {"greedy", "greedy-no-skip", "greedy-threshold", "greedy-exclusive", "greedy-custom"}
NULLABLE = {"category"}
WITHDRAWN = Decimal(999_999_999)

Rows = list[list[str]]


def mistakes(content: bytes) -> list[str]:
    """What the checker would call an error, and what it would warn of; nothing for a good file."""
    found = list(_of_the_text(content))
    sections = _sections(content.decode())
    if list(sections) != ["META", "PROJECTS", "VOTES"]:
        return [*found, f"sections {list(sections)}"]
    meta = {row[0]: row[1] for row in sections["META"][1:] if len(row) == 2}
    projects = _records(sections["PROJECTS"])
    votes = _records(sections["VOTES"])
    found += _of_the_cells(sections)
    found += _of_meta(sections["META"], meta, len(projects), len(votes))
    found += _of_projects(sections["PROJECTS"][0], projects, Decimal(meta["budget"]))
    found += _of_votes(sections["VOTES"][0], votes, meta, {row["project_id"] for row in projects})
    found += _of_scores(projects, votes)
    comment = meta.get("comment", "")
    if meta["rule"] == "greedy" or "common-purse points-by-rank" in comment:
        found += _of_greedy(projects, Decimal(meta["budget"]))
    if meta["rule"] != "greedy" and not comment:
        found.append("greedy-custom without a comment")
    return found


def _of_the_text(content: bytes) -> list[str]:
    found = []
    if content.startswith(b"\xef\xbb\xbf"):
        found.append("a byte order mark")
    if b"\r" in content:
        found.append("a carriage return")
    if b"\n\n" in content or not content.endswith(b"\n"):
        found.append("a blank line, or no last line feed")
    return found


def _sections(text: str) -> dict[str, Rows]:
    sections: dict[str, Rows] = {}
    rows: Rows = []
    for row in csv.reader(io.StringIO(text), delimiter=";", strict=True):
        if row in (["META"], ["PROJECTS"], ["VOTES"]):
            assert row[0] not in sections, f"{row[0]} twice"
            rows = sections[row[0]] = []
        else:
            rows.append(row)
    return sections


def _records(rows: Rows) -> list[dict[str, str]]:
    return [dict(zip(rows[0], row, strict=True)) for row in rows[1:]]


def _of_the_cells(sections: dict[str, Rows]) -> list[str]:
    cells = [cell for rows in sections.values() for row in rows for cell in row]
    found = [f"blanks around {cell!r}" for cell in cells if cell != cell.strip()]
    lists = [row[1] for row in sections["VOTES"][1:]]
    return found + [
        f"blanks in the list {cell!r}" for cell in lists if ", " in cell or " ," in cell
    ]


def _of_meta(rows: Rows, meta: dict[str, str], projects: int, votes: int) -> list[str]:
    keys = [row[0] for row in rows[1:]]
    found = [f"META without {key}" for key in MANDATORY if not meta.get(key)]
    found += [f"unknown key {key}" for key in keys if key not in META]
    found += [f"{key} twice" for key in set(keys) if keys.count(key) > 1]
    found += [f"empty {key}" for key, value in meta.items() if not value]
    if rows[0] != ["key", "value"]:
        found.append("META does not begin with key;value")
    known = [key for key in keys if key in META]
    if known != sorted(known, key=META.index):
        found.append(f"META out of order: {keys}")
    if (meta["num_projects"], meta["num_votes"]) != (str(projects), str(votes)):
        found.append("the announced numbers are not the counted ones")
    if not re.fullmatch(r"\d+(\.\d+)?", meta["budget"]) or meta["vote_type"] != "ordinal":
        found.append("budget or vote_type")
    if meta["rule"] not in RULES:
        found.append(f"rule {meta['rule']}")
    dates = [meta["date_begin"], meta["date_end"]]
    if not all(re.fullmatch(r"\d{4}|\d{2}\.\d{2}\.\d{4}", date) for date in dates):
        found.append(f"dates {dates}")
    elif dates[0].split(".")[::-1] > dates[1].split(".")[::-1]:
        found.append(f"ends before it begins: {dates}")
    if int(meta["max_length"]) > projects:
        found.append("max_length above the number of projects")
    return found


def _of_projects(header: list[str], projects: list[dict[str, str]], budget: Decimal) -> list[str]:
    found = []
    if header != [column for column in PROJECTS if column in header]:
        found.append(f"columns of PROJECTS: {header}")
    if not {"project_id", "cost", "votes", "score", "name", "selected"} <= set(header):
        found.append(f"columns missing from PROJECTS: {header}")
    ids = [row["project_id"] for row in projects]
    if len(set(ids)) < len(ids) or not all(ids):
        found.append("a project id is empty or comes twice")
    for row in projects:
        cost = Decimal(row["cost"])
        if cost <= 0 or (cost > budget and cost != WITHDRAWN):
            found.append(f"cost of {row['project_id']}: {cost}")
        found += [f"empty {key}" for key, value in row.items() if not value and key not in NULLABLE]
        if row["selected"] not in {"0", "1"}:
            found.append(f"selected {row['selected']}")
    if sum(Decimal(row["cost"]) for row in projects if row["selected"] == "1") > budget:
        found.append("the selected cost more than the budget")
    return found


def _of_votes(
    header: list[str], votes: list[dict[str, str]], meta: dict[str, str], ids: set[str]
) -> list[str]:
    found = [] if header == ["voter_id", "vote"] else [f"columns of VOTES: {header}"]
    voters = [row["voter_id"] for row in votes]
    if len(set(voters)) < len(voters) or not all(voters):
        found.append("a voter id is empty or comes twice")
    for row in votes:
        ranking = row["vote"].split(",")
        if not row["vote"] or not set(ranking) <= ids or len(set(ranking)) < len(ranking):
            found.append(f"vote {row['vote']!r}")
        if not int(meta["min_length"]) <= len(ranking) <= int(meta["max_length"]):
            found.append(f"length of {row['vote']!r}")
    return found


def _of_scores(projects: list[dict[str, str]], votes: list[dict[str, str]]) -> list[str]:
    score = {row["project_id"]: 0 for row in projects}
    times = dict(score)
    for row in votes:
        ranking = row["vote"].split(",")
        for place, project in enumerate(ranking):
            score[project] += len(ranking) - place
            times[project] += 1
    return [
        f"votes or score of {row['project_id']}"
        for row in projects
        if (int(row["votes"]), int(row["score"]))
        != (times[row["project_id"]], score[row["project_id"]])
    ]


def _of_greedy(projects: list[dict[str, str]], budget: Decimal) -> list[str]:
    """In the order of the file, which is by score, descending: what fits is selected."""
    left, found = budget, []
    scores = [int(row["score"]) for row in projects]
    if scores != sorted(scores, reverse=True):
        found.append("projects not in the order of their scores")
    for row in projects:
        fits = Decimal(row["cost"]) <= left
        left -= Decimal(row["cost"]) if fits else 0
        if row["selected"] != str(int(fits)):
            found.append(f"greedy would have decided otherwise on {row['project_id']}")
    return found
