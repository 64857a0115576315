"""Who may do what to a proposal, until when, and the sentence for who may not."""

from datetime import datetime

from flask_babel import gettext

from budgets.models import Round
from budgets.phases import PhaseKind
from core.actors import Actor, acts_as
from core.i18n import moment
from core.refusals import Refusal
from proposals.lifecycle import State, may_become
from proposals.models import Proposal
from proposals.words import state_word

OPEN_TO_CHANGE = {State.DRAFT, State.PUBLISHED}


def why_not_write_proposal(actor: Actor | None, round_: Round, at: datetime) -> Refusal | None:
    """Whoever confirmed her e-mail address may, while the round takes proposals."""
    if (refusal := _why_not_author(actor)) is not None:
        return refusal
    if round_.is_in(PhaseKind.SUBMISSION, at):
        return None
    return _not_now(round_, at)


def no_round_takes_proposals() -> Refusal:
    """For a text that arrives when there is no round for it."""
    return Refusal(
        "no_round",
        409,
        gettext("No round takes proposals now."),
        gettext("Nothing was saved. Copy your text if you want to keep it."),
    )


def why_not_change_proposal(
    actor: Actor | None, proposal: Proposal, at: datetime
) -> Refusal | None:
    """Its author may, until it is reviewed, while the round takes proposals."""
    if (refusal := _why_not_own(actor, proposal)) is not None:
        return refusal
    if proposal.state not in OPEN_TO_CHANGE:
        return Refusal(
            "settled",
            409,
            gettext(
                "This proposal is marked “%(state)s” and cannot be changed any more. "
                "The text that others see is as it was.",
                state=state_word(proposal.state),
            ),
            gettext("Write below it what has changed, so that everybody can read it."),
        )
    if proposal.round.is_in(PhaseKind.SUBMISSION, at):
        return None
    return _not_now(proposal.round, at)


def why_not_publish_proposal(
    actor: Actor | None, proposal: Proposal, at: datetime
) -> Refusal | None:
    """Its author may publish a draft; that its parts are all there is asked of the form."""
    return why_not_change_proposal(actor, proposal, at)


def why_not_withdraw_proposal(actor: Actor | None, proposal: Proposal) -> Refusal | None:
    """Its author may, until it stands on a ballot paper."""
    if (refusal := _why_not_own(actor, proposal)) is not None:
        return refusal
    if may_become(State(proposal.state), State.WITHDRAWN):
        return None
    return Refusal(
        "cannot_withdraw",
        409,
        gettext(
            "This proposal is marked “%(state)s” and cannot be withdrawn.",
            state=state_word(proposal.state),
        ),
        gettext("Nothing was changed."),
    )


def why_not_discard_draft(actor: Actor | None, proposal: Proposal) -> Refusal | None:
    """Its author may throw away what nobody else has seen."""
    if (refusal := _why_not_own(actor, proposal)) is not None:
        return refusal
    if proposal.state == State.DRAFT:
        return None
    return Refusal(
        "published",
        409,
        gettext("Others have read this proposal already, so it cannot be thrown away."),
        gettext("You can withdraw it instead: its page then says so."),
    )


def why_not_review_proposal(
    actor: Actor | None, proposal: Proposal, at: datetime
) -> Refusal | None:
    """A reviewer may, in the phases for it, unless the proposal is her own."""
    if not acts_as(actor, "reviewer"):
        return Refusal("not_a_reviewer", 403, gettext("Only reviewers decide this."))
    if actor is not None and proposal.author_id == actor.id:
        return Refusal(
            "own_proposal",
            403,
            gettext("This is your own proposal, so another reviewer must decide."),
            gettext("Nothing was changed."),
        )
    if not any(proposal.round.is_in(kind, at) for kind in (PhaseKind.SUBMISSION, PhaseKind.REVIEW)):
        sentence = gettext("Reviews of this round are over. Nothing was changed.")
        return Refusal("review_over", 409, sentence)
    if State(proposal.state) in {State.PUBLISHED, State.FEASIBLE, State.NOT_FEASIBLE}:
        return None
    return Refusal(
        "not_for_review",
        409,
        gettext("This proposal is marked “%(state)s”.", state=state_word(proposal.state)),
        gettext("There is nothing to decide. Nothing was changed."),
    )


def why_not_decide(proposal: Proposal, feasible: bool) -> Refusal | None:
    """A decision must change something: it is not taken twice."""
    target = State.FEASIBLE if feasible else State.NOT_FEASIBLE
    if may_become(State(proposal.state), target):
        return None
    return Refusal(
        "decided",
        409,
        gettext("This was decided already: “%(state)s”.", state=state_word(proposal.state)),
        gettext("Nothing was changed."),
    )


def _why_not_author(actor: Actor | None) -> Refusal | None:
    if actor is None or not actor.is_authenticated:
        return Refusal("not_signed_in", 401, gettext("Sign in to write a proposal."))
    if getattr(actor, "confirmed_at", None) is None:
        return Refusal(
            "not_confirmed",
            403,
            gettext("Your e-mail address is not confirmed yet."),
            gettext("Open the link that we sent you, then come back."),
        )
    return None


def _why_not_own(actor: Actor | None, proposal: Proposal) -> Refusal | None:
    if (refusal := _why_not_author(actor)) is not None:
        return refusal
    if actor is not None and proposal.author_id == actor.id:
        return None
    sentence = gettext("Only the person who wrote this proposal can do this.")
    return Refusal("not_the_author", 403, sentence)


def _not_now(round_: Round, at: datetime) -> Refusal:
    span = round_.span_of(PhaseKind.SUBMISSION)
    if span is None:
        sentence = gettext("%(round)s takes no proposals.", round=round_.name)
    elif at < span.starts_at:
        sentence = gettext(
            "%(round)s takes proposals from %(time)s on.",
            round=round_.name,
            time=moment(span.starts_at),
        )
    else:
        sentence = gettext(
            "%(round)s took proposals until %(time)s.", round=round_.name, time=moment(span.ends_at)
        )
    return Refusal(
        "not_in_submission",
        409,
        sentence,
        gettext("Nothing was saved or changed. Copy your text if you want to keep it."),
    )
