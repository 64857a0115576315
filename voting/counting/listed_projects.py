"""The projects that a file lists, before it is known how fine its amounts are.

Only all amounts together, the budget and every cost, tell in which parts of the currency unit the
file is counted; until then an amount is kept as it is written.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from voting.counting.contest import Option
from voting.counting.errors import at_line
from voting.counting.file_warnings import Warnings
from voting.counting.money import (
    HUNDREDTHS,
    Amount,
    common_decimals,
    has_spare_zeros,
    parts_in_words,
    read_amount,
)

_OWN_COLUMNS = ("project_id", "cost", "name")


class StatedAmount(NamedTuple):
    """An amount with what it is, for a refusal, and its line, if the file has lines."""

    amount: Amount
    what: str
    line: int | None

    def in_parts(self, decimals: int) -> int:
        with at_line(self.line):
            return self.amount.in_parts(decimals, self.what)


class ListedProject(NamedTuple):
    """A project by its cells; `rest` are those that have no field of their own."""

    ref: str
    cost: StatedAmount
    name: str
    rest: Mapping[str, str]

    def as_option(self, decimals: int) -> Option:
        with at_line(self.cost.line):
            return Option.build(self.ref, self.cost.in_parts(decimals), self.name, self.rest)


def stated_amount(text: str, what: str, warnings: Warnings, line: int | None) -> StatedAmount:
    """Read one amount of a file."""
    with at_line(line):
        amount = read_amount(text, what)
    if has_spare_zeros(text):
        warnings.add("An amount has zeros behind its second decimal.", line)
    return StatedAmount(amount, what, line)


def listed_project(cells: Mapping[str, str], warnings: Warnings, line: int | None) -> ListedProject:
    """One project from its cells by column name."""
    ref = cells["project_id"]
    cost = stated_amount(cells["cost"], f"The cost of project {ref!r}", warnings, line)
    rest = {key: cell for key, cell in cells.items() if key not in _OWN_COLUMNS}
    return ListedProject(ref, cost, cells.get("name", ""), rest)


def decimals_of(stated: Sequence[StatedAmount], warnings: Warnings) -> int:
    """How fine these amounts are counted; finer than hundredths is said in one warning."""
    decimals = common_decimals(each.amount for each in stated)
    sentence = f"An amount is finer than hundredths: all are counted in {parts_in_words(decimals)}."
    for each in stated:
        warnings.add(sentence, each.line, times=each.amount.decimals > HUNDREDTHS)
    return decimals


def options_of(listed: Iterable[ListedProject], decimals: int) -> list[Option]:
    """The projects with their costs in parts."""
    return [project.as_option(decimals) for project in listed]
