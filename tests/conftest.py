"""Fixtures for every test.

A test that asks for `app`, `client` or `db` runs twice, on SQLite and on PostgreSQL, each time
with a fresh, migrated database. `pytest --db=sqlite` runs the faster half.
"""

import gc
import logging
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path

import pytest
import time_machine
from flask import Flask
from flask_sqlalchemy import SQLAlchemy
from playwright.sync_api import Browser, Page, sync_playwright

from accounts.models import User
from config import Settings
from core.database import db as database
from tests.harness import people
from tests.harness.application import migrate, new_app, settings_for
from tests.harness.browser import launch, open_page
from tests.harness.client import BrowserLikeClient
from tests.harness.databases import PostgresDatabases, SqliteDatabases
from tests.harness.kept_rows import laid_out
from tests.harness.server import serve_in_thread
from tests.harness.world import World, build
from voting import link_keys

KINDS = ("sqlite", "postgres")
TUESDAY = datetime(2026, 5, 12, 8, 30, tzinfo=UTC)


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--db", choices=[*KINDS, "both"], default="both", help="databases to test on")


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line(
        "markers", "attack(*numbers): tries these rows of the list in tests/attacks/test_list.py"
    )


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Runs each test that touches the database once for every kind of database that it is for."""
    if "database_kind" not in metafunc.fixturenames:
        return
    chosen = metafunc.config.getoption("--db")
    marks = {mark.name for mark in metafunc.definition.iter_markers()}
    kinds = [kind for kind in KINDS if chosen in {kind, "both"}]
    if "postgres" in marks:
        kinds = [kind for kind in kinds if kind == "postgres"]
    elif marks & {"sqlite", "browser"}:
        # What a browser shows does not depend on the database; journeys run on the default one.
        kinds = [kind for kind in kinds if kind == "sqlite"]
    metafunc.parametrize("database_kind", kinds)


def pytest_collection_finish() -> None:
    """Takes what has been imported out of the collector's rounds, and has them made less often.

    An application leaves much behind that refers to itself, and each round through a hundred
    modules and thousands of tests took longer than the test it fell into.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 10, 10)


# --- databases ---------------------------------------------------------------------------------


@pytest.fixture(scope="session")
def shared_folder(tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest) -> Path:
    """A folder that all processes of this test run share."""
    own = tmp_path_factory.getbasetemp()
    return own.parent if hasattr(request.config, "workerinput") else own


@pytest.fixture(scope="session")
def sqlite_databases(shared_folder: Path) -> SqliteDatabases:
    return SqliteDatabases(shared_folder, migrate)


@pytest.fixture(scope="session")
def postgres_databases(shared_folder: Path) -> PostgresDatabases:
    return PostgresDatabases(shared_folder, migrate)


@pytest.fixture
def database_url(
    database_kind: str, tmp_path: Path, request: pytest.FixtureRequest
) -> Iterator[str]:
    """The address of a fresh, migrated database that this test has for itself."""
    databases = request.getfixturevalue(f"{database_kind}_databases")
    with databases.fresh(tmp_path) as address:
        yield address


# --- the application ---------------------------------------------------------------------------


@pytest.fixture
def settings(database_url: str, tmp_path: Path) -> Settings:
    """The settings of this test's application. A test class may override this fixture."""
    return settings_for(database_url, tmp_path)


@pytest.fixture
def app(settings: Settings) -> Iterator[Flask]:
    """The application on a fresh database, with its context entered."""
    application = new_app(settings)
    with application.app_context():
        yield application
        database.session.remove()
        database.engine.dispose()


@pytest.fixture
def db(app: Flask) -> SQLAlchemy:
    """The database. Commit what others shall see; the client commits for you before it asks."""
    return database


@pytest.fixture
def client(app: Flask) -> BrowserLikeClient:
    """A reader who has not signed in. `sign_in(client, person)` makes it that person's."""
    client = app.test_client()
    assert isinstance(client, BrowserLikeClient)
    return client


# --- people and time ---------------------------------------------------------------------------


def _member(name: str) -> Callable[..., User]:
    def member(app: Flask, request: pytest.FixtureRequest) -> User:
        # Whoever lives in the town is found there, so that it can be laid out first; unless the
        # test has a clock, which it may ask for between the two.
        if "world" in request.fixturenames and "clock" not in request.fixturenames:
            request.getfixturevalue("world")
        return people.cast(name)

    member.__doc__ = f"{people.CAST[name].name}, as tests/harness/people.py tells."
    return pytest.fixture(name=name)(member)


amara, bo, chen = _member("amara"), _member("bo"), _member("chen")
dana, eli, ewa = _member("dana"), _member("eli"), _member("ewa")
farah, clara = _member("farah"), _member("clara")
adam, ada, ida = _member("adam"), _member("ada"), _member("ida")


@pytest.fixture
def clock() -> Iterator[time_machine.Traveller]:
    """Time that stands still on a Tuesday morning until the test moves it.

    Ask for it before the people and things whose times shall agree with it.
    """
    with time_machine.travel(TUESDAY, tick=False) as traveller:
        yield traveller


@pytest.fixture
def world(app: Flask) -> World:
    """A small town: a round in its voting phase, one in submission, a roundtable, a meeting."""
    town = laid_out(build)
    for contest in (town.city_contest, town.riverside_contest, town.hillside_contest):
        link_keys.make(contest.ref)  # a key that exists stays
    return town


# --- the browser -------------------------------------------------------------------------------


@pytest.fixture
def live_server(app: Flask) -> Iterator[str]:
    """The address of the application, served over real HTTP in a thread.

    Commit before the browser acts: an open transaction of the test holds up everybody's writes.
    """
    logging.getLogger("werkzeug").setLevel(logging.WARNING)
    database.session.commit()
    with serve_in_thread(app) as address:
        yield address


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Chromium, started once per process."""
    with sync_playwright() as playwright:
        chromium = launch(playwright)
        yield chromium
        chromium.close()


@pytest.fixture
def new_page(browser: Browser, live_server: str) -> Iterator[Callable[..., Page]]:
    """Opens pages of fresh profiles: new_page(width=320, scheme="dark", javascript=False)."""
    with ExitStack() as pages:
        yield lambda **look: pages.enter_context(open_page(browser, live_server, **look))


@pytest.fixture
def page(new_page: Callable[..., Page]) -> Page:
    """One page on a desk, in light colours, with JavaScript."""
    return new_page()
