"""The anonymous ballots of a bundle, as the files that are published."""

import json
from collections.abc import Sequence
from typing import Any


def pb_of(manifest: dict[str, Any], ballots: Sequence[Sequence[str]]) -> bytes:
    options = [one for one in manifest["options"] if one["ref"] not in manifest["withdrawn"]]
    ties = [one["ref"] for one in sorted(options, key=lambda one: int(one["tie_position"]))]
    comment = f"#1: common-purse points-by-rank 1 {json.dumps({'tie_order': ties})}"
    quoted = comment.replace('"', '""')
    lines = ["META", "key;value", f"budget;{manifest['budget_minor'] // 100}"]
    lines += ["vote_type;ordinal", "rule;greedy-custom", "max_length;3", f'comment;"{quoted}"']
    lines += ["PROJECTS", "project_id;cost;name"]
    for option in options:
        whole, cents = divmod(option["cost_minor"], 100)
        lines.append(f"{option['ref']};{whole}.{cents:02};{option['title']}")
    lines += ["VOTES", "voter_id;vote"]
    votes = sorted(",".join(ranking) for ranking in ballots)
    lines += [f"{number};{vote}" for number, vote in enumerate(votes, start=1)]
    return "\n".join([*lines, ""]).encode()


def blt_of(manifest: dict[str, Any], ballots: Sequence[Sequence[str]]) -> bytes:
    """Options are candidates by their number, the first of which is 1."""
    options = manifest["options"]
    numbers = {option["ref"]: option["number"] + 1 for option in options}
    lines = [f"{len(options)} 1"]
    lines += [f"1 {' '.join(str(numbers[ref]) for ref in one)} 0" for one in ballots]
    titles = [option["title"].replace('"', '\\"') for option in options]
    lines += ["0", *(f'"{title}"' for title in titles), f'"{manifest["title"]}"', ""]
    return "\n".join(lines).encode()
