"""People and roles: who works here, and as what. Only administrators see it."""

from flask import Blueprint, Response, flash, request, url_for
from flask_babel import gettext
from flask_login import current_user
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response as BaseResponse

from accounts import permissions, queries
from accounts.admin.forms import ErasureOnRequestForm, RoleForm
from accounts.admin.freshness import ask_for_the_password_again
from accounts.models import User
from accounts.roles import role_meaning, role_word
from accounts.services.erasure import erase_account
from accounts.services.factor_requests import RESET_FACTOR
from accounts.services.role_requests import GIVE_ROLE, TAKE_ROLE
from core import access, approvals, cache, clock, responses
from core.access import ROLES
from core.database import db
from core.paging import read_cursor
from core.refusals import Refusal, Refused, refuse_if

bp = Blueprint("people", __name__)
bp.before_request(ask_for_the_password_again)


@bp.get("/staff/people")
@access.only("administrator")
def index() -> Response:
    """Everybody with a role; or, where a name was typed, the accounts found."""
    typed = request.args.get("q", "").strip()[:200]
    cursor = read_cursor(request.args.get("after"), str, int)
    people = queries.accounts_found(typed, cursor) if typed else queries.people_with_roles(cursor)
    page = responses.page(
        "accounts/admin/people.html", typed=typed, people=people, role_word=role_word
    )
    return responses.private(page)


@bp.get("/staff/people/<ref>")
@access.only("administrator")
def show(ref: str) -> Response:
    """One person's roles."""
    return _person_page(_account(ref))


@bp.post("/staff/people/<ref>/roles")
@access.only("administrator")
def give(ref: str) -> BaseResponse:
    """Asks for a role to be given, which a second administrator confirms."""
    person = _account(ref)
    form = RoleForm()
    _offer_roles(form, person)
    if not form.validate():
        return _person_page(person, form, status=422)
    return _asked(person, form, GIVE_ROLE, role=form.role.data)


@bp.post("/staff/people/<ref>/roles/<role>/removal")
@access.only("administrator")
def take(ref: str, role: str) -> BaseResponse:
    """Asks for a role to be taken away, which a second administrator confirms."""
    if role not in ROLES:
        raise NotFound
    return _asked(_account(ref), RoleForm(), TAKE_ROLE, role=role)


@bp.post("/staff/people/<ref>/erasure")
@access.only("administrator")
def erase(ref: str) -> BaseResponse:
    """Erases the account of somebody who asked for it, and cannot or would not do it herself."""
    person, form = _account(ref), ErasureOnRequestForm()
    refuse_if(permissions.why_not_erase_account(current_user, person))
    if not form.validate():
        return _person_page(person, erasure=form, status=422)
    erase_account(person, by=current_user, at=clock.now(), reason=form.reason.data)
    db.session.commit()
    cache.clear()
    flash(gettext("The account is erased."), "good")
    return responses.see_other(url_for("accounts.admin.people.index"))


@bp.post("/staff/people/<ref>/second-factor/removal")
@access.only("administrator")
def reset_second_factor(ref: str) -> BaseResponse:
    """Asks for somebody's lost second factor to be taken away; a second administrator confirms."""
    return _asked(_account(ref), RoleForm(), RESET_FACTOR)


def _asked(person: User, form: RoleForm, act: str, **details: str) -> BaseResponse:
    try:
        approvals.ask(act, f"account:{person.ref}", by=current_user, at=clock.now(), **details)
    except Refused as refused:
        return _refused_page(person, form, refused.refusal)
    db.session.commit()
    flash(gettext("Asked for. It holds as soon as a second administrator confirms it."), "good")
    return responses.see_other(url_for("accounts.admin.people.show", ref=person.ref))


def _person_page(
    person: User,
    form: RoleForm | None = None,
    *,
    erasure: ErasureOnRequestForm | None = None,
    status: int = 200,
) -> Response:
    form = form or RoleForm()
    _offer_roles(form, person)
    page = responses.page(
        "accounts/admin/person.html",
        status=status,
        person=person,
        form=form,
        erasure=erasure or ErasureOnRequestForm(formdata=None),
        has_factor=queries.has_second_factor(person.id),
        held=[role for role in ROLES if person.holds_role(role)],
        role_word=role_word,
        role_meaning=role_meaning,
        waiting=queries.requests_about(f"account:{person.ref}", current_user, clock.now()),
    )
    return responses.private(page)


def _refused_page(person: User, form: RoleForm, refusal: Refusal) -> Response:
    db.session.rollback()
    refuse_if(refusal if refusal.status == 403 else None)
    form.refused(refusal)
    return _person_page(person, form, status=refusal.status)


def _offer_roles(form: RoleForm, person: User) -> None:
    """All roles can be chosen; which she has already is said when it is sent."""
    form.role.choices = [("", gettext("Choose a role"))]
    form.role.choices += [(role, role_word(role)) for role in ROLES if not person.holds_role(role)]


def _account(ref: str) -> User:
    person = queries.account_by_ref(ref)
    if person is None:
        raise NotFound
    return person
