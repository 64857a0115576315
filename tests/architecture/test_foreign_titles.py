"""A city whose residents write Polish, read in English: a screen reader is told at every title.

Every page that can be read is walked; wherever a title stands, some element around it has its
language.
"""

from collections.abc import Iterator
from xml.etree.ElementTree import Element

import pytest
from flask import Flask
from sqlalchemy import select

from budgets.models import Category, Round
from core.database import db
from proposals.models import Proposal
from tests.harness import people
from tests.harness.client import BrowserLikeClient
from tests.harness.crawl import NOBODY, become, read
from tests.harness.examples import examples, routes
from tests.harness.html import NAMESPACE, parse_page
from tests.harness.town import Town
from tests.voting import ballot_forms as voter
from voting.models import Contest, Option

NOT_READ = {f"{NAMESPACE}{name}" for name in ("script", "style", "template")}
OF_A_ROUND = ("/proposals", "/rounds/", "/ballots/")


@pytest.fixture
def polish(town: Town) -> Town:
    """The town with every round in Polish; the interface stays English."""
    for round_ in db.session.scalars(select(Round)):
        round_.language = "pl"
    for option in db.session.scalars(select(Option)):
        option.summary = f"Krótko o: {option.title}"
    db.session.commit()
    return town


@pytest.mark.sqlite
@pytest.mark.parametrize("name", [NOBODY, "amara", "eli", "farah", "dana"])
def test_every_title_is_read_out_in_its_language(
    app: Flask, client: BrowserLikeClient, polish: Town, name: str
) -> None:
    titles, names = titles_of_the_town(), names_of_the_town()
    become(client, name)
    wrong, seen = [], 0
    for route in routes(app, examples(polish)):
        answer = read(client, route) if route.method == "GET" else None
        if answer is None or not answer.is_page:
            continue
        wanted = titles | names if answer.route.url.startswith(OF_A_ROUND) else titles
        seen += sum(any(title in text for title in wanted) for text, _ in texts(answer.root))
        wrong += [f"{answer.route}: {text}" for text in unmarked(answer.root, wanted)]

    assert seen > 10, "This walk met hardly any title."
    assert wrong == []


def test_from_the_paper_to_the_receipt_every_title_is_read_out_in_its_language(
    client: BrowserLikeClient, polish: Town
) -> None:
    contest = polish.world.riverside_contest
    refs, wanted = voter.refs_of(contest), titles_of_the_town() | names_of_the_town()
    people.sign_in(client, people.cast("amara"))
    marked = voter.press(client, contest, f"add:{refs[1]}", refs[:1])
    full = voter.press(client, contest, f"add:{refs[3]}", refs[:3])
    first = voter.press(client, contest, f"up:{refs[0]}", refs[:2])
    found = voter.press(client, contest, "filter", refs[:1], q="lot")
    reviewed = voter.review(client, contest, refs[:2])
    voter.cast(client, contest, refs[:2])
    receipt = client.get(f"/ballots/{contest.ref}/receipt")
    checked = client.post("/receipts", data={"code": voter.receipt_of(client, contest)})
    again = voter.open_paper(client, contest)

    for answer in (marked, full, first, found, reviewed, receipt, checked, again):
        page = parse_page(answer.get_data(as_text=True))
        assert any(title in text for text, _ in texts(page) for title in wanted)
        assert unmarked(page, wanted) == []
    for said in (full, first):
        assert '“<span lang="pl">' in said.text


def test_the_feed_says_in_which_language_each_title_is(
    client: BrowserLikeClient, polish: Town
) -> None:
    feed = client.get("/proposals/feed.atom").text

    assert '<feed xml:lang="en" ' in feed
    assert f'<title xml:lang="pl" type="text">{polish.world.published.title}</title>' in feed


def test_in_a_round_in_the_language_of_the_page_nothing_is_marked(
    client: BrowserLikeClient, town: Town
) -> None:
    for path in ("/", "/proposals", f"/rounds/{town.published_round.ref}"):
        assert client.get(path).text.count(" lang=") == 1


def titles_of_the_town() -> set[str]:
    """Titles of proposals and of contests."""
    return {
        *db.session.scalars(select(Proposal.title)),
        *db.session.scalars(select(Contest.title)),
    }


def names_of_the_town() -> set[str]:
    """Its themes, and its districts, which are read on the pages of rounds."""
    return {*db.session.scalars(select(Category.name)), "Riverside", "Hillside"}


def unmarked(root: Element, wanted: set[str]) -> list[str]:
    """The texts that hold one of these names with nothing around them that says its language."""
    return [
        text
        for text, language in texts(root)
        if language != "pl" and any(name in text for name in wanted)
    ]


def texts(element: Element, language: str = "") -> Iterator[tuple[str, str]]:
    """Every text of the body with the language that holds for it."""
    if element.tag in NOT_READ or element.tag == f"{NAMESPACE}head":
        return
    language = element.get("lang", language)
    if (element.text or "").strip():
        yield " ".join((element.text or "").split()), language
    for child in element:
        yield from texts(child, language)
        if (child.tail or "").strip():
            yield " ".join((child.tail or "").split()), language
