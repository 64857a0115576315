"""Every page says in the same words how many projects a ballot ranks."""

import pytest
from flask_sqlalchemy import SQLAlchemy

from tests.harness import people
from tests.harness.client import BrowserLikeClient
from tests.harness.html import text_of
from tests.harness.world import World
from tests.voting.ballot_forms import refs_of, review


@pytest.mark.parametrize(
    ("least", "most", "said"),
    [(3, 3, "exactly 3"), (1, 3, "1 to 3"), (2, 4, "2 to 4"), (1, 1, "exactly 1")],
)
def test_the_front_page_the_paper_and_the_round_say_how_many_to_rank(
    client: BrowserLikeClient, db: SQLAlchemy, world: World, least: int, most: int, said: str
) -> None:
    contest = world.city_contest
    contest.min_length, contest.max_length = least, most
    db.session.commit()
    people.sign_in(client, people.cast("amara"))
    address = f"/rounds/{world.voting_round.ref}"

    assert f"Rank {said} of them" in text_of(client.get("/").text)
    noun = "project" if most == 1 else "projects"
    assert f"Rank {said} {noun}," in text_of(client.get(f"/ballots/{contest.ref}").text)
    assert f"{said} on a ballot" in text_of(client.get(address).text)
    shown = text_of(client.get(f"{address}/contests/{contest.ref}").text)
    assert f"On a ballot {said} proposal" in shown


def test_a_review_that_lacks_projects_does_not_call_itself_complete(
    client: BrowserLikeClient, db: SQLAlchemy, world: World
) -> None:
    contest = world.city_contest
    contest.min_length = contest.max_length = 3
    db.session.commit()
    people.sign_in(client, people.cast("amara"))
    refs = refs_of(contest)
    whole = text_of(review(client, contest, refs[:3]).text)
    less = text_of(review(client, contest, refs[:3], act=f"remove:{refs[0]}").text)

    assert "is complete as it is" not in whole + less
    assert "more is needed" not in whole
    assert "A ballot here ranks exactly 3: 1 more is needed before it can be cast." in less
