"""Who may publish results, and when."""

from datetime import datetime

from flask_babel import gettext, ngettext

from budgets.models import Round
from core.actors import Actor, acts_as
from core.refusals import Refusal
from transparency.queries import publication_of
from transparency.queries.orders import order_of
from voting.queries.contests import contests_of
from voting.queries.counts import certified_counts


def why_not_see_publication(actor: Actor | None) -> Refusal | None:
    """The screen of a publication is for election officers."""
    if acts_as(actor, "officer"):
        return None
    sentence = gettext("Only election officers publish results. Nothing was changed.")
    return Refusal("not_an_officer", 403, sentence)


def why_not_publish(actor: Actor | None, round_: Round, at: datetime) -> Refusal | None:  # noqa: ARG001
    """All contests are certified, and none was published. That two want it, the act sees to."""
    refusal = why_not_see_publication(actor)
    if refusal is not None:
        return refusal
    if publication_of(round_.id) is not None:
        return Refusal(
            "already_published",
            409,
            gettext("The results of this round were published already. They stay as they are."),
        )
    return _why_not_ready(round_)


def why_not_order_publication(actor: Actor | None, round_: Round, at: datetime) -> Refusal | None:
    """As publishing, and not while an earlier order is still being carried out."""
    refusal = why_not_publish(actor, round_, at)
    order = order_of(round_.id)
    if refusal is not None or order is None or not order.is_live:
        return refusal
    return Refusal(
        "being_prepared",
        409,
        gettext("The results of this round are being prepared already. Nothing was changed."),
        gettext("They become public as soon as they are ready."),
    )


def _why_not_ready(round_: Round) -> Refusal | None:
    contests = contests_of(round_.id)
    if not contests:
        sentence = gettext("This round has no contest, so there is no result. Nothing was changed.")
        return Refusal("no_contests", 409, sentence)
    certified = {count.contest_id for count in certified_counts(round_.id)}
    missing = [contest.title for contest in contests if contest.id not in certified]
    if not missing:
        return None
    return Refusal(
        "not_certified",
        409,
        ngettext(
            "The count of one contest is not certified yet: %(titles)s. Nothing was published.",
            "The counts of %(num)s contests are not certified yet, among them %(titles)s. "
            "Nothing was published.",
            len(missing),
            titles="; ".join(missing[:3]),
        ),
        gettext("All contests of a round are published together. Certify these first."),
    )
