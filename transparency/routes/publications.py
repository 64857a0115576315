"""The officers' screen of a publication: what will be public, the asking and confirming of two, and
how far the work has come that they ordered."""

from datetime import datetime, timedelta

from flask import Blueprint, Response, abort, flash, make_response, request, url_for
from flask_babel import gettext
from flask_login import current_user
from flask_wtf import FlaskForm
from werkzeug.wrappers import Response as BaseResponse

from accounts.queries import requests_about
from budgets.models import Round
from budgets.queries import round_seen_by
from core import access, approvals, clock, htmx, responses
from core.database import db
from core.refusals import Refusal
from transparency.models import PublicationOrder
from transparency.orders import OrderState
from transparency.permissions import why_not_order_publication
from transparency.queries import publication_of
from transparency.queries.officers import certificates
from transparency.queries.orders import name_of_orderer, order_of
from transparency.refusals import why_stopped
from transparency.services import PUBLISH_RESULTS

bp = Blueprint("publications", __name__)
SOON = timedelta(minutes=2)
"""An order that nobody has begun by then waits for a worker that is not there."""


@bp.get("/staff/rounds/<ref>/publication")
@access.only("officer")
def show(ref: str) -> Response:
    """Each contest with who certified it, what publishing does, and how far it has come.

    A page that looks again by itself says what it shows, and is answered 204 while that is true.
    """
    at = clock.now()
    round_ = _find(ref)
    order = order_of(round_.id)
    standing = _standing(order)
    seen = request.args.get("seen", "")
    if htmx.asked() and seen == standing:
        return responses.private(make_response("", 204))
    page = responses.page(
        f"transparency/publications/{'standing' if htmx.asked() else 'show'}.html",
        round=round_,
        publication=publication_of(round_.id),
        certificates=certificates(round_.id),
        refusal=why_not_order_publication(current_user, round_, at),
        waiting=requests_about(f"round:{round_.ref}", current_user, at),
        form=FlaskForm(),
        order=order,
        orderer=name_of_orderer(order) if order else None,
        stop=_stop(order),
        is_late=order is not None and _is_late(order, at),
        standing=standing,
        is_news=htmx.asked() and seen.partition(".")[0] != standing.partition(".")[0],
    )
    return responses.private(page)


@bp.post("/staff/rounds/<ref>/publication")
@access.only("officer")
def publish(ref: str) -> BaseResponse:
    """Asks for the results to be published, which a second officer confirms."""
    round_ = _find(ref)
    approvals.ask(PUBLISH_RESULTS, f"round:{round_.ref}", by=current_user, at=clock.now())
    db.session.commit()
    flash(gettext("Asked for. It is done as soon as a second officer confirms it."), "good")
    return responses.see_other(url_for("transparency.publications.show", ref=ref))


def _find(ref: str) -> Round:
    return round_seen_by(current_user, ref) or abort(404)


def _standing(order: PublicationOrder | None) -> str:
    """What the page shows of the order, in a word or two: the state and how far it is."""
    return "" if order is None else f"{order.state}.{order.attempts}.{order.contests_ready}"


def _stop(order: PublicationOrder | None) -> Refusal | None:
    if order is None or order.state != OrderState.STOPPED:
        return None
    return why_stopped(order.code, order.contest, order.detail)


def _is_late(order: PublicationOrder, at: datetime) -> bool:
    return order.state == OrderState.WAITING and at - order.ordered_at > SOON
