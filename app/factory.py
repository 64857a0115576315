"""Puts the house together from its settings."""

import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from flask import Flask
from flask_migrate import Migrate
from flask_wtf import CSRFProtect
from werkzeug.middleware.proxy_fix import ProxyFix

from app import blueprint, errors, rooms
from config import Settings, WrongSettings, load_settings
from core import (
    access,
    approvals,
    assets,
    audit,
    browser_sessions,
    cache,
    database,
    headers,
    htmx,
    i18n,
    intake,
    jobs,
    limits,
    logs,
    mail,
    memory,
    responses,
    search,
    secret_keys,
    sms,
    worker,
)
from core.database import UnsafeSqlite

CANNOT_START = 3  # the code by which gunicorn knows that trying again is of no use
csrf = CSRFProtect()
TABLES_OF_THE_GROUND = (approvals.Approval, audit.AuditEntry, jobs.OutboxJob, search.SearchDocument)


class House(Flask):
    """Flask, without asking of each view and each hook, at each request, whether it is a coroutine.

    None is, as a test sees; the questions took a fiftieth of a cast.
    """

    def ensure_sync(self, func: Callable[..., Any]) -> Callable[..., Any]:
        return func


def start() -> Flask:
    """The application for a server or a command. Wrong settings end it with one sentence."""
    try:
        return create_app()
    except (WrongSettings, UnsafeSqlite) as error:
        sys.stderr.write(f"{error}\n")
        raise SystemExit(CANNOT_START) from None


def create_app(settings: Settings | None = None) -> Flask:
    """The application. Raises WrongSettings or UnsafeSqlite rather than start wrong."""
    settings = settings or load_settings()
    _make_folder(settings)
    app = House(
        "app",
        root_path=str(settings_root()),
        template_folder="../templates",
        static_folder=None,
        instance_path=str(settings.instance_dir.resolve()),
    )
    app.jinja_environment = responses.Templates
    _configure(app, settings)
    browser_sessions.init_app(app)
    htmx.init_app(app)
    logs.init_app(app, settings)
    database.init_app(app, settings)
    audit.init_app()
    memory.init_app(app)
    Migrate(
        app, database.db, directory=str(settings_root().parent / "migrations"), render_as_batch=True
    )
    i18n.init_app(app, settings)
    assets.init_app(app)
    cache.init_app(app, settings)
    intake.init_app(app)
    limits.init_app(app, settings)
    csrf.init_app(app)
    jobs.init_app(app, settings)
    mail.init_app(app, settings)
    sms.init_app(app, settings)
    rooms.register_all(app)
    blueprint.register(app)
    access.init_app(app, settings)
    headers.init_app(app, settings)
    errors.init_app(app)
    app.extensions["huey"] = worker.make_queue(app, settings)
    if settings.trusted_proxies:
        hops = settings.trusted_proxies
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops)  # type: ignore[method-assign]
    return app


def _make_folder(settings: Settings) -> None:
    try:
        settings.instance_dir.mkdir(parents=True, exist_ok=True, mode=0o700)
        tempfile.TemporaryFile(dir=settings.instance_dir).close()
    except OSError as error:
        raise WrongSettings(
            f"Cannot start. INSTANCE_DIR: {settings.instance_dir} cannot be written to "
            f"({error.strerror})."
        ) from None


def _configure(app: Flask, settings: Settings) -> None:
    secrets = secret_keys.load(settings)
    app.config.update(
        SETTINGS=settings,
        SECRET_KEY=secrets["secret_key"],
        SECURITY_PASSWORD_SALT=secrets["password_salt"],
        REGISTER_KEY=secrets["register_key"],
        SECOND_FACTOR_KEY=secrets["second_factor_key"],
        MAX_CONTENT_LENGTH=settings.max_body_bytes,
        MAX_FORM_MEMORY_SIZE=settings.max_body_bytes,
        TRUSTED_HOSTS=settings.hosts,
        SESSION_COOKIE_NAME="purse",
        SESSION_COOKIE_SECURE=settings.secure_cookies,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        WTF_CSRF_TIME_LIMIT=None,
        WTF_CSRF_CHECK_DEFAULT=True,
    )
    app.jinja_env.trim_blocks = True
    app.jinja_env.lstrip_blocks = True


def settings_root() -> Path:
    """The folder of this package, from which templates and migrations are found."""
    return Path(__file__).resolve().parent
