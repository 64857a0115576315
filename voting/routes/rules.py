"""The rule of a contest: chosen with its settings, and tried out before that."""

from flask import Blueprint, Response, abort, flash, url_for
from flask_babel import gettext
from flask_login import current_user
from werkzeug.wrappers import Response as BaseResponse

from budgets.models import Round
from core import access, cache, clock, responses
from core.database import db
from core.refusals import refuse_if
from voting import counting
from voting.forms.rules import RuleForm
from voting.models import Contest
from voting.offered import OFFERED
from voting.permissions.contests import why_not_change_contest
from voting.queries.contests import contest_seen_by
from voting.routes import set_up_pages as pages
from voting.rule_words import idea, settings_in_words, tie_order_in_words, ties_in_words, used_by
from voting.services.contests import choose_rule

bp = Blueprint("rules", __name__)
ADDRESS = "/staff/rounds/<ref>/contests/<contest_ref>/rule"


@bp.get(ADDRESS)
@access.only("officer")
def edit(ref: str, contest_ref: str) -> Response:
    """Every rule that is offered, explained, with its settings; and the one that is chosen."""
    contest = _contest(pages.find(ref), contest_ref)
    return _page(contest, RuleForm(contest, [], fresh=True))


@bp.post(ADDRESS)
@access.only("officer")
def save(ref: str, contest_ref: str) -> BaseResponse:
    round_, at = pages.find_for_change(ref)
    contest = _contest(round_, contest_ref)
    refuse_if(why_not_change_contest(current_user, contest, at))
    form = RuleForm(contest, [], fresh=False)
    if not form.validate():
        return _page(contest, form, status=422)
    try:
        choose_rule(contest, form.rule, form.parameters, by=current_user, at=at)
    except counting.CountingError as error:
        form.refused(error.sentence)
        return _page(contest, form, status=422)
    db.session.commit()
    cache.clear()
    flash(
        gettext(
            "“%(contest)s” will be counted by this rule: %(rule)s.",
            contest=contest.title,
            rule=gettext(OFFERED[contest.rule].title),
        ),
        "good",
    )
    return responses.see_other(url_for("voting.contests.edit_all", ref=round_.ref))


def _contest(round_: Round, contest_ref: str) -> Contest:
    contest = contest_seen_by(current_user, contest_ref)
    if contest is None or contest.round_id != round_.id:
        abort(404)
    return contest


def _page(contest: Contest, form: RuleForm, *, status: int = 200) -> Response:
    page = responses.page(
        "voting/contests/rule.html",
        status=status,
        contest=contest,
        form=form,
        rules=OFFERED,
        idea=idea,
        used_by=used_by,
        settings=settings_in_words(contest.rule, contest.rule_parameters, contest.currency),
        ties_in_words=ties_in_words,
        tie_order=tie_order_in_words(contest.tie_order),
        closed=why_not_change_contest(current_user, contest, clock.now()),
    )
    return responses.private(page)
