"""What a counting rule is, and what it leaves on record: the seam where new rules are added."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any, NamedTuple

from voting.counting.ballots import Ballots
from voting.counting.contest import Contest
from voting.counting.rank_table import RankTable
from voting.counting.rules.terms import Terms

FUNDED = "funded"
TOPPED_UP = "topped_up"
FUNDING = (FUNDED, TOPPED_UP)
SKIPPED = "skipped"
BELOW_THRESHOLD = "below_threshold"
RIVAL_FUNDED = "rival_funded"
LIMIT_REACHED = "limit_reached"
AFTER_STOP = "after_stop"
UNPAID = "unpaid"

GREEDY_PART = "greedy"
SHARES_PART = "shares"
EPSILON_PART = "epsilon"
FILL_PART = "fill"

NO_DETAILS: Mapping[str, Any] = {}

Counted = Ballots | RankTable
Parameters = Mapping[str, Any]
Names = Mapping[str, Callable[[Mapping[str, str]], dict[str, Any]]]
"""Names of a rule, each with what it stands for in a file of this META."""


class Stage(NamedTuple):
    """One option's turn. Explanations, result pages and the published document come from these.

    An option may have several turns, as where it is dropped and comes back when the money that is
    left is spent; the last of them is what becomes of it.

    `money_before` and `money_after` are what was left of the budget. `tied_with` names the options
    that were equal to this one, in the order of their turns; `tie_broken_by` is the way of the
    chain that told them apart (see `ties`), `tie_decides` says that another order among them would
    have funded others. `points` are in units of one by the ballots' `points_scale`.

    `outcome` is "funded", "topped_up" (funded too, with money from elsewhere for what was missing),
    "skipped" (it did not fit), "below_threshold", "rival_funded", "limit_reached", "after_stop", or
    what a rule has besides. Where supporters pay for what is funded, `price` is what a unit of
    support had to pay, `payers` how many paid, and `part` the part of the count that the turn
    belongs to; `share` is what every ballot had at the beginning, and `tier` says whether certified
    floats sufficed to decide the turn ("float") or exact numbers had to ("exact"). `details` is
    what else a rule tells of its stages: integers, `"p/q"` and lists of these, by name, never who
    paid.
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
    price: Fraction | None = None
    payers: int | None = None
    part: str = GREEDY_PART
    share: Fraction | None = None
    tier: str = ""
    tie_broken_by: str = ""
    details: Mapping[str, Any] = NO_DETAILS

    @property
    def is_funded(self) -> bool:
        return self.outcome in FUNDING


@dataclass(frozen=True, slots=True)
class Record:
    """What a run of a rule leaves: its stages in order, and facts about the run as a whole.

    `facts` are integers, texts, `"p/q"` and lists of these, by name, such as the number of runs.
    """

    stages: tuple[Stage, ...]
    facts: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule as it is published: what it is called, what it says, and the function that runs it.

    It counts ballots of these `vote_types`. `parameters` names what may be set, each with its
    meaning. The version changes whenever any file could be counted differently.

    `run` is given a contest whose `parameters` are those to count with, already checked by
    `check`. `names` are the names that META may call the rule by, that of its plain form first,
    each with the parameters that it stands for in a file of this META; `nicknames` are further
    names for the command line. `terms`, for a rule that adds up points and funds greedily, lets
    explanations run it again; `funds`, for a rule whose record takes longest, does the same run
    and tells only what it funds.
    """

    name: str
    version: str
    vote_types: tuple[str, ...]
    title: str
    explanation: str
    parameters: Mapping[str, str]
    run: Callable[[Contest, Counted], Record]
    check: Callable[[Contest, Parameters], None]
    names: Names = field(default_factory=dict)
    nicknames: Names = field(default_factory=dict)
    terms: Callable[[Contest, Counted], Terms] | None = None
    funds: Callable[[Contest, Counted], frozenset[str]] | None = None

    @property
    def needs_rankings(self) -> bool:
        """Whether the table of project × rank, all that is published of few, is not enough."""
        return self.terms is None
