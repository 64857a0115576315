"""What choosing a rule and trying it out do alike: find, make the form, show the page."""

from typing import Any

from flask import Response, abort
from flask_login import current_user

from core import clock, responses, slots
from voting import seat_rule_words
from voting.forms.rules import RuleForm
from voting.models import Contest
from voting.offered import EVERY_RULE
from voting.permissions.contests import why_not_change_contest
from voting.queries.contests import contest_seen_by, contests_to_try
from voting.routes import set_up_pages
from voting.rule_words import idea, settings_of, tie_order_in_words, ties_in_words, used_by
from voting.trial_words import counted_in_words

ADDRESS = "/staff/rounds/<ref>/contests/<contest_ref>/rule"


def find(ref: str, contest_ref: str) -> Contest:
    """The contest of this round at this address."""
    round_ = set_up_pages.find(ref)
    contest = contest_seen_by(current_user, contest_ref)
    if contest is None or contest.round_id != round_.id:
        abort(404)
    return contest


def rule_form(contest: Contest, *, fresh: bool) -> RuleForm:
    """The form, with the contests whose results are public to try a rule on."""
    published = [round_id for ids in slots.call("published_rounds") for round_id in ids]
    earlier = contests_to_try(published, for_seats=contest.is_for_seats)
    return RuleForm(contest, earlier, fresh=fresh)


def rule_page(contest: Contest, form: RuleForm, *, status: int = 200, **context: Any) -> Response:
    """All rules with their settings; `trial` is the outcome of one, where it was asked for.

    `asking`: the form of the reason, where a second officer has to confirm the choice.
    """
    words = _words_for_seats(contest) if contest.is_for_seats else _words_for_money(contest)
    page = responses.page(
        "voting/contests/rule.html",
        status=status,
        contest=contest,
        form=form,
        rules=EVERY_RULE,
        tie_order=tie_order_in_words(contest.tie_order),
        **{"closed": why_not_change_contest(current_user, contest, clock.now())} | words | context,
    )
    return responses.private(page)


def _words_for_money(contest: Contest) -> dict[str, Any]:
    return {
        "idea": idea,
        "used_by": used_by,
        "settings": settings_of(contest),
        "settings_in_words": counted_in_words,
        "ties_in_words": ties_in_words,
    }


def _words_for_seats(contest: Contest) -> dict[str, Any]:
    return {
        "idea": seat_rule_words.idea,
        "used_by": seat_rule_words.used_by,
        "warning": seat_rule_words.warning,
        "settings": seat_rule_words.settings_in_words(contest.rule, contest.rule_parameters),
        "settings_in_words": seat_rule_words.settings_in_words,
    }
