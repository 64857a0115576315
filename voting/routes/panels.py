"""What the polling station shows on other pages: the front page, and a person's account."""

from datetime import datetime
from typing import Any

from flask import url_for
from flask_babel import gettext
from flask_login import current_user

from accounts.models import User
from districts.queries import names_by_id
from voting.district_words import for_whom
from voting.models import Contest, RollEntry
from voting.queries.ballots import OpenContest, contests_open, contests_open_to
from voting.queries.contests import number_of_options
from voting.queries.rolls import roll_entry_of

MOST_PAPERS = 24


def home_part(at: datetime) -> dict[str, Any]:
    """The papers that can be marked now: a voter sees her own, everybody else all of them."""
    entry = roll_entry_of(current_user.id) if current_user.is_authenticated else None
    if entry is not None:
        open_ones = contests_open_to(entry, at)
    else:
        open_ones = [OpenContest(each, until, None) for each, until in contests_open(at)]
    if not open_ones:
        return {}
    open_ones = open_ones[:MOST_PAPERS]
    numbers = number_of_options([each.contest.id for each in open_ones])
    names = {} if entry is not None else names_by_id()
    papers = [_paper(each, numbers, names, entry) for each in open_ones]
    door = None if entry is not None else url_for("voting.entrance.door")
    return {"papers": papers, "door": door}


def account_part(user: User, at: datetime) -> list[dict[str, Any]]:
    """What this person may vote on, and whether she has."""
    entry = roll_entry_of(user.id)
    open_ones = contests_open_to(entry, at) if entry is not None else []
    if not open_ones:
        return []
    papers = [_line(each) for each in open_ones]
    template = "voting/ballots/account.html"
    return [{"title": gettext("Voting"), "template": template, "context": {"papers": papers}}]


def _paper(
    open_one: OpenContest, numbers: dict[int, int], names: dict[int, str], entry: RollEntry | None
) -> dict[str, Any]:
    contest = open_one.contest
    return _line(open_one) | {
        "round_title": contest.round.name,
        "pot_minor": contest.budget_minor,
        "seats": contest.seats,
        "currency": contest.currency,
        "options": numbers.get(contest.id, 0),
        "min_length": contest.min_length,
        "max_length": contest.max_length,
        "note": _note(open_one, names),
        "action": _action(open_one, entry),
    }


def _line(open_one: OpenContest) -> dict[str, Any]:
    return {
        "title": open_one.contest.title,
        "language": open_one.contest.round.language,
        "url": url_for("voting.ballots.paper", contest_ref=open_one.contest.ref),
        "until": open_one.closes_at,
        "cast": open_one.cast,
        "kept": open_one.kept,
    }


def _note(open_one: OpenContest, names: dict[int, str]) -> str | None:
    if open_one.cast:
        return gettext("You have voted; you may change your ballot until closing.")
    if open_one.kept:
        return gettext("What you marked is kept and counts. Cast it to get your receipt.")
    return _whose(open_one.contest, names)


def _whose(contest: Contest, names: dict[int, str]) -> str | None:
    return for_whom(contest, names) if contest.district_id in names else None


def _action(open_one: OpenContest, entry: RollEntry | None) -> str | None:
    if open_one.cast:
        return gettext("Change my ballot")
    if open_one.kept:
        return gettext("Go on with my ballot")
    if entry is not None:
        is_for_seats = open_one.contest.is_for_seats
        return gettext("Rank the answers") if is_for_seats else gettext("Rank the projects")
    if current_user.is_authenticated:
        return gettext("See how to vote")
    return gettext("Sign in and vote")
