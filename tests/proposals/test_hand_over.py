"""The city's proposals come in at once, go onto the ballot, and learn how they fared."""

import time
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from core import clock as city_clock
from core import search
from core.database import db
from proposals.lifecycle import State
from proposals.models import CostLine, Proposal
from proposals.queries import handed_over
from proposals.services import ImportedProposal, import_proposals, put_on_ballot, settle_outcome
from proposals.services.outcomes import OutcomeNotPossible
from tests.harness.world import World, make_proposal

TREES = ImportedProposal("BO.OM.97/24", "Drzewa dla Łagiewnik", 150_000_00, "zieleń")
BENCH = ImportedProposal("BO.OM.98/24", "Ławki nad Wisłą", 40_000_00)


def test_the_citys_proposals_come_in_with_code_cost_and_category(world: World) -> None:
    at = city_clock.now()

    found = import_proposals(
        world.voting_round, world.riverside, [TREES, BENCH], State.ON_BALLOT, at=at
    )
    db.session.commit()

    trees = found["BO.OM.97/24"]
    assert (trees.title, trees.cost_minor, trees.author_id) == (TREES.title, 150_000_00, None)
    assert trees.what == "", "Nothing is invented where the file says nothing."
    assert [line.amount_minor for line in trees.cost_lines] == [150_000_00]
    assert "zieleń" in {category.name for category in world.voting_round.categories}
    assert found["BO.OM.98/24"].category_id is None


def test_what_came_in_is_found_by_its_words_and_code(world: World) -> None:
    found = import_proposals(
        world.voting_round, None, [TREES, BENCH], State.ON_BALLOT, at=city_clock.now()
    )
    for typed in ("lagiewnik", "ŁAGIEW drzewa", "BO.OM.97/24", "zielen"):
        matching = search.matching("proposal", typed)
        assert matching is not None

        assert list(db.session.scalars(matching)) == [found["BO.OM.97/24"].id], typed


def test_the_119_proposals_of_a_city_come_in_at_once(world: World) -> None:
    rows = [ImportedProposal(f"C{n}", f"Proposal {n}", n * 100, "Parks") for n in range(119)]
    before = time.process_time()

    found = import_proposals(world.voting_round, None, rows, State.FEASIBLE, at=city_clock.now())

    assert time.process_time() - before < 0.5
    assert len(found) == 119
    codes = [proposal.code for proposal in handed_over(world.voting_round.id, None)]
    assert [code for code in codes if code in found] == list(found), "In the order of the file."


def test_a_long_title_of_a_file_is_cut_at_a_word(world: World) -> None:
    row = ImportedProposal("L1", "long words " * 50, 100, "a category with a name " * 10)

    found = import_proposals(world.voting_round, None, [row], State.FEASIBLE, at=city_clock.now())[
        "L1"
    ]

    assert len(found.title) <= 200
    assert found.title.endswith("words…") or found.title.endswith("long…")


def test_only_what_passed_review_is_handed_over(world: World) -> None:
    at = city_clock.now()
    states = [State.DRAFT, State.PUBLISHED, State.NOT_FEASIBLE, State.FEASIBLE, State.WITHDRAWN]
    for state in states:
        make_proposal(world.submission_round, world.riverside, state.value, at, state=state)
    make_proposal(world.submission_round, world.hillside, "elsewhere", at, state=State.FEASIBLE)

    titles = [
        proposal.title for proposal in handed_over(world.submission_round.id, world.riverside.id)
    ]

    assert titles == ["feasible"]


def test_a_withdrawn_proposal_comes_onto_no_ballot_and_stops_the_others(world: World) -> None:
    at = city_clock.now()
    good = make_proposal(world.submission_round, None, "Good", at, state=State.FEASIBLE)
    gone = make_proposal(world.submission_round, None, "Gone", at, state=State.WITHDRAWN)
    db.session.commit()

    with pytest.raises(OutcomeNotPossible):
        put_on_ballot([good, gone], at=at)
    db.session.rollback()
    put_on_ballot([good], at=at)

    assert [good.state, gone.state] == [State.ON_BALLOT, State.WITHDRAWN]


def test_a_published_result_is_written_onto_the_proposals_once(world: World) -> None:
    at = city_clock.now() + timedelta(hours=1)
    rows = [ImportedProposal(f"C{n}", f"Proposal {n}", 100) for n in range(10)]
    made = import_proposals(world.voting_round, None, rows, State.ON_BALLOT, at=at)
    ids = [proposal.id for proposal in made.values()]

    settle_outcome(ids[:4], ids[4:], at=at)
    settle_outcome(ids[:4], ids[4:], at=at)

    db.session.expire_all()
    assert [made[f"C{n}"].state for n in range(10)] == ["chosen"] * 4 + ["not_chosen"] * 6


def test_what_was_on_no_ballot_cannot_be_chosen(world: World) -> None:
    with pytest.raises(OutcomeNotPossible):
        settle_outcome([world.published.id], [], at=city_clock.now())


def test_the_cost_lines_of_an_import_add_up_to_its_cost(world: World) -> None:
    rows = [ImportedProposal(f"C{n}", f"Proposal {n}", n * 7) for n in range(5)]
    made = import_proposals(world.voting_round, None, rows, State.FEASIBLE, at=city_clock.now())

    total = db.session.scalar(
        select(func.sum(CostLine.amount_minor))
        .join(Proposal)
        .where(Proposal.id.in_([proposal.id for proposal in made.values()]))
    )

    assert total == sum(proposal.cost_minor for proposal in made.values()) == 70
