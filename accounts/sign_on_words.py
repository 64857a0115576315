"""The sentences of the town's sign-on: why it showed nobody, and what to do."""

from flask_babel import gettext

from core.refusals import Refusal

WAYS = "/account/residency"


def not_offered() -> Refusal:
    return Refusal(
        "way_not_offered",
        404,
        gettext("This way to be confirmed is not offered here."),
        gettext("See the ways that there are."),
        next_url=WAYS,
        next_label=gettext("See the ways"),
    )


def cannot_verify_now() -> Refusal:
    return Refusal(
        "cannot_verify_now",
        503,
        gettext("The town's login does not answer, so we cannot confirm you in this way now."),
        gettext("Your account is as it was. Try again in some minutes, or take another way."),
        next_url=WAYS,
        next_label=gettext("See the ways"),
    )


def not_from_here() -> Refusal:
    return Refusal(
        "not_from_here",
        400,
        gettext("This answer of the town's login does not belong to what you began here."),
        gettext("Nothing was confirmed. Begin again from the page of ways, in this browser."),
        next_url=WAYS,
        next_label=gettext("See the ways"),
    )


def too_late() -> Refusal:
    return Refusal(
        "sign_on_too_late",
        410,
        gettext("This login was finished already, or took longer than ten minutes."),
        gettext("Nothing was confirmed. Begin again."),
        next_url=WAYS,
        next_label=gettext("See the ways"),
    )


def not_shown() -> Refusal:
    return Refusal(
        "not_shown",
        403,
        gettext("The town's login did not show who you are, so nothing was confirmed."),
        gettext("Try once more, or take another way."),
        next_url=WAYS,
        next_label=gettext("See the ways"),
    )


def not_on_the_register(contact: str) -> Refusal:
    return Refusal(
        "not_on_the_register",
        403,
        gettext(
            "The town's login knows you, but you are not on the voter roll. Nothing was confirmed."
        ),
        gettext(
            "Perhaps you moved here lately, or are too young. Come to the town hall with a"
            " document, or write to %(contact)s.",
            contact=contact,
        ),
        next_url=WAYS,
        next_label=gettext("See the ways"),
    )
