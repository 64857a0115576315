"""`recount.py` alone finds the winners that other cities announced."""

import pytest

from tests.counting.elections import recounted, run_recount
from tests.counting.real_elections import ALL, EQUAL_SHARES, RealElection

each_election = pytest.mark.parametrize("election", ALL, ids=lambda election: election.name)


@each_election
def test_the_recount_finds_the_official_winners(election: RealElection) -> None:
    winners = recounted(election.path, *election.options)
    assert len(winners) == len(set(winners))
    assert set(winners) == election.funded


def test_three_cities_have_counted_by_equal_shares() -> None:
    assert len(EQUAL_SHARES) == 3


def test_wieliczka_spent_what_it_announced() -> None:
    (election,) = [one for one in EQUAL_SHARES if "Wieliczka" in one.name]
    code, account, _ = run_recount(str(election.path))
    assert code == 0
    assert "30 projects are funded for 995079; 4921 is left." in account
    assert "equal shares is the result" in account
