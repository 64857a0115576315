"""The city that is measured: the demonstration, a long thread, voters, and a hundredfold."""

import secrets
from dataclasses import dataclass
from datetime import timedelta
from urllib.parse import urlencode

from flask import Flask
from flask.sessions import SecureCookieSessionInterface
from itsdangerous import URLSafeTimedSerializer
from sqlalchemy import insert, select

from accounts.models import User
from accounts.services import confirm_residency, create_account
from accounts.services.sessions import begin_session
from app.demo import build
from budgets.models import Round
from core import clock, search
from core.database import db
from districts.queries import district_by_name
from forums import tree
from forums.models import Post, Roundtable, Thread
from proposals.lifecycle import State
from proposals.models import Proposal
from voting import sealing
from voting.models import Contest, Option

VOTERS = 200
BALLOTS_EACH = 3
POSTS = 1_000


@dataclass(frozen=True)
class Voter:
    """Somebody who is signed in, with what her browser sends to cast ballots, one after another.

    Each has a key of its own: under the same key a ballot is stored only once.
    """

    cookie: str
    bodies: tuple[str, ...]


@dataclass(frozen=True)
class City:
    """Addresses of what is measured, and those who vote."""

    thread: str
    paper: str
    voters: tuple[Voter, ...]


def make(app: Flask) -> City:
    """The demonstration with a thread of 1,000 posts and 200 voters of one district."""
    build.everything()
    people = _voters()
    thread = _long_thread(people[0])
    contest = db.session.scalars(select(Contest).where(Contest.title == "Podgórze")).all()[-1]
    refs = db.session.scalars(select(Option.ref).where(Option.contest_id == contest.id)).all()
    voters = tuple(_browser_of(app, person, contest, list(refs)) for person in people)
    db.session.commit()
    return City(f"/threads/{thread.ref}", f"/ballots/{contest.ref}/casts", voters)


def multiply(times: int) -> None:
    """So many times the proposals, search words, threads and posts, in bulk."""
    _multiply_proposals(times)
    _multiply_posts(times)
    db.session.commit()


def _voters() -> list[User]:
    at, district = clock.now(), district_by_name("Podgórze")
    assert district is not None
    people = []
    for number in range(VOTERS):
        person = create_account(f"voter{number}@example.org", f"Voter {number}", None, at=at)
        db.session.flush()
        confirm_residency(person, f"BENCH {number}", district, by=None, at=at)
        people.append(person)
    return people


def _long_thread(author: User) -> Thread:
    roundtable = db.session.scalars(select(Roundtable).order_by(Roundtable.id)).first()
    assert roundtable is not None
    thread = _thread_at(roundtable, "A thousand posts", author)
    _fill(thread, author, POSTS)
    return thread


def _thread_at(roundtable: Roundtable, title: str, author: User) -> Thread:
    at = clock.now()
    thread = Thread(
        roundtable_id=roundtable.id,
        title=title,
        author_id=author.id,
        created_at=at,
        last_post_at=at,
    )
    db.session.add(thread)
    db.session.flush()
    return thread


def _fill(thread: Thread, author: User, posts: int) -> None:
    """Posts in threes: one and two answers to it."""
    at = clock.now()
    rows, path = [], ""
    for number in range(1, posts + 1):
        path = tree.path_below("" if number % 3 == 1 else path, number)
        rows.append(
            {
                "ref": secrets.token_hex(8),
                "thread_id": thread.id,
                "author_id": author.id,
                "author_name": author.display_name,
                "path": path,
                "depth": tree.depth_of(path),
                "source": f"Post {number}",
                "html": f"<p>This is post {number} of many, long enough to be read.</p>",
                "created_at": at + timedelta(seconds=number),
            }
        )
    db.session.execute(insert(Post), rows)
    thread.post_count = posts


def _browser_of(app: Flask, person: User, contest: Contest, refs: list[str]) -> Voter:
    """The session cookie that signing in leaves, and forms that cast a ballot."""
    raw = secrets.token_hex(20)
    session = begin_session(person, "Firefox/Linux", confirmed=True, at=clock.now())
    content = {"_user_id": person.fs_uniquifier, "_fresh": True, "fs_cc": "set"}
    content |= {"token": session, "csrf_token": raw}
    serializer = SecureCookieSessionInterface().get_signing_serializer(app)
    assert serializer is not None
    cookie = f"{app.config['SESSION_COOKIE_NAME']}={serializer.dumps(content)}"
    token = URLSafeTimedSerializer(app.config["SECRET_KEY"], salt="wtf-csrf-token").dumps(raw)
    assert person.residency is not None
    secret, person_key = app.config["SECRET_KEY"], person.residency.person_key
    bodies = []
    for _ in range(BALLOTS_EACH):
        key = sealing.sign_form_key(secret, sealing.new_form_key(), contest.ref, person_key)
        chosen = secrets.SystemRandom().sample(refs, 3)
        bodies.append(urlencode({"csrf_token": token, "key": key, "ranking": chosen}, doseq=True))
    return Voter(cookie, tuple(bodies))


def _multiply_proposals(times: int) -> None:
    originals = db.session.execute(select(Proposal.__table__)).mappings().all()
    rounds = db.session.scalars(select(Round.id)).all()
    next_id = max(row["id"] for row in originals) + 1
    for turn in range(1, times):
        rows, words = [], []
        for row in originals:
            copy = dict(row) | {"id": next_id, "ref": secrets.token_hex(8), "author_id": None}
            copy |= {"code": f"{turn}-{row['id']}", "form_key": None}
            copy["round_id"] = rounds[next_id % len(rounds)]
            copy["state"] = copy["state"] if copy["state"] != State.DRAFT else "published"
            rows.append(copy)
            words.append((next_id, (row["title"],)))
            next_id += 1
        db.session.execute(insert(Proposal), rows)
        search.index_many("proposal", words)


def _multiply_posts(times: int) -> None:
    roundtable = db.session.scalars(select(Roundtable).order_by(Roundtable.id)).first()
    author = db.session.scalars(select(User).order_by(User.id)).first()
    assert roundtable is not None
    assert author is not None
    for turn in range(1, times):
        _fill(_thread_at(roundtable, f"Another thread {turn}", author), author, POSTS)
