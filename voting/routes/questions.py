"""Questions without money on the ballots of a round: added, changed and removed before voting."""

from flask import Blueprint, Response, abort, flash, url_for
from flask_babel import gettext
from flask_login import current_user
from werkzeug.wrappers import Response as BaseResponse

from budgets.models import Round
from budgets.permissions import why_not_change_round
from core import access, cache, clock, responses
from core.database import db
from core.refusals import refuse_if
from districts.queries import all_districts
from voting.forms.questions import QuestionForm
from voting.models import Contest
from voting.offered import EVERY_RULE, seat_rules_for
from voting.permissions.contests import why_not_change_contest
from voting.queries.contests import contest_seen_by
from voting.routes import set_up_pages as pages
from voting.services.contests import remove_contest
from voting.services.questions import change_question, create_question

bp = Blueprint("questions", __name__)


@bp.get("/staff/rounds/<ref>/questions/new")
@access.only("officer")
def new(ref: str) -> Response:
    """An empty form."""
    return _page(pages.find(ref), QuestionForm(all_districts(), formdata=None))


@bp.post("/staff/rounds/<ref>/questions")
@access.only("officer")
def create(ref: str) -> BaseResponse:
    """Puts a question on a ballot paper of its own; its rule is chosen next."""
    round_, at = pages.find_for_change(ref)
    form = QuestionForm(all_districts())
    if not form.validate_on_submit():
        return _page(round_, form, status=422)
    contest = create_question(round_, form.question, by=current_user, at=at)
    db.session.commit()
    cache.clear()
    flash(gettext("Added: %(title)s. Choose now how it is counted.", title=contest.title), "good")
    return responses.see_other(_rule_of(contest))


@bp.get("/staff/questions/<ref>")
@access.only("officer")
def edit(ref: str) -> Response:
    """A question as it is saved."""
    contest = _find(ref)
    form = QuestionForm(all_districts(), formdata=None)
    form.show(contest)
    return _page(contest.round, form, contest)


@bp.post("/staff/questions/<ref>")
@access.only("officer")
def save(ref: str) -> BaseResponse:
    contest = _find(ref)
    round_, at = pages.find_for_change(contest.round.ref)
    refuse_if(why_not_change_contest(current_user, contest, at))
    form = QuestionForm(all_districts())
    if not form.validate_on_submit():
        return _page(round_, form, contest, status=422)
    fits = contest.rule in seat_rules_for(form.question.seats)
    change_question(contest, form.question, by=current_user, at=at)
    db.session.commit()
    cache.clear()
    flash(gettext("Saved: %(title)s.", title=contest.title), "good")
    if not fits:
        rule = gettext(EVERY_RULE[contest.rule].title)
        words = gettext("Its rule fills one seat only, so it is counted by another now: %(rule)s.",
                        rule=rule)  # fmt: skip
        flash(words, "warning")
        return responses.see_other(_rule_of(contest))
    return responses.see_other(url_for("voting.contests.edit_all", ref=round_.ref))


@bp.post("/staff/questions/<ref>/removal")
@access.only("officer")
def remove(ref: str) -> BaseResponse:
    """Takes the question off the ballots of its round."""
    contest = _find(ref)
    round_, at = pages.find_for_change(contest.round.ref)
    refuse_if(why_not_change_contest(current_user, contest, at))
    title = contest.title
    remove_contest(contest, by=current_user, at=at)
    db.session.commit()
    cache.clear()
    flash(gettext("Removed: %(title)s.", title=title), "good")
    return responses.see_other(url_for("voting.contests.edit_all", ref=round_.ref))


def _find(ref: str) -> Contest:
    contest = contest_seen_by(current_user, ref)
    if contest is None or not contest.is_for_seats:
        abort(404)
    return contest


def _page(
    round_: Round, form: QuestionForm, contest: Contest | None = None, status: int = 200
) -> Response:
    """The form; `contest` is None while the question is new."""
    at = clock.now()
    closed = (
        why_not_change_contest(current_user, contest, at)
        if contest is not None
        else why_not_change_round(current_user, round_, at)
    )
    page = responses.page(
        "voting/contests/question.html",
        status=status,
        round=round_,
        contest=contest,
        form=form,
        rules=EVERY_RULE,
        closed=closed,
    )
    return responses.private(page)


def _rule_of(contest: Contest) -> str:
    return url_for("voting.rules.edit", ref=contest.round.ref, contest_ref=contest.ref)
