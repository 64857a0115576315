"""Where an answer turns: a number that is enough, right beside one that is not.

What a number would have to be is read off the run with another number. There the other options may
fare otherwise, so the new number is counted with, and if it is not the one, the run with it is read
next, until two neighbours are found of which one is enough and the other is not. Where a run points
outside of what is known by then, the middle of that is tried.
"""

from collections.abc import Callable, Iterable, Sequence
from fractions import Fraction
from math import ceil

from voting.counting.explanations.trials import MOST_STEPS, Trials, Unanswered

Needed = Callable[[int], int | None]
Holds = Callable[[int], bool]

_PATIENCE = 6
"""After so many runs that each wanted more, it is computed where that would end; and after so many
that pointed outside of what is known, no more of them is read."""


def turning_point(
    known: int,
    needed: Needed,
    holds: Holds,
    easier: int,
    enough: int | None = None,
    steps: int = MOST_STEPS,
) -> int | None:
    """A number that holds while the one before it does not; None where it was not found.

    `known` does not hold, and `enough` does, if one is known. `needed` says of a number which one
    would be enough if the others fared as with this one, or None if it cannot tell; `holds` counts.
    `easier` is 1 where more is easier, otherwise -1. No more than so many `steps` are taken.
    """
    try:
        return _followed(known, enough, needed, holds, easier, steps)
    except Unanswered:
        return None


def _followed(
    short: int, enough: int | None, needed: Needed, holds: Holds, easier: int, steps: int
) -> int | None:
    if enough is not None and enough == short + easier:
        return enough
    asked = [(short, needed(short))]
    astray = 0
    for _ in range(steps):
        number = _next(short, enough, asked if astray < _PATIENCE else [], easier)
        if number is None or number < 1:
            return None
        if not holds(number):
            short = number
        elif number != asked[-1][1]:
            enough = number
        elif not holds(number - easier):
            return number
        else:
            number = enough = number - easier
        if enough == short + easier:
            return enough
        if astray < _PATIENCE:
            asked.append((number, needed(number)))
            is_astray = enough is not None and not _is_within(asked[-1][1], short, enough)
            astray = astray + 1 if is_astray else 0
    return None


def _next(
    short: int, enough: int | None, asked: Sequence[tuple[int, int | None]], easier: int
) -> int | None:
    """The number that the last runs point to, if it is not known yet, or else one half-way."""
    wanted = asked[-1][1] if asked else None
    if enough is None:
        if wanted == short:
            return short + easier  # a matter of rounding, or of a tie
        if wanted is None or (wanted - short) * easier < 0:
            return None
        met = _meeting(*asked[-2], *asked[-1], easier) if len(asked) >= _PATIENCE else None
        return wanted if met is None or (met - wanted) * easier < 0 else met
    if wanted == enough and (len(asked) == 1 or asked[-2][0] != asked[-2][1]):
        return enough - easier
    met = _meeting(*asked[-2], *asked[-1], easier) if len(asked) > 1 else None
    known = (way for way in (met, wanted) if way not in (short, enough))
    found = (way for way in known if way is not None and _is_within(way, short, enough))
    return next(found, (short + enough) // 2)


def _is_within(number: int | None, short: int, enough: int) -> bool:
    return number is not None and min(short, enough) <= number <= max(short, enough)


def _meeting(
    one: int, wanted_by_one: int | None, other: int, wanted_by_other: int | None, easier: int
) -> int | None:
    """The number that would want itself, if what is wanted grows evenly between these two."""
    if wanted_by_one is None or wanted_by_other is None:
        return None
    further, more = other - one, wanted_by_other - wanted_by_one
    if further == more:
        return None
    met = Fraction(wanted_by_other * further - more * other, further - more)
    return easier * ceil(easier * met)


def first_rival(trials: Trials, ref: str, rivals: Iterable[str]) -> str | None:
    """The first of these options without which this one would have been funded."""
    try:
        return next((rival for rival in rivals if ref in trials.funded_without(rival)), None)
    except Unanswered:
        return None
