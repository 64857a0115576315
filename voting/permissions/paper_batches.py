"""When papers are keyed, settled, approved and put into the box, and what is still missing."""

from datetime import datetime

from flask_babel import gettext

from budgets.models import Round
from budgets.phases import PhaseKind
from core.actors import Actor, acts_as
from core.i18n import moment
from core.languages import sentence
from core.refusals import Refusal
from voting.models import Contest, PaperBatch
from voting.permissions.paper import why_not_work_with_paper
from voting.permissions.paper_sums import (
    title_of,
    what_batch_lacks,
    what_contest_lacks,
)
from voting.queries.paper_batches import BatchState, side_of, waits_for_paper


def why_not_open_box(actor: Actor | None, round_: Round, at: datetime) -> Refusal | None:
    """Boxes are opened, and papers keyed, once voting is over: nobody sees a result before."""
    refusal = why_not_work_with_paper(actor)
    if refusal is not None:
        return refusal
    voting = round_.span_of(PhaseKind.VOTING)
    if voting is not None and voting.ends_at <= at:
        return None
    return Refusal(
        "voting_not_over",
        409,
        gettext("Papers are keyed once voting is over.")
        + (f" {gettext('It ends on %(end)s.', end=moment(voting.ends_at))}" if voting else ""),
        gettext("Leave the boxes closed until then."),
    )


def why_not_change_batch(actor: Actor | None, batch: PaperBatch, at: datetime) -> Refusal | None:
    """A batch changes until it is approved, and not once its contest's ballots are in the box."""
    refusal = why_not_open_box(actor, batch.contest.round, at) or why_not_add_paper(batch.contest)
    if refusal is not None:
        return refusal
    if batch.approved_on is None:
        return None
    return Refusal(
        "approved",
        409,
        gettext("This batch is approved, so it stays as it is."),
        gettext("An officer who finds a mistake takes the approval back first."),
    )


def why_not_add_paper(contest: Contest) -> Refusal | None:
    """No papers are added once those of the contest are in the box."""
    if contest.paper_ballots is None:
        return None
    return Refusal(
        "in_the_box",
        409,
        sentence(
            gettext("The paper ballots of “%(title)s” are in the box already."),
            title=title_of(contest),
        ),
        gettext("Nothing was changed. They cannot be taken out again."),
    )


def why_not_key(actor: Actor | None, batch: PaperBatch, at: datetime) -> Refusal | None:
    """Two people key a batch; a third does not, and nobody goes on once both have finished."""
    refusal = why_not_change_batch(actor, batch, at)
    if refusal is not None:
        return refusal
    side = side_of(batch, actor)
    if side is None and len(batch.keyers) >= 2:
        return Refusal(
            "two_key_already",
            409,
            gettext("Two other people key this batch already."),
            gettext("Take another batch, or approve this one when they are done."),
        )
    if any(each.side == side and each.is_finished for each in batch.keyers):
        return Refusal(
            "finished",
            409,
            gettext("You have finished this batch."),
            gettext("To put something right, go on keying first: the button is on the batch."),
        )
    return None


def why_not_settle(actor: Actor | None, state: BatchState, at: datetime) -> Refusal | None:
    """Differences are settled by the two who keyed, once both have finished."""
    refusal = why_not_change_batch(actor, state.batch, at)
    if refusal is not None:
        return refusal
    if side_of(state.batch, actor) is None:
        said = gettext("Only the two who keyed this batch settle its differences.")
        return Refusal("not_a_keyer", 403, said, gettext("Nothing was changed."))
    if not state.both_finished or not state.same_number:
        said = gettext("There is nothing to settle yet.")
        return Refusal("not_finished", 409, said, gettext("First both finish keying."))
    return None


def why_not_approve(actor: Actor | None, state: BatchState, at: datetime) -> Refusal | None:
    """An officer who keyed neither approves, and only what adds up."""
    refusal = why_not_change_batch(actor, state.batch, at)
    if refusal is not None:
        return refusal
    if not acts_as(actor, "officer"):
        said = gettext("Only election officers approve a batch.")
        return Refusal("not_an_officer", 403, said, gettext("Nothing was changed."))
    if side_of(state.batch, actor) is not None:
        said = gettext("You keyed this batch, so somebody else approves it.")
        return Refusal("keyed_it", 403, said, gettext("Ask another election officer."))
    lacking = what_batch_lacks(state)
    if lacking:
        return Refusal("batch_incomplete", 409, lacking[0], gettext("Nothing was approved."))
    return None


def why_not_take_approval_back(
    actor: Actor | None, batch: PaperBatch, at: datetime
) -> Refusal | None:
    """Until the ballots are in the box, an officer may have a batch looked at again."""
    refusal = why_not_open_box(actor, batch.contest.round, at) or why_not_add_paper(batch.contest)
    if refusal is not None:
        return refusal
    if acts_as(actor, "officer") and batch.approved_on is not None:
        return None
    said = gettext("There is no approval here that you could take back.")
    return Refusal("not_approved", 409, said, gettext("Nothing was changed."))


def why_not_put_in_box(actor: Actor | None, contest: Contest, at: datetime) -> Refusal | None:
    """Paper joins the web's ballots once those are sealed and every paper is accounted for."""
    refusal = why_not_open_box(actor, contest.round, at) or why_not_add_paper(contest)
    if refusal is not None:
        return refusal
    if not acts_as(actor, "officer"):
        said = gettext("Only election officers put paper ballots into the box.")
        return Refusal("not_an_officer", 403, said, gettext("Nothing was changed."))
    if contest.sealed_at is None:
        words = gettext("The ballots of “%(title)s” are not sealed.")
        unsealed = sentence(words, title=title_of(contest))
        return Refusal("not_sealed", 409, unsealed, gettext("Close the voting first."))
    lacking = what_contest_lacks(contest)
    if lacking:
        return Refusal("paper_missing", 409, lacking[0], gettext("Nothing was put into the box."))
    return None


def why_not_count_yet(contest: Contest) -> Refusal | None:
    """Nothing is counted while papers of this contest are out, or not in the box."""
    if not waits_for_paper(contest):
        return None
    lacking = what_contest_lacks(contest)
    not_in = sentence(
        gettext("The paper ballots of “%(title)s” are not in the box yet."),
        title=title_of(contest),
    )
    next_step = gettext("Nothing was counted. See “Paper voting” for what is to be done.")
    return Refusal("paper_missing", 409, lacking[0] if lacking else not_in, next_step)
