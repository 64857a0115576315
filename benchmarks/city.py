"""The city that is measured: the demonstration, a long thread, and a hundredfold."""

import secrets
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import insert, select

from accounts.models import User
from accounts.services import create_account
from app.demo import build
from budgets.models import Round
from core import clock, search
from core.database import db
from forums import tree
from forums.models import Post, Roundtable, Thread
from proposals.lifecycle import State
from proposals.models import Proposal

POSTS = 1_000


@dataclass(frozen=True)
class City:
    """The address of what is not in the demonstration."""

    thread: str


def make() -> City:
    """The demonstration with a thread of 1,000 posts."""
    build.everything()
    author = create_account("author@example.org", "Author", None, at=clock.now())
    db.session.flush()
    thread = _long_thread(author)
    db.session.commit()
    return City(f"/threads/{thread.ref}")


def multiply(times: int) -> None:
    """So many times the proposals, search words, threads and posts, in bulk."""
    _multiply_proposals(times)
    _multiply_posts(times)
    db.session.commit()


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
