"""Whether a sealed ballot may still be cast, or opened for a check."""

from flask_babel import gettext
from sqlalchemy import bindparam, exists, select

from core.database import db
from core.refusals import Refusal
from voting.models import SpoiledBallot, SupersededLeaf
from voting.queries.at_the_box import AnyContest

_SUPERSEDED, _SPOILED = SupersededLeaf.__table__.c, SpoiledBallot.__table__.c
_USED_UP = select(
    exists().where(
        _SUPERSEDED.contest_id == bindparam("contest_id"),
        _SUPERSEDED.commitment == bindparam("commitment"),
    ),
    exists().where(
        _SPOILED.contest_id == bindparam("contest_id"),
        _SPOILED.commitment == bindparam("commitment"),
    ),
)


def why_not_these_terms(seen: str, now: str) -> Refusal | None:
    """Nobody casts under other terms than those she reviewed her ballot under."""
    if seen in ("", now):
        return None
    return Refusal(
        "terms_changed",
        409,
        gettext("The rules of this vote were changed while you looked. Nothing was cast."),
        gettext("The page of the round tells what was changed. Look again, then cast it."),
    )


def why_not_this_commitment(contest: AnyContest, commitment: bytes) -> Refusal | None:
    """A ballot that its voter changed since is not put back by a form that comes late, and one
    that was opened for a check is not cast."""
    asked = {"contest_id": contest.id, "commitment": commitment}
    superseded, spoiled = db.session.execute(_USED_UP, asked).one()
    if superseded:
        return Refusal(
            "changed_since",
            409,
            gettext("You have changed your ballot since. This older one was not put back."),
            gettext("The ballot that you cast last counts. To go back to this one, cast it anew."),
        )
    if spoiled:
        return Refusal(
            "opened_for_check",
            409,
            gettext("This sealed ballot was opened for a check, so it cannot be cast."),
            gettext("Cast the same ranking anew: it is sealed afresh."),
        )
    return None
