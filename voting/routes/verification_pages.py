"""The pages on which somebody shows who she is, and the end that all these ways have."""

from datetime import datetime
from typing import Any

from flask import Response, flash, url_for
from flask_babel import get_locale, gettext
from flask_login import current_user
from werkzeug.wrappers import Response as BaseResponse

from accounts.models import User
from accounts.permissions import why_not_be_verified
from accounts.queries import account
from accounts.services.verification import verify
from core import responses
from core.database import db
from core.forms import Form
from core.limits import limiter, place
from core.refusals import Refusal, refuse_if
from districts.queries import names_by_id
from voting.models import RollEntry

tries = limiter.shared_limit("20/minute;120/hour", scope="verification", key_func=place)


def refuse_if_verified() -> None:
    """Who is confirmed already has no try to make."""
    refuse_if(why_not_be_verified(me()))


def me() -> User:
    """Who is signed in."""
    return account(current_user.id)


def finish(
    entry: RollEntry, way: str, template: str, form: Form, at: datetime, **context: Any
) -> BaseResponse:
    """Ties the account to this person, commits, and says so; or shows the form with why not."""
    person, home = me(), entry.district_id
    key = entry.person_key
    refusal = verify(person, key, home, way=way, at=at, locale=str(get_locale()))
    db.session.commit()
    if refusal is not None:
        return page(template, form, refusal, **context)
    district = names_by_id()[home]
    flash(
        gettext("You are confirmed as a resident of %(district)s and may vote.", district=district),
        "good",
    )
    return responses.see_other(url_for("accounts.account.show"))


def page(
    template: str,
    form: Form,
    refusal: Refusal | None = None,
    *,
    until: datetime | None = None,
    at: datetime | None = None,
    status: int = 200,
    **context: Any,
) -> Response:
    """The form of a way, with what was wrong. `until`, with `at`: when trying again makes sense."""
    if refusal is not None:
        form.refused(refusal)
        status = refusal.status
    template = f"voting/verification/{template}.html"
    response = responses.page(template, status=status, form=form, **context)
    if until is not None and at is not None:
        response.headers["Retry-After"] = str(max(1, int((until - at).total_seconds())))
    return responses.private(response)
