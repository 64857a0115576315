"""Somebody who was given papers votes on paper: one roll for the web and the desk."""

from collections.abc import Sequence
from pathlib import Path

import pytest
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import func, select

from accounts.models import User
from budgets.phases import PhaseKind
from core import clock
from core.refusals import Refused
from tests.harness.client import BrowserLikeClient
from tests.harness.world import World
from tests.voting import traces
from tests.voting.ballot_forms import cast as cast_on_the_web
from tests.voting.ballot_forms import key_on, open_paper
from tests.voting.test_one_ballot_each import acknowledged, plan_for, run
from voting import link_keys, sealing
from voting.models import Ballot, Contest, PaperMark, RollEntry, SealedBallot
from voting.queries.paper import PapersGiven, contests_on_paper_for, papers_given
from voting.queries.rolls import roll_entry_of
from voting.services.ballots import cast_ballot
from voting.services.closing import LostBallots, seal_contest
from voting.services.kept import keep_ballot
from voting.services.paper_marks import give_papers, take_papers_back
from voting.services.rolls import enter_on_roll


@pytest.fixture
def entry(world: World, amara: User) -> RollEntry:
    """Amara's entry on the roll of Riverside."""
    found = roll_entry_of(amara.id)
    assert found is not None
    return found


def give(
    world: World, entry: RollEntry, by: User, contests: Sequence[Contest] | None = None
) -> PaperMark:
    """Hands her the papers that she may have, or those named."""
    chosen = contests or contests_on_paper_for(world.voting_round.id, entry)
    return give_papers(world.voting_round, entry, chosen, by=by, at=clock.now())


def cast(contest: Contest, entry: RollEntry) -> None:
    refs = [contest.options[0].ref]
    cast_ballot(contest, entry, refs, sealing.new_form_key(), at=clock.now())


def code_of(refused: pytest.ExceptionInfo[Refused]) -> tuple[str, int]:
    return refused.value.refusal.code, refused.value.refusal.status


def test_she_is_handed_the_citys_paper_and_her_districts(
    world: World, entry: RollEntry, clara: User
) -> None:
    mark = give(world, entry, clara)

    assert {each.contest_id for each in mark.given} == {
        world.city_contest.id,
        world.riverside_contest.id,
    }
    assert (mark.marked_on, mark.marked_by_id) == (clock.city_day(clock.now()), clara.id)


def test_the_paper_of_another_district_is_not_given(
    world: World, entry: RollEntry, clara: User
) -> None:
    with pytest.raises(Refused) as refused:
        give(world, entry, clara, [world.hillside_contest])

    assert code_of(refused) == ("wrong_papers", 422)


def test_after_the_papers_nothing_is_cast_on_the_web(
    world: World, entry: RollEntry, clara: User
) -> None:
    give(world, entry, clara)

    for contest in (world.city_contest, world.riverside_contest):
        with pytest.raises(Refused) as refused:
            cast(contest, entry)
        assert code_of(refused) == ("on_paper", 409)
        assert "townhall@example.org" in refused.value.refusal.next_step


def test_the_page_says_whom_to_ask(
    db: SQLAlchemy,
    world: World,
    entry: RollEntry,
    clara: User,
    voter: BrowserLikeClient,
) -> None:
    key = key_on(open_paper(voter, world.city_contest))
    give(world, entry, clara)
    db.session.commit()

    answer = cast_on_the_web(voter, world.city_contest, ["0-1"], key)

    assert answer.status_code == 409
    assert "you vote on paper" in answer.get_data(as_text=True)
    assert db.session.scalar(select(func.count()).select_from(Ballot)) == 0


@pytest.mark.attack("B14")
def test_whoever_cast_on_the_web_in_any_contest_gets_no_papers(
    world: World, entry: RollEntry, clara: User
) -> None:
    cast(world.riverside_contest, entry)

    with pytest.raises(Refused) as refused:
        give(world, entry, clara, [world.city_contest])

    assert code_of(refused) == ("voted_on_the_web", 409)


def test_a_ballot_that_she_only_kept_bars_no_papers_and_is_gone_at_closing(
    db: SQLAlchemy, world: World, entry: RollEntry, clara: User
) -> None:
    keep(db, world.city_contest, entry)

    give(world, entry, clara)
    close(world.city_contest)

    assert db.session.scalar(select(func.count()).select_from(SealedBallot)) == 0
    assert world.city_contest.ballots_cast == 0


def test_no_transaction_that_marks_writes_a_ballot(
    db: SQLAlchemy, world: World, entry: RollEntry, clara: User
) -> None:
    keep(db, world.city_contest, entry)
    world.voting_round.frozen_at = clock.now()
    db.session.commit()
    before = traces.footprint(db)

    give(world, entry, clara)
    db.session.commit()

    touched = traces.touched(before, traces.footprint(db))
    assert "ballot" not in touched
    assert {"paper_mark", "paper_given", "audit_entry"} <= touched


def test_should_somebody_have_both_nothing_is_sealed(
    db: SQLAlchemy, world: World, entry: RollEntry, clara: User
) -> None:
    keep(db, world.city_contest, entry)
    give(world, entry, clara)
    ballot = db.session.scalars(select(Ballot)).one()
    ballot.is_cast, ballot.manifest_number = True, 1
    ballot.salt, ballot.commitment = bytes(32), bytes(32)

    with pytest.raises(LostBallots, match="were given papers"):
        close(world.city_contest)


def test_nobody_gets_papers_twice(world: World, entry: RollEntry, clara: User) -> None:
    give(world, entry, clara)

    with pytest.raises(Refused) as refused:
        give(world, entry, clara)

    assert code_of(refused) == ("has_papers", 409)


def test_with_the_papers_given_back_she_votes_on_the_web_and_they_count_as_returned(
    world: World, entry: RollEntry, clara: User
) -> None:
    give(world, entry, clara)

    take_papers_back(
        world.voting_round, entry, reason="Wants to vote at home.", by=clara, at=clock.now()
    )

    cast(world.city_contest, entry)
    figures = papers_given([world.city_contest.id, world.hillside_contest.id])
    assert figures == {world.city_contest.id: PapersGiven(given=1, returned=1)}


def test_papers_that_are_not_there_cannot_come_back(
    world: World, entry: RollEntry, clara: User
) -> None:
    with pytest.raises(Refused) as refused:
        take_papers_back(world.voting_round, entry, reason="x", by=clara, at=clock.now())

    assert code_of(refused) == ("no_papers", 409)


def test_before_and_after_voting_no_papers_are_given(
    world: World, entry: RollEntry, clara: User
) -> None:
    voting = world.voting_round.span_of(PhaseKind.VOTING)
    assert voting is not None
    contests = [world.city_contest]

    for at, code in ((world.voting_round.created_at, "not_open_yet"), (voting.ends_at, "closed")):
        with pytest.raises(Refused) as refused:
            give_papers(world.voting_round, entry, contests, by=clara, at=at)
        assert code_of(refused) == (code, 409)


def test_residents_give_no_papers(world: World, entry: RollEntry, amara: User) -> None:
    with pytest.raises(Refused) as refused:
        give(world, entry, amara)

    assert code_of(refused) == ("not_at_the_desk", 403)


def test_where_the_link_key_is_gone_nobody_is_marked(
    world: World, entry: RollEntry, clara: User
) -> None:
    link_keys.destroy(world.city_contest.ref)

    with pytest.raises(link_keys.LinkKeyMissing):
        give(world, entry, clara)


@pytest.mark.attack("B14")
@pytest.mark.slow
def test_of_a_cast_and_a_mark_at_the_same_moment_exactly_one_takes_place(
    db: SQLAlchemy, database_url: str, tmp_path: Path, world: World, clara: User
) -> None:
    plan = plan_for(db, database_url, tmp_path, world, voters=40, clients=4, marking=2)

    run(plan)

    on_paper, on_the_web = ways(db)
    assert len(on_paper) + on_the_web == 40
    for entry_id, said in acknowledged(plan).items():
        assert ("paper" in said) == (entry_id in on_paper)


@pytest.mark.slow
@pytest.mark.postgres
def test_without_the_lock_somebody_votes_both_ways(
    db: SQLAlchemy, database_url: str, tmp_path: Path, world: World, clara: User
) -> None:
    plan = plan_for(
        db, database_url, tmp_path, world, voters=3, clients=2, marking=1,
        without=["lock"], look_together=True,
    )  # fmt: skip

    run(plan)

    on_paper, on_the_web = ways(db)
    assert len(on_paper) + on_the_web > 3


def ways(db: SQLAlchemy) -> tuple[set[int], int]:
    """The entries with standing marks, and how many ballots are in the box."""
    db.session.rollback()
    marks = list(db.session.scalars(select(PaperMark.roll_entry_id)))
    assert len(marks) == len(set(marks))
    return set(marks), db.session.scalar(select(func.count()).select_from(Ballot)) or 0


def keep(_db: SQLAlchemy, contest: Contest, entry: RollEntry) -> None:
    """Leaves a ballot that was marked and not cast."""
    keep_ballot(contest, entry, [contest.options[0].ref], at=clock.now())


def close(contest: Contest) -> None:
    voting = contest.round.span_of(PhaseKind.VOTING)
    assert voting is not None
    seal_contest(contest, at=voting.ends_at)


def test_a_neighbour_is_not_barred(world: World, entry: RollEntry, clara: User) -> None:
    give(world, entry, clara)
    neighbour = enter_on_roll("b" * 64, world.riverside.id, at=clock.now())

    cast(world.city_contest, neighbour)
