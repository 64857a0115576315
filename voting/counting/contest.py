"""What is decided: the options with their costs, the money, and the limits of a ballot."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from voting.counting.errors import CountingError
from voting.counting.money import HUNDREDTHS

MOST_OPTIONS = 65_536
"""Ballots keep an option as an unsigned 16-bit number."""


@dataclass(frozen=True, slots=True)
class Option:
    """One costed proposal. `cost` is in parts of the currency unit (see `Contest.decimals`);
    `columns` holds what else a file says of it."""

    id: str
    cost: int
    name: str = ""
    columns: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def build(
        cls, ref: str, cost: int, name: str = "", columns: Mapping[str, str] | None = None
    ) -> "Option":
        """Make an option, refusing an id that files cannot carry and a cost that is no amount."""
        _refuse_id(ref)
        if type(cost) is not int or cost <= 0:
            raise CountingError(f"The cost of project {ref!r} must be a whole number above zero.")
        return cls(ref, cost, name, dict(columns or {}))

    @property
    def categories(self) -> tuple[str, ...]:
        listed = self.columns.get("category", "").split(",")
        return tuple(category.strip() for category in listed if category.strip())


@dataclass(frozen=True, slots=True)
class Contest:
    """One question on the ballot paper with all that its count depends on.

    An option's number is its place in `options`, from 0: the order of the published file.
    `tie_order` holds all ids, the preferred first; it decides between options with equal points.
    `meta` keeps what else the file's META says, `notes` the remarks of its comment. `parameters`
    are those of the rule beyond the tie order, as JSON has them; the rule checks them.

    Money is in whole parts of the currency unit: hundredths, or with more `decimals` than two the
    finer parts of which 10 to the power of so many make a `unit`.
    """

    title: str
    budget: int
    options: tuple[Option, ...]
    vote_type: str
    rule: str
    rule_version: str
    min_length: int
    max_length: int | None
    tie_order: tuple[str, ...]
    meta: Mapping[str, str]
    notes: tuple[str, ...]
    parameters: Mapping[str, Any] = field(default_factory=dict)
    decimals: int = HUNDREDTHS

    @classmethod
    def build(
        cls,
        title: str,
        budget: int,
        options: Iterable[Option],
        *,
        vote_type: str = "ordinal",
        rule: str = "points-by-rank",
        rule_version: str = "",
        min_length: int = 1,
        max_length: int | None = None,
        tie_order: Sequence[str] | None = None,
        meta: Mapping[str, str] | None = None,
        notes: Sequence[str] = (),
        parameters: Mapping[str, Any] | None = None,
        decimals: int = HUNDREDTHS,
    ) -> "Contest":
        """Make a contest, refusing what cannot be counted.

        `budget` and costs are in hundredths, or with more `decimals` in parts as fine as that; one
        of them must need these, as of a file. Without `tie_order` the order of the options decides
        ties. `rule` is one of ours or a name of Pabulib's; an empty `rule_version` means today's.
        """
        options = tuple(options)
        ids = tuple(option.id for option in options)
        if type(budget) is not int or budget <= 0:
            raise CountingError("The budget must be a whole number above zero.")
        _refuse_decimals(decimals, [budget, *(option.cost for option in options)])
        if not 0 < len(ids) <= MOST_OPTIONS:
            raise CountingError(f"A contest needs between 1 and {MOST_OPTIONS} projects.")
        if len(set(ids)) < len(ids):
            twice = next(ref for place, ref in enumerate(ids) if ref in ids[:place])
            raise CountingError(f"The project {twice!r} is listed twice.")
        if min_length < 1 or (max_length is not None and max_length < min_length):
            raise CountingError("The limits of a ballot's length contradict each other.")
        order = ids if tie_order is None else tuple(tie_order)
        if sorted(order) != sorted(ids):
            raise CountingError("The tie order must name each project exactly once.")
        return cls(
            title, budget, options, vote_type, rule, rule_version, min_length, max_length,
            order, dict(meta or {}), tuple(notes), dict(parameters or {}), decimals,
        )  # fmt: skip

    @property
    def ids(self) -> tuple[str, ...]:
        return tuple([option.id for option in self.options])

    @property
    def costs(self) -> tuple[int, ...]:
        return tuple([option.cost for option in self.options])

    @property
    def unit(self) -> int:
        """The currency unit in parts."""
        return int(10**self.decimals)

    @property
    def tie_ranks(self) -> tuple[int, ...]:
        """Each option's place in the tie order, by option number."""
        place = {ref: rank for rank, ref in enumerate(self.tie_order)}
        return tuple(place[option.id] for option in self.options)

    @property
    def official_winners(self) -> frozenset[str] | None:
        """The ids that the file's `selected` column marks with 1, or None without that column."""
        if not any("selected" in option.columns for option in self.options):
            return None
        return frozenset(o.id for o in self.options if o.columns.get("selected") == "1")


def _refuse_decimals(decimals: int, amounts: Sequence[int]) -> None:
    """What a file is counted in goes by its amounts, so that a contest written and read again is
    the same."""
    if decimals < HUNDREDTHS:
        raise CountingError("Money is counted in hundredths or finer.")
    if decimals > HUNDREDTHS and not any(amount % 10 for amount in amounts):
        raise CountingError(f"No amount is so fine that it needs {decimals} decimals.")


def _refuse_id(ref: str) -> None:
    if not ref or ref != ref.strip():
        raise CountingError(f"The project id {ref!r} is empty or has blanks around it.")
    if "," in ref or not ref.isprintable():
        raise CountingError(f"The project id {ref!r} has a comma or a sign that cannot be printed.")
