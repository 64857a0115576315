"""After closing: officers seal the ballots, count them, look at the counts and certify them.

Before closing these pages tell how many ballots were cast, and nothing else of them.
"""

from datetime import datetime

from flask import Blueprint, Response, abort, current_app, flash, url_for
from flask_babel import gettext, ngettext
from flask_login import current_user
from werkzeug.wrappers import Response as BaseResponse

from accounts.queries import requests_about
from budgets.models import Round
from budgets.phases import PhaseKind
from budgets.queries import round_seen_by
from budgets.services import freeze_round
from core import access, approvals, audit, clock, responses, slots
from core.database import db
from core.refusals import Refusal, refuse, refuse_if
from voting import counting
from voting.link_keys import LinkKeyMissing
from voting.log_keys import LogKeyMissing
from voting.models import Contest, ContestCount
from voting.offered import EVERY_RULE
from voting.permissions.anomalies import why_not_unread
from voting.permissions.counts import (
    has_link_key,
    why_not_certify,
    why_not_close_voting,
    why_not_count,
)
from voting.permissions.paper_batches import why_not_count_yet
from voting.queries.contests import ballots_cast, ballots_kept, contests_of, number_of_options
from voting.queries.count_views import view_of
from voting.queries.counts import count_by_ref, latest_counts
from voting.queries.election_views import election_view_of
from voting.queries.turnout import people_on_roll
from voting.services.closing import LostBallots, UnmatchedBallots, VotingStillOpen, seal_contest
from voting.services.counts import count_contest
from voting.services.log import LogBroken
from voting.services.two_person_acts import CERTIFY_COUNTS, DESTROY_LINK_KEYS, counts_named

bp = Blueprint("counts", __name__)
PUBLICATION = "transparency.publications.show"
NOT_SEALED = (
    LinkKeyMissing, LogKeyMissing, LogBroken, UnmatchedBallots, LostBallots, VotingStillOpen,
)  # fmt: skip


@bp.get("/staff/rounds/<ref>/count")
@access.only("officer")
def index(ref: str) -> Response:
    """Where the count of a round stands: turnout before closing, then contest by contest."""
    round_ = round_seen_by(current_user, ref) or abort(404)
    at = clock.now()
    contests = contests_of(round_.id)
    counts = latest_counts(round_.id)
    filled = number_of_options([contest.id for contest in contests])
    no_paper = {each.id: why_not_count_yet(each) for each in contests}
    page = responses.page(
        "voting/counts/index.html",
        round=round_,
        at=at,
        contests=contests,
        counts=counts,
        turnout=ballots_cast(contests),
        roll=people_on_roll(contests),
        kept=ballots_kept(contests),
        voting=round_.span_of(PhaseKind.VOTING),
        not_closable=why_not_close_voting(current_user, round_, at),
        to_seal=[each for each in contests if each.sealed_at is None],
        to_count=[
            each for each in contests
            if each.sealed_at is not None and each.id in filled and each.id not in counts
            and no_paper[each.id] is None
        ],
        no_paper=[refusal for refusal in no_paper.values() if refusal is not None],
        to_certify=[count for count in counts.values() if count.certified_at is None],
        keys_to_destroy=[each for each in contests if has_link_key(each)],
        waiting=requests_about(f"round:{round_.ref}", current_user, at),
        publication_url=_publication_url(round_),
        results_url=_results_url(round_.id),
    )  # fmt: skip
    return responses.private(page)


@bp.post("/staff/rounds/<ref>/seals")
@access.only("officer")
def close(ref: str) -> BaseResponse:
    """Seals the ballots of every contest, each in a transaction of its own.

    A contest that cannot be sealed stops nobody else's; its ballots stay as they are.
    """
    round_ = round_seen_by(current_user, ref, for_change=True) or abort(404)
    at = clock.now()
    refuse_if(why_not_close_voting(current_user, round_, at))
    freeze_round(round_, at=at)
    audit.record("close_voting", f"round:{round_.ref}", by=current_user, at=at)
    db.session.commit()
    waiting = [each for each in contests_of(round_.id) if each.sealed_at is None]
    failures = [failure for each in waiting if (failure := _seal(each, at)) is not None]
    if failures:
        refuse(failures[0])
    words = ngettext(
        "The ballots of %(num)s contest are sealed.", "The ballots of %(num)s contests are sealed.",
        len(waiting),
    )  # fmt: skip
    flash(words, "good")
    return responses.see_other(url_for("voting.counts.index", ref=round_.ref))


@bp.post("/staff/rounds/<ref>/counts")
@access.only("officer")
def create(ref: str) -> BaseResponse:
    """Counts every sealed contest whose count is not certified yet."""
    round_ = round_seen_by(current_user, ref) or abort(404)
    at = clock.now()
    contests = contests_of(round_.id)
    refusals = {each.id: why_not_count(current_user, each, at) for each in contests}
    ready = [each for each in contests if refusals[each.id] is None]
    if not ready:
        refuse(next(filter(None, refusals.values()), None) or _nothing_to_count())
    try:
        for contest in ready:
            count_contest(contest, by=current_user, at=at)
    except counting.CountingError as error:
        refuse(_not_countable(error))
    db.session.commit()
    flash(ngettext("%(num)s contest was counted.", "%(num)s contests were counted.", len(ready)),
          "good")  # fmt: skip
    return responses.see_other(url_for("voting.counts.index", ref=round_.ref))


@bp.get("/staff/counts/<ref>")
@access.only("officer")
def show(ref: str) -> Response:
    """One count: what would be funded or chosen, stage by stage, and the act of certifying."""
    count_ = count_by_ref(ref) or abort(404)
    for_seats = count_.contest.is_for_seats
    page = responses.page(
        "voting/counts/election.html" if for_seats else "voting/counts/show.html",
        view=election_view_of(count_) if for_seats else view_of(count_),
        count=count_,
        contest=count_.contest,
        rules=EVERY_RULE,
        refusal=why_not_certify(current_user, count_, clock.now())
        or why_not_unread(current_user, count_.contest.round),
        results_url=_results_url(count_.contest.round_id),
    )
    return responses.private(page)


@bp.post("/staff/counts/<ref>/certificate")
@access.only("officer")
def certify(ref: str) -> BaseResponse:
    """Asks for one count to be certified, which a second officer confirms."""
    count_ = count_by_ref(ref) or abort(404)
    return _ask_to_certify(count_.contest.round, [count_])


@bp.post("/staff/rounds/<ref>/certificates")
@access.only("officer")
def certify_all(ref: str) -> BaseResponse:
    """Asks for every count of the round that awaits it to be certified; all of them, or none."""
    round_ = round_seen_by(current_user, ref) or abort(404)
    newest = latest_counts(round_.id).values()
    waiting = [count_ for count_ in newest if count_.certified_at is None]
    if not waiting:
        refuse(_nothing_to_certify())
    return _ask_to_certify(round_, waiting)


@bp.post("/staff/rounds/<ref>/link-keys/destruction")
@access.only("officer")
def destroy_link_keys(ref: str) -> BaseResponse:
    """Asks for the link keys to be destroyed, which a second officer confirms."""
    round_ = round_seen_by(current_user, ref) or abort(404)
    approvals.ask(DESTROY_LINK_KEYS, f"round:{round_.ref}", by=current_user, at=clock.now())
    return _asked(round_)


def _ask_to_certify(round_: Round, counts: list[ContestCount]) -> BaseResponse:
    subject, named = f"round:{round_.ref}", counts_named(counts)
    approvals.ask(CERTIFY_COUNTS, subject, by=current_user, at=clock.now(), counts=named)
    return _asked(round_)


def _asked(round_: Round) -> BaseResponse:
    db.session.commit()
    flash(gettext("Asked for. It is done as soon as a second officer confirms it."), "good")
    return responses.see_other(url_for("voting.counts.index", ref=round_.ref))


def _seal(contest: Contest, at: datetime) -> Refusal | None:
    """Seals one contest and commits, or takes everything of it back and says why."""
    title = contest.title
    try:
        seal_contest(contest, at=at)
        db.session.commit()
    except NOT_SEALED:
        db.session.rollback()
        current_app.logger.exception("A contest was not sealed.")
        return Refusal(
            "not_sealable",
            409,
            gettext("“%(title)s” was not sealed: its ballots do not match the roll or its key is"
                    " missing.", title=title),
            gettext("Its ballots are untouched. The other contests were sealed. The log has the"
                    " details; bring back the key from its own backup, then close again."),
        )  # fmt: skip
    return None


def _publication_url(round_: Round) -> str | None:
    """Where two officers publish, once that page exists."""
    if PUBLICATION not in current_app.view_functions:
        return None
    return url_for(PUBLICATION, ref=round_.ref)


def _results_url(round_id: int) -> str | None:
    """Where everybody reads the results of this round, once they are public."""
    return next(filter(None, slots.call("results_of_round", round_id)), None)


def _nothing_to_count() -> Refusal:
    sentence = gettext("This round has no contests, so there is nothing to count.")
    return Refusal("nothing_to_count", 409, sentence)


def _nothing_to_certify() -> Refusal:
    sentence = gettext("No count is waiting to be certified. Nothing was changed.")
    return Refusal("nothing_to_certify", 409, sentence, gettext("Count the ballots first."))


def _not_countable(error: counting.CountingError) -> Refusal:
    sentence = gettext("The ballots could not be counted: %(why)s", why=error.sentence)
    return Refusal("not_countable", 409, sentence, gettext("Nothing was changed."))
