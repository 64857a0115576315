"""What each status says to a reader: what happened and what was kept, then what to do."""

from flask_babel import gettext, ngettext

from core import limits

MINUTE, HOUR = 60, 3600


def words_for(status: int, reference: str) -> tuple[str, str]:
    """The sentence and the next step. The reference stands in the log beside what broke."""
    if status == 429:
        return gettext("Too many tries in a short time. Nothing was changed."), _when_again()
    known = _mistakes() | _sizes()
    if status in known:
        return known[status]
    return known[400] if status < 500 else _broken(reference)


def _mistakes() -> dict[int, tuple[str, str]]:
    return {
        400: (
            gettext("This request could not be read. Nothing was changed."),
            gettext("Go back and try again."),
        ),
        401: (
            gettext("You are not signed in any more. Nothing was sent yet."),
            gettext("Sign in, then send it again. What you typed is below."),
        ),
        403: (
            gettext("This page is not open to your account."),
            gettext("If you think it should be, ask the town hall."),
        ),
        404: (
            gettext("There is no page at this address."),
            gettext("It may have been moved or taken down. The home page shows what is open now."),
        ),
        405: (
            gettext("This address cannot be used in this way."),
            gettext("Start at the home page."),
        ),
        410: (
            gettext("There is no page at this address any more."),
            gettext("The home page shows what is open now."),
        ),
        503: (
            gettext("This cannot be done right now. Nothing was changed."),
            gettext("Please try again in a minute."),
        ),
    }


def _sizes() -> dict[int, tuple[str, str]]:
    """What was sent in a form, a size or a time that no page takes."""
    return {
        408: (
            gettext("This took too long to arrive. Nothing was changed."),
            gettext("Go back and send it again."),
        ),
        411: (
            gettext("This was sent without its length and was not read. Nothing was changed."),
            gettext("Send it from the form on the page, or with a Content-Length."),
        ),
        413: (
            gettext("What you sent is too large. Nothing was saved."),
            gettext("Shorten it, go back, and send it again."),
        ),
        415: (
            gettext("What you sent is of a kind that this page cannot read. Nothing was changed."),
            gettext("Send it from the form on the page."),
        ),
    }


def _broken(reference: str) -> tuple[str, str]:
    return (
        gettext("Something went wrong on our side. We have a record of it."),
        gettext(
            "Please try again in a minute. If it happens again, tell the town hall this word: "
            "%(reference)s.",
            reference=reference,
        ),
    )


def _when_again() -> str:
    """The time to wait, rounded up, so that who waits for so long is let in."""
    seconds = limits.seconds_to_wait()
    if seconds <= MINUTE:
        return gettext("Try again in a minute.")
    if seconds <= 2 * HOUR:
        minutes = -(-seconds // MINUTE)
        return ngettext("Try again in %(num)s minute.", "Try again in %(num)s minutes.", minutes)
    hours = -(-seconds // HOUR)
    return ngettext("Try again in %(num)s hour.", "Try again in %(num)s hours.", hours)
