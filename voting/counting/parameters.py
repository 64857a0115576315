"""What Pabulib's META cannot say: the rule's version and parameters, kept in its `comment`.

With `rule;greedy-custom` the comment begins

    #1: common-purse points-by-rank 1 {"no_skip":true,"tie_order":["B","A"]}

and further remarks follow as `#2: ...`. Other programs show the line as a remark; ours obey it. An
`order` beside the parameters restores the contest's own, where PROJECTS has the projects by turns.
"""

import json
import re
from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any, NamedTuple

from voting.counting.errors import CountingError

CUSTOM = "greedy-custom"
EXCLUSIVE = "greedy-exclusive"
"""The names of Pabulib under which our line is obeyed; the second needs `exclusive` in it."""

_OURS = re.compile(r"#1: common-purse (\S+) (\S+) ")
_REMARK = re.compile(r"(?:^|\s)#[0-9]+: ")


class RuleLine(NamedTuple):
    """Our line of a comment. `order` is None where the file has the contest's own order."""

    rule: str
    version: str
    tie_order: list[str]
    parameters: Mapping[str, Any]
    order: list[str] | None = None


def canonical_json(document: object) -> str:
    """JSON with sorted keys, no blanks and letters as they are, so that equal means equal bytes."""
    return json.dumps(document, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def fraction_text(number: Fraction) -> str:
    """A fraction as published documents have it: "p/q" in lowest terms."""
    return f"{number.numerator}/{number.denominator}"


def read_comment(comment: str) -> tuple[RuleLine | None, list[str]]:
    """Our line, if the comment begins with one, and the other remarks without their numbers."""
    ours = _OURS.match(comment)
    if ours is None:
        return None, _remarks(comment)
    try:
        parameters, end = json.JSONDecoder().raw_decode(comment, ours.end())
    except (ValueError, RecursionError):
        raise CountingError("The parameters in the comment are not valid JSON.") from None
    if not isinstance(parameters, dict) or "tie_order" not in parameters:
        raise CountingError("The parameters in the comment must be an object with a tie_order.")
    tie_order, order = parameters.pop("tie_order"), parameters.pop("order", None)
    _refuse_no_list(tie_order, "tie_order")
    if order is not None:
        _refuse_no_list(order, "order")
    return RuleLine(ours[1], ours[2], tie_order, parameters, order), _remarks(comment[end:])


def write_comment(line: RuleLine | None, notes: Sequence[str]) -> str:
    """The comment that `read_comment` reads: our line if there is one, then the remarks."""
    parts = list(notes)
    if line is not None:
        said = {**line.parameters, "tie_order": line.tie_order}
        if line.order is not None:
            said["order"] = line.order
        parts.insert(0, f"common-purse {line.rule} {line.version} {canonical_json(said)}")
    return " ".join(f"#{number}: {part}" for number, part in enumerate(parts, 1))


def _refuse_no_list(given: object, what: str) -> None:
    if not isinstance(given, list) or not all(isinstance(ref, str) for ref in given):
        raise CountingError(f"The {what} in the comment must be a list of project ids.")


def _remarks(comment: str) -> list[str]:
    return [part.strip() for part in _REMARK.split(comment) if part.strip()]
