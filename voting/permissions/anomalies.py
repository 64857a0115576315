"""Who reads the anomaly report, and that nothing is certified before it was read."""

from datetime import datetime

from flask import url_for
from flask_babel import gettext

from budgets.models import Round
from core.actors import Actor, acts_as
from core.clock import city_zone
from core.refusals import Refusal
from voting.queries.anomalies import has_read, report_of, was_voted_on_here
from voting.queries.contests import contests_of


def why_not_sign_report(
    actor: Actor | None,
    round_: Round,
    at: datetime,  # noqa: ARG001  (every permission is asked for a moment)
) -> Refusal | None:
    """An officer says that she has read it, once nothing is added to it any more."""
    if not acts_as(actor, "officer"):
        sentence = gettext("Only election officers read this report. Nothing was changed.")
        return Refusal("not_an_officer", 403, sentence)
    if any(contest.sealed_at is None for contest in contests_of(round_.id)):
        return Refusal(
            "report_not_complete",
            409,
            gettext("The report is not complete: not all ballots of this round are sealed."),
            gettext("Nothing was noted. Read it again once they are."),
        )
    return None


def why_not_unread(actor: Actor | None, round_: Round) -> Refusal | None:
    """Whoever certifies has read what was unusual, as it is now."""
    if not was_voted_on_here(contests_of(round_.id)):
        return None
    report = report_of(round_, city_zone())
    if actor is not None and has_read(actor.id, round_.id, report.sha256):
        return None
    return Refusal(
        "report_unread",
        409,
        gettext("You have not read yet what was unusual in this vote, or it has changed since."),
        gettext("Nothing was certified. Read the report, and say so below it."),
        next_url=url_for("voting.anomalies.show", ref=round_.ref),
        next_label=gettext("Read what was unusual"),
    )
