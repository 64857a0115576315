"""Who casts, and where, unless a test says otherwise."""

import pytest
from flask_sqlalchemy import SQLAlchemy

from accounts.models import User
from tests.harness.client import BrowserLikeClient
from tests.harness.people import sign_in
from tests.harness.world import World
from tests.voting.questions import ask
from voting.models import Contest


@pytest.fixture
def contest(world: World) -> Contest:
    return world.riverside_contest


@pytest.fixture
def voter(client: BrowserLikeClient, amara: User) -> BrowserLikeClient:
    """Amara at her screen."""
    sign_in(client, amara)
    return client


@pytest.fixture
def officer(client: BrowserLikeClient, eli: User) -> BrowserLikeClient:
    """Eli, an election officer, at his desk."""
    sign_in(client, eli)
    return client


@pytest.fixture
def name(db: SQLAlchemy, world: World, eli: User) -> Contest:
    """A question without money: a name is looked for, among three."""
    contest = ask(world, eli)
    db.session.commit()
    return contest
