"""How I become somebody who may vote: the ways that this town offers, each with what it needs."""

from flask import Blueprint, Response, url_for
from flask_babel import gettext
from flask_login import current_user

from accounts import queries, ways
from accounts.ways import Offer
from core import access, responses, slots
from districts.queries import names_by_id

bp = Blueprint("residency", __name__)


class AtTheDesk:
    """The way that is always there: a clerk looks at a document."""

    def offer(self) -> Offer | None:
        return Offer(
            ways.DESK,
            gettext("At the town hall"),
            gettext(
                "You need an identity document, and the e-mail address of this account."
                " A clerk confirms you while you wait."
            ),
        )


@bp.get("/account/residency")
@access.signed_in
def show() -> Response:
    """The ways, or what was confirmed already."""
    residency = queries.residency_of(current_user.id)
    page = responses.page(
        "accounts/residency/show.html",
        residency=residency,
        district=names_by_id().get(residency.district_id) if residency else None,
        offers=ways.in_order(slots.call(ways.SLOT)),
        account_url=url_for("accounts.account.show"),
    )
    return responses.private(page)
