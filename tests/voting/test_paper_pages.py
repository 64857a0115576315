"""The screens of paper voting, from the open box to the count, by forms alone."""

import re

import pytest
import time_machine
from flask_sqlalchemy import SQLAlchemy
from werkzeug.test import TestResponse

from accounts.models import User
from budgets.phases import PhaseKind
from core.clock import now
from tests.harness import people
from tests.harness.client import BrowserLikeClient
from tests.harness.people import sign_in
from tests.harness.world import World
from tests.voting.ballot_forms import words_of
from voting.models import PaperBatch
from voting.services.paper_marks import give_papers
from voting.services.rolls import enter_on_roll

# Time stands still before the town is laid out around it.
pytestmark = pytest.mark.usefixtures("clock")
PAPER = "/staff/rounds/budget-2026/paper"


@pytest.fixture
def after(
    db: SQLAlchemy, clock: time_machine.Traveller, world: World, clara: User, eli: User
) -> User:
    """Voting is over; two papers of the city's contest were given out. Cora is a second clerk."""
    for n in range(2):
        entry = enter_on_roll(f"{n:064}", world.riverside.id, at=now())
        give_papers(world.voting_round, entry, [world.city_contest], by=clara, at=now())
    cora = people.somebody("Cora", roles=("clerk",))
    db.session.commit()
    voting = world.voting_round.span_of(PhaseKind.VOTING)
    assert voting is not None
    clock.move_to(voting.ends_at)
    return cora


def open_batch(client: BrowserLikeClient, world: World, **numbers: str) -> str:
    """The address of a batch of two papers."""
    form = {"contest": world.city_contest.ref, "place": "Town hall", "issued": "2"}
    answer = client.post(
        f"{PAPER}/batches", data={**form, "unused": "0", "returned": "0", **numbers}
    )
    assert answer.status_code == 303, words_of(answer)
    return str(answer.headers["Location"])


def key(client: BrowserLikeClient, batch: str, paper: int, **typed: str) -> TestResponse:
    return client.post(f"{batch}/keys", data={"paper": paper, "ranks": "", "spoiled": "", **typed})


def key_all(client: BrowserLikeClient, batch: str, by: User, *papers: str) -> None:
    sign_in(client, by)
    for number, ranks in enumerate(papers, 1):
        assert key(client, batch, number, ranks=ranks).status_code == 303
    assert client.post(f"{batch}/keyers").status_code == 303


def test_from_the_box_to_the_count_by_forms_alone(
    client: BrowserLikeClient, world: World, after: User, clara: User, eli: User
) -> None:
    sign_in(client, clara)
    batch = open_batch(client, world)
    key_all(client, batch, clara, "1 2", "3")
    key_all(client, batch, after, "1 2", "4")
    settled = client.post(
        f"{batch}/settlements",
        data={"paper": 2, "ranks": "4", "spoiled": "", "why": "A four without its bar."},
    )
    sign_in(client, clara)
    agreed = client.post(f"{batch}/agreements", data={"paper": 2})
    sign_in(client, eli)
    approved = client.post(f"{batch}/approval")
    early = client.post("/staff/rounds/budget-2026/counts")
    closed = client.post("/staff/rounds/budget-2026/seals")
    in_box = client.post(f"{PAPER}/box")
    counted = client.post("/staff/rounds/budget-2026/counts")

    answers = (settled, agreed, approved, closed, in_box, counted)
    assert [each.status_code for each in answers] == [303] * 6
    assert early.status_code == 409
    assert "2 paper ballots are in the box now" in words_of(client.get(f"{PAPER}/batches"))
    told = words_of(client.get("/rounds/budget-2026"))
    assert "2 of the ballots were on paper. Papers given out: 2; spoiled: 0;" in told


def test_officers_cannot_count_while_a_paper_is_missing(
    client: BrowserLikeClient, world: World, after: User, eli: User
) -> None:
    sign_in(client, eli)
    client.post("/staff/rounds/budget-2026/seals")

    answer = client.get("/staff/rounds/budget-2026/count")

    assert "papers given to people are 2 by the roll, and 0 by the batches" in words_of(answer)


def test_the_second_keyer_sees_nothing_of_the_first(
    client: BrowserLikeClient, world: World, after: User, clara: User
) -> None:
    sign_in(client, clara)
    batch = open_batch(client, world)
    key_all(client, batch, clara, "4 3 1", "2")
    sign_in(client, after)

    for page in (client.get(batch), client.get(f"{batch}/keys"), client.get(f"{PAPER}/batches")):
        assert page.status_code == 200
        assert "4 · 3 · 1" not in words_of(page)


def test_a_paper_is_kept_as_soon_as_it_is_keyed(
    client: BrowserLikeClient, world: World, after: User, clara: User
) -> None:
    sign_in(client, clara)
    batch = open_batch(client, world)
    key(client, batch, 1, ranks="4 3")

    page = client.get(f"{batch}/keys")

    assert "Paper 2 of the stack" in words_of(page)
    assert "4 · 3" in words_of(page)
    assert 'value="4 3"' in client.get(f"{batch}/keys?paper=1").get_data(as_text=True)


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({"ranks": "9"}, "There is no number 9 on this paper: it ends with 4."),
        ({"ranks": "1 2 3 4"}, "This paper has room for 3 ranks."),
        ({"ranks": ""}, "Type the numbers, such as 4 12 7"),
        ({"ranks": "1", "spoiled": "blank"}, "A paper is spoiled, or has ranks."),
        ({"spoiled": "nonsense"}, "Not a valid choice."),
    ],
)
def test_what_is_no_paper_is_asked_again_and_what_was_typed_stays(
    client: BrowserLikeClient, world: World, after: User, clara: User,
    typed: dict[str, str], words: str,
) -> None:  # fmt: skip
    sign_in(client, clara)
    batch = open_batch(client, world)

    answer = key(client, batch, 1, **typed)

    assert answer.status_code == 422
    assert words in words_of(answer)
    if ranks := typed.get("ranks"):
        assert f'value="{ranks}"' in answer.get_data(as_text=True)


def test_before_voting_is_over_no_batch_is_opened(
    client: BrowserLikeClient, db: SQLAlchemy, world: World, clara: User
) -> None:
    sign_in(client, clara)

    answer = client.post(f"{PAPER}/batches", data={"place": "x"})

    assert answer.status_code == 409
    assert "Leave the boxes closed until then." in words_of(answer)
    assert db.session.query(PaperBatch).count() == 0


def test_wrong_numbers_are_asked_again(
    client: BrowserLikeClient, world: World, after: User, clara: User
) -> None:
    sign_in(client, clara)

    for wrong in ({"issued": "-1"}, {"issued": "x"}, {"place": ""}, {"contest": "other"}):
        form = {"contest": world.city_contest.ref, "place": "Hall", "issued": "2", "unused": "0"}
        answer = client.post(f"{PAPER}/batches", data={**form, "returned": "0", **wrong})
        assert answer.status_code == 422, wrong


def test_clerks_do_not_approve(
    client: BrowserLikeClient, world: World, after: User, clara: User
) -> None:
    sign_in(client, clara)
    batch = open_batch(client, world)

    assert client.post(f"{batch}/approval").status_code == 403
    assert client.post(f"{PAPER}/box").status_code == 403
    assert re.search(r"/staff/paper-batches/\w+$", batch)
