"""What became of each option, and of the contest as a whole, as the pages show it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cached_property
from itertools import groupby
from typing import Any

from core.money import minor_digits
from transparency.results.other_rules import OtherRule, VotersFigures


@dataclass(frozen=True, slots=True)
class Support:
    """What supporters had and paid at an option's turn, as far as its rule knows of such things.

    `price` is what each supporter paid at most, in smallest units of money: for each point that
    she gave if `per_point`. `payers` is how many ballots paid. `rank` is how far down the ballots
    were read, `amount` and `quota` the support there was and needed, a ballot counting as `UNIT`
    of voting.counting.rules.units.
    """

    price: Fraction | None = None
    per_point: bool = False
    payers: int | None = None
    rank: int | None = None
    amount: int | None = None
    quota: int | None = None


@dataclass(frozen=True, slots=True)
class OptionResult:
    """What became of one option. `equals` names all that stood level with it, `ahead` the titles of
    those among them that had their turn before and were funded; `tie_broken_by` is the way of the
    tie chain that told it from the nearest of them.

    `district` is where it lies, empty for the whole city. `code` is the reason. The limits,
    `ballots_more` and `rival` (the id of a funded option) say what would have changed the outcome;
    None is what no second run confirmed.
    """

    id: str
    title: str
    category: str
    proposal: str | None
    funded_as: int | None
    place: int
    points: int
    ballots: int
    cost: int
    money_before: int
    money_after: int
    code: str
    cost_limit: int | None
    points_limit: int | None
    budget_limit: int | None
    equals: tuple[str, ...] = ()
    ahead: tuple[str, ...] = ()
    tie_decides: bool = False
    tie_broken_by: str = ""
    part: str = "greedy"
    ballots_more: int | None = None
    rival: str | None = None
    rival_title: str = ""
    support: Support = Support()
    district: str = ""

    @property
    def is_funded(self) -> bool:
        return self.funded_as is not None

    @property
    def anchor(self) -> str:
        """Where on a page its reason stands."""
        return "proposal-" + "-".join((self.proposal or self.id).split())


@dataclass(frozen=True, slots=True)
class StageResult:
    """One turn of the count. An option may have several; the last of them `decides`."""

    number: int
    option: OptionResult
    part: str
    outcome: str
    money_before: int
    money_after: int
    decides: bool
    support: Support
    equals: tuple[str, ...] = ()
    tie_broken_by: str = ""

    @property
    def funds(self) -> bool:
        return self.decides and self.option.is_funded


@dataclass(frozen=True)
class ContestResult:
    """One contest's published result; `options` stand in the order of their turns.

    `facts` and `parameters` are the rule's own, as JSON has them. `voters` and `other_rules` are
    missing where ballots are too few to tell of them.
    """

    ref: str
    title: str
    currency: str
    budget: int
    min_length: int
    max_length: int
    ballots: int
    aggregate_only: bool
    recountable: bool
    rule: str
    rule_version: str
    count_sha256: str
    options: tuple[OptionResult, ...]
    stages: tuple[StageResult, ...] = ()
    parameters: Mapping[str, Any] = field(default_factory=dict)
    facts: Mapping[str, Any] = field(default_factory=dict)
    voters: VotersFigures | None = None
    other_rules: tuple[OtherRule, ...] = ()

    @cached_property
    def by_id(self) -> dict[str, OptionResult]:
        return {option.id: option for option in self.options}

    @cached_property
    def funded(self) -> list[OptionResult]:
        """In the order in which they were funded."""
        return sorted(
            (option for option in self.options if option.is_funded),
            key=lambda option: option.funded_as or 0,
        )

    @property
    def winners(self) -> int:
        return len(self.funded)

    @cached_property
    def not_funded(self) -> list[OptionResult]:
        return [option for option in self.options if not option.is_funded]

    @cached_property
    def turns(self) -> dict[str, int]:
        """The number of the turn in which each option was decided, by its id."""
        return {stage.option.id: stage.number for stage in self.stages if stage.decides}

    @cached_property
    def is_by_points(self) -> bool:
        """Whether points alone decided; else an option stands by the ballots that name it."""
        return all(option.part == "greedy" for option in self.options)

    def key_figure_of(self, option: OptionResult) -> int:
        """The one figure that tells best where an option stood: its points, or its ballots."""
        return option.points if self.is_by_points else option.ballots

    @cached_property
    def most_key_figure(self) -> int:
        """The largest of these, and at least 1, so that bars can be drawn against it."""
        return max([1, *(self.key_figure_of(option) for option in self.options)])

    @cached_property
    def spent(self) -> int:
        """What the pot pays; of an option that is topped up, what was left for it."""
        return sum(option.money_before - option.money_after for option in self.options)

    @property
    def has_small_costs(self) -> bool:
        """Whether some cost has small digits, so that all are written with them and line up."""
        unit = 10 ** minor_digits(self.currency)
        return any(option.cost % unit for option in self.options)

    @property
    def left(self) -> int:
        return self.budget - self.spent

    @cached_property
    def parts(self) -> list[tuple[str, list[StageResult]]]:
        """The stages in stretches of the same part; what nothing pays for any more is its own."""
        return [(part, list(stages)) for part, stages in groupby(self.stages, key=_stretch)]

    def spent_in(self, *parts: str) -> int:
        """What the funded options of these parts cost the pot."""
        return sum(
            stage.money_before - stage.money_after for stage in self.stages if stage.part in parts
        )

    @property
    def goes_by_points(self) -> bool:
        """Whether some part of the count goes in order of points."""
        return any(stage.part in ("greedy", "fill") for stage in self.stages)

    @cached_property
    def disputed(self) -> list[OptionResult]:
        """The options that some of the rules compared fund and others do not."""
        rules = len(self.other_rules) + 1
        return [option for option in self.options if 0 < self._rules_funding(option) < rules]

    @property
    def funded_by_all(self) -> int:
        rules = len(self.other_rules) + 1
        return sum(self._rules_funding(option) == rules for option in self.options)

    @property
    def funded_by_none(self) -> int:
        return sum(self._rules_funding(option) == 0 for option in self.options)

    def _rules_funding(self, option: OptionResult) -> int:
        """How many of the rules compared fund the option, the one that decided among them."""
        return option.is_funded + sum(option.id in other.funded for other in self.other_rules)

    def knows(self, figure: str) -> bool:
        """Whether some stage has this figure of its support."""
        return any(getattr(stage.support, figure) is not None for stage in self.stages)


def _stretch(stage: StageResult) -> str:
    """The part under whose heading a stage stands: gifts and the moves between them are one."""
    if stage.outcome in ("unpaid", "below_entry"):
        return "unpaid"
    return "transfers" if stage.part == "donations" else stage.part
