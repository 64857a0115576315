"""Trying a rule out before it is chosen: on an earlier contest of this city, or on a file."""

from dataclasses import replace
from typing import BinaryIO, cast

from flask import Blueprint, Response, url_for
from flask_babel import gettext
from flask_login import current_user
from werkzeug.wrappers import Response as BaseResponse

from core import access, clock, responses
from core.database import db
from core.languages import known_language
from core.limits import limiter
from core.refusals import refuse_if
from voting import counting
from voting.counting.seats import read_race
from voting.forms.rules import RuleForm
from voting.models import Contest
from voting.permissions.contests import why_not_change_contest
from voting.queries.counts import counting_input, race_input
from voting.routes import rule_pages as pages
from voting.seat_trials import SeatTrial, try_seat_rule
from voting.trial_rules import rule_for
from voting.trials import MOST_MEMORY, PastVote, Trial, read_files, try_rule

bp = Blueprint("trials", __name__)


@bp.post(f"{pages.ADDRESS}/trial")
@access.only("officer")
@limiter.limit("60 per hour")
def create(ref: str, contest_ref: str) -> Response:
    """The page again, with what the rule as it is set there would have funded; saves nothing."""
    contest = pages.find(ref, contest_ref)
    refuse_if(why_not_change_contest(current_user, contest, clock.now()))
    form = pages.rule_form(contest, fresh=False)
    if not form.validate():
        return pages.rule_page(contest, form, status=422, kept=_kept())
    try:
        if contest.is_for_seats:
            trial: Trial | SeatTrial | None = _of_seats(form)
        else:
            trial = _from_file(form) if form.choice.uploads else _from_contest(form)
    except counting.CountingError as error:
        form.refused(str(error))
        trial = None
    contest = pages.find(ref, contest_ref)
    if trial is None:
        return pages.rule_page(contest, form, status=422, kept=_kept())
    return pages.rule_page(contest, form, trial=trial)


@bp.get(f"{pages.ADDRESS}/trial")
@access.only("officer")
def show(ref: str, contest_ref: str) -> BaseResponse:
    """A trial is not kept: its address leads back to the rules."""
    contest = pages.find(ref, contest_ref)
    return responses.see_other(url_for("voting.rules.edit", ref=ref, contest_ref=contest.ref))


def _kept() -> str:
    return gettext("What you chose is kept below. Your file must be chosen again.")


def _from_contest(form: RuleForm) -> Trial | None:
    """On an earlier contest whose results are public."""
    earlier = _earlier(form)
    if earlier is None:
        return None
    given = PastVote(*counting_input(earlier))
    where = {"currency": earlier.currency, "language": earlier.round.language}
    return _tried(form, f"{earlier.round.name}: {earlier.title}", given, where)


def _earlier(form: RuleForm) -> Contest | None:
    chosen = next((each for each in form.earlier if each.ref == form.choice.earlier.data), None)
    if chosen is None:
        form.mistaken(form.choice.earlier, gettext("Choose an earlier contest, or a file."))
    return chosen


def _of_seats(form: RuleForm) -> SeatTrial | None:
    """On an uploaded file, or else on an earlier contest for seats whose results are public."""
    seats, language = form.contest.seats or 1, ""
    if form.choice.uploads:
        upload = form.choice.uploads[0]
        try:
            stream, name = cast(BinaryIO, upload.stream), upload.filename or ""
            race, papers = read_race(stream, seats, name=name, most_bytes=MOST_MEMORY)
        except counting.CountingError as error:
            form.mistaken(form.choice.file, str(error))
            return None
        title = race.title or upload.filename or gettext("The file")
    else:
        earlier = _earlier(form)
        if earlier is None:
            return None
        race, papers = race_input(earlier)
        race, language = replace(race, seats=seats), earlier.round.language
        title = f"{earlier.round.name}: {earlier.title}"
    rule, settings = form.rule, form.parameters
    # Nobody else's ballot shall wait while this is counted.
    db.session.rollback()
    return try_seat_rule(title, race, papers, rule, settings, language=language)


def _from_file(form: RuleForm) -> Trial | None:
    uploads = form.choice.uploads
    try:
        given = read_files([(each.filename or "", cast(BinaryIO, each.stream)) for each in uploads])
        rule_for(form.rule, form.parameters, given.contest)
    except counting.CountingError as error:
        form.mistaken(form.choice.file, str(error))
        return None
    title = given.contest.title or uploads[0].filename or gettext("The file")
    where = {
        "currency": given.contest.meta.get("currency", ""),
        "language": known_language(given.contest.meta.get("language", "")) or "",
    }
    return _tried(form, title, given, where)


def _tried(form: RuleForm, title: str, given: PastVote, where: dict[str, str]) -> Trial:
    rule, parameters = form.rule, form.parameters
    # Counting may take seconds, during which nobody else's ballot shall wait for this transaction.
    db.session.rollback()
    return try_rule(title, given, rule, parameters, **where)
