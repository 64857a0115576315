"""One contest in full: before voting what stands on the paper, after publication who won and why.

What fills a page of its own has one: every turn of the count, the comparison with other rules, and
the order on paper with the tie order.
"""

from flask import Blueprint, Response, abort

from budgets.queries import round_seen_by
from core import access, cache, clock, responses
from transparency import sentences
from transparency.queries import ContestLine, DamagedPublication, RoundPage, round_page
from transparency.refusals import damaged
from transparency.routes import headlines
from transparency.routes.rule_box import rule_box
from voting.models import Contest, Option
from voting.queries.ballots import paper_options

bp = Blueprint("contests", __name__)
FEW_OPTIONS = 20
"""So many stand in one list; more are folded by theme."""


@bp.get("/rounds/<ref>/contests/<contest_ref>")
@access.public
@cache.shared
def show(ref: str, contest_ref: str) -> Response:
    """The options with their costs; once published, who won, by how much and why."""
    page, line = _find(ref, contest_ref)
    return responses.page(
        "transparency/contests/show.html",
        page=page,
        line=line,
        themes=[] if line.result or line.election else _by_theme(line.contest),
        headlines=headlines,
        sentences=sentences,
        **rule_box(line.contest),
    )


@bp.get("/rounds/<ref>/contests/<contest_ref>/turns")
@access.public
@cache.shared
def turns(ref: str, contest_ref: str) -> Response:
    """Every turn of a published count, with what supporters had and paid."""
    page, line = _find(ref, contest_ref)
    if line.result is None:
        abort(404)
    template = "transparency/contests/turns.html"
    return responses.page(template, page=page, line=line, sentences=sentences)


@bp.get("/rounds/<ref>/contests/<contest_ref>/other-rules")
@access.public
@cache.shared
def comparison(ref: str, contest_ref: str) -> Response:
    """What other rules would have done with the same ballots, as computed at publication."""
    page, line = _find(ref, contest_ref)
    if line.result is None or not line.result.other_rules:
        abort(404)
    template = "transparency/contests/comparison.html"
    return responses.page(template, page=page, line=line, sentences=sentences)


@bp.get("/rounds/<ref>/contests/<contest_ref>/orders")
@access.public
@cache.shared
def orders(ref: str, contest_ref: str) -> Response:
    """The order on paper and the tie order, and how anybody draws them again."""
    page, line = _find(ref, contest_ref)
    options = sorted(line.contest.options, key=lambda option: option.paper_position)
    return responses.page(
        "transparency/contests/orders.html", page=page, line=line, options=options
    )


def _find(ref: str, contest_ref: str) -> tuple[RoundPage, ContestLine]:
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
    return page, line


def _by_theme(contest: Contest) -> list[tuple[str, list[tuple[Option, str | None]]]]:
    """What can be ranked, with the proposals' refs, in the order on paper within each theme; one
    list where they are few. Without a theme comes last."""
    options = [each for each in paper_options(contest) if each[0].ref not in contest.withdrawn]
    if len(options) <= FEW_OPTIONS:
        return [("", options)]
    themes: dict[str, list[tuple[Option, str | None]]] = {}
    for option, proposal in options:
        themes.setdefault(option.category, []).append((option, proposal))
    return sorted(themes.items(), key=lambda theme: (not theme[0], theme[0].casefold()))
