"""Who casts, and where, unless a test says otherwise."""

import pytest

from accounts.models import User
from tests.harness.client import BrowserLikeClient
from tests.harness.people import sign_in
from tests.harness.world import World
from voting.models import Contest


@pytest.fixture
def contest(world: World) -> Contest:
    return world.riverside_contest


@pytest.fixture
def voter(client: BrowserLikeClient, amara: User) -> BrowserLikeClient:
    """Amara at her screen."""
    sign_in(client, amara)
    return client
