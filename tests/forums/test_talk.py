"""Residents talk: threads, posts and replies."""

from datetime import timedelta

import pytest
from flask_sqlalchemy import SQLAlchemy
from time_machine import Traveller
from werkzeug.test import TestResponse

from accounts.models import User
from core.clock import now
from forums import tree
from forums.models import Post, Thread
from forums.services.discussions import thread_view
from forums.services.posts import post_reply
from tests.harness.client import BrowserLikeClient
from tests.harness.people import sign_in
from tests.harness.world import World


def text_of(response: TestResponse) -> str:
    return str(response.get_data(as_text=True))


def test_amara_opens_a_thread_with_its_first_post(
    client: BrowserLikeClient, world: World, amara: User, db: SQLAlchemy
) -> None:
    sign_in(client, amara)
    url = f"/roundtables/{world.roundtable.ref}/threads"
    answer = client.post(url, data={"title": "Lamps", "source": "The path is **dark**."})
    assert answer.status_code == 303
    page = text_of(client.get(answer.headers["Location"]))
    assert "Lamps" in page
    assert "The path is <strong>dark</strong>." in page


@pytest.mark.attack("B67")
def test_a_double_click_posts_once(
    client: BrowserLikeClient, world: World, bo: User, db: SQLAlchemy
) -> None:
    sign_in(client, bo)
    url = f"/threads/{world.thread.ref}/posts"
    before = db.session.query(Post).count()
    first = client.post(url, data={"source": "Once only.", "form_key": "abc"})
    second = client.post(url, data={"source": "Once only.", "form_key": "abc"})
    assert first.headers["Location"] == second.headers["Location"]
    assert db.session.query(Post).count() == before + 1


def test_a_reply_stands_below_what_it_answers_and_before_later_posts(
    world: World, amara: User, bo: User, db: SQLAlchemy
) -> None:
    at = now()
    last = post_reply(world.thread, None, source="Later.", form_key=None, by=bo, at=at)
    answer = post_reply(world.thread, world.post, source="Answer.", form_key=None, by=bo, at=at)
    db.session.commit()
    refs = [line.ref for line in thread_view(world.thread, amara, at).posts]
    assert refs.index(world.post.ref) < refs.index(answer.ref) < refs.index(last.ref)


def test_replies_below_the_deepest_column_stand_beside_each_other() -> None:
    path = ""
    for number in range(1, 30):
        path = tree.path_below(path, number)
    assert tree.depth_of(path) == tree.MAX_DEPTH
    assert len(path) <= 200


def test_the_thread_knows_how_many_posts_it_has(world: World, bo: User, db: SQLAlchemy) -> None:
    at = now()
    for number in range(5):
        post_reply(world.thread, None, source=f"Post {number}", form_key=None, by=bo, at=at)
    db.session.commit()
    posts = db.session.query(Post).filter_by(thread_id=world.thread.id).count()
    thread = db.session.get_one(Thread, world.thread.id)
    assert thread.post_count == posts


def test_a_long_thread_is_read_page_by_page_without_losing_a_post(
    client: BrowserLikeClient, world: World, bo: User, db: SQLAlchemy
) -> None:
    at = now()
    for number in range(230):
        post_reply(world.thread, None, source=f"Post {number}", form_key=None, by=bo, at=at)
    db.session.commit()
    seen, after = [], None
    while True:
        view = thread_view(world.thread, None, at, after=after)
        seen += [line.ref for line in view.posts]
        after = view.after
        if after is None:
            break
    assert (
        len(seen)
        == len(set(seen))
        == db.session.query(Post).filter_by(thread_id=world.thread.id).count()
    )


def test_the_lasting_address_of_a_post_leads_to_the_page_that_shows_it(
    client: BrowserLikeClient, world: World, bo: User, db: SQLAlchemy
) -> None:
    at = now()
    for number in range(230):
        post_reply(world.thread, None, source=f"P{number}", form_key=None, by=bo, at=at)
    ref = post_reply(world.thread, None, source="The last", form_key=None, by=bo, at=at).ref
    db.session.commit()
    answer = client.get(f"/posts/{ref}")
    assert answer.status_code == 302
    page = text_of(client.get(answer.headers["Location"].partition("#")[0]))
    assert f'id="post-{ref}"' in page


def test_who_is_not_signed_in_is_led_to_the_sign_in_page_and_her_text_is_kept(
    client: BrowserLikeClient, world: World
) -> None:
    answer = client.post(f"/threads/{world.thread.ref}/posts", data={"source": "My long text"})
    assert answer.status_code == 401
    assert "My long text" in text_of(answer)


def test_an_empty_post_is_refused_and_one_that_is_too_long_is_kept(
    client: BrowserLikeClient, world: World, bo: User
) -> None:
    sign_in(client, bo)
    url = f"/threads/{world.thread.ref}/posts"
    assert client.post(url, data={"source": " \u200b "}).status_code == 422
    long = client.post(url, data={"source": "word " * 2000})
    assert long.status_code == 422
    assert "word word" in text_of(long)


def test_a_roundtable_that_closed_takes_no_post_and_gives_the_text_back(
    clock: Traveller, client: BrowserLikeClient, world: World, bo: User
) -> None:
    url = f"/threads/{world.thread.ref}/posts"
    clock.move_to(world.roundtable.closes_at)
    sign_in(client, bo)
    answer = client.post(url, data={"source": "Too late, alas"})
    assert answer.status_code == 409
    assert "Too late, alas" in text_of(answer)
    clock.move_to(world.roundtable.closes_at - timedelta(milliseconds=1))
    sign_in(client, bo)
    assert client.post(url, data={"source": "Just in time"}).status_code == 303


def test_a_hidden_post_cannot_be_answered(
    client: BrowserLikeClient, world: World, amara: User
) -> None:
    sign_in(client, amara)
    url = f"/posts/{world.hidden_post.ref}/replies"
    assert client.post(url, data={"source": "What was it?"}).status_code == 409


@pytest.mark.parametrize("ref", ["nosuchpost", "%00", "x" * 300])
def test_an_unknown_post_is_not_found(client: BrowserLikeClient, ref: str) -> None:
    assert client.get(f"/posts/{ref}").status_code == 404


def test_under_htmx_the_new_post_comes_back_alone(
    client: BrowserLikeClient, world: World, bo: User
) -> None:
    sign_in(client, bo)
    url = f"/threads/{world.thread.ref}/posts"
    answer = client.htmx("POST", url, data={"source": "Quick one", "form_key": "k1"})
    page = text_of(answer)
    assert answer.status_code == 200
    assert "Quick one" in page
    assert "<html" not in page
