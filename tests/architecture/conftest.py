"""What the walks over every route need: the small town in full."""

import pytest

from tests.harness.town import Town, complete
from tests.harness.world import World


@pytest.fixture
def town(world: World) -> Town:
    return complete(world)
