"""The towns under fire. All their tests run in one process, one after the other: each of them
starts servers of its own and would only measure the others."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.resilience.box import Box, Boxes

VOTERS = 80


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    here = Path(__file__).parent
    for item in items:
        if here in item.path.parents:
            item.add_marker(pytest.mark.xdist_group("resilience"))
            item.add_marker(pytest.mark.slow)


@pytest.fixture(scope="session")
def boxes(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Boxes]:
    boxes = Boxes(tmp_path_factory.mktemp("towns"), voters=VOTERS)
    yield boxes
    boxes.close()


@pytest.fixture
def box(boxes: Boxes, database_kind: str) -> Iterator[Box]:
    """A town of its own for each test, on both kinds of database unless a mark says one."""
    with boxes.fresh(database_kind) as box:
        yield box
