"""What is unusual in how ballots came in, by thresholds that everybody can read here.

A note is a question for people, never an answer: nothing is blocked and no ballot is taken out for
one. Pure: sums in, notes out.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from enum import StrEnum
from fractions import Fraction
from statistics import median
from typing import Any
from zoneinfo import ZoneInfo

NETWORK_IN_AN_HOUR, SHARE_OF_AN_HOUR = 30, Fraction(1, 20)
NETWORK_IN_A_DAY, SHARE_OF_A_DAY = 60, Fraction(1, 50)
CHANGES_IN_AN_HOUR = 20
CODES_IN_AN_HOUR = 30
CROWDED_SECONDS = 3
BATCH_IN_AN_HOUR, SHARE_OF_A_BATCH = 20, Fraction(1, 10)
NIGHT, BALLOTS_AT_NIGHT, SHARE_AT_NIGHT = range(5), 20, Fraction(1, 10)
TIMES_THE_MEDIAN, LEAST_DISTRICTS, LEAST_BALLOTS = 3, 3, 20


class Kind(StrEnum):
    """What a note is about, in the order of the report."""

    NETWORK_HOUR = "network_hour"
    NETWORK_DAY = "network_day"
    SAME_SECOND = "same_second"
    CHANGES = "changes"
    CODES = "codes"
    BATCH_HOUR = "batch_hour"
    NIGHT = "night"
    TURNOUT = "turnout"
    FAULTS = "faults"


@dataclass(frozen=True)
class Note:
    """`number` of `whole` were counted. `when` is the hour or the day in ISO form, or empty; `mark`
    the ref of a batch of letters, or empty. A network has no name here."""

    kind: Kind
    number: int
    whole: int = 0
    when: str = ""
    mark: str = ""


@dataclass(frozen=True)
class NetworkHour:
    """One hour of one network."""

    mark: str
    hour: datetime
    casts: int
    changes: int
    sign_ins: int
    same_second: int


@dataclass(frozen=True)
class BatchHour:
    """One hour of one batch, and how many letters that has; 0 for what is no batch of letters."""

    mark: str
    hour: datetime
    casts: int
    letters: int


def notes_of_networks(
    hours: Sequence[NetworkHour], casts_by_hour: Mapping[datetime, int], zone: ZoneInfo
) -> list[Note]:
    """What one network alone did: in an hour, on a day, within single seconds."""
    notes = [note for each in hours for note in _of_hour(each, casts_by_hour.get(each.hour, 0))]
    whole_days: Counter[str] = Counter()
    for hour, casts in casts_by_hour.items():
        whole_days[_day(hour, zone)] += casts
    days: Counter[tuple[str, str]] = Counter()
    for each in hours:
        days[each.mark, _day(each.hour, zone)] += each.casts
    for (_, day), casts in days.items():
        whole = whole_days[day]
        if casts > NETWORK_IN_A_DAY and casts > whole * SHARE_OF_A_DAY:
            notes.append(Note(Kind.NETWORK_DAY, casts, whole, day))
    return in_order(notes)


def notes_of_batches(hours: Iterable[BatchHour]) -> list[Note]:
    """Letters that were printed together and came back together."""
    return in_order(
        Note(Kind.BATCH_HOUR, each.casts, each.letters, each.hour.isoformat(), each.mark)
        for each in hours
        if each.letters
        and each.casts > BATCH_IN_AN_HOUR
        and each.casts > each.letters * SHARE_OF_A_BATCH
    )


def notes_of_hours(casts_by_hour: Mapping[datetime, int], zone: ZoneInfo) -> list[Note]:
    """Ballots at hours when towns sleep."""
    whole = sum(casts_by_hour.values())
    at_night = sum(
        casts for hour, casts in casts_by_hour.items() if hour.astimezone(zone).hour in NIGHT
    )
    if at_night > BALLOTS_AT_NIGHT and at_night > whole * SHARE_AT_NIGHT:
        return [Note(Kind.NIGHT, at_night, whole)]
    return []


def notes_of_faults(faults: int) -> list[Note]:
    """Ballots that were not taken at once because something of ours did not work."""
    return [Note(Kind.FAULTS, faults)] if faults else []


def notes_of_turnout(turnout: Mapping[str, tuple[int, int]]) -> dict[str, Note]:
    """Districts in which far more of the roll voted than in the others: by contest, ballots of
    people on the roll."""
    known = {ref: pair for ref, pair in turnout.items() if pair[1]}
    if len(known) < LEAST_DISTRICTS:
        return {}
    usual = median(Fraction(ballots, people) for ballots, people in known.values())
    return {
        ref: Note(Kind.TURNOUT, ballots, people)
        for ref, (ballots, people) in known.items()
        if ballots >= LEAST_BALLOTS and Fraction(ballots, people) > usual * TIMES_THE_MEDIAN
    }


def in_order(notes: Iterable[Note]) -> list[Note]:
    """By kind as in the report, then by time; notes alike stay beside each other."""
    kinds = list(Kind)
    return sorted(
        notes, key=lambda each: (kinds.index(each.kind), each.when, each.mark, -each.number)
    )


def as_json(notes: Iterable[Note]) -> list[dict[str, Any]]:
    return [asdict(note) for note in notes]


def from_json(kept: Iterable[Mapping[str, Any]]) -> list[Note]:
    return [Note(**{**each, "kind": Kind(each["kind"])}) for each in kept]


def _of_hour(each: NetworkHour, whole: int) -> list[Note]:
    when, notes = each.hour.isoformat(), []
    if each.casts > NETWORK_IN_AN_HOUR and each.casts > whole * SHARE_OF_AN_HOUR:
        notes.append(Note(Kind.NETWORK_HOUR, each.casts, whole, when))
    if each.same_second >= CROWDED_SECONDS:
        notes.append(Note(Kind.SAME_SECOND, each.same_second, each.casts, when))
    if each.changes > CHANGES_IN_AN_HOUR:
        notes.append(Note(Kind.CHANGES, each.changes, each.casts, when))
    if each.sign_ins > CODES_IN_AN_HOUR:
        notes.append(Note(Kind.CODES, each.sign_ins, each.casts, when))
    return notes


def _day(hour: datetime, zone: ZoneInfo) -> str:
    return hour.astimezone(zone).date().isoformat()
