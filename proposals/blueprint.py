"""The front door of the room."""

from datetime import datetime
from typing import Any

from flask import Flask, url_for
from flask_babel import gettext
from flask_login import current_user

from budgets.phases import PhaseKind
from budgets.queries import rounds_in
from core import slots
from core.actors import Actor, acts_as
from proposals import admin, routes, words
from proposals.cards import cards
from proposals.queries import listing
from proposals.routes import drafts, withdrawals
from proposals.services import erasure

for part in (drafts, withdrawals, admin):
    routes.bp.register_blueprint(part.bp)


def register(app: Flask) -> None:
    """Plugs the room into the application.

    Every template may call `proposal_state_word(state)` and `proposal_state_tone(state)`.
    """
    app.register_blueprint(routes.bp)
    app.jinja_env.globals.update(
        proposal_state_word=words.state_word, proposal_state_tone=words.state_tone
    )
    slots.put(app, "home", home_part)
    slots.put(app, "account_sections", own_proposals)
    slots.put(app, "staff_home", waiting_reviews)
    slots.put(app, "erase_account", erasure.erase_author)


def home_part(at: datetime) -> dict[str, Any]:
    """Rounds that take proposals now, until when; and the newest few proposals."""
    calls = []
    for round_ in rounds_in(PhaseKind.SUBMISSION, at):
        span = round_.span_of(PhaseKind.SUBMISSION)
        if span is not None:
            calls.append(
                {
                    "title": round_.name,
                    "url": url_for("proposals.index", round=round_.ref),
                    "write_url": url_for("proposals.drafts.new", round=round_.ref),
                    "until": span.ends_at,
                    "pot_minor": round_.total_minor,
                    "currency": round_.currency,
                    "proposals": listing.number_public(round_),
                }
            )
    return {"calls": calls, "newest_proposals": cards(listing.newest(4), listing.choices())}


def own_proposals(user: Actor, at: datetime) -> list[dict[str, Any]]:  # noqa: ARG001
    """What this person wrote, on her account page."""
    page = listing.written_by(user, size=5)
    entries = cards(page.rows, listing.choices())
    return [
        {
            "title": gettext("My proposals"),
            "template": "proposals/_mine.html",
            "context": {"cards": entries, "more": page.after is not None},
        }
    ]


def waiting_reviews(at: datetime) -> list[dict[str, Any]]:
    """For reviewers: how many proposals wait for a decision."""
    if not acts_as(current_user, "reviewer"):
        return []
    label = gettext("Proposals that wait for a review")
    url = url_for("proposals.admin.reviews")
    return [{"label": label, "number": listing.number_waiting(at), "url": url}]
