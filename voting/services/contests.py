"""Contests: the ballot of a pot, its limits and rule, and the proposals that stand on it.

Whether settings may still be changed is asked before, of `voting.permissions.contests`.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select

from budgets.models import Pot, Round
from core import audit, refs
from core.actors import Actor
from core.approvals import Approval
from core.database import db
from core.text import excerpt
from proposals.models import Proposal
from proposals.services import put_on_ballot
from voting import counting, link_keys, lots
from voting import rule_parameters as rules
from voting.lots import TieOrder
from voting.models import Contest, Option
from voting.offered import DEFAULT_RULE
from voting.openings import Openings
from voting.queries.contests import contest_by_ref

SUMMARY = 300


def create_contest(
    round_: Round,
    pot: Pot,
    *,
    title: str,
    min_length: int,
    max_length: int,
    rule: str = DEFAULT_RULE,
    rule_parameters: Mapping[str, Any] | None = None,
    by: Actor | None,
    at: datetime,
    aggregate_below: int = 50,
    openings: str | None = None,
) -> Contest:
    """A contest for the money of a pot, with its link key and the seed of its lots.

    `rule` is a name in the engine's registry, with parameters that were checked; below
    `aggregate_below` ballots only the table of option × rank will be published.
    """
    contest = Contest(
        ref=free_ref(round_, pot.name),
        round_id=round_.id,
        pot_id=pot.id,
        district_id=pot.district_id,
        position=pot.position,
        title=title,
        currency=round_.currency,
        budget_minor=pot.amount_minor,
        min_length=min_length,
        max_length=max_length,
        rule=rule,
        rule_version=counting.RULES[rule].version,
        rule_parameters=rules.in_order(rule_parameters or {}),
        aggregate_below=aggregate_below,
        openings=openings or Openings.AUDITORS.value,
        paper_seed=lots.new_seed(),
    )
    db.session.add(contest)
    db.session.flush()
    link_keys.make(contest.ref)
    audit.record(
        "create_contest", subject_of(contest), by=by, at=at,
        paper_seed=contest.paper_seed, **settings_of(contest),
    )  # fmt: skip
    return contest


def change_contest(
    contest: Contest,
    *,
    title: str,
    min_length: int,
    max_length: int,
    aggregate_below: int,
    openings: str | None = None,
    by: Actor | None,
    at: datetime,
) -> None:
    """Other words or limits, before the first ballot. `openings` stay as they are if not given.

    Raises counting.CountingError where the contest's rule does not go with ballots so long.
    """
    rules.check(contest.rule, contest.rule_parameters, max_length)
    before = settings_of(contest)
    contest.title = title
    contest.min_length, contest.max_length = min_length, max_length
    contest.aggregate_below, contest.openings = aggregate_below, openings or contest.openings
    record_change(contest, before, by, at)


def choose_rule(
    contest: Contest,
    rule: str,
    parameters: Mapping[str, Any],
    *,
    by: Actor | None,
    at: datetime,
) -> None:
    """The contest will be counted by this rule, in today's version, with these parameters.

    Raises counting.CountingError for parameters with which the rule cannot count.
    """
    rules.check(rule, parameters, contest.max_length)
    before = settings_of(contest)
    contest.rule, contest.rule_version = rule, counting.RULES[rule].version
    contest.rule_parameters = rules.in_order(parameters)
    record_change(contest, before, by, at)


def adjust_budget(contest: Contest, pot: Pot | None, *, by: Actor | None, at: datetime) -> None:
    """The contest gets the money that its pot has now, in the currency of its round."""
    before = settings_of(contest)
    contest.currency = contest.round.currency
    if pot is not None:
        contest.budget_minor, contest.position = pot.amount_minor, pot.position
    record_change(contest, before, by, at)


def remove_contest(contest: Contest, *, by: Actor | None, at: datetime) -> None:
    """Takes a contest away with its options. Its link key stays on disk: it ties nothing."""
    audit.record("remove_contest", subject_of(contest), by=by, at=at, **settings_of(contest))
    db.session.delete(contest)
    db.session.flush()


def hand_over_options(
    contest: Contest,
    proposals: Sequence[Proposal],
    *,
    at: datetime,
    by: Actor | None = None,
    ties: TieOrder = TieOrder.LOT,
    tie_order: Sequence[str] | None = None,
    places: Mapping[str, int] | None = None,
) -> None:
    """Puts these proposals on the ballot paper, in place of what stood there before.

    Titles and costs are copied: what was handed over stays what is voted on. The order given is
    the order of the published file; the order on paper is drawn by lot from `paper_seed`. Ties go
    by `tie_order` where the city has drawn one, else as `ties` says. `places` holds the id of the
    district in which an option lies, where a city's file says it and the proposal does not.
    """
    themes = {category.id: category.name for category in contest.round.categories}
    numbered = [(proposal.code or proposal.ref, proposal) for proposal in proposals]
    order = [ref for ref, _ in numbered]
    costs = [proposal.cost_minor for proposal in proposals]
    on_paper = _places(lots.paper_order(contest.paper_seed, order))
    if tie_order is None:
        tie_order = lots.tie_order(ties, contest.paper_seed, order, costs)
    else:
        ties = TieOrder.LISTED if list(tie_order) == order else TieOrder.DRAWN
    at_ties = _places(tie_order)
    contest.options.clear()
    db.session.flush()
    contest.options.extend(
        Option(
            number=number,
            ref=ref,
            proposal_id=proposal.id,
            title=proposal.title,
            category=themes.get(proposal.category_id or 0, ""),
            place=proposal.place,
            district_id=(places or {}).get(ref, proposal.district_id),
            summary=excerpt(proposal.what, SUMMARY - 1),
            cost_minor=proposal.cost_minor,
            paper_position=on_paper[ref],
            tie_position=at_ties[ref],
        )
        for number, (ref, proposal) in enumerate(numbered)
    )
    contest.tie_order = ties.value
    db.session.flush()
    put_on_ballot(proposals, at=at)
    audit.record("hand_over", subject_of(contest), by=by, at=at, options=order, ties=ties.value)


def free_ref(round_: Round, name: str) -> str:
    """`krakow-2024-swoszowice`, or with four letters more where that is taken."""
    wanted = f"{round_.ref[:40]}-{refs.slug(name, 34)}"
    taken = db.session.scalar(select(Contest.id).where(Contest.ref == wanted))
    return wanted if taken is None else f"{wanted}-{refs.new_ref()[:4]}"


def subject_of(contest: Contest) -> str:
    """What the audit log calls it."""
    return f"contest:{contest.ref}"


def contest_of(approval: Approval) -> Contest:
    """What two officers are asked about: a contest that is voted in, and so is never removed."""
    found = contest_by_ref(approval.ref_of_subject)
    assert found is not None, "A contest that was voted in is never removed."
    return found


def record_change(contest: Contest, before: dict[str, Any], by: Actor | None, at: datetime) -> None:
    """Writes the change into the audit log, if there is one."""
    db.session.flush()
    after = settings_of(contest)
    if after != before:
        audit.record(
            "change_contest", subject_of(contest), by=by, at=at, before=before, after=after
        )


def settings_of(contest: Contest) -> dict[str, Any]:
    """What the audit log keeps of a contest."""
    return {
        "title": contest.title,
        "seats": contest.seats,
        "currency": contest.currency,
        "budget_minor": contest.budget_minor,
        "min_length": contest.min_length,
        "max_length": contest.max_length,
        "rule": contest.rule,
        "rule_version": contest.rule_version,
        "rule_parameters": contest.rule_parameters,
        "aggregate_below": contest.aggregate_below,
        "openings": contest.openings,
    }


def _places(order: Sequence[str]) -> dict[str, int]:
    return {ref: place for place, ref in enumerate(order)}
