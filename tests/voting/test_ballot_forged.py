"""A ballot that is forged, stale or no form: nothing is cast, and no ranking is lost."""

import pytest
from flask_sqlalchemy import SQLAlchemy

from accounts.models import User
from tests.harness.client import BrowserLikeClient
from tests.harness.people import sign_in, sign_out
from tests.harness.world import World
from tests.voting.ballot_forms import (
    ballots,
    cast,
    key_on,
    open_paper,
    ranking_on,
    review,
    words_of,
)
from voting import link_keys
from voting.models import Contest
from voting.queries.ballots import has_cast
from voting.queries.rolls import roll_entry_of


@pytest.mark.attack("B11")
def test_forged_fields_are_ignored_and_the_session_decides(
    db: SQLAlchemy, voter: BrowserLikeClient, world: World, chen: User
) -> None:
    entry = roll_entry_of(chen.id)
    assert entry is not None
    key = key_on(open_paper(voter, world.city_contest))
    forged = {
        "voter_id": chen.id, "user_id": chen.id, "person_key": entry.person_key, "tag": "0" * 64,
        "contest_id": world.hillside_contest.id, "entry": entry.id, "at": "2000-01-01",
    }  # fmt: skip

    response = voter.post(
        f"/ballots/{world.city_contest.ref}/casts",
        data={"ranking": ["0-1"], "key": key, **forged},
    )

    assert response.status_code == 303
    assert not has_cast(world.city_contest, entry)
    assert not has_cast(world.hillside_contest, entry)


@pytest.mark.parametrize("key", ["", "x", "0" * 32, "0" * 32 + "." + "0" * 32, "ł.ł", "a" * 9_999])
def test_a_missing_or_made_up_form_key_casts_nothing_and_keeps_the_ranking(
    db: SQLAlchemy, voter: BrowserLikeClient, world: World, key: str
) -> None:
    response = cast(voter, world.city_contest, ["0-2", "0-1"], key)

    assert response.status_code == 400
    assert "No ballot was cast" in words_of(response)
    assert ranking_on(response) == ["0-2", "0-1"]
    assert ballots(db) == 0
    assert (
        cast(voter, world.city_contest, ranking_on(response), key_on(response)).status_code == 303
    )


def test_the_form_key_of_somebody_else_or_of_another_paper_casts_nothing(
    db: SQLAlchemy, voter: BrowserLikeClient, world: World, chen: User
) -> None:
    of_the_district = key_on(open_paper(voter, world.riverside_contest))
    of_amara = key_on(open_paper(voter, world.city_contest))

    assert cast(voter, world.city_contest, ["0-1"], of_the_district).status_code == 400
    sign_in(voter, chen)
    assert cast(voter, world.city_contest, ["0-1"], of_amara).status_code == 400
    assert ballots(db) == 0


def test_a_session_that_ended_keeps_the_ranking_through_signing_in(
    db: SQLAlchemy, voter: BrowserLikeClient, world: World, amara: User
) -> None:
    key = key_on(open_paper(voter, world.city_contest))
    sign_out(voter)

    response = cast(voter, world.city_contest, ["0-2", "0-1"], key)

    assert response.status_code == 401
    assert "You are not signed in any more" in words_of(response)
    assert ranking_on(response) == ["0-2", "0-1"]
    assert "Location" not in response.headers
    sign_in(voter, amara)
    again = review(voter, world.city_contest, ranking_on(response), key=key_on(response))
    assert ranking_on(again) == ["0-2", "0-1"]
    assert key_on(again) == key
    assert cast(voter, world.city_contest, ranking_on(again), key_on(again)).status_code == 303


def test_who_is_not_signed_in_is_sent_to_sign_in_and_back(
    client: BrowserLikeClient, contest: Contest
) -> None:
    response = client.get(f"/ballots/{contest.ref}")

    assert response.status_code == 302
    assert "next=" in response.headers["Location"]


@pytest.mark.attack("B59")
def test_a_page_with_an_old_token_keeps_the_ranking(
    db: SQLAlchemy, voter: BrowserLikeClient, world: World
) -> None:
    form = {"ranking": ["0-2", "0-1"], "key": key_on(open_paper(voter, world.city_contest))}

    response = voter.post(f"/ballots/{world.city_contest.ref}/casts", data=form, csrf=False)

    assert response.status_code == 400
    assert ranking_on(response) == ["0-2", "0-1"]
    assert ballots(db) == 0


@pytest.mark.attack("B59")
def test_a_ranking_that_another_site_sent_is_not_shown_as_ones_own(
    voter: BrowserLikeClient, world: World
) -> None:
    response = voter.post(
        f"/ballots/{world.city_contest.ref}/casts",
        data={"ranking": ["0-2", "0-1"]},
        headers={"Origin": "https://other.example"},
        csrf=False,
    )

    assert response.status_code == 400
    assert ranking_on(response) == []


def test_without_the_link_key_the_answer_is_503_and_the_ranking_is_kept(
    db: SQLAlchemy, voter: BrowserLikeClient, world: World
) -> None:
    key = key_on(open_paper(voter, world.city_contest))
    link_keys.destroy(world.city_contest.ref)

    response = cast(voter, world.city_contest, ["0-2", "0-1"], key)

    assert response.status_code == 503
    assert response.headers["Retry-After"]
    assert "Your ballot was not counted" in words_of(response)
    assert ranking_on(response) == ["0-2", "0-1"]
    assert voter.get(f"/ballots/{world.city_contest.ref}").status_code == 503
    assert ballots(db) == 0


@pytest.mark.attack("B17")
@pytest.mark.parametrize(
    ("body", "kind"),
    [
        ('{"ranking": ["0-1"]}', "application/json"),
        ("ranking=0-1", "text/plain"),
        ("<a/>", "text/xml"),
    ],
)
@pytest.mark.parametrize("step", ["", "/review", "/casts"])
def test_what_is_no_form_is_refused(
    db: SQLAlchemy, voter: BrowserLikeClient, world: World, step: str, body: str, kind: str
) -> None:
    url = f"/ballots/{world.city_contest.ref}{step}"

    assert voter.post(url, data=body, content_type=kind).status_code == 415
    assert ballots(db) == 0


@pytest.mark.attack("B17")
def test_a_ballot_cannot_be_cast_by_an_address(voter: BrowserLikeClient, world: World) -> None:
    url = f"/ballots/{world.city_contest.ref}"

    assert voter.get(f"{url}/casts?ranking=0-1").status_code == 405
    assert voter.get(f"{url}/review?ranking=0-1").status_code == 405
    assert ranking_on(voter.get(f"{url}?ranking=0-1&act=add:0-1&key=x")) == []


@pytest.mark.parametrize("ref", ["no-such", "..", "%00", "a" * 300, "budget-2026-city%0d%0a"])
def test_there_is_no_paper_at_other_addresses(
    voter: BrowserLikeClient, world: World, ref: str
) -> None:
    assert voter.get(f"/ballots/{ref}").status_code in {400, 404}
    assert voter.post(f"/ballots/{ref}/casts", data={"ranking": ["0-1"]}).status_code in {400, 404}


def test_a_round_that_is_not_announced_has_no_paper(
    db: SQLAlchemy, voter: BrowserLikeClient, world: World
) -> None:
    world.voting_round.announced_at = None

    assert voter.get(f"/ballots/{world.city_contest.ref}").status_code == 404
