"""The budget rounds for everybody: all of them, one in any phase, and the feed of results.

These pages are the same for every reader. Rounds that are not announced yet stand on the officers'
screens only.
"""

from flask import Blueprint, Response, abort, current_app, make_response, request, url_for
from flask_babel import gettext

from budgets.models import Round
from budgets.queries import round_seen_by, rounds_seen_by
from core import access, cache, clock, htmx, responses
from transparency import sentences, timeline
from transparency.exports import results_feed
from transparency.queries import DamagedPublication, RoundPage, list_rounds, round_page
from transparency.queries.record import public_record
from transparency.refusals import damaged
from transparency.routes import headlines
from transparency.routes.rule_box import rule_box
from transparency.sentences.record import act_in_words, by_whom

bp = Blueprint("rounds", __name__)


@bp.get("/rounds")
@access.public
@cache.shared
def index() -> Response:
    """All rounds: those that are open now first, then the newest."""
    at = clock.now()
    rounds = list_rounds(rounds_seen_by(None, at), at)
    return responses.page("transparency/rounds/index.html", rounds=rounds, headlines=headlines)


@bp.get("/rounds/<ref>")
@access.public
@cache.shared
def show(ref: str) -> Response:
    """The one public page of a round, in every phase."""
    at = clock.now()
    round_ = _find(ref)
    page = _page(round_, request.args.get("contest"))
    return responses.page_or_block(
        "transparency/rounds/show.html",
        "contest",
        page=page,
        steps=timeline.timeline(round_.spans, at),
        record=public_record(round_),
        act_in_words=act_in_words,
        by_whom=by_whom,
        headlines=headlines,
        sentences=sentences,
        licence=_licence(),
        fragment=htmx.asked(),
        **(rule_box(page.chosen.contest) if page.chosen else {}),
    )


@bp.get("/rounds/feed.atom")
@access.public
@cache.shared
def feed() -> Response:
    """Published results, the newest first, as an Atom feed."""
    settings = current_app.config["SETTINGS"]
    text = results_feed(
        title=gettext("Results of budget rounds, %(city)s", city=settings.city_name),
        site=settings.public_url,
        feed_path=url_for("transparency.rounds.feed"),
    )
    response = make_response(text)
    response.mimetype = "application/atom+xml"
    return response


def _licence() -> dict[str, str]:
    """The terms under which results are published: a name and an address."""
    name, _, address = str(current_app.config["SETTINGS"].data_licence).partition(",")
    return {"name": name.strip(), "url": address.strip()}


def _find(ref: str) -> Round:
    found = round_seen_by(None, ref)
    if found is None:
        abort(404)
    return found


def _page(round_: Round, chosen: str | None) -> RoundPage:
    try:
        return round_page(round_, chosen, clock.now())
    except DamagedPublication:
        damaged()
