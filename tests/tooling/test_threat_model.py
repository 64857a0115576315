"""What docs/threat-model.md names is there: each test, command, page and document."""

import re
from pathlib import Path

import pytest
from flask import Flask

from tests.harness.client import BrowserLikeClient
from tests.harness.html import text_of

ROOT = Path(__file__).resolve().parents[2]
DOCUMENT = ROOT / "docs" / "threat-model.md"
NAMED = re.compile(r"`([^`]+)`")
LINKED = re.compile(r"\]\(([^)#]+)(?:#[^)]*)?\)")
MOST_WORDS = 400


def names(pattern: str) -> list[str]:
    """What stands in the signs of code and matches from its beginning."""
    found = NAMED.findall(DOCUMENT.read_text())
    return sorted({name for name in found if re.match(pattern, name)})


def test_every_test_that_it_names_is_there() -> None:
    files = names("tests/")

    assert len(files) >= 20
    assert [file for file in files if not (ROOT / file).is_file()] == []


def test_every_document_that_it_links_is_there() -> None:
    targets = set(LINKED.findall(DOCUMENT.read_text()))

    assert targets
    assert [target for target in targets if not (DOCUMENT.parent / target).is_file()] == []


@pytest.mark.sqlite
def test_every_command_that_it_names_is_there(app: Flask) -> None:
    rules = (ROOT / "Makefile").read_text()
    for command in names("make "):
        assert f"\n{command.split()[1]}:" in rules, command
    for command in names("flask "):
        group, name = command.split()[1:3]
        commands = getattr(app.cli.commands[group], "commands", {})
        assert name in commands, command
    for command in names("python3 |recount"):
        program = next(word for word in command.split() if word.endswith(".py"))
        assert (ROOT / program).is_file(), command


@pytest.mark.sqlite
def test_every_page_that_it_names_is_there(client: BrowserLikeClient) -> None:
    pages = names("/")

    assert "/ballots/help" in pages
    assert [page for page in pages if client.get(page).status_code != 200] == []


@pytest.mark.sqlite
def test_its_short_form_for_voters_is_short_and_says_what_is_not_promised(
    client: BrowserLikeClient,
) -> None:
    page = client.get("/ballots/help").get_data(as_text=True)
    words = text_of(page[page.index("<h1") : page.index("</main>")]).split()

    assert len(words) <= MOST_WORDS
    assert "What we do not promise" in page
    for overstated in ("end-to-end", "coercion-resistant", "unhackable", "cannot be hacked"):
        assert overstated not in page
