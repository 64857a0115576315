"""What waits for a second person: the page of all that staff of an office asked for."""

from datetime import datetime
from typing import Any

from flask import Blueprint, Response, abort, flash, url_for
from flask_babel import gettext
from flask_login import current_user
from werkzeug.wrappers import Response as BaseResponse

from accounts import queries
from accounts.admin.freshness import ask_for_the_password_again
from core import access, approvals, cache, clock, responses
from core.database import db

bp = Blueprint("approvals", __name__)
bp.before_request(ask_for_the_password_again)


@bp.get("/staff/approvals")
@access.only("officer", "administrator")
def index() -> Response:
    """Everything that waits for a second person of this reader's offices."""
    at = clock.now()
    lines = queries.requests(approvals.waiting_for_office(current_user, at), current_user, at)
    return responses.private(responses.page("accounts/admin/approvals.html", lines=lines))


@bp.post("/staff/approvals/<ref>/confirmation")
@access.only("officer", "administrator")
def confirm(ref: str) -> BaseResponse:
    """The second person's word: it is done in this moment."""
    approval = approvals.approval_by_ref(ref, for_change=True) or abort(404)
    approvals.confirm(approval, by=current_user, at=clock.now())
    address = approvals.act_of(approval).page(approval)
    db.session.commit()
    cache.clear()
    flash(gettext("You confirmed it as the second person. It is done."), "good")
    return responses.see_other(address)


@bp.post("/staff/approvals/<ref>/withdrawal")
@access.only("officer", "administrator")
def withdraw(ref: str) -> BaseResponse:
    """It shall not be done after all."""
    approval = approvals.approval_by_ref(ref, for_change=True) or abort(404)
    approvals.withdraw(approval, by=current_user, at=clock.now())
    db.session.commit()
    flash(gettext("The request is withdrawn. Nothing was done."), "good")
    return responses.see_other(url_for("accounts.admin.approvals.index"))


def waiting_line(at: datetime) -> list[dict[str, Any]]:
    """For the staff's first page."""
    number = len(approvals.waiting_for_office(current_user, at))
    if not number:
        return []
    url = url_for("accounts.admin.approvals.index")
    return [{"label": gettext("Waiting for a second person"), "number": number, "url": url}]
