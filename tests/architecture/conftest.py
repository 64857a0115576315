"""What the walks over every route need: the small town in full."""

import pytest

from tests.harness.crawl import crawl_as
from tests.harness.town import Town, complete
from tests.harness.world import World


@pytest.fixture
def town(world: World) -> Town:
    return complete(world)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Tests that look at one walk run in one process, so that it is walked once in a test run."""
    for item in items:
        if not isinstance(item, pytest.Function) or not hasattr(item, "callspec"):
            continue
        given = item.callspec.params
        if getattr(item.module, crawl_as.__name__, None) is crawl_as and "name" in given:
            kind = given.get("database_kind", "")
            item.add_marker(pytest.mark.xdist_group(f"walk as {given['name']} on {kind}"))
