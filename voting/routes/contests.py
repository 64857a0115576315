"""Ballots of a round: their settings, and the proposals that stand on the papers."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from flask import Blueprint, Response, abort, flash, url_for
from flask_babel import gettext, ngettext
from flask_login import current_user
from werkzeug.wrappers import Response as BaseResponse

from budgets.models import Round
from core import access, cache, clock, responses
from core.database import db
from core.refusals import Refusal, refuse, refuse_if
from proposals.models import Proposal
from proposals.queries import handed_over
from voting import counting
from voting.forms.contests import BallotsForm, ContestForm, HandOverForm
from voting.lots import TieOrder
from voting.models import Contest
from voting.offered import EVERY_RULE
from voting.permissions.contests import why_not_change_contest, why_not_hand_over
from voting.queries.contests import contest_seen_by, contests_of
from voting.queries.setup import Step, pots_without_contest
from voting.routes import set_up_pages as pages
from voting.services import setup
from voting.services.contests import change_contest

bp = Blueprint("contests", __name__)


@bp.get("/staff/rounds/<ref>/ballots")
@access.only("officer")
def edit_all(ref: str) -> Response:
    """The settings of all ballots together; those of a single one have their own page."""
    round_ = pages.find(ref)
    contests = [each for each in contests_of(round_.id) if not each.is_for_seats]
    form = _ballots_form(round_, fresh=True)
    form.show(contests[0] if contests else None)
    form.district_rule.data, form.districts_most.data = round_.district_rule, round_.districts_most
    form.objection_days.data = round_.objection_days
    waiting = pots_without_contest(round_, contests)
    form.pots.data = [str(pot.id) for pot in waiting or round_.pots]
    return pages.step_page(Step.BALLOTS, round_, form=form, rules=EVERY_RULE)


@bp.post("/staff/rounds/<ref>/ballots")
@access.only("officer")
def save_all(ref: str) -> BaseResponse:
    round_, at = pages.find_for_change(ref)
    form = _ballots_form(round_)
    if not form.validate_on_submit():
        return pages.step_page(Step.BALLOTS, round_, status=422, form=form, rules=EVERY_RULE)
    chosen = [pot for pot in round_.pots if str(pot.id) in (form.pots.data or [])]
    for contest in contests_of(round_.id):
        refuse_if(why_not_change_contest(current_user, contest, at))
    try:
        setup.set_ballots(round_, chosen, by=current_user, at=at, **form.settings)
        setup.set_districts(
            round_,
            form.district_rule.data or round_.district_rule,
            form.districts_most.data or round_.districts_most,
            by=current_user,
            at=at,
        )
        if form.objection_days.data is not None:
            setup.set_objection_days(round_, form.objection_days.data, by=current_user, at=at)
    except counting.CountingError as error:
        db.session.rollback()
        form.refused(_rule_in_the_way(error))
        return pages.step_page(
            Step.BALLOTS, pages.find(ref), status=422, form=form, rules=EVERY_RULE
        )
    db.session.commit()
    cache.clear()
    return pages.go_on(Step.BALLOTS, round_)


@bp.get("/staff/contests/<ref>")
@access.only("officer")
def edit(ref: str) -> Response:
    """The settings of one ballot."""
    contest = _find(ref)
    form = ContestForm(formdata=None)
    form.show(contest)
    return _contest_page(contest, form)


@bp.post("/staff/contests/<ref>")
@access.only("officer")
def save(ref: str) -> BaseResponse:
    contest = _find(ref)
    round_, at = pages.find_for_change(contest.round.ref)
    refuse_if(why_not_change_contest(current_user, contest, at))
    form = ContestForm()
    if not form.validate_on_submit():
        return _contest_page(contest, form, status=422)
    title = form.title.data or ""
    try:
        change_contest(contest, title=title, by=current_user, at=at, **form.settings)
    except counting.CountingError as error:
        form.refused(_rule_in_the_way(error))
        return _contest_page(contest, form, status=422)
    db.session.commit()
    cache.clear()
    flash(gettext("Saved: %(title)s.", title=contest.title), "good")
    return responses.see_other(url_for("voting.contests.edit_all", ref=round_.ref))


@bp.get("/staff/rounds/<ref>/hand-over")
@access.only("officer")
def papers(ref: str) -> Response:
    """Which proposals would stand on each paper now, and which do."""
    round_ = pages.find(ref)
    found = _papers(round_, clock.now())
    form = HandOverForm(formdata=None)
    chosen = [paper.contest.tie_order for paper in found if not paper.is_fixed]
    form.ties.data = next(filter(None, chosen), TieOrder.LOT.value)
    return pages.step_page(Step.HAND_OVER, round_, form=form, papers=found)


@bp.post("/staff/rounds/<ref>/hand-over")
@access.only("officer")
def hand_over(ref: str) -> BaseResponse:
    """Fills every paper whose proposals are ready; those that are not keep what they have."""
    round_, at = pages.find_for_change(ref)
    found = _papers(round_, at)
    form = HandOverForm()
    if not form.validate_on_submit():
        return pages.step_page(Step.HAND_OVER, round_, status=422, form=form, papers=found)
    ready = [paper.contest for paper in found if paper.is_ready]
    if not ready:
        refusals = (paper.refusal for paper in found)
        refuse(next(filter(None, refusals), None) or _nothing_to_fill())
    setup.hand_over(ready, TieOrder(form.ties.data), by=current_user, at=at)
    db.session.commit()
    cache.clear()
    words = ngettext("%(num)s paper was filled.", "%(num)s papers were filled.", len(ready))
    flash(words, "good")
    return responses.see_other(url_for("voting.contests.papers", ref=round_.ref))


@dataclass(frozen=True)
class Paper:
    """A ballot paper to be filled: what may stand on it now, or why it cannot be filled.

    A question without money has its answers already; no proposals are handed over to it.
    """

    contest: Contest
    proposals: Sequence[Proposal]
    refusal: Refusal | None

    @property
    def is_fixed(self) -> bool:
        """Whether it came with a tie order that the city drew: it stays as it came. So does a
        question without money."""
        return self.contest.tie_order == TieOrder.DRAWN or self.contest.is_for_seats

    @property
    def is_ready(self) -> bool:
        return self.refusal is None and not self.is_fixed


def _papers(round_: Round, at: datetime) -> list[Paper]:
    found = []
    for contest in contests_of(round_.id):
        if contest.is_for_seats:
            found.append(Paper(contest, (), None))
            continue
        proposals = handed_over(round_.id, contest.district_id)
        refusal = why_not_hand_over(current_user, contest, proposals, at)
        found.append(Paper(contest, proposals, refusal))
    return found


def _find(ref: str) -> Contest:
    """A contest about money; questions without money have pages of their own."""
    contest = contest_seen_by(current_user, ref)
    if contest is None or contest.is_for_seats:
        abort(404)
    return contest


def _ballots_form(round_: Round, *, fresh: bool = False) -> BallotsForm:
    form = BallotsForm(formdata=None) if fresh else BallotsForm()
    form.offer([(str(pot.id), pot.name) for pot in round_.pots])
    return form


def _contest_page(contest: Contest, form: ContestForm, status: int = 200) -> Response:
    page = responses.page(
        "voting/contests/edit.html",
        status=status,
        contest=contest,
        form=form,
        rules=EVERY_RULE,
        closed=why_not_change_contest(current_user, contest, clock.now()),
    )
    return responses.private(page)


def _rule_in_the_way(error: counting.CountingError) -> Refusal:
    sentence = gettext("The counting rule does not go with this: %(why)s", why=error.sentence)
    next_step = gettext("Choose other limits, or change the settings of the rule first.")
    return Refusal("rule_in_the_way", 422, sentence, next_step)


def _nothing_to_fill() -> Refusal:
    sentence = gettext("There is no ballot paper to fill. Nothing was changed.")
    return Refusal("nothing_to_fill", 409, sentence, gettext("Set up the ballots first."))
