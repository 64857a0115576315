"""What a counting rule is, and what it leaves on record: the seam where new rules are added."""

from collections.abc import Callable
from dataclasses import dataclass

from voting.counting.ballots import Placings
from voting.counting.contest import Contest

FUNDED = "funded"
SKIPPED = "skipped"


@dataclass(frozen=True, slots=True)
class Stage:
    """One option's turn. Explanations, result pages and the published document come from these.

    `money_before` and `money_after` are what was left of the budget. `tied_with` names the options
    with equal points, in the order of their turns; `tie_decides` says that another order among
    them would have funded others.
    """

    number: int
    option: str
    points: int
    ballots: int
    cost: int
    money_before: int
    money_after: int
    outcome: str
    tied_with: tuple[str, ...] = ()
    tie_decides: bool = False


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule as it is published: what it is called, what it says, and the function that runs it.

    `pabulib` is the name that the `.pb` format has for it on ballots of these `vote_types`.
    `parameters` names what may be set, each with its meaning. The version changes whenever any
    file could be counted differently.
    """

    name: str
    version: str
    pabulib: str
    vote_types: tuple[str, ...]
    title: str
    explanation: str
    parameters: dict[str, str]
    run: Callable[[Contest, Placings], tuple[Stage, ...]]


def N_(text: str) -> str:  # noqa: N802 - the name that translation tools look for
    """Mark a text for the translators; whoever shows it translates it."""
    return text
