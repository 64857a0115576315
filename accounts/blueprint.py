"""The front door of the room."""

from typing import Any

from flask import Blueprint, Flask
from flask_security import MailUtil, Security, SQLAlchemyUserDatastore

from accounts import cli, code_app, jobs, notifications
from accounts.addresses import WrongAddress, normalise_address
from accounts.admin import approvals as approval_screens
from accounts.admin import people as people_screens
from accounts.admin import residents, trail
from accounts.forms import AskAgainForm
from accounts.models import Role, User
from accounts.routes import (
    account,
    passkeys,
    passwords,
    presence,
    registration,
    residency,
    second_factors,
    second_step,
    sessions,
    sign_on,
)
from accounts.services import people
from accounts.services.factor_requests import factor_act
from accounts.services.role_requests import role_acts
from accounts.sign_in import library_settings
from accounts.ways import SLOT
from core import approvals, clock, mail, slots
from core.database import db
from core.jobs import handler

MODULES = (
    registration,
    passwords,
    sessions,
    second_step,
    account,
    residency,
    sign_on,
    second_factors,
    passkeys,
)
datastore = SQLAlchemyUserDatastore(db, User, Role)


class HouseMail(MailUtil):
    """Whatever the library would mail goes through the outbox, as plain text."""

    def send_mail(
        self,
        template: str,
        subject: str,
        recipient: Any,
        sender: Any,
        body: str | None,
        html: str | None,
        **kwargs: Any,
    ) -> None:
        mail.send_text(str(recipient), str(subject), body or "", at=clock.now())

    def normalize(self, email: str) -> str:
        try:
            return normalise_address(email)
        except WrongAddress as error:
            raise ValueError(str(error)) from error

    validate = normalize


def register(app: Flask) -> None:
    """Plugs the room into the application."""
    _plug_in_library(app)
    room = Blueprint("accounts", __name__)
    for module in MODULES:
        room.register_blueprint(module.bp)
    desk = Blueprint("admin", __name__)
    for screens in (residents, people_screens, approval_screens, trail):
        desk.register_blueprint(screens.bp)
    room.register_blueprint(desk)
    app.register_blueprint(room)
    app.cli.add_command(cli.group)
    slots.put(app, "staff_home", approval_screens.waiting_line)
    for way in (residency.AtTheDesk(), sign_on.BySignOn()):
        slots.put(app, SLOT, way.offer)
    for act in (*role_acts(), factor_act()):
        approvals.offer(app, act)
    handler(app, notifications.JOB, jobs.send_mail)
    handler(app, people.FORGET_UNCONFIRMED, jobs.forget_unconfirmed)
    slots.put(app, "hourly", jobs.forget_ended_sessions)


def _plug_in_library(app: Flask) -> None:
    """Sessions, password hashes and sign-in by Flask-Security; our views stand before its own."""
    settings = app.config["SETTINGS"]
    app.config.update(library_settings(cheap_passwords=settings.cheap_passwords))
    security = Security(
        app,
        datastore,
        verify_form=AskAgainForm,
        mail_util_cls=HouseMail,
        render_template=sessions.render,  # type: ignore[arg-type]
    )
    # Who may do what is said by our own gate: what the library would note of it for each request is
    # asked by nobody.
    app.before_request_funcs[None].remove(security.principal._on_before_request)  # noqa: SLF001
    security.want_json(lambda _request: False)
    app.login_manager.request_loader(lambda _request: None)  # type: ignore[attr-defined]
    presence.init_app(app)
    code_app.init_app(app, app.config["SECOND_FACTOR_KEY"], settings.site_name)
    app.blueprints["security"].template_folder = None
    app.view_functions |= {
        "security.login": sessions.sign_in,
        "security.logout": sessions.sign_out,
        "security.verify": sessions.ask_again,
    }
