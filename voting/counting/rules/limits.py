"""How much a list of projects may get: at most so many of them, or at most so much money.

    {"limits":[{"name":"Roads","ids":["A","B","C"],"projects":2},{"ids":["D","E"],"money":500000}]}

Who runs a round writes such lists for its categories and districts. A project may stand on several.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from voting.counting.contest import Contest
from voting.counting.errors import CountingError

_KEYS = {"ids", "name", "projects", "money"}
_WHAT = "Each of the limits must be an object with ids, and with projects or money or both."

Used = tuple[tuple[int, int], ...]
"""By limit: how many projects of its list are funded, and what the budget pays for them.

It is empty as long as nothing is used of any.
"""

_NOTHING = (0, 0)


class Limit(NamedTuple):
    """The options of one list by number, and the most they may get; None is without end.

    `money` is in parts of the currency unit, as costs are.
    """

    options: frozenset[int]
    projects: int | None
    money: int | None

    def allows(self, used: tuple[int, int], pays: int) -> bool:
        """Whether one more of its options may be funded, for so much, after what was used."""
        projects, money = used
        return (self.projects is None or projects < self.projects) and (
            self.money is None or money + pays <= self.money
        )


def read_limits(given: Sequence[Mapping[str, Any]], contest: Contest) -> tuple[Limit, ...]:
    """The limits of parameters that were checked. Their money is in hundredths, always."""
    number = {ref: place for place, ref in enumerate(contest.ids)}
    hundredth = contest.unit // 100
    return tuple(
        Limit(
            frozenset(number[ref] for ref in each["ids"]),
            each.get("projects"),
            each["money"] * hundredth if "money" in each else None,
        )
        for each in given
    )


def allowed(limits: Sequence[Limit], used: Used, option: int, pays: int) -> bool:
    """Whether no limit forbids to fund this option for so much."""
    return all(
        limit.allows(spent, pays)
        for limit, spent in _with_use(limits, used)
        if option in limit.options
    )


def use(limits: Sequence[Limit], used: Used, option: int, pays: int) -> Used:
    """What is used of the limits after this option was funded for so much."""
    return tuple(
        (projects + 1, money + pays) if option in limit.options else (projects, money)
        for limit, (projects, money) in _with_use(limits, used)
    )


def _with_use(limits: Sequence[Limit], used: Used) -> Iterator[tuple[Limit, tuple[int, int]]]:
    return zip(limits, used or [_NOTHING] * len(limits), strict=True)


def check_limits(limits: object, ids: Sequence[str]) -> None:
    """Refuse limits that are not as they must be, in one sentence."""
    if not isinstance(limits, list) or not all(isinstance(limit, dict) for limit in limits):
        raise CountingError("The parameter limits must be a list of objects.")
    known = set(ids)
    for limit in limits:
        if not set(limit) <= _KEYS or not set(limit) & {"projects", "money"}:
            raise CountingError(_WHAT)
        _check_list(limit.get("ids"), known)
        if not isinstance(limit.get("name", ""), str):
            raise CountingError("The name of a limit must be a text.")
        for key in ("projects", "money"):
            most = limit.get(key, 0)
            if type(most) is not int or most < 0:
                raise CountingError(f"The {key} of a limit must be a whole number, 0 or more.")


def _check_list(ids: object, known: set[str]) -> None:
    if not isinstance(ids, list) or not ids:
        raise CountingError(_WHAT)
    stranger = next((ref for ref in ids if not isinstance(ref, str) or ref not in known), None)
    if stranger is not None:
        raise CountingError(f"The parameter limits names {stranger!r}, not in PROJECTS.")
    if len(set(ids)) < len(ids):
        raise CountingError("A list of the limits names a project twice.")
