"""What is said to somebody who could not be found by the register: why, and what to do."""

from datetime import datetime

from flask_babel import gettext, ngettext

from core import i18n
from core.refusals import Refusal
from voting.routes.letter_words import ask_town
from voting.services.register_match import Match, Outcome


def refused(match: Match) -> Refusal:
    """Why numbers that were looked at show nobody; the same whichever of them is wrong."""
    if match.outcome is Outcome.LOCKED and match.until is not None:
        return _locked(match.until)
    return Refusal(
        "wrong_match",
        422,
        gettext("These two numbers do not belong together on the register."),
        _tries_left(match),
    )


def refused_code(match: Match) -> Refusal:
    """Why a code that was sent is not taken."""
    if match.outcome is Outcome.LOCKED and match.until is not None:
        return _locked(match.until)
    if match.outcome is Outcome.GONE:
        return Refusal(
            "code_gone",
            410,
            gettext("No code waits for you: it was used, or is older than ten minutes."),
            gettext("Have another one sent."),
        )
    said = gettext("This is not the code that we sent.")
    return Refusal("wrong_code", 422, said, _tries_left(match))


def no_number() -> str:
    return gettext("This is no telephone number. Write it with the country's code, as +48 …")


def sent_too_often() -> Refusal:
    return Refusal(
        "sent_too_often",
        429,
        gettext("Three codes were sent today. No more is sent until tomorrow."),
        gettext("Try again tomorrow, or take another way: %(ask)s", ask=ask_town()),
    )


def cannot_send() -> Refusal:
    return Refusal(
        "cannot_send",
        503,
        gettext("No message can be sent now, so we cannot confirm you by telephone at the moment."),
        gettext("Your account is as it was. Try again in some minutes, or take another way."),
    )


def _tries_left(match: Match) -> str:
    return ngettext(
        "Look again. After %(num)s more wrong try nothing is taken for a while.",
        "Look again. After %(num)s more wrong tries nothing is taken for a while.",
        match.tries_left,
    )


def _locked(until: datetime) -> Refusal:
    return Refusal(
        "locked_match",
        429,
        gettext(
            "There were too many wrong tries. Until %(moment)s not even the right one is taken.",
            moment=i18n.moment(until),
        ),
        gettext("Try again after that. If it was not you, %(ask)s", ask=ask_town()),
    )
