"""One contest in full: before voting what stands on the paper, after publication the count."""

from flask import Blueprint, Response, abort

from budgets.queries import round_seen_by
from core import access, cache, clock, responses
from transparency import sentences
from transparency.queries import DamagedPublication, round_page
from transparency.refusals import damaged
from transparency.routes import headlines
from transparency.routes.rule_box import rule_box

bp = Blueprint("contests", __name__)


@bp.get("/rounds/<ref>/contests/<contest_ref>")
@access.public
@cache.shared
def show(ref: str, contest_ref: str) -> Response:
    """The options with their costs and lots; once published, every stage of the count."""
    round_ = round_seen_by(None, ref)
    if round_ is None:
        abort(404)
    try:
        page = round_page(round_, contest_ref, clock.now())
    except DamagedPublication:
        damaged()
    line = page.chosen
    if line is None or line.contest.ref != contest_ref:
        abort(404)
    return responses.page(
        "transparency/contests/show.html",
        page=page,
        line=line,
        options=sorted(line.contest.options, key=lambda option: option.paper_position),
        headlines=headlines,
        sentences=sentences,
        **rule_box(line.contest),
    )
