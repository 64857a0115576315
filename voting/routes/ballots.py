"""The ballot paper: marking it, keeping what is marked, reviewing it, casting it.

The ranking travels in posted forms alone, never in an address. Where something keeps a ballot from
being cast, the answer shows the ranking again: see `ballot_failures`.
"""

from collections.abc import Sequence
from dataclasses import replace

from flask import Blueprint, Response, abort, request, url_for
from werkzeug.exceptions import UnsupportedMediaType
from werkzeug.wrappers import Response as BaseResponse

from core import access, clock, htmx, responses
from core.database import db
from core.refusals import Refusal, Refused, refuse_if
from voting import marking
from voting.models import Contest
from voting.permissions import why_not_cast_ballot, why_not_open_paper, why_not_this_ranking
from voting.queries.at_the_box import AnyVoter, ContestAtTheBox, contest_at_the_box
from voting.queries.ballots import contest_with_paper, link_key_of, option_titles, own_ranking
from voting.queries.kept import standing_of
from voting.queries.manifests import terms_of
from voting.queries.sealed import sealed_as
from voting.routes import ballot_failures as failures
from voting.routes import ballot_pages as pages
from voting.routes import cast_signals, receipts, voters
from voting.routes import standing_pages as slips
from voting.routes.form_keys import form_key, new_form_key, read_form_key
from voting.services.ballots import cast_ballot
from voting.services.kept import keep_ballot

bp = Blueprint("ballots", __name__, url_prefix="/ballots")
failures.handle(bp)
bp.after_request(cast_signals.note_fault)
SEALED_OTHERWISE = {"changed_since", "opened_for_check", "terms_changed"}
"""The same ranking can be cast, but sealed afresh."""
FORMS = {"", "application/x-www-form-urlencoded", "multipart/form-data"}


@bp.get("/<contest_ref>")
@access.voter
def paper(contest_ref: str) -> Response:
    """An unmarked paper. A ballot that was cast is shown only when its voter asks: act=mine."""
    contest = _contest(contest_ref)
    entry = voters.entry_of_request()
    refuse_if(why_not_open_paper(entry, contest, clock.now()))
    return _show_paper(contest, _voter(entry), [])


@bp.post("/<contest_ref>")
@access.voter
def mark(contest_ref: str) -> Response:
    """The paper again after one act, for readers without scripts; kept is it at the review."""
    contest = _contest(contest_ref)
    entry = voters.entry_of_request()
    refusal = why_not_cast_ballot(entry, contest, clock.now())
    if refusal is not None:
        return failures.keep(refusal)
    voter, act = _voter(entry), request.form.get("act", "")
    refs = own_ranking(contest, voter) if act == "mine" else _refs()
    return _show_paper(contest, voter, refs, act=act)


@bp.post("/<contest_ref>/review")
@access.voter
def review(contest_ref: str) -> Response:
    """The whole ranking once more before it is cast; as it is shown here, it is kept."""
    contest, at = _contest(contest_ref), clock.now()
    entry = voters.entry_of_request()
    refusal = why_not_cast_ballot(entry, contest, at)
    if refusal is not None:
        return failures.keep(refusal)
    titles, act = option_titles(contest), request.form.get("act", "")
    refusal = why_not_this_ranking(contest, titles, _refs())
    marked = marking.act_on(_refs(), act, titles, contest.max_length)
    try:
        keep_ballot(contest, _voter(entry), marked.ranking, at=at, change=_change())
    except Refused as refused:
        db.session.rollback()
        return _refused_at_the_box(contest, _voter(entry), refused.refusal)
    if refusal is not None:
        page = _show_paper(contest, _voter(entry), _refs(), refusal=refusal)
    else:
        page = _show_review(contest, _voter(entry), act=act)
    failures.commit()
    return page


@bp.post("/<contest_ref>/kept")
@access.voter
def keep(contest_ref: str) -> BaseResponse:
    """Keeps what stands on the paper, after each change; the answer says how it stands now."""
    contest, at = _box(contest_ref), clock.now()
    entry = voters.entry_of_request()
    try:
        refuse_if(why_not_cast_ballot(None, contest, at) if entry is None else None)
        standing = keep_ballot(contest, _voter(entry), _refs(), at=at, change=_change())
    except Refused as refused:
        return failures.keep(refused.refusal)
    standing = replace(standing, is_shown=not standing.is_older)
    slip = slips.slip_for(contest, standing, [ref for ref in _refs() if ref.strip()])
    failures.commit()
    if not htmx.asked():
        return responses.see_other(url_for("voting.ballots.paper", contest_ref=contest_ref))
    return slips.show_slip(slip)


@bp.post("/<contest_ref>/casts")
@access.voter
def cast(contest_ref: str) -> BaseResponse:
    """Puts the ballot into the box: one transaction, on disk before the answer."""
    contest, at = _box(contest_ref), clock.now()
    entry = voters.entry_of_request()
    sent_key = read_form_key(contest, entry)
    if entry is None or sent_key is None:
        refusal = why_not_cast_ballot(entry, contest, at)
        return (
            failures.keep(refusal) if refusal else _again_with_new_key(contest_ref, _voter(entry))
        )
    try:
        seen = request.form.get("terms", "")
        receipt = cast_ballot(contest, entry, _refs(), sent_key, at=at, terms_seen=seen)
        failures.commit()
    except Refused as refused:
        db.session.rollback()
        return _refused_at_the_box(_contest(contest_ref), entry, refused.refusal)
    if not receipt.repeated:
        cast_signals.note_cast(contest_ref, changed=receipt.replaced)
    receipts.remember(contest_ref, receipt, at)
    return responses.see_other(url_for("voting.receipts.mine", contest_ref=contest_ref))


def _refused_at_the_box(contest: Contest, voter: AnyVoter, refusal: Refusal) -> Response:
    if refusal.status == 422:
        return _show_paper(contest, voter, _refs(), refusal=refusal)
    if refusal.code in SEALED_OTHERWISE:
        return _show_review(contest, voter, refusal=refusal, key=new_form_key(contest, voter))
    return failures.keep(refusal)


def _again_with_new_key(contest_ref: str, voter: AnyVoter) -> Response:
    return _show_review(_contest(contest_ref), voter, refusal=failures.foreign_key())


def _show_paper(
    contest: Contest,
    voter: AnyVoter,
    refs: list[str],
    *,
    act: str = "",
    refusal: Refusal | None = None,
) -> Response:
    sheet = pages.lay_out(contest)
    marked = marking.act_on(sheet.keepable(refs), act, sheet.options, contest.max_length)
    everything = act == "show-all"
    query = "" if everything else request.form.get("q", "")
    category = "" if everything else request.form.get("category", "")
    standing = standing_of(contest, voter, marked.ranking)
    return pages.show_paper(
        sheet,
        marked.ranking,
        key=form_key(contest, voter),
        slip=slips.slip_for(contest, standing, marked.ranking),
        looked_for=pages.search(sheet, query, category),
        shows_mine=act == "mine",
        refusal=refusal or pages.obstacle_in_words(sheet, marked),
    )


def _show_review(
    contest: Contest,
    voter: AnyVoter,
    *,
    act: str = "",
    refusal: Refusal | None = None,
    key: str = "",
) -> Response:
    sheet = pages.lay_out(contest)
    marked = marking.act_on(sheet.keepable(_refs()), act, sheet.options, contest.max_length)
    standing, key = standing_of(contest, voter, marked.ranking), key or form_key(contest, voter)
    return pages.show_review(
        sheet,
        marked.ranking,
        key=key,
        code=_code(contest, voter, marked.ranking, key),
        terms=terms_of(contest).sha256,
        slip=slips.slip_for(contest, standing, marked.ranking),
        refusal=refusal or pages.obstacle_in_words(sheet, marked),
    )


def _code(contest: Contest, voter: AnyVoter, ranking: Sequence[str], key: str) -> str:
    """The receipt under which this ranking would be cast; empty where it is no ballot yet."""
    titles, plain_key = option_titles(contest), read_form_key(contest, voter, key)
    if plain_key is None or why_not_this_ranking(contest, titles, list(ranking)):
        return ""
    terms, link_key = terms_of(contest), link_key_of(contest)
    return sealed_as(contest, list(titles), ranking, plain_key, terms, link_key).code


def _contest(ref: str) -> Contest:
    """The contest of an announced round; 404 where there is none, 415 for what is no form."""
    _refuse_other_than_forms()
    return contest_with_paper(ref) or abort(404)


def _box(ref: str) -> ContestAtTheBox:
    """The same, as far as it decides on a ballot."""
    _refuse_other_than_forms()
    return contest_at_the_box(ref) or abort(404)


def _refuse_other_than_forms() -> None:
    if request.mimetype not in FORMS:
        raise UnsupportedMediaType


def _voter(entry: AnyVoter | None) -> AnyVoter:
    assert entry is not None, "Nobody without an entry on the roll is let through."
    return entry


def _refs() -> list[str]:
    return request.form.getlist("ranking")


def _change() -> int | None:
    """Which change of her paper this is, as a page with scripts counts them; None without."""
    sent = request.form.get("change", "")
    return int(sent) if sent.isascii() and sent.isdecimal() and len(sent) <= 6 else None
