"""The application as tests run it: the shipped one, with settings that a test needs.

Only what would make tests slow or talk to the outside is set apart: cheap password hashes, mails
kept in memory, jobs at the end of the request, no rate limits, no page cache.
"""

from pathlib import Path
from typing import Any

import flask_migrate
from flask import Flask

from app import create_app
from config import Settings
from core.database import db
from tests.harness import worked_out
from tests.harness.client import BrowserLikeClient

ROOT = Path(__file__).resolve().parents[2]
ORIGIN = "http://localhost"


def settings_for(database_url: str, folder: Path, **changes: Any) -> Settings:
    """Settings for one test; `changes` are field names of config.Settings."""
    values: dict[str, Any] = {
        "instance_dir": folder / "instance",
        "database_url": database_url,
        "secret_key": "a secret key that only tests know",
        "password_salt": "a password salt that only tests know",
        "register_key": "a register key that only tests know",
        "second_factor_key": "a second factor key that only tests know",
        "public_url": ORIGIN,
        "mail_backend": "locmem",
        "sms_backend": "file",
        "jobs": "immediate",
        "rate_limits": False,
        "page_cache_seconds": 0,
        "cheap_passwords": True,
    }
    return Settings(**(values | changes))


def new_app(settings: Settings) -> Flask:
    """The shipped application; what breaks it reaches the test instead of becoming a page."""
    app = create_app(settings)
    app.testing = True
    app.error_handler_spec[None][None].pop(Exception, None)
    app.test_client_class = BrowserLikeClient
    with app.app_context():
        worked_out.use(app, db.engine)
    return app


def migrate(database_url: str, folder: Path) -> None:
    """Brings an empty database up by the migrations, as a new server does."""
    app = new_app(settings_for(database_url, folder / "migrating"))
    with app.app_context():
        flask_migrate.upgrade(directory=str(ROOT / "migrations"))
        db.engine.dispose()
