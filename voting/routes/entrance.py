"""The door to the papers: a letter's code, or an account; before either, who may vote and where.

The code is typed or comes behind the # of an address, which no browser sends and no log keeps.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from flask import Blueprint, Response, current_app, flash, request, url_for
from flask_babel import gettext
from flask_login import current_user
from werkzeug.wrappers import Response as BaseResponse

from budgets.phases import PhaseKind
from core import access, clock, responses, slots
from core.database import db
from core.limits import limiter, place
from core.refusals import Refusal
from districts.queries import names_by_id
from voting import district_words, letter_codes
from voting.district_words import Chosen
from voting.letter_codes import LetterCode
from voting.models import Contest
from voting.queries.at_the_box import AnyVoter
from voting.queries.ballots import OpenContest, contests_open, contests_open_to, next_voting
from voting.routes import cast_signals, voters
from voting.routes import letter_words as words
from voting.services.letter_tries import Door, try_code

bp = Blueprint("entrance", __name__)
LONGEST_CODE = 200


def address(wanted: str) -> str:
    """Where a voter is asked who she is; `wanted` is the page that she was going to."""
    return url_for("voting.entrance.door", next=wanted)


@bp.get("/vote")
@access.public
def door() -> Response:
    """Her papers, if we know her; else the field for the code, and who may vote where."""
    entry, at = voters.entry_of_request(), clock.now()
    return _papers(entry, at) if entry is not None else _door(at)


@bp.post("/vote")
@access.public
@limiter.limit("20 per minute; 200 per hour", key_func=place)
def enter() -> BaseResponse:
    """Looks at a code; where it is right, straight to the paper, if there is just one."""
    at = clock.now()
    code = letter_codes.read_code(request.form.get("code", "")[:LONGEST_CODE])
    if not isinstance(code, LetterCode):
        return _door(at, words.unreadable(code))
    tried = try_code(code, at=at)
    if tried.door is not Door.OPEN:
        db.session.commit()
        return _door(at, words.refused(tried), until=tried.until)
    assert tried.entry is not None, "An open door is somebody's."
    waiting = contests_open_to(tried.entry, at)
    if not waiting:
        db.session.commit()
        return _door(at, words.nothing_open(tried, at))
    voters.begin(tried.entry, at=at, batch=tried.batch)
    papers = [each.contest.ref for each in waiting]
    db.session.commit()
    cast_signals.note_sign_in(papers)
    return responses.see_other(_first_page(waiting))


@bp.post("/vote/ending")
@access.public
def leave() -> BaseResponse:
    """She is done: the next person at this screen finds the door closed."""
    voters.end()
    db.session.commit()
    flash(gettext("You are done here. Nothing of yours is left in this browser."), "good")
    return responses.see_other(url_for("voting.entrance.door"))


def _first_page(waiting: list[OpenContest]) -> str:
    papers = [_paper_url(each) for each in waiting]
    wanted = request.form.get("next", "")
    if wanted in papers:
        return wanted
    return papers[0] if len(papers) == 1 else url_for("voting.entrance.door")


def _door(
    at: datetime, refusal: Refusal | None = None, *, until: datetime | None = None
) -> Response:
    open_ones, names = contests_open(at), names_by_id()
    wanted = request.values.get("next", "")
    coming = None if open_ones else next_voting(at)
    span = coming[0].span_of(PhaseKind.VOTING) if coming else None
    response = responses.page(
        "voting/entrance/door.html",
        status=refusal.status if refusal else 200,
        refusal=refusal,
        code=request.form.get("code", "")[:LONGEST_CODE],
        wanted=wanted if wanted.startswith("/ballots/") else "",
        sign_in_url=url_for("security.login", next=_after_signing_in(wanted)),
        demo_letters=slots.call("demo_letter"),
        has_account=current_user.is_authenticated,
        contests=[_offered(each, closes_at, names) for each, closes_at in open_ones],
        next_voting=coming,
        next_closes=span.ends_at if span else None,
        voting_age=current_app.config["SETTINGS"].voting_age,
    )
    if until is not None:
        response.headers["Retry-After"] = str(max(1, int((until - at).total_seconds())))
    return responses.private(response)


def _papers(entry: AnyVoter, at: datetime) -> Response:
    waiting, names = contests_open_to(entry, at), names_by_id()
    chosen = _chosen(waiting, names)
    return responses.private(
        responses.page(
            "voting/entrance/papers.html",
            choices=_choices(chosen, waiting),
            papers=[_line(each, chosen.get(each.contest.round_id)) for each in waiting],
            district=names.get(entry.district_id),
            by_letter=not current_user.is_authenticated,
            next_voting=None if waiting else next_voting(at),
        )
    )


def _offered(contest: Contest, until: datetime, names: dict[int, str]) -> dict[str, Any]:
    return {
        "title": contest.title,
        "language": contest.round.language,
        "for_whom": district_words.for_whom(contest, names),
        "until": until,
    }


def _chosen(waiting: Sequence[OpenContest], names: Mapping[int, str]) -> dict[int, Chosen]:
    """What this person chose so far in each round that lets her choose, by the round's id."""
    papers: dict[int, list[OpenContest]] = {}
    for each in waiting:
        if district_words.is_choice(each.contest):
            papers.setdefault(each.contest.round_id, []).append(each)
    return {
        round_id: Chosen(
            found[0].contest.round.districts_most,
            district_words.names_of((each.contest for each in found if each.cast), names),
            district_words.names_of((each.contest for each in found if each.kept), names),
        )
        for round_id, found in papers.items()
    }


def _choices(chosen: Mapping[int, Chosen], waiting: Sequence[OpenContest]) -> list[dict[str, Any]]:
    rounds = {each.contest.round_id: each.contest.round for each in waiting}
    return [
        {
            "round": rounds[round_id].name,
            "language": rounds[round_id].language,
            "words": district_words.of_choice(each),
        }
        for round_id, each in chosen.items()
    ]


def _line(each: OpenContest, chosen: Chosen | None) -> dict[str, Any]:
    is_choice = district_words.is_choice(each.contest)
    return {
        "title": each.contest.title,
        "language": each.contest.round.language,
        "url": _paper_url(each),
        "until": each.closes_at,
        "cast": each.cast,
        "kept": each.kept,
        "pot_minor": each.contest.budget_minor,
        "currency": each.contest.currency,
        "seats": each.contest.seats,
        "is_out": is_choice and chosen is not None and chosen.is_full and not each.cast,
    }


def _paper_url(each: OpenContest) -> str:
    return url_for("voting.ballots.paper", contest_ref=each.contest.ref)


def _after_signing_in(wanted: str) -> str:
    return wanted if wanted.startswith("/ballots/") else url_for("voting.entrance.door")
