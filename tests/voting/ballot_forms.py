"""A voter at her screen: what she posts, and what she reads on the answers."""

import re
from html import unescape

from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import func, select
from werkzeug.test import TestResponse

from tests.harness.client import BrowserLikeClient
from tests.harness.html import text_of
from voting.models import Ballot, Contest


def refs_of(contest: Contest) -> list[str]:
    """Refs of the options, in the order of their numbers."""
    return [option.ref for option in contest.options]


def key_on(response: TestResponse) -> str:
    """The idempotency key that the form of a page carries."""
    found = re.search(r'name="key" value="([^"]*)"', response.get_data(as_text=True))
    assert found, "The page carries no key."
    return unescape(found.group(1))


def ranking_on(response: TestResponse) -> list[str]:
    """The refs that the form of a page would post, first to last."""
    posted = re.findall(r'name="ranking" value="([^"]*)"', response.get_data(as_text=True))
    return [unescape(ref) for ref in posted]


def open_paper(client: BrowserLikeClient, contest: Contest) -> TestResponse:
    response = client.get(f"/ballots/{contest.ref}")
    assert response.status_code == 200, text_of(response.get_data(as_text=True))
    return response


def press(
    client: BrowserLikeClient, contest: Contest, act: str, ranking: list[str], **more: str
) -> TestResponse:
    """Presses a button of the paper, as a browser without scripts does."""
    form = {"act": act, "ranking": ranking, **more}
    return client.post(f"/ballots/{contest.ref}", data=form)


def review(
    client: BrowserLikeClient, contest: Contest, ranking: list[str], **more: str
) -> TestResponse:
    return client.post(f"/ballots/{contest.ref}/review", data={"ranking": ranking, **more})


def keep(
    client: BrowserLikeClient, contest: Contest, ranking: list[str], **more: str
) -> TestResponse:
    """Sends what stands on the paper, as a page with scripts does after each change."""
    form = {"ranking": ranking, **more}
    return client.htmx("POST", f"/ballots/{contest.ref}/kept", data=form)


def cast(
    client: BrowserLikeClient, contest: Contest, ranking: list[str], key: str | None = None
) -> TestResponse:
    """Casts with the key of a paper that was opened before, or of one opened now."""
    key = key_on(open_paper(client, contest)) if key is None else key
    return client.post(f"/ballots/{contest.ref}/casts", data={"ranking": ranking, "key": key})


def receipt_of(client: BrowserLikeClient, contest: Contest) -> str:
    """The code that the receipt page shows."""
    response = client.get(f"/ballots/{contest.ref}/receipt")
    assert response.status_code == 200
    found = re.search(r'data-copy="(\w+)"', response.get_data(as_text=True))
    assert found, "The page shows no receipt."
    return found.group(1)


def words_of(response: TestResponse) -> str:
    return text_of(response.get_data(as_text=True))


def ballots(db: SQLAlchemy) -> int:
    """How many were cast into all boxes."""
    return _number(db, is_cast=True)


def kept_ballots(db: SQLAlchemy) -> int:
    """How many are only kept."""
    return _number(db, is_cast=False)


def _number(db: SQLAlchemy, *, is_cast: bool) -> int:
    query = select(func.count()).select_from(Ballot).where(Ballot.is_cast.is_(is_cast))
    return db.session.scalar(query) or 0
