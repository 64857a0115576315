"""Receipts: the page after casting, and the check that anybody can make.

The code stands in the signed cookie of the voter's own session and in forms that are posted; never
in an address, a log or a table.
"""

import json
from datetime import datetime
from typing import Any

from flask import Blueprint, Response, abort, current_app, request, session, url_for
from flask_babel import gettext

from core import access, clock, responses
from core.limits import limiter, place
from core.refusals import Refusal, refuse
from voting import commitments
from voting.code_squares import square
from voting.log_keys import LogKeyMissing
from voting.queries.ballots import OpenContest, contest_with_paper, contests_open_to
from voting.queries.log import newest_head
from voting.queries.manifests import terms_of
from voting.queries.receipts import FoundReceipt, find_receipt, receipt_of
from voting.routes import ballot_pages as pages
from voting.routes import voters
from voting.services.ballots import CastReceipt
from voting.services.log import promise

bp = Blueprint("receipts", __name__)
MOST_KEPT = 24
LONGEST_CODE = 100


def remember(contest_ref: str, receipt: CastReceipt, at: datetime) -> None:
    """Keeps the receipt in the session of the person who cast, until she signs out.

    Reads no table: the ballot has been committed, and another transaction would hold others up.
    """
    kept = _kept()
    earlier = kept.pop(contest_ref, None)
    if earlier is not None and earlier[0] == receipt.code:
        kept[contest_ref] = earlier
    else:
        kept[contest_ref] = [receipt.code, receipt.replaced, at.isoformat(timespec="seconds")]
    newest = dict(list(kept.items())[-MOST_KEPT:])
    session["receipts"] = {"of": voters.holder(), "codes": newest}


@bp.get("/ballots/<contest_ref>/receipt")
@access.voter
def mine(contest_ref: str) -> Response:
    """What was cast in this session, without its content, and what happens next."""
    contest = contest_with_paper(contest_ref) or abort(404)
    if contest.ref not in _kept():
        refuse(_no_receipt())
    code, replaced, cast_at = _kept()[contest.ref]
    paper, at = pages.lay_out(contest), clock.now()
    following, found = _next_paper(at), find_receipt(code)
    return responses.private(
        responses.page(
            "voting/ballots/receipt.html",
            contest=paper,
            still_open=at < paper.closes_at,
            by_letter=voters.votes_by_letter(),
            replaced=replaced,
            receipt_code=code,
            code_groups=commitments.receipt_groups(code),
            square=square(f"{_site()}{url_for('voting.receipts.show')}#{code}"),
            cast_at=datetime.fromisoformat(cast_at),
            answer=_answer(found),
            found=found,
            urls={
                "check": url_for("voting.receipts.show"),
                "file": url_for("voting.receipts.file"),
                "log": url_for("voting.ballot_logs.show", contest_ref=contest.ref),
                "paper": url_for("voting.ballots.paper", contest_ref=contest.ref),
                "home": url_for("app.index"),
                "next": _paper_url(following) if following else None,
                "next_title": following.contest.title if following else None,
                "next_language": following.contest.round.language if following else None,
            },
        )
    )


@bp.get("/receipts")
@access.public
def show() -> Response:
    """Where a receipt can be checked, by anybody and without signing in."""
    return responses.private(responses.page("voting/receipts/check.html", code="", answer=None))


@bp.post("/receipts")
@access.public
@limiter.limit("20 per minute; 300 per day", key_func=place)
def check() -> Response:
    """Whether a ballot with this receipt is in a box and in its log. What is not found is answered
    alike, whether the code was never made or is no code at all."""
    code = request.form.get("code", "")[:LONGEST_CODE]
    found = find_receipt(code)
    return responses.private(
        responses.page(
            "voting/receipts/check.html",
            status=200 if found else 404,
            code=code,
            answer=_answer(found),
            found=found,
            contest=found.contest if found else None,
            head=newest_head(found.contest.id) if found else None,
        )
    )


@bp.post("/receipts/file")
@access.public
@limiter.limit("20 per minute; 300 per day", key_func=place)
def file() -> Response:
    """The receipt as a file that proves by itself what was promised, and what is in the log."""
    found = find_receipt(request.form.get("code", "")[:LONGEST_CODE])
    if found is None:
        refuse(_unknown_receipt())
    try:
        content_of_file = _receipt_file(found)
    except LogKeyMissing:
        refuse(_not_signed())
    content = json.dumps(content_of_file, ensure_ascii=False, indent=1)
    response = Response(content, mimetype="application/json")
    name = f"receipt-{found.contest.ref}.json"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return responses.private(response)


def _receipt_file(found: FoundReceipt) -> dict[str, Any]:
    terms = terms_of(found.contest)
    text, signature = promise(found.contest, terms, found.commitment)
    promised = {"document": json.loads(text), "signature": signature.hex()}
    return receipt_of(found, promised, terms.log_key)


def _answer(found: FoundReceipt | None) -> str:
    if found is None:
        return "unknown"
    if found.is_superseded:
        return "superseded"
    return "waiting" if found.position is None else "found"


def _kept() -> dict[str, list[Any]]:
    """Receipts of this session by contest, if they are those of the person signed in."""
    kept = session.get("receipts") or {}
    return dict(kept["codes"]) if kept.get("of") == voters.holder() else {}


def _next_paper(at: datetime) -> OpenContest | None:
    entry = voters.entry_of_request()
    waiting = [each for each in contests_open_to(entry, at) if not each.cast] if entry else []
    return waiting[0] if waiting else None


def _paper_url(open_contest: OpenContest) -> str:
    return url_for("voting.ballots.paper", contest_ref=open_contest.contest.ref)


def _site() -> str:
    return str(current_app.config["SETTINGS"].public_url)


def _not_signed() -> Refusal:
    return Refusal(
        "not_signed",
        503,
        gettext("The file cannot be signed right now. Your ballot is where it was."),
        gettext("Please try again later, or ask the town hall."),
    )


def _unknown_receipt() -> Refusal:
    return Refusal(
        "unknown_receipt",
        404,
        gettext("There is no ballot with this receipt in any box."),
        gettext("Compare the code letter by letter."),
        next_url=url_for("voting.receipts.show"),
        next_label=gettext("Check a receipt"),
    )


def _no_receipt() -> Refusal:
    return Refusal(
        "no_receipt",
        404,
        gettext("This browser holds no receipt of yours for this contest."),
        gettext("A receipt is shown after casting, until you sign out."),
    )
