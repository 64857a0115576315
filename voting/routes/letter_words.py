"""What the door says about a code: what is wrong with it, what was kept, what to do next."""

from datetime import datetime

from flask import current_app
from flask_babel import gettext, ngettext

from budgets.phases import PhaseKind
from core import i18n
from core.refusals import Refusal
from voting.letter_codes import NUMBER_SIGNS, SECRET_SIGNS, WrongCode
from voting.services.letter_tries import Door, Tried

SIGNS = NUMBER_SIGNS + SECRET_SIGNS
SHOWN_STRANGERS = 5


def unreadable(wrong: WrongCode) -> Refusal:
    """Something that cannot be a code; it counts as no try."""
    if not wrong.length:
        said = gettext("Type the code of your letter.")
    elif wrong.strangers:
        said = gettext(
            "No code has these characters: %(signs)s.",
            signs=" ".join(wrong.strangers[:SHOWN_STRANGERS]),
        )
    else:
        said = ngettext(
            "A code has 16 characters. You typed %(num)s.",
            "A code has 16 characters. You typed %(num)s.",
            wrong.length,
        )
    next_step = gettext(
        "Compare it with your letter, group by group. Codes have no vowels, no L, and no 0 or 1."
    )
    return Refusal("unreadable_code", 422, said, next_step)


def refused(tried: Tried) -> Refusal:
    """Why a code that was looked at opens nothing."""
    if tried.door is Door.LOCKED and tried.until is not None:
        return _locked(tried.until)
    if tried.door is Door.REPLACED:
        return Refusal(
            "replaced_code",
            410,
            gettext("This code was replaced by a newer one. A ballot cast with it stays counted."),
            gettext(
                "Use the newest letter that you got. If you have none, %(ask)s",
                ask=ask_town(),
            ),
        )
    if tried.door is Door.VOIDED:
        return Refusal(
            "voided_code",
            410,
            gettext("This code is no longer valid. A ballot cast with it stays counted."),
            gettext("To learn why, and to get a new one, %(ask)s", ask=ask_town()),
        )
    return Refusal(
        "wrong_code",
        422,
        gettext("This code opens no ballot paper."),
        ngettext(
            "Compare it with your letter, group by group. After %(num)s more wrong try this code"
            " is locked for a while.",
            "Compare it with your letter, group by group. After %(num)s more wrong tries this code"
            " is locked for a while.",
            tried.tries_left,
        ),
    )


def nothing_open(tried: Tried, at: datetime) -> Refusal:
    """The code is right, and there is no paper for her now."""
    span = tried.round.span_of(PhaseKind.VOTING) if tried.round else None
    if tried.round is not None and span is not None and at < span.starts_at:
        said = gettext(
            "Your code is right. Voting opens on %(moment)s.", moment=i18n.moment(span.starts_at)
        )
        return Refusal("not_open_yet", 409, said, gettext("Keep the letter and come back then."))
    if span is not None and span.ends_at <= at:
        said = gettext(
            "Your code was for a vote that closed on %(moment)s.", moment=i18n.moment(span.ends_at)
        )
        next_step = gettext("A ballot that you cast before closing is counted.")
        return Refusal("closed", 410, said, next_step)
    said = gettext("Your code is right, but nothing can be voted on in your district now.")
    return Refusal("no_paper", 409, said, gettext("If this surprises you, %(ask)s", ask=ask_town()))


def letter_is_old() -> Refusal:
    """The code is right, and its vote is over: it confirms no account any more."""
    return Refusal(
        "old_letter",
        410,
        gettext("This letter was for a vote that is over."),
        gettext("Use the newest letter that you got. If you have none, %(ask)s", ask=ask_town()),
    )


def _locked(until: datetime) -> Refusal:
    return Refusal(
        "locked_code",
        429,
        gettext(
            "This code was typed wrongly too often and is locked until %(moment)s.",
            moment=i18n.moment(until),
        ),
        gettext("Try again after that. If it was not you, %(ask)s", ask=ask_town()),
    )


def ask_town() -> str:
    """The end of a sentence that leads to a person."""
    contact = current_app.config["SETTINGS"].contact_email
    return gettext("ask the town hall: %(contact)s.", contact=contact)
