"""Who stands: the candidates of a contest without money, the seats, and the order of the lot."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from voting.counting.contest import MOST_OPTIONS
from voting.counting.errors import CountingError


@dataclass(frozen=True, slots=True)
class Candidate:
    """A person, a plan or a name that can be chosen."""

    id: str
    name: str = ""


@dataclass(frozen=True, slots=True)
class Race:
    """One question on the ballot paper that is not about money.

    A candidate's number is its place in `candidates`, from 0. `tie_order` is the lot, drawn and
    published before: all ids, the luckiest first. `withdrawn` are candidates who are on the papers
    but no longer stand; papers are counted as if they did not name them.
    """

    title: str
    candidates: tuple[Candidate, ...]
    seats: int
    tie_order: tuple[str, ...]
    withdrawn: tuple[str, ...] = ()

    @classmethod
    def build(
        cls,
        title: str,
        candidates: Iterable[Candidate],
        seats: int = 1,
        *,
        tie_order: Sequence[str] | None = None,
        withdrawn: Iterable[str] = (),
    ) -> "Race":
        """Make a race, refusing what cannot be counted; without a lot the candidates' order is it.

        Candidates who are fewer than the seats are no mistake: all of them are elected.
        """
        candidates = tuple(candidates)
        ids = tuple(candidate.id for candidate in candidates)
        if not 0 < len(ids) <= MOST_OPTIONS:
            raise CountingError(f"A race needs between 1 and {MOST_OPTIONS} candidates.")
        if not all(ref and ref == ref.strip() and ref.isprintable() for ref in ids):
            raise CountingError(
                "A candidate's id is empty, has blanks around it or cannot be shown."
            )
        if len(set(ids)) < len(ids):
            twice = next(ref for place, ref in enumerate(ids) if ref in ids[:place])
            raise CountingError(f"The candidate {twice!r} is listed twice.")
        if type(seats) is not int or seats < 1:
            raise CountingError("The number of seats must be a whole number above zero.")
        order = ids if tie_order is None else tuple(tie_order)
        if sorted(order) != sorted(ids):
            raise CountingError("The tie order must name each candidate exactly once.")
        gone = set(withdrawn)
        if not gone <= set(ids):
            raise CountingError(f"The withdrawn {min(gone - set(ids))!r} is not a candidate.")
        if len(gone) == len(ids):
            raise CountingError("Every candidate has withdrawn.")
        return cls(title, candidates, seats, order, tuple(ref for ref in ids if ref in gone))

    @property
    def ids(self) -> tuple[str, ...]:
        return tuple(candidate.id for candidate in self.candidates)

    @property
    def tie_ranks(self) -> tuple[int, ...]:
        """Each candidate's place in the lot, by number: the lowest is the luckiest."""
        place = {ref: rank for rank, ref in enumerate(self.tie_order)}
        return tuple(place[ref] for ref in self.ids)

    @property
    def standing(self) -> tuple[int, ...]:
        """The numbers of those who have not withdrawn."""
        gone = set(self.withdrawn)
        return tuple(number for number, ref in enumerate(self.ids) if ref not in gone)

    def as_document(self) -> dict[str, object]:
        """The race as published with its count."""
        return {
            "title": self.title,
            "candidates": [{"id": each.id, "name": each.name} for each in self.candidates],
            "seats": self.seats,
            "tie_order": list(self.tie_order),
            "withdrawn": list(self.withdrawn),
        }
