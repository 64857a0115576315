"""The list: browsed, narrowed, searched and paged, by readers and by those who try it out."""

import time
from datetime import timedelta
from xml.etree import ElementTree as ET

import pytest
from flask import Flask
from sqlalchemy import event

from accounts.models import User
from core import clock as city_clock
from core.database import db
from proposals import search
from proposals.lifecycle import State
from proposals.models import Proposal
from proposals.services import ImportedProposal, import_proposals
from tests.harness.client import BrowserLikeClient
from tests.harness.html import text_of
from tests.harness.people import sign_in
from tests.harness.world import World, make_proposal

ATOM = "{http://www.w3.org/2005/Atom}"


def published(world: World, title: str, *, minutes_ago: int = 0, **changes: object) -> Proposal:
    at = city_clock.now() - timedelta(minutes=minutes_ago)
    proposal = make_proposal(world.submission_round, world.riverside, title, at)
    for name, value in changes.items():
        setattr(proposal, name, value)
    db.session.flush()
    search.index(proposal)
    return proposal


def titles(client: BrowserLikeClient, url: str) -> list[str]:
    """The titles on the list, in order."""
    answer = client.get(url)
    assert answer.status_code == 200, url
    parts = answer.text.split('class="h-entry"><a href="')[1:]
    return [part.split(">", 1)[1].split("<", 1)[0] for part in parts]


def test_the_newest_stands_first_and_pages_lead_on(client: BrowserLikeClient, world: World) -> None:
    for number in range(65):
        published(world, f"Idea {number:02}", minutes_ago=number)
    found: list[str] = []
    url = "/proposals?q=idea"
    for _ in range(3):
        found += titles(client, url)
        page = client.get(url).text
        if 'rel="next"' not in page:
            break
        url = page.split('rel="next" href="')[1].split('"')[0].replace("&amp;", "&")

    assert found == [f"Idea {number:02}" for number in range(65)]
    assert "Back to the newest" in client.get(url).text


def test_the_list_narrows_by_round_place_theme_and_state(
    client: BrowserLikeClient, world: World
) -> None:
    streets = world.submission_round.categories[1].id
    published(world, "Kerbs", category_id=streets)
    published(world, "Trams", district_id=None, state=State.FEASIBLE.value)

    assert "Kerbs" in titles(client, "/proposals?district=riverside")
    assert "Trams" not in titles(client, "/proposals?district=riverside")
    assert "Trams" in titles(client, "/proposals?district=city")
    assert titles(client, "/proposals?round=budget-2027&category=Streets") == ["Kerbs"]
    assert titles(client, "/proposals?round=budget-2027&state=feasible") == ["Trams"]
    assert "Trees for Hillside, lot 1" in titles(client, "/proposals?round=budget-2026")


def test_words_are_found_without_accents_case_or_ends(
    client: BrowserLikeClient, world: World
) -> None:
    published(world, "Łąka kwietna na Dębnikach", what="Zażółć gęślą jaźń")
    for typed in ("laka", "ŁĄKA", "debnik kwiet", "zazolc gesla", "riverside laka"):
        assert titles(client, f"/proposals?q={typed}") == ["Łąka kwietna na Dębnikach"], typed
    assert titles(client, "/proposals?q=laka+absent") == []


@pytest.mark.attack("B61")
def test_hostile_words_find_nothing_and_take_no_time(
    client: BrowserLikeClient, world: World
) -> None:
    published(world, "A plain bench")
    hostile = (
        "' OR 1=1 --", '"', '" OR *', "NEAR(a b)", "%", "%_%_%_%", "\\", "a AND", "*", "(", ")",
        "'||pg_sleep(5)--", "x" * 5_000, "!", "&", "|", "_", "bench:*", "\u202e", "-bench -",
        "words: bench", "1" * 300, "<script>", "½", "ß",
    )  # fmt: skip
    for typed in hostile:
        before = time.perf_counter()
        answer = client.get("/proposals", query_string={"q": typed})
        assert answer.status_code == 200, typed
        assert time.perf_counter() - before < 3, typed


@pytest.mark.attack("B60")
def test_addresses_that_nobody_made_give_a_page(client: BrowserLikeClient, world: World) -> None:
    published(world, "A plain bench")
    strange = (
        "page=-1", "per_page=1000000000", "sort=password", "q[]=x", "q=a&q=b", "round=nowhere",
        "district=-1", "category=%27", "state=draft", "state=chosen&state=draft", "after=-1",
        "after=WzEsMl0", "after=WyJhIiwxXQ", "after=WzQ2MTE2ODYwMTg0MjczODc5MDMsMV0",
        "after=WzEsOTk5OTk5OTk5OTk5OTk5OTk5XQ", "after=bnVsbA", "after=" + "A" * 900,
    )  # fmt: skip
    for query in strange:
        answer = client.get(f"/proposals?{query}")
        assert answer.status_code in {200, 400}, query
        assert answer.text.count('class="h-entry"') <= 100


def test_htmx_gets_the_list_alone(client: BrowserLikeClient, world: World) -> None:
    published(world, "A plain bench")
    answer = client.htmx("GET", "/proposals?q=plain")

    assert answer.text.lstrip().startswith('<section id="results"')
    assert "A plain bench" in answer.text
    assert "HX-Request" in answer.headers["Vary"]


def test_an_empty_result_says_what_to_do(client: BrowserLikeClient, world: World) -> None:
    words = text_of(client.get("/proposals?q=unheardof").text)
    assert "No proposal fits all of this." in words


def test_the_list_asks_the_database_as_often_for_many_as_for_few(
    app: Flask, client: BrowserLikeClient, world: World
) -> None:
    asked: list[str] = []
    event.listen(db.engine, "before_cursor_execute", lambda *about: asked.append(str(about[2])))
    client.get("/proposals")
    few = len(asked)
    rows = [ImportedProposal(f"N{n}", f"Proposal {n}", 100, f"Theme {n % 9}") for n in range(200)]
    import_proposals(world.voting_round, None, rows, State.FEASIBLE, at=city_clock.now())
    db.session.commit()
    asked.clear()
    client.get("/proposals")

    assert len(asked) == few <= 8


def test_the_feed_holds_the_newest_with_whole_addresses(
    client: BrowserLikeClient, world: World
) -> None:
    proposal = published(world, "Shade & <b>benches</b>", what="So that *one* can sit.")
    answer = client.get("/proposals/feed.atom")

    assert answer.mimetype == "application/atom+xml"
    feed = ET.fromstring(answer.text)
    entry = feed.findall(f"{ATOM}entry")[0]
    assert entry.findtext(f"{ATOM}title") == "Shade & <b>benches</b>"
    link = entry.find(f"{ATOM}link")
    assert link is not None
    assert link.get("href") == f"http://localhost/proposals/{proposal.ref}"
    assert "So that one can sit." in (entry.findtext(f"{ATOM}content") or "")
    assert 'type="application/atom+xml"' in client.get("/proposals").text


def test_the_front_page_says_which_round_takes_proposals(
    client: BrowserLikeClient, world: World
) -> None:
    published(world, "A plain bench")
    page = client.get("/").text

    assert "/proposals/new?round=budget-2027" in page
    assert "A plain bench" in page


def test_the_account_shows_what_she_wrote(
    client: BrowserLikeClient, world: World, amara: User
) -> None:
    sign_in(client, amara)
    page = client.get("/account").text

    assert "A draft of mine" in page
    assert "A bench by the river" in page
