"""Mails from the forums."""

from datetime import datetime

from flask import current_app
from flask_babel import gettext

from accounts.models import User
from core import mail
from core.database import db
from forums.models import Post, Thread
from forums.rules import rule_named


def tell_author_hidden(post: Post, thread: Thread, *, rule: str, reason: str, at: datetime) -> None:
    """Tells an author what was hidden, by which rule and why, with the text quoted."""
    author = db.session.get(User, post.author_id) if post.author_id else None
    if author is None:
        return
    mail.send(
        author.email,
        gettext("A moderator has hidden your post"),
        "forums/mail/hidden.txt",
        at=at,
        author=author,
        post=post,
        thread=thread,
        rule=rule_named(rule),
        reason=reason,
        log_url=current_app.config["SETTINGS"].public_url + "/moderation",
    )
