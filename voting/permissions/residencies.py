"""When it is too late to say that a confirmed resident was somebody else after all."""

from collections.abc import Sequence

from flask_babel import gettext

from core.refusals import Refusal
from voting.link_keys import LinkKeyMissing
from voting.models import Contest, RollEntry
from voting.queries.ballots import own_ballot


def why_not_release_entry(entry: RollEntry, contests: Sequence[Contest]) -> Refusal | None:
    """Whether a ballot was cast or kept for this person in contests that are not sealed yet.

    A kept one counts as well. It is not removed here: a transaction that writes both the act and
    the ballot would tie them for whoever reads the raw storage. Holds while a transaction lasts
    only if the voter was locked in it.
    """
    try:
        has_voted = any(own_ballot(contest, entry) is not None for contest in contests)
    except LinkKeyMissing:
        return Refusal(
            "cannot_be_told",
            503,
            gettext("Nobody can tell now whether this person has voted on the web."),
            gettext("Nothing was changed. Tell the administrator."),
        )
    if not has_voted:
        return None
    return Refusal(
        "has_voted",
        409,
        gettext(
            "A ballot was already marked or cast in this person's name, so the confirmation stays."
        ),
        gettext(
            "Nothing was changed. Give the right person a code at the desk, under “Letters and"
            " codes”: the ballot that comes last counts. An objection after closing takes it out,"
            " where the round hears objections."
        ),
    )
