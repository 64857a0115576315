"""What a publication is made from: read once, whole, and of this round only."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
import time_machine

from accounts.models import User
from budgets.models import Round
from budgets.phases import PhaseKind
from core import clock
from core.database import db
from proposals.models import Proposal
from tests.harness.people import district
from tests.transparency import decided, elected
from transparency.services import PublicationStopped
from transparency.services.electing import prepare_election
from transparency.services.gathering import GivenContest, GivenElection, gather

# It reads; what it reads is the same on both databases.
pytestmark = pytest.mark.sqlite


@pytest.fixture
def certified(app: object, clock: time_machine.Traveller, eli: User) -> Round:
    """A round with the city's money, a district's, and a question."""
    round_ = decided.decided_round(district=district("Riverside"))
    elected.ask(round_, elected.TREES, elected.NAME_OF_THE_LIBRARY, by=eli)
    decided.certify(round_, eli)
    return round_


def money_of(round_: Round) -> list[GivenContest]:
    return [each for each in gather(round_).contests if isinstance(each, GivenContest)]


def question_of(round_: Round) -> GivenElection:
    (given,) = (each for each in gather(round_).contests if isinstance(each, GivenElection))
    return given


def test_the_files_say_the_first_and_the_last_day_of_voting(certified: Round) -> None:
    voting = certified.span_of(PhaseKind.VOTING)
    assert voting is not None
    first = clock.city_day(voting.starts_at)
    last = clock.city_day(voting.ends_at - timedelta(microseconds=1))
    for given in money_of(certified):
        assert given.meta["date_begin"] == f"{first:%d.%m.%Y}"
        assert given.meta["date_end"] == f"{last:%d.%m.%Y}"


def test_voting_that_ends_at_midnight_had_its_last_day_before(certified: Round) -> None:
    (counting,) = (each for each in certified.phases if each.kind == PhaseKind.COUNT.value)
    counting.starts_at = clock.from_city(datetime(2026, 4, 27))  # noqa: DTZ001
    (given, *_) = money_of(certified)
    assert given.meta["date_end"] == "26.04.2026"


def test_only_a_contest_of_a_district_names_one(certified: Round) -> None:
    assert [given.meta.get("subunit") for given in money_of(certified)] == [None, "Riverside"]


def test_every_project_names_the_proposal_that_it_was(certified: Round) -> None:
    for given in money_of(certified):
        for ref, told in given.options.items():
            proposal = db.session.get_one(Proposal, given.proposals[ref])
            assert told["proposal"] == proposal.ref
    assert question_of(certified).proposals == {}


def test_two_readings_differ_when_a_ballot_does(certified: Round) -> None:
    (given, *_) = money_of(certified)
    assert given == money_of(certified)[0]
    assert given != replace(given, ballots_sha256="0" * 64)


@pytest.mark.parametrize(
    ("changed", "code", "words"),
    [
        ({"ballots_sha256": "0" * 64}, "altered", "the sealed ballots are not those"),
        ({"ballots_sealed": 100}, "roll", "101 ballots, 100 sealed"),
        ({"settings": {"overvote": "skip"}}, "altered", "not what counting gives now"),
    ],
)
def test_each_check_of_a_question_stops_its_publication_by_itself(
    changed: dict[str, object], code: str, words: str, certified: Round
) -> None:
    given = question_of(certified)
    prepare_election(given)
    with pytest.raises(PublicationStopped, match=words) as stop:
        prepare_election(replace(given, **changed))  # type: ignore[arg-type]
    assert stop.value.code == code
