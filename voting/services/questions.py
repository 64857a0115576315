"""Contests without money: a name, a plan, a citizens' jury. An officer writes the answers.

Whether they may still be changed is asked before, of `voting.permissions.contests`.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import func, select

from budgets.models import Round
from core import audit
from core.actors import Actor
from core.database import db
from voting import link_keys, lots
from voting.counting import CountingError
from voting.counting.seats import find_seat_rule
from voting.lots import TieOrder
from voting.models import Contest, Option
from voting.offered import default_seat_rule, seat_rules_for
from voting.openings import Openings
from voting.questions import Answer, Question
from voting.services.contests import free_ref, record_change, settings_of, subject_of

BEHIND_POTS = 10_000
"""Where such contests begin among those of their round: the money comes first."""


def create_question(
    round_: Round, question: Question, *, by: Actor | None, at: datetime
) -> Contest:
    """A contest for seats with its answers, link key and lots, counted by the usual rule."""
    rule = default_seat_rule(question.seats)
    contest = Contest(
        ref=free_ref(round_, question.title),
        round_id=round_.id,
        seats=question.seats,
        district_id=question.district_id,
        position=_next_position(round_),
        title=question.title,
        currency=round_.currency,
        budget_minor=0,
        min_length=1,
        max_length=question.max_length,
        rule=rule,
        rule_version=find_seat_rule(rule).version,
        aggregate_below=question.aggregate_below,
        openings=question.openings or Openings.AUDITORS.value,
        paper_seed=lots.new_seed(),
        tie_order=TieOrder.LOT.value,
    )
    db.session.add(contest)
    db.session.flush()
    _write_answers(contest, question.answers)
    link_keys.make(contest.ref)
    audit.record(
        "create_contest", subject_of(contest), by=by, at=at,
        **settings_of(contest), answers=_titles(contest),
    )  # fmt: skip
    return contest


def change_question(
    contest: Contest, question: Question, *, by: Actor | None, at: datetime
) -> None:
    """Other words, answers or limits, before the first ballot.

    A rule that cannot fill so many seats gives way to the usual one.
    """
    before, titles = settings_of(contest), _titles(contest)
    contest.title = question.title
    contest.seats, contest.max_length = question.seats, question.max_length
    contest.district_id = question.district_id
    contest.aggregate_below = question.aggregate_below
    contest.openings = question.openings or contest.openings
    if contest.rule not in seat_rules_for(question.seats):
        contest.rule, contest.rule_parameters = default_seat_rule(question.seats), {}
        contest.rule_version = find_seat_rule(contest.rule).version
    if list(question.answers) != [Answer(each.title, each.summary) for each in contest.options]:
        _write_answers(contest, question.answers)
        audit.record(
            "change_answers", subject_of(contest), by=by, at=at,
            before=titles, after=_titles(contest),
        )  # fmt: skip
    record_change(contest, before, by, at)


def choose_seat_rule(
    contest: Contest, rule: str, settings: Mapping[str, str], *, by: Actor | None, at: datetime
) -> None:
    """The contest will be counted by this rule, in today's version, with these settings.

    Raises counting.CountingError for settings that the rule does not know, and for a rule that
    cannot fill so many seats.
    """
    found = find_seat_rule(rule)
    found.settle(settings)
    if rule not in seat_rules_for(contest.seats or 1):
        raise CountingError(f"The rule {rule} fills one seat only.")
    before = settings_of(contest)
    contest.rule, contest.rule_version = rule, found.version
    contest.rule_parameters = dict(sorted(settings.items()))
    record_change(contest, before, by, at)


def _write_answers(contest: Contest, answers: Sequence[Answer]) -> None:
    """Their refs are 1, 2, 3 … in the officer's order; the paper and the ties go by lot."""
    numbered = {str(number): answer for number, answer in enumerate(answers, 1)}
    on_paper = lots.paper_order(contest.paper_seed, list(numbered))
    at_ties = lots.tie_order(TieOrder.LOT, contest.paper_seed, list(numbered))
    contest.options.clear()
    db.session.flush()
    contest.options.extend(
        Option(
            number=number,
            ref=ref,
            title=answer.title,
            summary=answer.text,
            cost_minor=0,
            paper_position=on_paper.index(ref),
            tie_position=at_ties.index(ref),
        )
        for number, (ref, answer) in enumerate(numbered.items())
    )
    db.session.flush()


def _titles(contest: Contest) -> list[str]:
    return [option.title for option in contest.options]


def _next_position(round_: Round) -> int:
    query = select(func.max(Contest.position)).where(
        Contest.round_id == round_.id, Contest.seats.is_not(None)
    )
    last = db.session.scalar(query)
    return BEHIND_POTS if last is None else last + 1
