"""Notes of the anomaly report in words: what was counted, and when."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from itertools import groupby

from flask_babel import gettext, ngettext

from core import clock, i18n
from voting import anomalies, cast_signals
from voting.anomalies import Kind, Note


def by_kind(notes: Sequence[Note]) -> list[tuple[Kind, list[Note]]]:
    """Notes that are alike, together, in the order of the report."""
    together = groupby(anomalies.in_order(notes), key=lambda note: note.kind)
    return [(kind, list(alike)) for kind, alike in together]


def parts_of_the_day(by_hour: Sequence[int]) -> list[tuple[str, int]]:
    """Ballots in every three hours of the clock."""
    return [
        (f"{hour:02}:00–{hour + 3:02}:00", sum(by_hour[hour : hour + 3]))
        for hour in range(0, 24, 3)
    ]


def seen(note: Note) -> str:
    """What was counted, in a sentence."""
    return _SEEN[note.kind](note)


def batch_name(mark: str) -> str:
    """A batch of letters as its list and its letters name it."""
    if mark == cast_signals.ACCOUNT:
        return gettext("with an account")
    if mark == cast_signals.SINGLE:
        return gettext("codes of the desk and of small batches")
    return gettext("letters of batch %(ref)s", ref=mark)


def day_name(on: str) -> str:
    """A day of a chart."""
    return i18n.day(date.fromisoformat(on))


def _in_an_hour(note: Note) -> str:
    return ngettext(
        "%(num)s ballot %(when)s. In that hour all together cast %(whole)s.",
        "%(num)s ballots %(when)s. In that hour all together cast %(whole)s.",
        note.number,
        when=_hour(note.when),
        whole=i18n.number(note.whole),
    )


def _on_a_day(note: Note) -> str:
    return ngettext(
        "%(num)s ballot on %(day)s. On that day all together cast %(whole)s.",
        "%(num)s ballots on %(day)s. On that day all together cast %(whole)s.",
        note.number,
        day=i18n.day(date.fromisoformat(note.when)),
        whole=i18n.number(note.whole),
    )


def _in_seconds(note: Note) -> str:
    return ngettext(
        "%(num)s such second %(when)s, among %(whole)s ballots of that network.",
        "%(num)s such seconds %(when)s, among %(whole)s ballots of that network.",
        note.number,
        when=_hour(note.when),
        whole=i18n.number(note.whole),
    )


def _changed(note: Note) -> str:
    return ngettext(
        "%(num)s change %(when)s, among %(whole)s ballots of that network.",
        "%(num)s changes %(when)s, among %(whole)s ballots of that network.",
        note.number,
        when=_hour(note.when),
        whole=i18n.number(note.whole),
    )


def _opened(note: Note) -> str:
    return ngettext(
        "%(num)s code %(when)s; %(whole)s ballots came from there in that hour.",
        "%(num)s codes %(when)s; %(whole)s ballots came from there in that hour.",
        note.number,
        when=_hour(note.when),
        whole=i18n.number(note.whole),
    )


def _of_a_batch(note: Note) -> str:
    return ngettext(
        "%(num)s ballot by letters of batch %(batch)s %(when)s. The batch has %(whole)s letters.",
        "%(num)s ballots by letters of batch %(batch)s %(when)s. The batch has %(whole)s letters.",
        note.number,
        batch=note.mark,
        when=_hour(note.when),
        whole=i18n.number(note.whole),
    )


def _of_all(note: Note) -> str:
    return ngettext(
        "%(num)s ballot of %(whole)s, or %(share)s.",
        "%(num)s ballots of %(whole)s, or %(share)s.",
        note.number,
        whole=i18n.number(note.whole),
        share=i18n.percent(note.number, note.whole),
    )


def _of_the_roll(note: Note) -> str:
    return ngettext(
        "%(num)s ballot of %(whole)s people on the roll, or %(share)s.",
        "%(num)s ballots of %(whole)s people on the roll, or %(share)s.",
        note.number,
        whole=i18n.number(note.whole),
        share=i18n.percent(note.number, note.whole),
    )


def _not_taken(note: Note) -> str:
    return ngettext(
        "%(num)s try was answered with “not counted, try again”.",
        "%(num)s tries were answered with “not counted, try again”.",
        note.number,
    )


def _hour(when: str) -> str:
    begins = datetime.fromisoformat(when)
    ends = begins + timedelta(hours=1)
    return gettext(
        "on %(day)s between %(begins)s and %(ends)s",
        day=i18n.day(begins),
        begins=f"{clock.in_city(begins):%H:%M}",
        ends=f"{clock.in_city(ends):%H:%M}",
    )


_SEEN = {
    Kind.NETWORK_HOUR: _in_an_hour,
    Kind.NETWORK_DAY: _on_a_day,
    Kind.SAME_SECOND: _in_seconds,
    Kind.CHANGES: _changed,
    Kind.CODES: _opened,
    Kind.BATCH_HOUR: _of_a_batch,
    Kind.NIGHT: _of_all,
    Kind.TURNOUT: _of_the_roll,
    Kind.FAULTS: _not_taken,
}
