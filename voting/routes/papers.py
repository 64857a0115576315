"""The desk: who is given ballot papers, and who brings them back.

The number on a person's document is sent, looked up, and forgotten: what stands in the next form is
a token that this server made for some minutes, and nothing of a person stands in an address.
"""

from collections.abc import Sequence

from flask import (
    Blueprint,
    Response,
    abort,
    current_app,
    flash,
    make_response,
    request,
    url_for,
)
from flask_babel import gettext
from flask_login import current_user
from itsdangerous import BadData, URLSafeTimedSerializer
from werkzeug.wrappers import Response as BaseResponse

from accounts.person_keys import WrongRegisterId, person_key
from budgets.models import Round
from budgets.phases import PhaseKind
from budgets.queries import round_seen_by
from core import access, clock, responses
from core.database import db
from core.refusals import Refusal, Refused, refuse, refuse_if
from core.text import clean_line
from districts.queries import names_by_id
from voting.district_rules import most_districts
from voting.exports.ballot_sheets import ballot_sheet_pdf
from voting.forms.papers import PapersForm, PersonForm, ReturnForm
from voting.link_keys import LinkKeyMissing
from voting.models import Contest, RollEntry
from voting.permissions.paper import why_not_give_papers
from voting.queries.ballots import paper_options
from voting.queries.contests import contests_of, number_of_options
from voting.queries.counts import contests_without_result
from voting.queries.paper import (
    contests_on_paper_for,
    papers_given,
    standing_mark,
)
from voting.queries.rolls import roll_entry_by_key
from voting.services.paper_marks import give_papers, take_papers_back

bp = Blueprint("papers", __name__)
MINUTES_FOR_ONE_PERSON = 30


@bp.get("/staff/paper")
@access.only("clerk", "officer")
def rounds() -> Response:
    """The rounds that people vote in on paper, or whose papers are not counted yet."""
    at = clock.now()
    found = {contest.round_id: contest.round for contest in contests_without_result()}
    begun = [
        (each, voting)
        for each in found.values()
        if (voting := each.span_of(PhaseKind.VOTING)) is not None
    ]
    return responses.private(responses.page("voting/papers/rounds.html", rounds=begun, at=at))


@bp.get("/staff/rounds/<ref>/paper")
@access.only("clerk", "officer")
def index(ref: str) -> Response:
    """The desk of a round: finding a person, and how many papers went out."""
    return _desk(_round(ref), PersonForm(formdata=None))


@bp.post("/staff/rounds/<ref>/paper/person")
@access.only("clerk", "officer")
def find(ref: str) -> Response:
    """Looks a person up on the roll, and says which papers she is to be given, or why none."""
    round_, form = _round(ref), PersonForm()
    if not form.validate():
        return _desk(round_, form, status=422)
    try:
        entry = roll_entry_by_key(person_key(form.register_id.data or ""))
    except WrongRegisterId:
        form.register_id.errors = [gettext("This cannot be a number of the register. Look again.")]
        return _desk(round_, form, status=422)
    if entry is None:
        refusal = why_not_give_papers(current_user, round_, None, [], clock.now())
        return _refused(round_, form, refusal)
    return _person(round_, entry)


@bp.post("/staff/rounds/<ref>/paper/marks")
@access.only("clerk", "officer")
def give(ref: str) -> BaseResponse:
    """Marks that the papers are handed out now."""
    round_ = _round(ref)
    entry = _person_meant(round_, PapersForm().person.data)
    contests = _chosen(round_, entry, request.form.getlist("contest"))
    try:
        give_papers(round_, entry, contests, by=current_user, at=clock.now())
        db.session.commit()
    except LinkKeyMissing:
        refuse(_cannot_be_told())
    titles = "; ".join(contest.title for contest in contests)
    flash(gettext("The roll is marked. Hand out now: %(papers)s.", papers=titles), "good")
    return responses.see_other(url_for("voting.papers.index", ref=ref))


@bp.post("/staff/rounds/<ref>/paper/returns")
@access.only("clerk", "officer")
def take_back(ref: str) -> BaseResponse:
    """Papers came back unused: the mark is taken back, and she may vote on the web."""
    round_, form = _round(ref), ReturnForm()
    entry = _person_meant(round_, form.person.data)
    if not form.validate():
        return _person(round_, entry, form, status=422)
    take_papers_back(round_, entry, reason=form.reason.data or "", by=current_user, at=clock.now())
    db.session.commit()
    words = gettext("The mark is taken back. Keep the papers: they count as brought back.")
    flash(words, "good")
    return responses.see_other(url_for("voting.papers.index", ref=ref))


@bp.get("/staff/rounds/<ref>/paper/<contest_ref>.pdf")
@access.only("clerk", "officer")
def sheet(ref: str, contest_ref: str) -> Response:
    """The paper of a contest, to be printed; all copies are alike."""
    round_ = _round(ref)
    contest = next((each for each in contests_of(round_.id) if each.ref == contest_ref), None)
    options = [option for option, _ in paper_options(contest)] if contest else []
    if contest is None or not options:
        abort(404)
    is_large = request.args.get("print") == "large"
    place = clean_line(request.args.get("place", ""))[:60]
    response = make_response(ballot_sheet_pdf(contest, options, place=place, is_large=is_large))
    name = f"{contest.ref}{'-large' if is_large else ''}.pdf"
    response.headers["Content-Type"] = "application/pdf"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return responses.private(response)


def _desk(round_: Round, form: PersonForm, *, status: int = 200) -> Response:
    contests = contests_of(round_.id)
    page = responses.page(
        "voting/papers/desk.html",
        status=status,
        round=round_,
        form=form,
        contests=contests,
        given=papers_given([contest.id for contest in contests]),
        filled=number_of_options([contest.id for contest in contests]),
        voting=round_.span_of(PhaseKind.VOTING),
        at=clock.now(),
    )
    return responses.private(page)


def _person(
    round_: Round, entry: RollEntry, form: ReturnForm | None = None, *, status: int = 200
) -> Response:
    contests = contests_on_paper_for(round_.id, entry)
    home = [each for each in contests if each.district_id in {None, entry.district_id}]
    mark = standing_mark(round_.id, entry)
    try:
        refusal = why_not_give_papers(current_user, round_, entry, home, clock.now())
    except LinkKeyMissing:
        refusal = _cannot_be_told()
    if mark is None and refusal is not None:
        return _refused(round_, PersonForm(formdata=None), refusal)
    page = responses.page(
        "voting/papers/person.html",
        status=status,
        round=round_,
        district=names_by_id().get(entry.district_id),
        contests=contests,
        home=home,
        most=most_districts(round_.district_rule, round_.districts_most)
        if _is_choice(round_, contests)
        else None,
        mark=mark,
        person=_signer().dumps([round_.ref, entry.id]),
        form=form or ReturnForm(formdata=None),
    )
    return responses.private(page)


def _is_choice(round_: Round, contests: Sequence[Contest]) -> bool:
    """Whether there are more districts than one person may vote for."""
    most = most_districts(round_.district_rule, round_.districts_most)
    return most is not None and len({each.district_id for each in contests} - {None}) > most


def _chosen(round_: Round, entry: RollEntry, refs: Sequence[str]) -> list[Contest]:
    """All that she may have; where she chooses among districts, the city's and those she chose."""
    contests = contests_on_paper_for(round_.id, entry)
    if not _is_choice(round_, contests):
        return contests
    return [each for each in contests if each.district_id is None or each.ref in refs]


def _refused(round_: Round, form: PersonForm, refusal: Refusal | None) -> Response:
    assert refusal is not None, "Nobody without an entry on the roll is let through."
    form.refused(refusal)
    return _desk(round_, form, status=refusal.status)


def _person_meant(round_: Round, token: object) -> RollEntry:
    """Whom the token stands for; 409 where it is too old or of another round."""
    try:
        ref, entry_id = _signer().loads(str(token or ""), max_age=MINUTES_FOR_ONE_PERSON * 60)
    except (BadData, ValueError, TypeError):
        ref, entry_id = "", 0
    entry = db.session.get(RollEntry, entry_id) if ref == round_.ref else None
    if entry is not None:
        return entry
    raise Refused(
        Refusal(
            "person_too_old",
            409,
            gettext("This page was open too long. Nothing was changed."),
            gettext("Find the person again by the number on her document."),
        )
    )


def _cannot_be_told() -> Refusal:
    return Refusal(
        "cannot_be_told",
        503,
        gettext("Nobody can tell now whether this person has voted on the web."),
        gettext("Nothing was marked, and no papers are to be given. Tell the administrator."),
    )


def _signer() -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(current_app.config["SECRET_KEY"], salt="voting.papers")


def _round(ref: str) -> Round:
    round_ = round_seen_by(current_user, ref) or abort(404)
    refuse_if(_why_no_paper(round_))
    return round_


def _why_no_paper(round_: Round) -> Refusal | None:
    if round_.announced_at is not None:
        return None
    sentence = gettext("This round is not announced yet, so nobody votes in it.")
    return Refusal("not_announced", 409, sentence, gettext("Announce it first."))
