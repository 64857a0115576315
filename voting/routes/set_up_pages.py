"""What all pages of the guided set-up do alike: find the round, refuse, show, go on."""

from datetime import datetime
from typing import Any

from flask import Response, abort, flash, url_for
from flask_babel import gettext
from flask_login import current_user
from werkzeug.wrappers import Response as BaseResponse

from budgets.models import Round
from budgets.permissions import why_not_change_round
from budgets.queries import round_seen_by
from core import clock, responses
from core.refusals import refuse_if
from voting.queries.setup import Step, set_up_of

ENDPOINTS = {
    Step.BASICS: "voting.rounds.edit",
    Step.POTS: "voting.pots.edit",
    Step.CALENDAR: "voting.calendars.edit",
    Step.BALLOTS: "voting.contests.edit_all",
    Step.CATEGORIES: "voting.categories.edit",
    Step.HAND_OVER: "voting.contests.papers",
    Step.ANNOUNCEMENT: "voting.rounds.show",
}


def find(ref: str) -> Round:
    """The round at this address, as this officer may see it."""
    return round_seen_by(current_user, ref) or abort(404)


def find_for_change(ref: str) -> tuple[Round, datetime]:
    """The round, held until the transaction ends, and now; refuses where it stays as it is."""
    round_ = round_seen_by(current_user, ref, for_change=True) or abort(404)
    at = clock.now()
    refuse_if(why_not_change_round(current_user, round_, at))
    return round_, at


def step_page(step: Step, round_: Round, *, status: int = 200, **context: Any) -> Response:
    """The page of a step, with the list of all steps; read-only where the round is frozen."""
    at = clock.now()
    closed = why_not_change_round(current_user, round_, at)
    page = responses.page(
        f"voting/rounds/{step.value}.html",
        status=status,
        step=step,
        round=round_,
        set_up=set_up_of(round_),
        step_names=names(),
        step_urls={each: url_for(endpoint, ref=round_.ref) for each, endpoint in ENDPOINTS.items()},
        closed=closed,
        at=at,
        **context,
    )
    return responses.private(page)


def go_on(step: Step, round_: Round) -> BaseResponse:
    """To the step after this one; what was typed is saved."""
    flash(gettext("Saved: %(step)s.", step=names()[step]), "good")
    steps = list(Step)
    following = steps[steps.index(step) + 1]
    return responses.see_other(url_for(ENDPOINTS[following], ref=round_.ref))


def names() -> dict[Step, str]:
    """What each step is called."""
    return {
        Step.BASICS: gettext("Name and money"),
        Step.POTS: gettext("Districts and pots"),
        Step.CALENDAR: gettext("Calendar"),
        Step.BALLOTS: gettext("Ballots"),
        Step.CATEGORIES: gettext("Themes"),
        Step.HAND_OVER: gettext("Ballot papers"),
        Step.ANNOUNCEMENT: gettext("Checklist"),
    }
