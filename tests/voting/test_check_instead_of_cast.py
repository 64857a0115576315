"""Who wants to test the machine opens a sealed ballot instead of casting it; it is then spoiled."""

import hashlib
import json
import re

import pytest
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import func, select
from werkzeug.test import TestResponse

from tests.harness.client import BrowserLikeClient
from tests.harness.world import World
from tests.recount.verifying import verify
from tests.voting import traces
from tests.voting.ballot_forms import cast, key_on, ranking_on, receipt_of, review, words_of
from voting import commitments
from voting.models import Ballot, Contest, SpoiledBallot, WaitingLeaf
from voting.queries.ballots import option_titles


@pytest.fixture
def contest(world: World) -> Contest:
    return world.city_contest


def code_on(page: str) -> str:
    """The receipt that the review shows before anything is cast."""
    found = re.search(r'class="sealed-code">(.*?)</p>', page, re.DOTALL)
    assert found, "The review shows no receipt."
    return "".join(re.findall(r"<span>(\w{4})</span>", found.group(1)))


def check(
    client: BrowserLikeClient, contest: Contest, ranking: list[str], key: str, file: str = ""
) -> TestResponse:
    address = f"/ballots/{contest.ref}/checks{file}"
    return client.post(address, data={"ranking": ranking, "key": key})


def test_the_review_shows_the_receipt_that_the_cast_gives(
    voter: BrowserLikeClient, contest: Contest
) -> None:
    page = review(voter, contest, ["0-3", "0-1"])
    shown = code_on(page.get_data(as_text=True))

    cast(voter, contest, ["0-3", "0-1"], key_on(page))

    assert receipt_of(voter, contest) == shown


def test_an_opened_ballot_holds_what_was_marked_and_anybody_can_compute_its_seal(
    db: SQLAlchemy, voter: BrowserLikeClient, contest: Contest
) -> None:
    page = review(voter, contest, ["0-3", "0-1"])
    shown, key = code_on(page.get_data(as_text=True)), key_on(page)

    opened = check(voter, contest, ["0-3", "0-1"], key)
    file = check(voter, contest, ["0-3", "0-1"], key, "/file")

    assert opened.status_code == 200
    assert "Opened for a check, and not cast" in words_of(opened)
    assert opened.headers["Cache-Control"] == file.headers["Cache-Control"] == "no-store"
    said = json.loads(file.data)
    manifest = commitments.canonical(said["manifest"]).encode()
    content = commitments.payload(contest.ref, hashlib.sha256(manifest).hexdigest(), ["0-3", "0-1"])
    seal = commitments.commitment(bytes.fromhex(said["salt"]), content)
    assert (said["commitment"], said["ranking"]) == (seal.hex(), ["0-3", "0-1"])
    assert commitments.receipt_code(seal) == shown
    assert db.session.scalars(select(SpoiledBallot.commitment)).all() == [seal]
    assert db.session.scalar(select(func.count()).select_from(WaitingLeaf)) == 0


def test_the_file_of_a_check_is_found_right_by_the_second_program(
    voter: BrowserLikeClient, contest: Contest
) -> None:
    page = review(voter, contest, ["0-3", "0-1"])
    shown, titles = code_on(page.get_data(as_text=True)), option_titles(contest)
    file = check(voter, contest, ["0-3", "0-1"], key_on(page), "/file")

    said = verify(None, opening=file.data)

    assert said.code == 0, said.text + said.error
    groups = "-".join(re.findall("....", shown))
    assert f"{groups} had sealed: 1. {titles['0-3']}; 2. {titles['0-1']}" in said.text


def test_what_was_opened_is_never_cast_and_the_same_ranking_is_sealed_afresh(
    db: SQLAlchemy, voter: BrowserLikeClient, contest: Contest
) -> None:
    page = review(voter, contest, ["0-3"])
    key = key_on(page)
    opened = check(voter, contest, ["0-3"], key)

    refused = cast(voter, contest, ["0-3"], key)

    assert refused.status_code == 409
    assert "was opened for a check, so it cannot be cast" in words_of(refused)
    assert ranking_on(refused) == ["0-3"]
    assert key_on(refused) not in {key, key_on(opened)}
    assert not db.session.scalar(select(func.count()).where(Ballot.is_cast))
    assert cast(voter, contest, ["0-3"], key_on(refused)).status_code == 303


def test_a_ballot_that_was_cast_stays_sealed(
    db: SQLAlchemy, voter: BrowserLikeClient, contest: Contest
) -> None:
    """Else whoever finds her screen open could read what she cast, and she would lose it."""
    key = key_on(review(voter, contest, ["0-3"]))
    cast(voter, contest, ["0-3"], key)

    refused = check(voter, contest, ["0-3"], key)

    assert refused.status_code == 409
    assert "was cast already, so it stays sealed" in words_of(refused)
    assert db.session.scalar(select(func.count()).select_from(SpoiledBallot)) == 0


def test_a_check_writes_nothing_that_leads_to_a_person(
    db: SQLAlchemy, voter: BrowserLikeClient, contest: Contest
) -> None:
    cast(voter, contest, ["0-1"])
    key = key_on(review(voter, contest, ["0-3"]))
    before = traces.footprint(db, deep=False)

    check(voter, contest, ["0-3"], key)

    assert traces.touched(before, traces.footprint(db, deep=False)) == {"spoiled_ballot"}


def test_a_key_that_was_not_made_for_her_opens_nothing(
    db: SQLAlchemy, voter: BrowserLikeClient, contest: Contest
) -> None:
    refused = check(voter, contest, ["0-3"], "0" * 32 + "." + "0" * 32)

    assert refused.status_code == 400
    assert db.session.scalar(select(func.count()).select_from(SpoiledBallot)) == 0
