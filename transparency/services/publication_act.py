"""Publishing is an act of two officers: one asks, another confirms, and a worker does the rest."""

from datetime import datetime
from typing import Any

from flask import url_for
from flask_babel import gettext

from budgets.models import Round
from budgets.queries import round_by_ref
from core.actors import Actor
from core.approvals import Approval, TwoPersonAct
from core.database import db
from core.refusals import Refusal
from transparency.permissions import why_not_order_publication
from transparency.services.ordering import order_publication
from voting.queries.counts import certified_counts

PUBLISH_RESULTS = "publish_results"


def publication_act() -> TwoPersonAct:
    """The act, for the room's front door."""
    return TwoPersonAct(
        PUBLISH_RESULTS, "officer", _words, _certificates_now, _why_not, _order, _page
    )


def _words(approval: Approval) -> str:
    return gettext("Publish the results of “%(round)s”.", round=_round(approval).name)


def _certificates_now(approval: Approval) -> list[Any]:
    """What both looked at: each certified count, and since when it is certified."""
    return [
        [each.ref, each.document_sha256, each.certified_at.isoformat() if each.certified_at else ""]
        for each in certified_counts(_round(approval).id)
    ]


def _why_not(actor: Actor | None, approval: Approval, at: datetime) -> Refusal | None:
    return why_not_order_publication(actor, _round(approval), at)


def _order(approval: Approval, by: Actor, at: datetime) -> None:
    """Gives the order, while nobody else changes or publishes the round."""
    held = db.session.get_one(
        Round, _round(approval).id, with_for_update=True, populate_existing=True
    )
    order_publication(held, by=by, at=at)


def _round(approval: Approval) -> Round:
    found = round_by_ref(approval.ref_of_subject)
    assert found is not None, "A round that was voted in is never removed."
    return found


def _page(approval: Approval) -> str:
    return url_for("transparency.publications.show", ref=approval.ref_of_subject)
