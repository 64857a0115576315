"""Made-up signals of how the ballots for the tram came in, so that the report has something to say.

Most came from homes in the evenings; a class voted together on a school's network, and once the
disk was full for a minute.
"""

from datetime import datetime, timedelta

from voting import link_keys, sealing
from voting.cast_signals import ACCOUNT, BATCH, FAULT, NETWORK, SINGLE, Counters, Place, Row, coarse
from voting.models import Contest
from voting.services.signals import write_signals

CLASS = 18
HOMES = ((19, 3), (20, 4), (19, 2), (21, 2), (8, 1))
"""Hours after midnight and ballots, on the days after the class."""


def make_up_signals(contest: Contest, first_day: datetime, ballots: int) -> None:
    """Signals of as many ballots as were cast, some by the class and the rest at homes."""
    midnight = first_day.replace(hour=0)
    rows = _class(contest.ref, coarse(midnight + timedelta(hours=9)), CLASS)
    for number, (hour, casts) in enumerate(HOMES):
        at = coarse(midnight + timedelta(days=number, hours=hour))
        rows += _homes(contest.ref, at, casts)
    assert sum(counters.casts for place, counters in rows if place.kind == NETWORK) == ballots
    rows.append((Place(contest.ref, coarse(midnight + timedelta(hours=20)), FAULT, ""),
                 Counters(faults=2)))  # fmt: skip
    write_signals(rows)


def _class(ref: str, hour: datetime, casts: int) -> list[Row]:
    return [
        (Place(ref, hour, NETWORK, _mark(ref, "a school")), Counters(casts=casts, same_second=3)),
        (Place(ref, hour, BATCH, SINGLE), Counters(casts=casts, sign_ins=casts)),
    ]


def _homes(ref: str, hour: datetime, casts: int) -> list[Row]:
    homes: list[Row] = [
        (Place(ref, hour, NETWORK, _mark(ref, f"home {hour:%d %H} {each}")), Counters(casts=1))
        for each in range(casts)
    ]
    return [*homes, (Place(ref, hour, BATCH, ACCOUNT), Counters(casts=casts))]


def _mark(ref: str, network: str) -> str:
    return sealing.network_mark(link_keys.read(ref), ref, network)
