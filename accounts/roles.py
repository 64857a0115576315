"""The words for roles: what each is called and what it may do."""

from flask_babel import gettext


def role_word(role: str) -> str:
    words = {
        "moderator": gettext("Moderator"),
        "reviewer": gettext("Reviewer"),
        "clerk": gettext("Clerk"),
        "officer": gettext("Election officer"),
        "administrator": gettext("Administrator"),
        "auditor": gettext("Auditor"),
    }
    return words[role]


def role_meaning(role: str) -> str:
    meanings = {
        "moderator": gettext("Opens roundtables, hides posts and locks threads, on the record."),
        "reviewer": gettext("Says what a proposal would cost and whether it can be done."),
        "clerk": gettext("Confirms residents, and by that lets them vote."),
        "officer": gettext("Sets up rounds, starts, certifies and publishes counts."),
        "administrator": gettext("Gives and takes roles."),
        "auditor": gettext(
            "Takes the openings of sealed ballots and checks them; changes nothing."
        ),
    }
    return meanings[role]
