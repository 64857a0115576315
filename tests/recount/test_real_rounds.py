"""What the server writes into its log, the program that knows nothing of it finds right."""

from datetime import timedelta

import pytest

from core import clock as clocks
from tests.harness.world import World
from tests.recount.real_logs import bundle_of
from tests.recount.verifying import verify
from voting import sealing
from voting.jobs import append_due_batches
from voting.models import Contest, RollEntry
from voting.services.ballots import cast_ballot
from voting.services.closing import seal_contest
from voting.services.kept import keep_ballot
from voting.services.log import renew_manifest
from voting.services.rolls import enter_on_roll

# What is not about rows needs no second database.
rows_do_not_matter = pytest.mark.sqlite
RANKINGS = [["0-1"], ["0-2", "0-1"], ["0-4", "0-3", "0-1"], ["0-3"]]


@pytest.fixture
def contest(world: World) -> Contest:
    return world.city_contest


def voters(world: World, number: int) -> list[RollEntry]:
    at = clocks.now()
    return [enter_on_roll(f"{i:064}", world.riverside.id, at=at) for i in range(number)]


def cast(contest: Contest, entry: RollEntry, ranking: list[str]) -> str:
    return cast_ballot(contest, entry, ranking, sealing.new_form_key(), at=clocks.now()).code


def vote(world: World, contest: Contest, number: int) -> None:
    """So many people vote, each third changes her mind, and one never casts what she marked."""
    *casting, keeping = voters(world, number)
    for at, entry in enumerate(casting):
        cast(contest, entry, RANKINGS[at % 4])
        if at % 3 == 0:
            cast(contest, entry, RANKINGS[(at + 1) % 4])
        if at % 30 == 29:
            append_due_batches(clocks.now())
    keep_ballot(contest, keeping, RANKINGS[0], at=clocks.now())


def close(contest: Contest) -> dict[str, bytes]:
    seal_contest(contest, at=clocks.now() + timedelta(days=60))
    return bundle_of(contest)


def test_a_contest_that_was_voted_on_and_closed_has_a_log_without_fault(
    world: World, contest: Contest
) -> None:
    vote(world, contest, 70)

    said = verify(close(contest))

    assert (said.code, said.wrong) == (0, []), said.text
    assert "of 93 leaves 23 were superseded and 0 withdrawn; 70 were counted" in said.text
    assert "3 signed heads" in said.text


@rows_do_not_matter
def test_terms_that_were_changed_by_two_people_are_told(world: World, contest: Contest) -> None:
    vote(world, contest, 33)
    contest.budget_minor = (contest.budget_minor or 0) + 100
    renew_manifest(contest)

    said = verify(close(contest))

    assert said.code == 0, said.text
    assert "2 signed manifests" in said.right[0]
    assert said.right[0].endswith("number 2 changed budget_minor")


def test_a_contest_in_which_nobody_voted_has_a_log_without_fault(contest: Contest) -> None:
    files = close(contest)
    del files["openings.json"]

    assert verify(files).code == 0


@rows_do_not_matter
def test_one_bit_in_a_stored_leaf_is_found(world: World, contest: Contest) -> None:
    vote(world, contest, 5)
    files = close(contest)
    files["leaves.txt"] = files["leaves.txt"].replace(b"0", b"1", 1)

    assert verify(files).code == 1
