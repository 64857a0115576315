"""Reading proposals: the list, one page, the feed, one's own."""

from datetime import datetime
from functools import partial
from typing import Any

from babel import Locale
from flask import Blueprint, Response, current_app, render_template, request, url_for
from flask_babel import gettext
from flask_login import current_user
from markupsafe import Markup
from werkzeug.exceptions import NotFound

from core import access, cache, clock, htmx, memory, responses, slots
from core.languages import reader_locale
from core.text import clean_line
from forums.models import Thread
from forums.services.discussions import ThreadView, thread_view
from proposals import discussions, feeds, permissions, words
from proposals.article import saved_article
from proposals.cards import cards
from proposals.lifecycle import State
from proposals.models import Proposal
from proposals.queries import listing, proposal_seen_by
from proposals.queries.listing import Choices, Filters
from proposals.queries.proposals import names_of

bp = Blueprint("proposals", __name__)
MOST_WORDS = 200


@bp.get("/proposals")
@access.public
@cache.shared
def index() -> Response:
    """All public proposals, browsed and searched, the newest first."""
    known = listing.choices()
    filters = _filters().known(known)
    page = listing.browse(filters, request.args.get("after"))
    chosen = {name: value for name, value in _parameters(filters).items() if value}
    return responses.page_or_block(
        "proposals/index.html",
        "results",
        page=page,
        cards=cards(page.rows, known, name_round=not filters.round),
        filters=filters,
        chosen=chosen,
        filter_form=partial(_filter_form, filters, reader_locale(), request.script_root),
        fragment=htmx.asked(),
    )


@bp.get("/proposals/<ref>")
@access.public
@cache.shared
def show(ref: str) -> Response:
    """One proposal, with what happens next and what people say about it."""
    at = clock.now()
    proposal = proposal_seen_by(current_user, ref)
    if proposal is None:
        raise NotFound
    template = "withdrawn" if proposal.state == State.WITHDRAWN else "show"
    response = responses.page(f"proposals/{template}.html", **_story(proposal, at))
    return responses.private(response) if proposal.state == State.DRAFT else response


@bp.get("/proposals/mine")
@access.signed_in
def mine() -> Response:
    """The reader's own proposals and drafts."""
    page = listing.written_by(current_user, request.args.get("after"))
    entries = cards(page.rows, listing.choices())
    return responses.private(responses.page("proposals/mine.html", page=page, cards=entries))


@bp.get("/proposals/feed.atom")
@access.public
@cache.shared
def feed() -> Response:
    """The newest proposals, for feed readers."""
    settings = current_app.config["SETTINGS"]
    text = feeds.newest_proposals(
        listing.newest(30),
        listing.choices(),
        title=gettext("Proposals – %(site)s", site=settings.site_name),
        address_of=lambda endpoint, **values: settings.public_url + url_for(endpoint, **values),
    )
    return Response(text, mimetype="application/atom+xml")


def _story(proposal: Proposal, at: datetime) -> dict[str, Any]:
    """Everything on the page of a proposal."""
    thread = discussions.of(proposal)
    panels = [panel for panel in slots.call("proposal_panels", proposal, at) if panel]
    return {
        "proposal": proposal,
        "article": saved_article(proposal, names_of(proposal)),
        "next_step": words.what_comes_next(proposal.state, proposal.round, at),
        "own": current_user.is_authenticated and proposal.author_id == current_user.id,
        "why_not_change": permissions.why_not_change_proposal(current_user, proposal, at),
        "why_not_withdraw": permissions.why_not_withdraw_proposal(current_user, proposal),
        "panels": [render_template(panel["template"], **panel["context"]) for panel in panels],
        "view": _discussion(thread, at),
        "here": url_for("proposals.show", ref=proposal.ref),
    }


def _discussion(thread: Thread | None, at: datetime) -> ThreadView | None:
    if thread is None:
        return None
    ask = request.args.get
    return thread_view(thread, current_user, at, after=ask("after"), around=ask("post"))


def _filters() -> Filters:
    ask = request.args.get
    return Filters(
        words=clean_line(ask("q", ""))[:MOST_WORDS],
        round=ask("round", ""),
        district=ask("district", ""),
        category=ask("category", ""),
        state=ask("state", ""),
    )


@memory.remembered
def _filter_form(filters: Filters, locale: Locale, root: str) -> Markup:  # noqa: ARG001
    """The form as it stands in this language, under this root; the same for every reader."""
    known = listing.choices()
    context = {"filters": filters, "known": known, "offered": _offered(known)}
    return Markup(render_template("proposals/_filter.html", **context))  # noqa: S704


def _offered(known: Choices) -> dict[str, list[tuple[str, str]]]:
    """What a list can be narrowed by: pairs of value and word."""
    return {
        "rounds": [(each.ref, each.name) for each in known.rounds.values()],
        "places": [(each.ref, each.name) for each in known.districts.values()],
        "themes": [(name, name) for name in known.category_names],
        "states": [
            (state.value, word)
            for state, word in words.state_words().items()
            if state is not State.DRAFT
        ],
    }


def _parameters(filters: Filters) -> dict[str, str]:
    """The filters as they stand in addresses."""
    return {
        "q": filters.words,
        "round": filters.round,
        "district": filters.district,
        "category": filters.category,
        "state": filters.state,
    }
