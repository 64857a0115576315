"""Each field of each document has one form. Anything else is wrong and named, and stops nothing."""

import json
from collections.abc import Iterator
from copy import deepcopy
from typing import Any

import pytest

from tests.recount.logs import REFS, log_of, pretty
from tests.recount.verifying import verify

LOG = log_of(7, sizes=(5,), superseded=[2])
FILES = LOG.files()
PAPERS = {"receipt": LOG.receipt(3, 0), "opening": LOG.opening(REFS[:2])}
# What no field takes; a truth value is a number to Python, but not to a log.
FOREIGN: list[Any] = [{"a": 1}, [{}], -1, "\x00"]
# Terms that a city words for itself: the signature alone holds them.
FREE = {"rule", "rule_parameters", "rule_version", "tie_order"}


def places(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Where anything stands in a document, however deep."""
    items: Any = ()
    if isinstance(value, dict):
        items = value.items()
    elif isinstance(value, list):
        items = enumerate(value)
    for key, inner in items:
        if key not in FREE:
            yield (*path, key)
            yield from places(inner, (*path, key))


def changed(value: Any, path: tuple[Any, ...], new: Any) -> Any:
    copy = deepcopy(value)
    inner = copy
    for key in path[:-1]:
        inner = inner[key]
    inner[path[-1]] = new
    return copy


def test_the_papers_are_right_as_they_are() -> None:
    assert verify(LOG, **PAPERS).code == 0


@pytest.mark.parametrize("name", ["manifests", "heads", "closing", "openings"])
def test_a_bundle_with_a_foreign_value_anywhere_is_wrong(name: str) -> None:
    document = json.loads(FILES[f"{name}.json"])
    for path in places(document):
        for new in FOREIGN:
            said = verify(FILES | {f"{name}.json": pretty(changed(document, path, new))})
            assert said.code == 1, (path, new, said)
            assert any(name.rstrip("s") in line for line in said.wrong), (path, new, said)


@pytest.mark.parametrize("name", ["receipt", "opening"])
def test_a_paper_with_a_foreign_value_anywhere_is_wrong(name: str) -> None:
    for path in places(PAPERS[name]):
        for new in FOREIGN:
            said = verify(None, **{name: changed(PAPERS[name], path, new)})
            assert said.code == 1, (path, new, said)
            assert len(said.wrong) == 1


@pytest.mark.parametrize("number", ["size", "counted", "paper", "roll_marks"])
def test_yes_is_no_number(number: str) -> None:
    closing = changed(json.loads(FILES["closing.json"]), ("document", number), True)

    said = verify(FILES | {"closing.json": pretty(closing)})

    assert said.wrong[0] == f"closing.json: its {number} is not as the format wants it"
