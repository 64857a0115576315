"""Contests: their settings, the proposals handed over to them, and the published lots."""

import hashlib

import pytest
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import select

from accounts.models import User
from budgets import services as budgets
from budgets.phases import PhaseKind
from core import clock
from core.audit import AuditEntry
from proposals.lifecycle import State
from proposals.models import Proposal
from proposals.queries import handed_over
from tests.harness import people
from tests.harness.world import MILLION, make_proposal, make_round
from voting import link_keys, lots
from voting.lots import TieOrder
from voting.models import CastSignal, ClearedBallot, Contest
from voting.permissions.contests import why_not_change_contest, why_not_hand_over
from voting.queries.contests import contest_seen_by, contests_of, number_of_options
from voting.services import contests


@pytest.fixture
def contest(db: SQLAlchemy, eli: User) -> Contest:
    """A contest of one million for Riverside, nothing handed over yet."""
    at = clock.now()
    round_ = make_round("Budget 2030", "budget-2030", at, PhaseKind.REVIEW)
    pot = budgets.add_pot(round_, "Riverside", MILLION, people.district("Riverside"), by=eli, at=at)
    return contests.create_contest(
        round_, pot, title="Riverside", min_length=1, max_length=3,
        rule="points-by-rank", by=eli, at=at,
    )  # fmt: skip


def feasible(contest: Contest, *costs: int) -> list[Proposal]:
    """Proposals of these costs, found feasible."""
    home = people.district("Riverside")
    for cost in costs:
        make_proposal(
            contest.round, home, f"It costs {cost}", clock.now(), state=State.FEASIBLE, cost=cost
        )
    return list(handed_over(contest.round_id, contest.district_id))


def test_a_contest_takes_money_and_currency_from_its_pot_and_has_a_link_key(
    contest: Contest,
) -> None:
    assert contest.ref == "budget-2030-riverside"
    assert (contest.budget_minor, contest.currency) == (MILLION, "PLN")
    assert contest.rule_version == "1"
    assert link_keys.exists(contest.ref)
    assert len(contest.paper_seed) == 64


def test_two_contests_have_two_seeds(db: SQLAlchemy, contest: Contest, eli: User) -> None:
    pot = budgets.add_pot(contest.round, "Whole city", 1, None, by=eli, at=clock.now())
    other = contests.create_contest(
        contest.round, pot, title="City", min_length=1, max_length=3,
        rule="points-by-rank", by=eli, at=clock.now(),
    )  # fmt: skip

    assert other.paper_seed != contest.paper_seed
    assert contests_of(contest.round_id) == [contest, other]


def test_handing_over_copies_proposals_as_they_are_now(db: SQLAlchemy, contest: Contest) -> None:
    proposals = feasible(contest, 100, 200, 300)
    contests.hand_over_options(contest, proposals, at=clock.now())
    proposals[0].title = "Something else"
    db.session.commit()
    db.session.expire_all()

    assert [option.number for option in contest.options] == [0, 1, 2]
    first = contest.options[0]
    assert (first.title, first.cost_minor, first.category) == ("It costs 100", 100, "Parks")
    assert (first.place, first.summary) == ("By the old bridge", "Plant and water.")
    assert {proposal.state for proposal in proposals} == {State.ON_BALLOT}
    assert number_of_options([contest.id]) == {contest.id: 3}


def test_the_order_on_paper_is_a_lot_that_anybody_can_draw_again(
    db: SQLAlchemy, contest: Contest
) -> None:
    contests.hand_over_options(contest, feasible(contest, *range(1, 30)), at=clock.now())

    def drawn(*parts: str) -> str:
        return hashlib.sha256("\n".join(parts).encode()).hexdigest()

    on_paper = sorted(contest.options, key=lambda option: option.paper_position)
    again = sorted(contest.options, key=lambda option: drawn(contest.paper_seed, option.ref))
    assert on_paper == again
    assert on_paper != contest.options, "the lot is not the order of publication"
    at_ties = sorted(contest.options, key=lambda option: option.tie_position)
    assert at_ties == sorted(
        contest.options, key=lambda option: drawn(contest.paper_seed, "ties", option.ref)
    )
    assert at_ties != on_paper, "who stands first does not also win every tie"


def test_ties_may_go_by_publication_or_by_cost(db: SQLAlchemy, contest: Contest) -> None:
    proposals = feasible(contest, 300, 100, 200)

    contests.hand_over_options(contest, proposals, at=clock.now(), ties=TieOrder.LISTED)
    assert [option.tie_position for option in contest.options] == [0, 1, 2]
    contests.hand_over_options(contest, proposals, at=clock.now(), ties=TieOrder.CHEAPER)
    assert [option.tie_position for option in contest.options] == [2, 0, 1]
    assert (contest.tie_order, contest.rule_parameters) == ("cheaper", {})


def test_equal_costs_go_by_lot() -> None:
    refs = [f"p{number}" for number in range(40)]
    seed = "5" * 64

    by_cost = lots.tie_order(TieOrder.CHEAPER, seed, refs, [1] * 40)
    assert by_cost == lots.tie_order(TieOrder.LOT, seed, refs)
    assert by_cost != refs


def test_handing_over_again_replaces_what_stood_there(db: SQLAlchemy, contest: Contest) -> None:
    contests.hand_over_options(contest, feasible(contest, 1, 2, 3), at=clock.now())
    contests.hand_over_options(contest, feasible(contest, 4), at=clock.now())
    db.session.commit()
    db.session.expire_all()

    assert [option.cost_minor for option in contest.options] == [1, 2, 3, 4]


def test_removing_a_contest_takes_its_options_along(
    db: SQLAlchemy, contest: Contest, eli: User
) -> None:
    contests.hand_over_options(contest, feasible(contest, 1), at=clock.now())
    contests.remove_contest(contest, by=eli, at=clock.now())
    db.session.commit()

    assert contests_of(contest.round_id) == []


def test_a_change_is_on_record_with_before_and_after(
    db: SQLAlchemy, contest: Contest, eli: User
) -> None:
    contests.change_contest(
        contest, title="Riverside", min_length=2, max_length=5,
        aggregate_below=10, by=eli, at=clock.now(),
    )  # fmt: skip
    entry = db.session.scalars(select(AuditEntry).where(AuditEntry.act == "change_contest")).one()

    assert entry.actor_id == eli.id
    assert (entry.details["before"]["max_length"], entry.details["after"]["max_length"]) == (3, 5)


def test_a_contest_of_a_draft_is_seen_by_officers_only(
    db: SQLAlchemy, contest: Contest, eli: User, amara: User
) -> None:
    contest.round.announced_at = None
    db.session.flush()

    assert contest_seen_by(eli, contest.ref) is contest
    assert contest_seen_by(amara, contest.ref) is None
    assert contest_seen_by(None, contest.ref) is None


@pytest.mark.parametrize(
    ("costs", "minimum", "code", "words"),
    [
        ((), 1, "wrong_number", "No proposal of “Riverside” was found feasible yet."),
        ((5,), 2, "wrong_number", "has only 1 feasible proposal"),
        ((5, MILLION + 1), 1, "wrong_costs", f"It costs {MILLION + 1}."),
        ((5, 0), 1, "wrong_costs", "These proposals have no cost: It costs 0."),
    ],
)
def test_a_paper_that_nobody_could_fill_is_refused(
    db: SQLAlchemy, contest: Contest, eli: User, costs: tuple[int, ...], minimum: int,
    code: str, words: str,
) -> None:  # fmt: skip
    contest.min_length = minimum
    refusal = why_not_hand_over(eli, contest, feasible(contest, *costs), clock.now())

    assert refusal is not None
    assert (refusal.code, refusal.status) == (code, 409)
    assert words in refusal.sentence


def test_after_the_first_ballot_and_after_sealing_a_contest_stays_as_it_is(
    db: SQLAlchemy, contest: Contest, eli: User, dana: User
) -> None:
    at = clock.now()
    proposals = feasible(contest, 5)
    assert why_not_change_contest(eli, contest, at) is None
    assert why_not_hand_over(eli, contest, proposals, at) is None

    contest.sealed_at = at
    sealed = why_not_change_contest(eli, contest, at)
    contest.sealed_at = None
    budgets.freeze_round(contest.round, at=at)
    frozen = why_not_hand_over(eli, contest, proposals, at)
    other = why_not_change_contest(dana, contest, at)

    assert [each and each.code for each in (sealed, frozen, other)] == [
        "sealed", "frozen", "not_an_officer",
    ]  # fmt: skip


def test_a_contest_on_which_nobody_voted_goes_with_what_was_noticed_of_it(
    db: SQLAlchemy, contest: Contest, eli: User
) -> None:
    hour = clock.now().replace(minute=0, second=0, microsecond=0)
    db.session.add(CastSignal(contest_id=contest.id, kind="fault", mark="", hour=hour, faults=1))
    db.session.add(ClearedBallot(contest_id=contest.id, tag="0" * 64, change=2))
    db.session.commit()

    contests.remove_contest(contest, by=eli, at=clock.now())
    db.session.commit()

    assert [db.session.scalar(select(model)) for model in (CastSignal, ClearedBallot)] == [None] * 2
