"""A rule of a vote is changed while people vote: an officer asks, a second one confirms."""

from typing import Any

from flask import Blueprint, Response, abort, flash, url_for
from flask_babel import gettext
from flask_login import current_user
from werkzeug.wrappers import Response as BaseResponse

from accounts.queries import requests_about
from core import access, approvals, clock, responses
from core.database import db
from core.refusals import Refused, refuse_if
from voting.forms.frozen_rules import FrozenForm, ReasonForm, WithdrawalForm
from voting.forms.rules import RuleForm
from voting.models import Contest
from voting.permissions.frozen_rules import why_not_change_frozen
from voting.queries.contests import contest_seen_by
from voting.routes import rule_pages
from voting.rule_parameters import in_order
from voting.services.contests import subject_of
from voting.services.frozen_rules import CHANGE_FROZEN_RULE, what_differs
from voting.services.withdrawals import WITHDRAW_OPTION

bp = Blueprint("frozen_rules", __name__)


@bp.get("/staff/changes/<ref>")
@access.only("officer")
def edit(ref: str) -> Response:
    """Words, limits and money as they are, and what waits for a second person."""
    return _page(_find(ref), None)


@bp.post("/staff/changes/<ref>")
@access.only("officer")
def ask(ref: str) -> BaseResponse:
    """Asks for what is different."""
    contest = _find(ref)
    refuse_if(why_not_change_frozen(current_user, contest, clock.now()))
    form = FrozenForm()
    form.offer(contest)
    if not form.validate():
        return _page(contest, form, status=422)
    try:
        return _ask(contest, form, form.wanted(contest))
    except Refused as refused:
        form.refused(refused.refusal)
        return _page(contest, form, status=refused.refusal.status)


@bp.get("/staff/changes/<ref>/rule")
@access.only("officer")
def edit_rule(ref: str) -> Response:
    """Every rule with its settings, and which one counts so far."""
    contest = _find(ref)
    return _rule_page(contest, rule_pages.rule_form(contest, fresh=True), ReasonForm(formdata=None))


@bp.post("/staff/changes/<ref>/rule")
@access.only("officer")
def ask_rule(ref: str) -> BaseResponse:
    """Asks for the rule that was marked, with its settings."""
    contest = _find(ref)
    refuse_if(why_not_change_frozen(current_user, contest, clock.now()))
    form, reason = rule_pages.rule_form(contest, fresh=False), ReasonForm()
    if not (form.validate() and reason.validate()):
        return _rule_page(contest, form, reason, status=422)
    wanted = {"rule": form.rule, "rule_parameters": in_order(form.parameters)}
    try:
        return _ask(contest, reason, wanted)
    except Refused as refused:
        form.refused(refused.refusal.sentence)
        return _rule_page(contest, form, reason, status=refused.refusal.status)


@bp.post("/staff/changes/<ref>/withdrawals")
@access.only("officer")
def withdraw(ref: str) -> BaseResponse:
    """Asks for an option to be taken off the ballot."""
    contest, at = _find(ref), clock.now()
    refuse_if(why_not_change_frozen(current_user, contest, at))
    form = WithdrawalForm()
    form.offer(contest)
    if not form.validate():
        return _page(contest, None, withdrawal=form, status=422)
    try:
        approvals.ask(
            WITHDRAW_OPTION, subject_of(contest), by=current_user, at=at,
            reason=form.why.data or "", option=form.withdrawn.data,
        )  # fmt: skip
    except Refused as refused:
        form.refused(refused.refusal)
        return _page(contest, None, withdrawal=form, status=refused.refusal.status)
    return _asked(contest)


def _ask(contest: Contest, form: ReasonForm, wanted: dict[str, Any]) -> BaseResponse:
    approvals.ask(
        CHANGE_FROZEN_RULE, subject_of(contest), by=current_user, at=clock.now(),
        reason=form.reason.data or "", changes=what_differs(contest, wanted),
    )  # fmt: skip
    return _asked(contest)


def _asked(contest: Contest) -> BaseResponse:
    db.session.commit()
    flash(gettext("Asked for. It is done as soon as a second officer confirms it."), "good")
    return responses.see_other(url_for("voting.frozen_rules.edit", ref=contest.ref))


def _find(ref: str) -> Contest:
    return contest_seen_by(current_user, ref) or abort(404)


def _page(
    contest: Contest,
    form: FrozenForm | None,
    *,
    withdrawal: WithdrawalForm | None = None,
    status: int = 200,
) -> Response:
    at = clock.now()
    if form is None:
        form = FrozenForm(formdata=None)
        form.offer(contest)
        form.show(contest)
    if withdrawal is None:
        withdrawal = WithdrawalForm(formdata=None)
        withdrawal.offer(contest)
    page = responses.page(
        "voting/contests/change.html",
        status=status,
        contest=contest,
        round=contest.round,
        form=form,
        withdrawal=withdrawal,
        refusal=why_not_change_frozen(current_user, contest, at),
        waiting=requests_about(subject_of(contest), current_user, at),
    )
    return responses.private(page)


def _rule_page(
    contest: Contest, form: RuleForm, reason: ReasonForm, *, status: int = 200
) -> Response:
    refusal = why_not_change_frozen(current_user, contest, clock.now())
    return rule_pages.rule_page(contest, form, status=status, asking=reason, closed=refusal)
