"""What a rule for seats is: the seam where such rules are added."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import NamedTuple

from voting.counting.errors import CountingError
from voting.counting.rules.texts import N_
from voting.counting.seats.election import Outcome
from voting.counting.seats.papers import Papers
from voting.counting.seats.race import Race
from voting.counting.seats.reading import OVERVOTES, SKIPPED, Reading

Settings = Mapping[str, str]


class Parameter(NamedTuple):
    """What may be set of a rule: the meaning, and the values, of which the first is the default."""

    meaning: str
    values: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SeatRule:
    """A rule as it is published: what it is called, what it says, and the function that runs it.

    `explanation` tells a voter how it works, `example` goes through a small count. `one_seat` says
    that it can fill a single seat only. The version changes whenever any race could be counted
    differently. `run` is given settings that `settle` has completed.
    """

    name: str
    version: str
    title: str
    explanation: str
    example: str
    parameters: Mapping[str, Parameter]
    run: Callable[[Race, Papers, Settings], Outcome]
    one_seat: bool = False

    def settle(self, given: Settings) -> dict[str, str]:
        """All settings with the defaults filled in, refusing what the rule does not know."""
        for name, value in given.items():
            if name not in self.parameters:
                raise CountingError(f"The rule {self.name} knows no setting {name[:40]!r}.")
            allowed = self.parameters[name].values
            if value not in allowed:
                raise CountingError(
                    f"The setting {name} of the rule {self.name} is {str(value)[:40]!r}; "
                    f"it can be {', '.join(allowed)}."
                )
        defaults = {name: each.values[0] for name, each in self.parameters.items()}
        return {**defaults, **given}


def reading_parameters(overvote: str, skipped: str) -> dict[str, Parameter]:
    """The two settings of `reading`, with the defaults of a rule."""
    return {
        "overvote": Parameter(
            N_(
                "A rank given to two or more candidates: the ballot ends there (exhaust), goes on "
                "with the next rank (skip), or is invalid as a whole (refuse)."
            ),
            _first(overvote, OVERVOTES),
        ),
        "skipped": Parameter(
            N_(
                "A rank left out: it is passed over (skip), ends the ballot (stop), or does so "
                "when two in a row are left out (stop-after-two)."
            ),
            _first(skipped, SKIPPED),
        ),
    }


def reading_of(settings: Settings) -> Reading:
    return Reading(settings["overvote"], settings["skipped"])


def _first(default: str, values: tuple[str, ...]) -> tuple[str, ...]:
    return (default, *(value for value in values if value != default))
