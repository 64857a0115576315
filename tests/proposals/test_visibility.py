"""Who sees what: a draft is its author's alone, on every page, list, feed and search."""

import pytest

from accounts.models import User
from budgets.models import Round
from core import search
from core.database import db
from forums.models import Thread
from proposals.lifecycle import State
from tests.harness.client import BrowserLikeClient
from tests.harness.html import text_of
from tests.harness.people import sign_in
from tests.harness.world import World, make_proposal
from tests.proposals.conftest import FormData

PLACES = ("/proposals", "/proposals?q=draft", "/proposals/feed.atom", "/", "/proposals?state=draft")


@pytest.mark.attack("B57")
def test_a_draft_is_seen_by_its_author_alone(
    client: BrowserLikeClient, world: World, amara: User, chen: User, dana: User, eli: User
) -> None:
    address = f"/proposals/{world.draft.ref}"
    acts = [f"{address}/{act}" for act in ("edit", "discarding", "withdrawal")]

    sign_in(client, amara)
    assert client.get(address).status_code == 200
    assert "A draft of mine" in client.get("/proposals/mine").text
    for person in (None, chen, dana, eli):
        if person is None:
            client.delete_cookie("purse")
            assert client.get(address).status_code == 404
            continue
        sign_in(client, person)
        assert client.get(address).status_code == 404, person.display_name
        for url in acts:
            assert client.get(url).status_code == 404, url
            assert client.post(url, data={"title": "Mine now"}).status_code == 404, url
        assert client.post(f"{address}/publication").status_code == 404


@pytest.mark.attack("B65")
def test_a_draft_is_in_no_list_search_or_feed(
    client: BrowserLikeClient, world: World, amara: User
) -> None:
    for signed_in in (False, True):
        if signed_in:
            sign_in(client, amara)
        for url in PLACES:
            assert "A draft of mine" not in client.get(url).text, url


def test_only_its_author_changes_or_withdraws_a_proposal(
    client: BrowserLikeClient, world: World, chen: User, dana: User
) -> None:
    address = f"/proposals/{world.published.ref}"
    for person in (chen, dana):
        sign_in(client, person)
        for act in ("edit", "withdrawal", "discarding"):
            assert client.get(f"{address}/{act}").status_code == 403
            assert client.post(f"{address}/{act}", data={"title": "Mine"}).status_code == 403
        assert "Change the text" not in client.get(address).text
    db.session.expire_all()
    assert (world.published.title, world.published.state) == ("A bench by the river", "published")


@pytest.mark.attack("B57")
def test_proposals_of_a_round_that_is_not_announced_are_seen_by_nobody_but_officers(
    client: BrowserLikeClient, world: World, eli: User
) -> None:
    world.submission_round.announced_at = None
    db.session.commit()
    address = f"/proposals/{world.published.ref}"

    assert client.get(address).status_code == 404
    for url in ("/proposals", "/proposals?q=bench", "/proposals/feed.atom"):
        assert "A bench by the river" not in client.get(url).text, url
    sign_in(client, eli)
    assert client.get(address).status_code == 200


def test_amara_withdraws_and_the_tombstone_says_so(
    client: BrowserLikeClient, taking: Round, amara: User, whole_form: FormData
) -> None:
    sign_in(client, amara)
    address = client.post("/proposals/new", data=whole_form | {"act": "publish"}).location
    assert "cannot be brought back" in client.get(f"{address}/withdrawal").text

    answer = client.post(f"{address}/withdrawal", data={"reason": "It was built already."})
    again = client.post(f"{address}/withdrawal", data={"reason": "Another reason."})

    assert (answer.status_code, again.status_code) == (303, 303)
    client.delete_cookie("purse")
    page = client.get(address)
    words = text_of(page.text)
    assert page.status_code == 200
    assert "Amara withdrew this proposal on" in words
    assert "It was built already." in words
    assert "There is nowhere to sit." not in words
    for url in ("/proposals", "/proposals?q=benches", "/proposals/feed.atom"):
        assert "Benches on Market Square" not in client.get(url).text, url
    assert "Benches on Market Square" in client.get("/proposals?state=withdrawn").text
    found = search.matching("proposal", "benches market")
    assert found is not None
    assert list(db.session.scalars(found)) == []


def test_what_stands_on_a_ballot_cannot_be_withdrawn_or_changed(
    client: BrowserLikeClient, world: World, amara: User
) -> None:
    world.on_ballot.author_id = amara.id
    sign_in(client, amara)
    address = f"/proposals/{world.on_ballot.ref}"

    assert client.post(f"{address}/withdrawal").status_code == 409
    assert client.post(f"{address}/edit", data={"title": "Later"}).status_code == 409
    db.session.expire_all()
    assert world.on_ballot.state == "on_ballot"


def test_the_citys_proposal_says_where_it_comes_from_and_invents_nothing(
    client: BrowserLikeClient, world: World
) -> None:
    world.voting_round.source_note = "The city's register of proposals."
    plain = world.on_ballot
    plain.what_html = plain.why_html = plain.who_benefits_html = plain.place = ""
    db.session.commit()

    words = text_of(client.get(f"/proposals/{plain.ref}").text)

    assert "brought in by the city" in words
    assert "Its files say no more." in words
    assert "The city's register of proposals." in words
    assert str(plain.code) in words


def test_no_page_tells_a_result_before_it_is_published(
    client: BrowserLikeClient, world: World
) -> None:
    page = client.get(f"/proposals/{world.on_ballot.ref}").text
    assert "Residents can rank it until" in text_of(page)
    world.voting_round.phases[2].starts_at = world.voting_round.phases[0].starts_at.replace(
        year=2020
    )
    for word in ("Chosen", "Not chosen"):
        assert word not in text_of(page)


def test_the_discussion_stands_below_a_published_proposal(
    client: BrowserLikeClient, taking: Round, amara: User, chen: User, whole_form: FormData
) -> None:
    sign_in(client, amara)
    address = client.post("/proposals/new", data=whole_form | {"act": "publish"}).location
    thread = db.session.query(Thread).filter_by(subject_path=address).one()
    sign_in(client, chen)

    page = client.get(address).text
    assert f"/threads/{thread.ref}/posts" in page
    client.post(f"/threads/{thread.ref}/posts", data={"source": "And a fountain?", "form_key": "k"})
    assert "And a fountain?" in client.get(address).text


def test_every_state_has_its_page_and_a_sentence_about_what_comes_next(
    client: BrowserLikeClient, world: World
) -> None:
    for budget_round in (world.submission_round, world.voting_round):
        for state in State:
            if state is State.DRAFT:
                continue
            made = make_proposal(
                budget_round, None, f"One {state}", budget_round.created_at, state=state
            )
            made.withdrawn_at = made.created_at
            answer = client.get(f"/proposals/{made.ref}")
            assert answer.status_code == 200
            assert f"One {state}" in answer.text
