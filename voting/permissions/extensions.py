"""When voting may be extended."""

from datetime import datetime

from flask_babel import gettext

from budgets.models import Round
from budgets.permissions import why_not_manage_rounds
from budgets.phases import PhaseKind
from core.actors import Actor
from core.i18n import moment
from core.refusals import Refusal
from voting.queries.contests import contests_of


def why_not_extend_voting(
    actor: Actor | None, round_: Round, until: datetime | None, at: datetime
) -> Refusal | None:
    """Only while people vote, and only to a later end. What is closed stays closed."""
    refusal = why_not_manage_rounds(actor)
    if refusal is not None:
        return refusal
    voting = round_.span_of(PhaseKind.VOTING)
    sealed = any(contest.sealed_at is not None for contest in contests_of(round_.id))
    if voting is None or not round_.is_in(PhaseKind.VOTING, at) or sealed:
        return Refusal(
            "not_in_voting",
            409,
            gettext("Nobody is voting in this round now, so the voting cannot be extended."),
            gettext("Nothing was changed. Voting that is over is never opened again."),
        )
    if until is None or until > voting.ends_at:
        return None
    return Refusal(
        "not_later",
        409,
        gettext("Voting ends on %(end)s. It can only be made longer.", end=moment(voting.ends_at)),
        gettext("Nothing was changed. Choose a later end."),
    )
