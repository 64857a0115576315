"""Reaching for what is not one's own: by numbers, by side doors, by an office that one holds."""

import re
from datetime import timedelta

import pytest
from flask import Flask
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import func, select

from accounts.models import User
from core import clock
from core.audit import AuditEntry
from core.database import db as database
from forums.models import Flag, ModerationAct
from forums.services.threads import open_subject_thread, set_subject_visible
from tests.harness import people
from tests.harness.client import BrowserLikeClient
from tests.harness.crawl import become
from tests.harness.examples import Route
from tests.harness.world import World, make_post, make_proposal
from tests.security.gate import holder_of
from tests.voting.letter_voters import letter_for, on_the_roll

pytestmark = pytest.mark.sqlite
ODD_LISTS = (
    "per_page=1000000000&limit=1000000000&size=1000000000", "sort=password&order=desc",
    "order_by=email&sort[]=password&sort=1", "q[password_start]=x&filter[email]=x&fields=email",
    "page=-1&offset=-1", "page=2&page=3&page[]=4", "include=author.email&expand=author",
)  # fmt: skip
REASONED = (
    ("dana", "/staff/posts/{reply}/hiding"),
    ("dana", "/staff/posts/{hidden_post}/showing"),
    ("dana", "/staff/posts/{reply}/keeping"),
    ("dana", "/staff/threads/{thread}/locking"),
    ("dana", "/staff/threads/{thread}/pinning"),
    ("farah", "/staff/reviews/{published}"),
    ("adam", "/staff/people/{bo}/erasure"),
    ("clara", "/staff/residents/{chen}/residency/district"),
    ("clara", "/staff/letters/voiding"),
    ("eli", "/staff/extensions/{voting_round}"),
    ("dana", "/staff/meetings/{meeting}/cancellation"),
)


@pytest.mark.attack("B57")
def test_no_number_of_a_row_opens_anything(
    app: Flask, client: BrowserLikeClient, world: World
) -> None:
    """B57: addresses carry refs that nobody can count through."""
    opened = []
    for rule in app.url_map.iter_rules():
        by_ref = {part for part in rule.arguments if part.endswith("ref") or part == "token"}
        if not by_ref or "GET" not in (rule.methods or set()):
            continue
        for number in (1, 2):
            url = re.sub(r"<[^>]+>", str(number), rule.rule)
            become(client, holder_of(app, Route(rule.endpoint, "GET", url)))
            status = client.get(url).status_code
            if status not in {302, 400, 404}:
                opened.append(f"{url}: {status}")

    assert opened == []


@pytest.mark.attack("B57", "B65")
def test_a_post_that_was_hidden_is_read_nowhere(client: BrowserLikeClient, world: World) -> None:
    """B57, B65: not by its own address, not by an answer to it, not as a fragment."""
    post, thread = world.hidden_post.ref, world.thread.ref
    urls = [f"/posts/{post}", f"/threads/{thread}?around={post}", f"/posts/{post}/replies/new"]
    urls += [f"/posts/{post}/flags/new", "/moderation", f"/roundtables/{world.roundtable.ref}", "/"]
    for name in ("nobody", "amara", "eli"):
        for url in urls:
            become(client, name)
            assert "Something rude" not in client.get(url, follow_redirects=True).text, url
            assert "Something rude" not in client.htmx("GET", url).text, url


@pytest.mark.attack("B57", "B63", "B65")
def test_the_talk_below_what_is_not_public_is_no_more_public(
    db: SQLAlchemy, client: BrowserLikeClient, world: World, amara: User
) -> None:
    """B57, B63, B65: whoever may moderate must be able to read: here 404 for a moderator too."""
    thread = open_subject_thread(
        "proposal", world.draft.ref, "A draft of mine", f"/proposals/{world.draft.ref}",
        visible=True, at=clock.now(),
    )  # fmt: skip
    post = make_post(thread, amara, "Only between us.", clock.now())
    set_subject_visible("proposal", world.draft.ref, visible=False)
    acts = ("hiding", "showing", "keeping")
    urls = [f"/threads/{thread.ref}", f"/posts/{post.ref}", f"/posts/{post.ref}/flags/new"]
    staff = [f"/staff/posts/{post.ref}/{act}" for act in acts]
    staff += [f"/staff/threads/{thread.ref}/locking", f"/staff/threads/{thread.ref}/pinning"]
    before = len(db.session.scalars(select(ModerationAct.id)).all())

    for name in ("nobody", "chen", "dana"):
        become(client, name)
        assert {client.get(url).status_code for url in urls} <= {404, 302}, name
    for url in staff:
        assert client.get(url).status_code == 404, url
        form = {"rule": "respect", "reason": "Because I can."}
        assert client.post(url, data=form).status_code == 404, url
    assert len(db.session.scalars(select(ModerationAct.id)).all()) == before
    assert "Only between us" not in client.get("/moderation").text


@pytest.mark.attack("B60")
@pytest.mark.parametrize("query", ODD_LISTS)
def test_an_odd_wish_changes_no_list_and_its_length(
    client: BrowserLikeClient, world: World, query: str
) -> None:
    """B60: nobody orders by what she cannot see, nor asks for all at once."""
    for number in range(60):
        make_proposal(world.submission_round, None, f"Bench {number}", clock.now())
    for name, url, row in (
        ("nobody", "/proposals", r'href="/proposals/(\w+)"'),
        ("adam", "/staff/people", r'href="/staff/people/(\w+)"'),
        ("clara", "/staff/residents", r'href="/staff/residents/(\w+)"'),
        ("eli", "/staff/trail", r"<time[^>]*>([^<]*)"),
    ):
        become(client, name)
        plain, odd = (re.findall(row, client.get(each).text) for each in (url, f"{url}?{query}"))
        assert odd == plain, url
        assert len(set(plain)) <= 100, url


@pytest.mark.attack("B63")
@pytest.mark.parametrize("act", ["hiding", "showing", "keeping"])
def test_a_moderator_leaves_her_own_posts_to_others(
    db: SQLAlchemy, client: BrowserLikeClient, world: World, dana: User, amara: User, act: str
) -> None:
    """B63: she neither hides hers, nor brings it back, nor puts reports of it aside."""
    post = world.hidden_post if act == "showing" else world.reply
    post.author_id = dana.id
    open_flags = select(func.count()).select_from(Flag).where(Flag.settled_at.is_(None))
    before = db.session.scalar(open_flags)
    people.sign_in(client, dana)

    looked = client.get(f"/staff/posts/{post.ref}/{act}")
    form = {"rule": "respect", "reason": "It is mine."}
    sent = client.post(f"/staff/posts/{post.ref}/{act}", data=form)

    assert (looked.status_code, sent.status_code) == (403, 403)
    assert "Ask another moderator" in sent.text
    assert (db.session.scalar(open_flags), before) == (1, 1)
    assert (post.hidden_at is None) is (act != "showing")


@pytest.mark.attack("B72")
@pytest.mark.parametrize(("name", "address"), REASONED)
def test_nobody_takes_anything_away_without_a_reason(
    client: BrowserLikeClient, world: World, ewa: User, name: str, address: str
) -> None:
    """B72: 422 for each act that affects somebody, and nothing on record until it has one."""
    refs = {part: getattr(value, "ref", "") for part, value in vars(world).items()}
    url = address.format(**refs, bo=people.cast("bo").ref, chen=people.cast("chen").ref)
    letter = letter_for(on_the_roll(world.riverside), world.voting_round)
    form = {
        "rule": "respect", "verdict": "not_feasible", "district": world.riverside.ref,
        "number": letter.number, "until": f"{clock.now() + timedelta(days=20):%Y-%m-%dT%H:%M}",
    }  # fmt: skip
    become(client, name)
    before = recorded()
    for reason in ("", " \t\r\n\u200b "):
        assert client.post(url, data=form | {"reason": reason}).status_code == 422
    assert recorded() == before

    assert client.post(url, data=form | {"reason": "This is why."}).status_code == 303
    assert recorded() != before


def recorded() -> tuple[int, ...]:
    """How much stands in the public log and in the trail."""
    return tuple(
        database.session.scalar(select(func.count()).select_from(kind)) or 0
        for kind in (ModerationAct, AuditEntry)
    )
