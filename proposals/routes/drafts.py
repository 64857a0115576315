"""Writing proposals: a new one, a change, a look at how others will see it, publication."""

import secrets
from collections.abc import Sequence

from flask import Blueprint, Response, flash, request, url_for
from flask_babel import gettext
from flask_login import current_user
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response as BaseResponse

from accounts.queries import residency_of
from budgets.models import Round
from budgets.phases import PhaseKind
from budgets.queries import round_seen_by, rounds_in
from core import access, clock, responses
from core.database import db
from core.limits import limiter
from core.refusals import Refusal, refuse, refuse_if
from proposals import permissions, words
from proposals.article import saved_article, written_article
from proposals.forms import ProposalForm
from proposals.models import Proposal
from proposals.queries.proposals import (
    Names,
    names_of,
    next_submission,
    places_of,
    proposal_seen_by,
)
from proposals.services import texts
from proposals.texts import missing_parts

bp = Blueprint("drafts", __name__)


@bp.get("/proposals/new")
@access.signed_in
def new() -> Response:
    """An empty form; or which round it shall be for; or when proposals are taken next."""
    at = clock.now()
    rounds = rounds_in(PhaseKind.SUBMISSION, at)
    if not rounds:
        coming = next_submission(at)
        span = coming.span_of(PhaseKind.SUBMISSION) if coming else None
        return responses.page("proposals/not_now.html", coming=coming, span=span)
    round_ = _chosen(rounds)
    if round_ is None:
        calls = [(each, each.span_of(PhaseKind.SUBMISSION)) for each in rounds]
        return responses.page("proposals/choose_round.html", calls=calls)
    refuse_if(permissions.why_not_write_proposal(current_user, round_, at))
    form = _form(round_, key=secrets.token_urlsafe(16))
    home = residency_of(current_user.id)
    places = [place for place in form.places.values() if home and place.district_id]
    form.district.data = next(
        (place.ref for place in places if home and place.district_id == home.district_id), ""
    )
    return _form_page(form, round_, None)


@bp.post("/proposals/new")
@access.signed_in
@limiter.limit("200 per hour")
def create() -> BaseResponse:
    """Saves a draft, or publishes it at once; the other buttons write nothing."""
    at = clock.now()
    round_ = round_seen_by(current_user, request.args.get("round", ""))
    round_ = round_ or _chosen(rounds_in(PhaseKind.SUBMISSION, at))
    if round_ is None:
        refuse(permissions.no_round_takes_proposals())
    refuse_if(permissions.why_not_write_proposal(current_user, round_, at))
    form = _form(round_)
    if (answer := _without_writing(form, round_, None)) is not None:
        return answer
    key = (form.key.data or "")[:40]
    proposal = texts.write_proposal(round_, form.text, form_key=key, by=current_user, at=at)
    return _save(form, proposal)


@bp.get("/proposals/<ref>/edit")
@access.signed_in
def edit(ref: str) -> Response:
    """The form with the saved text."""
    proposal = _find(ref)
    refuse_if(permissions.why_not_change_proposal(current_user, proposal, clock.now()))
    form = _form(proposal.round, version=str(proposal.version))
    form.show(texts.text_of(proposal))
    return _form_page(form, proposal.round, proposal)


@bp.post("/proposals/<ref>/edit")
@access.signed_in
@limiter.limit("200 per hour")
def change(ref: str) -> BaseResponse:
    """Saves the changed text; of a public proposal, everybody reads it from then on."""
    proposal = _find(ref, for_change=True)
    refuse_if(permissions.why_not_change_proposal(current_user, proposal, clock.now()))
    form = _form(proposal.round)
    if (answer := _without_writing(form, proposal.round, proposal)) is not None:
        return answer
    same = form.text == texts.text_of(proposal)
    if not same and form.version.data != str(proposal.version):
        return _both_texts(form, proposal)
    return _save(form, proposal)


@bp.post("/proposals/<ref>/publication")
@access.signed_in
def publish(ref: str) -> BaseResponse:
    """Publishes a draft as it was saved; what is still missing is asked for in its form."""
    at = clock.now()
    proposal = _find(ref, for_change=True)
    refuse_if(permissions.why_not_publish_proposal(current_user, proposal, at))
    form = _form(proposal.round, version=str(proposal.version))
    form.show(texts.text_of(proposal))
    if not form.fits_the_pot() or not form.ask_for_all():
        return _form_page(form, proposal.round, proposal, status=422)
    texts.publish_proposal(proposal, by=current_user, at=at)
    db.session.commit()
    return _published(proposal)


def _without_writing(
    form: ProposalForm, round_: Round, proposal: Proposal | None
) -> Response | None:
    """The answers that change nothing: other lines of costs, a preview, what is not right yet."""
    act = request.form.get("act", "save")
    if act == "write":
        return _form_page(form, round_, proposal)
    if act == "add-line":
        form.add_line()
        return _form_page(form, round_, proposal, fresh_line=True)
    if act.startswith("remove-line:"):
        number = act.removeprefix("remove-line:")
        form.remove_line(int(number) if number.isascii() and number.isdigit() else -1)
        return _form_page(form, round_, proposal)
    public = proposal is not None and proposal.published_at is not None
    valid = form.validate_on_submit()
    if valid and (act == "publish" or (act == "save" and public)):
        valid = form.ask_for_all()
    if not valid:
        return _form_page(form, round_, proposal, status=422)
    return _preview(form, round_, proposal) if act == "preview" else None


def _save(form: ProposalForm, proposal: Proposal) -> BaseResponse:
    at = clock.now()
    # The same form sent again meets the proposal that it made, which may have gone on meanwhile.
    refuse_if(permissions.why_not_change_proposal(current_user, proposal, at))
    texts.change_proposal(proposal, form.text, by=current_user, at=at)
    if request.form.get("act") == "publish":
        texts.publish_proposal(proposal, by=current_user, at=at)
        db.session.commit()
        return _published(proposal)
    db.session.commit()
    if proposal.published_at is None:
        flash(gettext("Your draft is saved. Only you can see it."), "good")
    else:
        flash(gettext("Your changes are saved. Everybody can read them now."), "good")
    return responses.see_other(url_for("proposals.show", ref=proposal.ref))


def _published(proposal: Proposal) -> BaseResponse:
    flash(gettext("Your proposal is published. Everybody can read it now."), "good")
    return responses.see_other(url_for("proposals.show", ref=proposal.ref))


def _both_texts(form: ProposalForm, proposal: Proposal) -> Response:
    """Somebody saved meanwhile: what was typed stays in the form, the saved text stands beside."""
    form.version.data = str(proposal.version)
    form.refused(
        Refusal(
            "other_version",
            409,
            gettext("This proposal was saved in another window while you were writing."),
            gettext("Compare the two texts; saving again puts yours in the place of the other."),
        )
    )
    return _form_page(form, proposal.round, proposal, status=409, compare=True)


def _preview(form: ProposalForm, round_: Round, proposal: Proposal | None) -> Response:
    said = form.text
    place = form.places.get(form.district.data or "")
    names = Names(
        district=place.name if place else "",
        category=form.category.data or "",
        author=current_user.display_name,
        pot_minor=place.ceiling_minor if place else None,
    )
    missing = missing_parts(said, has_categories=bool(form.categories))
    sentences = [words.part_words()[name] for name in missing]
    if place is None:
        sentences.append(gettext("Choose a district, or the whole city."))
    page = responses.page(
        "proposals/preview.html",
        form=form,
        article=written_article(said, round_, names),
        missing=sentences,
        proposal=proposal,
        address=_address(round_, proposal),
    )
    return responses.private(page)


def _form_page(
    form: ProposalForm,
    round_: Round,
    proposal: Proposal | None,
    *,
    status: int = 200,
    fresh_line: bool = False,
    compare: bool = False,
) -> Response:
    saved = saved_article(proposal, names_of(proposal)) if proposal and compare else None
    page = responses.page_or_block(
        "proposals/form.html",
        "costs",
        status=status,
        form=form,
        round_=round_,
        proposal=proposal,
        saved=saved,
        address=_address(round_, proposal),
        fresh_line=fresh_line,
        closes_at=next(span.ends_at for span in round_.spans if span.kind == "submission"),
        at=clock.now(),
    )
    return responses.private(page)


def _form(round_: Round, **data: str) -> ProposalForm:
    form = ProposalForm(data=data)
    categories = {category.id: category.name for category in round_.categories}
    form.offer(places_of(round_), categories, currency=round_.currency, language=round_.language)
    return form


def _address(round_: Round, proposal: Proposal | None) -> str:
    if proposal is not None:
        return url_for("proposals.drafts.change", ref=proposal.ref)
    return url_for("proposals.drafts.create", round=round_.ref)


def _chosen(rounds: Sequence[Round]) -> Round | None:
    """The round that the address names; without a name, the only one that there is."""
    wanted = request.args.get("round")
    if wanted:
        return next((each for each in rounds if each.ref == wanted), None)
    return rounds[0] if len(rounds) == 1 else None


def _find(ref: str, *, for_change: bool = False) -> Proposal:
    proposal = proposal_seen_by(current_user, ref, for_change=for_change)
    if proposal is None:
        raise NotFound
    return proposal
