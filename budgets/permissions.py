"""Who may change a round, and until when."""

from datetime import datetime

from flask_babel import gettext

from budgets.models import Round
from core.actors import Actor, acts_as
from core.refusals import Refusal


def why_not_manage_rounds(actor: Actor | None) -> Refusal | None:
    """Rounds are set up by election officers."""
    if acts_as(actor, "officer"):
        return None
    sentence = gettext("Only election officers set up budget rounds. Nothing was changed.")
    return Refusal("not_an_officer", 403, sentence)


def why_not_change_round(actor: Actor | None, round_: Round, at: datetime) -> Refusal | None:  # noqa: ARG001
    """Money, calendar, limits and rule can be changed until the first ballot was cast."""
    refusal = why_not_manage_rounds(actor)
    if refusal is not None:
        return refusal
    if round_.frozen_at is None:
        return None
    return Refusal(
        "frozen",
        409,
        gettext("The first ballot of this round has been cast, so its settings stay as they are."),
        gettext("Nothing was changed. A mistake can be put right by two officers, in public."),
    )
