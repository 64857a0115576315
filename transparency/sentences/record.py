"""The public acts about a round in words."""

from datetime import datetime

from flask_babel import gettext, ngettext

from core.audit import AuditEntry
from core.i18n import moment
from voting.change_words import ACTS, change_in_words

READ_REPORT = "read_anomaly_report"


def act_in_words(entry: AuditEntry) -> str:
    """What was done, in a sentence."""
    if entry.act == "extend_voting":
        end = datetime.fromisoformat(entry.details["after"])
        return gettext("The voting was extended until %(end)s.", end=moment(end))
    if entry.act == "destroy_link_key":
        return gettext(
            "The key that could tie ballots to persons was destroyed (%(contest)s).",
            contest=entry.subject.partition(":")[2],
        )
    if entry.act == READ_REPORT:
        notes = entry.details["notes"]
        if not notes:
            return gettext("An officer read how the ballots came in: nothing was unusual.")
        return ngettext(
            "An officer read how the ballots came in. There is %(num)s note on what was unusual.",
            "An officer read how the ballots came in. There are %(num)s notes on what was unusual.",
            notes,
        )
    if entry.act == "withdraw_ballot":
        return gettext(
            "One ballot was taken out of the box of “%(contest)s” after an objection.",
            contest=entry.details["title"],
        )
    if entry.act in ACTS:
        return change_in_words(entry)
    return entry.act.replace("_", " ").capitalize()


def by_whom(entry: AuditEntry) -> str:
    """How many did it, without names."""
    if entry.act == READ_REPORT:
        return gettext("by one officer")
    return gettext("by two officers")
