"""The rule of a contest: every rule that is offered, explained, and the choice of one."""

from flask import Blueprint, Response, flash, url_for
from flask_babel import gettext
from flask_login import current_user
from werkzeug.wrappers import Response as BaseResponse

from core import access, cache, responses
from core.database import db
from core.refusals import refuse_if
from voting import counting
from voting.offered import EVERY_RULE
from voting.permissions.contests import why_not_change_contest
from voting.routes import rule_pages as pages
from voting.routes import set_up_pages
from voting.services.contests import choose_rule
from voting.services.questions import choose_seat_rule

bp = Blueprint("rules", __name__)


@bp.get(pages.ADDRESS)
@access.only("officer")
def edit(ref: str, contest_ref: str) -> Response:
    """Every rule with its settings, and which one is chosen."""
    contest = pages.find(ref, contest_ref)
    return pages.rule_page(contest, pages.rule_form(contest, fresh=True))


@bp.post(pages.ADDRESS)
@access.only("officer")
def save(ref: str, contest_ref: str) -> BaseResponse:
    """The contest will be counted by the rule that was marked, with its settings."""
    round_, at = set_up_pages.find_for_change(ref)
    contest = pages.find(round_.ref, contest_ref)
    refuse_if(why_not_change_contest(current_user, contest, at))
    form = pages.rule_form(contest, fresh=False)
    if not form.validate():
        return pages.rule_page(contest, form, status=422)
    try:
        choose = choose_seat_rule if contest.is_for_seats else choose_rule
        choose(contest, form.rule, form.parameters, by=current_user, at=at)
    except counting.CountingError as error:
        form.refused(error.sentence)
        return pages.rule_page(contest, form, status=422)
    db.session.commit()
    cache.clear()
    flash(
        gettext(
            "“%(contest)s” will be counted by this rule: %(rule)s.",
            contest=contest.title,
            rule=gettext(EVERY_RULE[contest.rule].title),
        ),
        "good",
    )
    return responses.see_other(url_for("voting.contests.edit_all", ref=round_.ref))
