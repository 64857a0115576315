"""What the kinds of notes in the anomaly report mean: from when on one is made, and what it
usually is."""

from dataclasses import dataclass

from flask_babel import gettext

from voting import anomalies, cast_signals
from voting.anomalies import Kind


@dataclass(frozen=True)
class Meaning:
    """A kind of note: its title, from when on it is noted, and what it usually is."""

    title: str
    threshold: str
    harmless: str


def meaning(kind: Kind) -> Meaning:
    """What a kind of note is about."""
    return _MEANINGS[kind]()


def _network_hour() -> Meaning:
    return Meaning(
        gettext("Many ballots from one network within an hour"),
        gettext(
            "Noted above %(most)s ballots, if they are more than one in twenty of that hour's.",
            most=anomalies.NETWORK_IN_AN_HOUR,
        ),
        gettext(
            "A library, a school, an old people's home or a stall with tablets shares one network,"
            " and so do many customers of a telephone company. Most votes have some hours like"
            " this. Ask whether something took place then."
        ),
    )


def _network_day() -> Meaning:
    return Meaning(
        gettext("Many ballots from one network on one day"),
        gettext(
            "Noted above %(most)s ballots, if they are more than one in fifty of that day's.",
            most=anomalies.NETWORK_IN_A_DAY,
        ),
        gettext(
            "A library with thirty voters a day is not noted. A school that votes by classes, a"
            " large employer or a telephone company may be. Where nobody knows of such a place,"
            " ask some of those who voted by letter whether they did."
        ),
    )


def _same_second() -> Meaning:
    return Meaning(
        gettext("Ballots from one network in the same second"),
        gettext(
            "Noted where one network cast more than %(most)s ballots in one second, %(times)s times"
            " within an hour.",
            most=cast_signals.MOST_IN_A_SECOND,
            times=anomalies.CROWDED_SECONDS,
        ),
        gettext(
            "A class that is told to press the button now does this once. Again and again in the"
            " same hour it is rare, and looks like a program."
        ),
    )


def _changes() -> Meaning:
    return Meaning(
        gettext("Many changed ballots from one network"),
        gettext("Noted above %(most)s changes in an hour.", most=anomalies.CHANGES_IN_AN_HOUR),
        gettext(
            "People change their minds after a meeting. Where it comes without one, somebody may"
            " stand beside those who vote."
        ),
    )


def _codes() -> Meaning:
    return Meaning(
        gettext("Many letters opened from one network"),
        gettext("Noted above %(most)s codes in an hour.", most=anomalies.CODES_IN_AN_HOUR),
        gettext(
            "People bring their letters to a library or to a home where staff help them. If nobody"
            " knows of such a place, letters may have been taken out of letter boxes."
        ),
    )


def _batch_hour() -> Meaning:
    return Meaning(
        gettext("Many letters of one batch within an hour"),
        gettext(
            "Noted above %(most)s ballots, if they are more than one in ten of the batch.",
            most=anomalies.BATCH_IN_AN_HOUR,
        ),
        gettext(
            "Letters of a batch arrive on the same day, so that some come back together. More than"
            " one in ten within an hour is rare: ask who had the letters in hand before the post."
        ),
    )


def _night() -> Meaning:
    return Meaning(
        gettext("Many ballots at night"),
        gettext(
            "Noted above %(most)s ballots between midnight and five, if they are more than one in"
            " ten of all.",
            most=anomalies.BALLOTS_AT_NIGHT,
        ),
        gettext("A few in a hundred are usual: people work in shifts, and some live elsewhere."),
    )


def _turnout() -> Meaning:
    return Meaning(
        gettext("A turnout unlike that of the other districts"),
        gettext(
            "Noted above %(times)s times the median of the districts, from %(least)s ballots on.",
            times=anomalies.TIMES_THE_MEDIAN,
            least=anomalies.LEAST_BALLOTS,
        ),
        gettext("One lively project with many friends does this. So would a padded roll."),
    )


def _faults() -> Meaning:
    return Meaning(
        gettext("Ballots that were not taken because of us"),
        gettext("Every one is noted."),
        gettext(
            "Each of these people was told that nothing was counted, and asked to try again. Most"
            " did. If they are many, or the last hour was hit, think of extending the voting, or"
            " say so in public."
        ),
    )


_MEANINGS = {
    Kind.NETWORK_HOUR: _network_hour,
    Kind.NETWORK_DAY: _network_day,
    Kind.SAME_SECOND: _same_second,
    Kind.CHANGES: _changes,
    Kind.CODES: _codes,
    Kind.BATCH_HOUR: _batch_hour,
    Kind.NIGHT: _night,
    Kind.TURNOUT: _turnout,
    Kind.FAULTS: _faults,
}
