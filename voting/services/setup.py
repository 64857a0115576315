"""The acts of the guided set-up that touch budgets and contests at once.

A contest's money is its pot's; these keep the two equal.
"""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select

from budgets import services as budgets
from budgets.models import Category, Pot, Round
from core import audit
from core.actors import Actor
from core.database import db
from proposals.models import Proposal
from proposals.queries import handed_over
from voting.district_rules import DistrictRule
from voting.lots import TieOrder
from voting.models import Contest
from voting.queries.contests import contests_of
from voting.queries.setup import Place
from voting.services.contests import (
    adjust_budget,
    change_contest,
    create_contest,
    hand_over_options,
    remove_contest,
)


class CategoryInUse(ValueError):
    """Proposals stand under themes that were to be taken away; `names` are these themes."""

    def __init__(self, names: Sequence[str]) -> None:
        super().__init__(", ".join(names))
        self.names = names


def change_round(
    round_: Round,
    *,
    name: str,
    summary: str,
    currency: str,
    total_minor: int,
    language: str = "",
    by: Actor,
    at: datetime,
) -> None:
    """Other words or money; contests follow the currency of their round."""
    budgets.change_round(
        round_, name=name, summary=summary, language=language, currency=currency,
        total_minor=total_minor, by=by, at=at,
    )  # fmt: skip
    pots = {pot.id: pot for pot in round_.pots}
    for contest in contests_of(round_.id):
        pot = pots[contest.pot_id] if contest.pot_id is not None else None
        adjust_budget(contest, pot, by=by, at=at)


def discard_round(round_: Round, *, by: Actor, at: datetime) -> None:
    """A draft that nobody has seen goes, with its contests."""
    for contest in contests_of(round_.id):
        remove_contest(contest, by=by, at=at)
    budgets.discard_round(round_, by=by, at=at)


def set_pots(
    round_: Round, amounts: Sequence[tuple[Place, int | None]], *, by: Actor, at: datetime
) -> None:
    """Each place gets a pot of this amount, more or less in its pot, or none where it is None."""
    contests = {contest.pot_id: contest for contest in contests_of(round_.id)}
    for place, amount in amounts:
        if place.pot is None and amount:
            budgets.add_pot(round_, place.name, amount, place.district, by=by, at=at)
        elif place.pot is not None and not amount:
            _remove_pot(place.pot, contests.get(place.pot.id), by, at)
        elif place.pot is not None and amount and amount != place.pot.amount_minor:
            budgets.change_pot(place.pot, amount, by=by, at=at)
            if place.pot.id in contests:
                adjust_budget(contests[place.pot.id], place.pot, by=by, at=at)


def set_categories(round_: Round, names: Sequence[str], *, by: Actor, at: datetime) -> None:
    """The themes of the round are these. Raises CategoryInUse for one that proposals have."""
    before = [category.name for category in round_.categories]
    dropped = [category for category in round_.categories if category.name not in names]
    used = _in_use(dropped)
    if used:
        raise CategoryInUse(sorted(used))
    for category in dropped:
        budgets.remove_category(category)
    for name in names:
        if name not in before:
            budgets.add_category(round_, name)
    audit.record(
        "set_categories", f"round:{round_.ref}", by=by, at=at, before=before, after=list(names)
    )


def set_ballots(
    round_: Round,
    pots: Sequence[Pot],
    *,
    min_length: int,
    max_length: int,
    aggregate_below: int,
    openings: str | None = None,
    by: Actor,
    at: datetime,
) -> None:
    """Gives each of these pots a contest of these settings, or its contest these settings.

    A new contest is counted by the usual rule; another is chosen on a page of its own. Raises
    counting.CountingError where a contest's rule does not go with ballots so long.
    """
    contests = {contest.pot_id: contest for contest in contests_of(round_.id)}
    for pot in pots:
        standing = contests.get(pot.id)
        if standing is None:
            create_contest(
                round_, pot, title=pot.name, min_length=min_length, max_length=max_length,
                aggregate_below=aggregate_below, openings=openings, by=by, at=at,
            )  # fmt: skip
        else:
            change_contest(
                standing, title=standing.title, min_length=min_length, max_length=max_length,
                aggregate_below=aggregate_below, openings=openings, by=by, at=at,
            )  # fmt: skip


def set_districts(round_: Round, rule: str, most: int, *, by: Actor, at: datetime) -> None:
    """For which districts a person may vote in this round: her own, some of her choice, all."""
    before = (round_.district_rule, round_.districts_most)
    after = (DistrictRule(rule).value, most)
    if before == after:
        return
    round_.district_rule, round_.districts_most = after
    audit.record("set_districts", f"round:{round_.ref}", by=by, at=at, before=before, after=after)


def set_objection_days(round_: Round, days: int, *, by: Actor, at: datetime) -> None:
    """How long after closing objections about voters are heard."""
    before = round_.objection_days
    if before != days:
        round_.objection_days = days
        subject = f"round:{round_.ref}"
        audit.record("set_objection_days", subject, by=by, at=at, before=before, after=days)


def hand_over(contests: Sequence[Contest], ties: TieOrder, *, by: Actor, at: datetime) -> None:
    """Puts on each of these papers what the review found feasible in its place."""
    for contest in contests:
        proposals = handed_over(contest.round_id, contest.district_id)
        hand_over_options(contest, proposals, ties=ties, by=by, at=at)


def _remove_pot(pot: Pot, contest: Contest | None, by: Actor, at: datetime) -> None:
    if contest is not None:
        remove_contest(contest, by=by, at=at)
    budgets.remove_pot(pot, by=by, at=at)


def _in_use(categories: Sequence[Category]) -> list[str]:
    names = {category.id: category.name for category in categories}
    query = select(Proposal.category_id).where(Proposal.category_id.in_(names)).distinct()
    return [names[category_id] for category_id in db.session.scalars(query) if category_id]
