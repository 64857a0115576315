"""When a ballot may be taken out because an objection about its voter was upheld."""

from datetime import datetime

from flask_babel import gettext

from budgets.models import Round
from budgets.phases import PhaseKind
from core.actors import Actor
from core.i18n import moment
from core.refusals import Refusal
from voting.models import Contest
from voting.permissions.counts import why_not_count_rounds
from voting.queries.ballots import ballot_under
from voting.queries.contests import contests_of


def why_not_hear_objections(actor: Actor | None, round_: Round, at: datetime) -> Refusal | None:
    """Between the end of voting and that of the period which the round declared before it."""
    refusal = why_not_count_rounds(actor)
    if refusal is not None:
        return refusal
    voting, until = round_.span_of(PhaseKind.VOTING), round_.objections_until
    if round_.announced_at is None or voting is None or until is None or not round_.objection_days:
        sentence = gettext("This round did not declare a time for objections before voting.")
        next_step = gettext(
            "Nothing was changed. A round that shall hear them says for how many days, before its"
            " first ballot."
        )
        return Refusal("no_objections", 409, sentence, next_step)
    sealed = any(contest.sealed_at is not None for contest in contests_of(round_.id))
    if voting.ends_at <= at < until and not sealed:
        return None
    return Refusal(
        "not_in_time",
        409,
        gettext(
            "Objections are heard from %(start)s until %(end)s.",
            start=moment(voting.ends_at),
            end=moment(until),
        ),
        gettext("Nothing was changed. Come back then: people may still change their ballots.")
        if at < voting.ends_at
        else gettext("Nothing was changed. No ballot can be found or taken out any more."),
    )


def why_not_withdraw_ballot(
    actor: Actor | None, contest: Contest, tag: str, at: datetime
) -> Refusal | None:
    """While objections are heard, and while that ballot is in the box."""
    refusal = why_not_hear_objections(actor, contest.round, at)
    if refusal is not None or ballot_under(contest.id, tag) is not None:
        return refusal
    return Refusal(
        "no_such_ballot",
        409,
        gettext("There is no ballot of this person in the box of “%(title)s”.",
                title=contest.title),
        gettext("Nothing was changed. Papers from an urn belong to nobody any more."),
    )  # fmt: skip
