"""Mail: plain text, written from a template, sent by a job after the commit."""

from datetime import datetime
from pathlib import Path
from typing import Any

from flask import Flask, current_app
from flask_mailman import EmailMessage, Mail

from config import Settings
from core import jobs
from core.database import db
from core.text import clean_line


def init_app(app: Flask, settings: Settings) -> None:
    app.config.update(
        MAIL_BACKEND=settings.mail_backend,
        MAIL_SERVER=settings.mail_server,
        MAIL_PORT=settings.mail_port,
        MAIL_USERNAME=settings.mail_username or None,
        MAIL_PASSWORD=settings.mail_password or None,
        MAIL_USE_TLS=settings.mail_use_tls,
        MAIL_DEFAULT_SENDER=settings.mail_sender,
        MAIL_FILE_PATH=str(settings.instance_dir / "mail"),
        MAIL_TIMEOUT=15,
    )
    Mail(app)
    jobs.handler(app, "mail.send", send_now)


def send(to: str, subject: str, template: str, *, at: datetime, **context: Any) -> None:
    """Writes a mail from `templates/<template>` and puts it in the outbox."""
    body = current_app.jinja_env.get_template(template).render(**context)
    send_text(to, subject, body, at=at)


def send_text(to: str, subject: str, body: str, *, at: datetime) -> None:
    """Puts a mail in the outbox, in the current transaction."""
    jobs.enqueue("mail.send", at, to=to, subject=clean_line(subject), body=body)


def forget(address: str) -> None:
    """Removes the mails to this address that were written to files instead of being sent."""
    folder = Path(current_app.config["MAIL_FILE_PATH"])
    if not folder.is_dir():
        return
    for file in folder.iterdir():
        if address.encode() in file.read_bytes().lower():
            file.unlink(missing_ok=True)


def send_now(to: str, subject: str, body: str) -> None:
    """Hands one mail to the backend. Called by the worker.

    What the job read and wrote so far is settled first: a mail server may be slow, and an open
    transaction would hold up everybody who writes.
    """
    db.session.commit()
    sender = current_app.config["MAIL_DEFAULT_SENDER"]
    EmailMessage(subject, body, sender, [to]).send()
