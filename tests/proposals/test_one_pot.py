"""In a round with money for the whole city alone, a proposal can be for a district all the same."""

import pytest

from accounts.models import User
from budgets.models import Round
from budgets.services import add_pot
from core import clock as city_clock
from core.database import db
from proposals.lifecycle import State
from proposals.models import Proposal
from proposals.queries import handed_over
from proposals.queries.proposals import names_of, places_of
from tests.harness.client import BrowserLikeClient
from tests.harness.people import sign_in
from tests.harness.world import World, make_proposal
from tests.proposals.conftest import FormData


@pytest.fixture
def one_pot(world: World) -> Round:
    """The round in its submission phase, with 900,000 for the city and nothing else."""
    at = city_clock.now()
    add_pot(world.submission_round, "The city", 900_000_00, None, by=None, at=at)
    db.session.commit()
    return world.submission_round


def feasible(round_: Round) -> list[str]:
    return [proposal.title for proposal in handed_over(round_.id, None)]


def test_every_district_can_be_chosen_and_is_paid_from_the_citys_pot(one_pot: Round) -> None:
    places = places_of(one_pot)
    assert [place.ref for place in places] == ["city", "hillside", "riverside"]
    assert {place.ceiling_minor for place in places} == {900_000_00}


def test_where_a_district_has_money_of_its_own_only_pots_can_be_chosen(taking: Round) -> None:
    assert [place.ref for place in places_of(taking)] == ["city", "riverside"]


def test_amara_writes_for_her_district_and_reads_what_pot_would_pay(
    client: BrowserLikeClient, one_pot: Round, amara: User, whole_form: FormData
) -> None:
    sign_in(client, amara)
    answer = client.post("/proposals/new", data=whole_form | {"act": "publish"})

    assert answer.status_code == 303
    written = db.session.query(Proposal).filter_by(title=whole_form["title"]).one()
    assert names_of(written).district == "Riverside"
    assert names_of(written).pot_minor == 900_000_00


def test_what_lies_in_a_district_without_money_stands_on_the_citys_paper(
    one_pot: Round, world: World
) -> None:
    at = city_clock.now()
    make_proposal(one_pot, world.riverside, "By the river", at, state=State.FEASIBLE)
    make_proposal(one_pot, None, "Everywhere", at, state=State.FEASIBLE)
    assert feasible(one_pot) == ["By the river", "Everywhere"]

    add_pot(one_pot, "Riverside", 100_000_00, world.riverside, by=None, at=at)
    db.session.flush()
    assert feasible(one_pot) == ["Everywhere"]
