"""The sentences of second factors: why one was not taken, and what to do."""

from datetime import datetime

from flask_babel import gettext, ngettext

from core.i18n import moment
from core.refusals import Refusal


def wrong_code(left: int) -> Refusal:
    return Refusal(
        "wrong_code",
        422,
        gettext("This code is not right, or it was used already."),
        ngettext(
            "Wait for the next code and type that. You have %(num)s try left.",
            "Wait for the next code and type that. You have %(num)s tries left.",
            left,
        ),
    )


def locked(until: datetime | None) -> Refusal:
    return Refusal(
        "second_factor_locked",
        429,
        gettext("There were too many wrong codes for this account. Even a right one is not taken."),
        gettext(
            "Try again after %(moment)s. We have written to your e-mail address about it.",
            moment=moment(until) if until else "",
        ),
    )


def wrong_passkey() -> Refusal:
    return Refusal(
        "wrong_passkey",
        422,
        gettext("That passkey could not be checked. Nothing was changed."),
        gettext("Try it again, or use another way."),
    )


def last_second_factor() -> Refusal:
    return Refusal(
        "last_second_factor",
        409,
        gettext("This is your only second factor, and your work here needs one."),
        gettext("Set up another one first, then take this one away."),
    )


def nothing_to_recover() -> Refusal:
    return Refusal(
        "nothing_to_recover",
        409,
        gettext("You have no second factor yet, so there is nothing to recover."),
        gettext("Set up an app or a passkey first."),
    )


def nothing_to_reset() -> Refusal:
    return Refusal(
        "nothing_to_reset", 409, gettext("This person has no second factor. Nothing was changed.")
    )


def own_second_factor() -> Refusal:
    return Refusal(
        "own_second_factor",
        403,
        gettext("Nobody takes her own second factor away here."),
        gettext("Do that in your account, or ask another administrator."),
    )
