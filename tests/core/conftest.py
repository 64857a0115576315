"""The application without a database, for what needs only its settings and languages."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask

from core.database import db
from tests.harness.application import new_app, settings_for


@pytest.fixture
def bare_app(tmp_path: Path) -> Iterator[Flask]:
    """The shipped application, in a request, on a database that nothing is asked of."""
    app = new_app(settings_for(f"sqlite:///{tmp_path}/empty.db", tmp_path))
    with app.test_request_context():
        yield app
        db.engine.dispose()
