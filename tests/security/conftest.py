"""The small town in full, for what is tried on every route."""

import pytest

from tests.harness.town import Town, complete
from tests.harness.world import World


@pytest.fixture
def town(world: World) -> Town:
    return complete(world)
