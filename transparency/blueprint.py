"""The front door of the room."""

from datetime import datetime
from typing import Any

from flask import Blueprint, Flask, url_for
from flask_babel import gettext
from flask_login import current_user
from sqlalchemy import select

from budgets.models import Round
from core import approvals, jobs, slots
from core.actors import acts_as
from core.database import db
from proposals.models import Proposal
from transparency import sentences
from transparency.jobs import publish_as_ordered
from transparency.models import PublicationOrder
from transparency.orders import OrderState
from transparency.queries import (
    ContestLine,
    DamagedPublication,
    RoundPage,
    latest_publications,
    publication_of,
)
from transparency.queries.front import front_page, place_on_paper, waiting_rounds
from transparency.queries.orders import order_of
from transparency.routes import bundles, contests, downloads, headlines, publications, rounds
from transparency.services import publication_act
from transparency.services.ordering import PUBLISH

MOST_WINNERS = 4


def register(app: Flask) -> None:
    """Plugs the room into the application."""
    room = Blueprint("transparency", __name__)
    for part in (rounds, contests, downloads, publications, bundles):
        room.register_blueprint(part.bp)
    app.register_blueprint(room)
    jobs.handler(app, PUBLISH, publish_as_ordered)
    approvals.offer(app, publication_act())
    slots.put(app, "home", home_part)
    slots.put(app, "staff_home", waiting_publications)
    slots.put(app, "proposal_panels", proposal_panel)
    slots.put(app, "published_rounds", published_rounds)
    slots.put(app, "results_of_round", results_of_round)


def home_part(at: datetime) -> dict[str, Any]:
    """The rounds to look at, and what the latest published one decided."""
    try:
        front = front_page(at)
    except DamagedPublication:
        return {}
    parts: dict[str, Any] = {
        "rounds": [
            {
                "title": line.round.name,
                "url": url_for("transparency.rounds.show", ref=line.round.ref),
                "phase": headlines.label(line.standing),
                "until": line.phase.ends_at if line.phase and line.publication is None else None,
            }
            for line in front.rounds
        ]
    }
    if front.latest is not None:
        parts["latest_result"] = _latest(front.latest)
    return parts


def proposal_panel(proposal: Proposal, at: datetime) -> dict[str, Any] | None:  # noqa: ARG001
    """On a proposal's page: its place on the paper, and once published what became of it."""
    try:
        place = place_on_paper(proposal.id)
    except DamagedPublication:
        return None
    if place is None:
        return None
    context = {"place": place, "sentences": sentences}
    return {"template": "transparency/proposals/panel.html", "context": context}


def published_rounds() -> list[int]:
    """The ids of the rounds whose results everybody may see, the latest ones."""
    return [publication.round_id for publication in latest_publications()]


def results_of_round(round_id: int) -> str | None:
    """Where the results of this round are read, once they are public."""
    publication = publication_of(round_id)
    if publication is None:
        return None
    ref = db.session.scalar(select(Round.ref).where(Round.id == round_id))
    return url_for("transparency.rounds.show", ref=ref)


def waiting_publications(at: datetime) -> list[dict[str, Any]]:
    """For officers: rounds whose counts are all certified and wait for their publication."""
    if not acts_as(current_user, "officer"):
        return []
    return [
        {
            "label": _label(round_, order_of(round_.id)),
            "number": contests_,
            "url": url_for("transparency.publications.show", ref=round_.ref),
        }
        for round_, contests_ in waiting_rounds(at)
    ]


def _label(round_: Round, order: PublicationOrder | None) -> str:
    if order is not None and order.is_live:
        return gettext("Results being prepared: %(round)s", round=round_.name)
    if order is not None and order.state == OrderState.STOPPED:
        return gettext("Publication stopped: %(round)s", round=round_.name)
    return gettext("Results to publish: %(round)s", round=round_.name)


def _latest(page: RoundPage) -> dict[str, Any]:
    """The latest published result in a few figures, with the first winners of its first contest."""
    address = url_for("transparency.rounds.show", ref=page.round.ref)
    first = page.lines[0] if page.lines else None
    return {
        "title": page.round.name,
        "language": page.round.language,
        "url": address,
        "published_at": page.publication.published_at if page.publication else None,
        "currency": page.round.currency,
        "total_minor": page.pot,
        "spent_minor": page.spent,
        "funded": page.funded,
        "options": page.options,
        "ballots": page.all_ballots if not page.has_money else page.ballots,
        "questions": len(page.questions),
        "has_money": page.has_money,
        "winners": _winners(first, address) if first is not None else [],
    }


def _winners(line: ContestLine, address: str) -> list[dict[str, Any]]:
    """The first that were funded, or chosen without money, of a contest."""
    if line.election is not None:
        chosen = line.election.chosen[:MOST_WINNERS]
        return [
            {"title": each.title, "url": address, "cost_minor": None, "place": line.contest.title}
            for each in chosen
        ]
    funded = line.result.funded[:MOST_WINNERS] if line.result is not None else []
    return [
        {
            "title": winner.title,
            "url": url_for("proposals.show", ref=winner.proposal) if winner.proposal else address,
            "cost_minor": winner.cost,
            "place": line.place,
        }
        for winner in funded
    ]
