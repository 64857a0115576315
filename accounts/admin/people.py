"""People and roles: who works here, and as what. Only administrators see it."""

import time

from flask import Blueprint, Response, flash, redirect, request, session, url_for
from flask_babel import gettext
from flask_login import current_user
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response as BaseResponse

from accounts import permissions, queries
from accounts.forms import RoleForm
from accounts.models import User
from accounts.roles import role_meaning, role_word
from accounts.services import LastAdministrator, give_role, take_role
from core import access, clock, responses
from core.access import ROLES
from core.database import db
from core.paging import read_cursor
from core.refusals import Refusal, refuse_if

bp = Blueprint("people", __name__)
FRESH = 3600  # seconds since the password was typed


@bp.before_request
def _ask_for_the_password_again() -> BaseResponse | None:
    """Roles open everything: who gives them has typed her password within the hour."""
    if not current_user.is_authenticated or time.time() - session.get("fs_paa", 0) < FRESH:
        return None
    page = request.full_path.rstrip("?")
    back = page if request.method == "GET" else url_for("accounts.admin.people.index")
    return redirect(url_for("security.verify", next=back), code=303)


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
    """Gives a role."""
    person = _account(ref)
    form = RoleForm()
    _offer_roles(form, person)
    if not form.validate():
        return _person_page(person, form, status=422)
    role = form.role.data
    refusal = permissions.why_not_give_role(current_user, person, role)
    if refusal is not None:
        return _refused_page(person, form, refusal)
    give_role(person, role, by=current_user, at=clock.now())
    db.session.commit()
    flash(
        gettext("%(name)s is now: %(role)s.", name=person.display_name, role=role_word(role)),
        "good",
    )
    return responses.see_other(url_for("accounts.admin.people.show", ref=ref))


@bp.post("/staff/people/<ref>/roles/<role>/removal")
@access.only("administrator")
def take(ref: str, role: str) -> BaseResponse:
    """Takes a role away; whoever held it is signed out everywhere."""
    person = _account(ref)
    if role not in ROLES:
        raise NotFound
    refusal = permissions.why_not_take_role(current_user, person, role)
    if refusal is None:
        try:
            take_role(person, role, by=current_user, at=clock.now())
        except LastAdministrator:
            refusal = permissions.last_administrator()
    if refusal is not None:
        return _refused_page(person, RoleForm(), refusal)
    db.session.commit()
    flash(
        gettext("%(name)s is no longer: %(role)s.", name=person.display_name, role=role_word(role)),
        "good",
    )
    if person.id == current_user.id:
        return responses.see_other(url_for("security.login"))
    return responses.see_other(url_for("accounts.admin.people.show", ref=ref))


def _person_page(person: User, form: RoleForm | None = None, *, status: int = 200) -> Response:
    form = form or RoleForm()
    _offer_roles(form, person)
    page = responses.page(
        "accounts/admin/person.html",
        status=status,
        person=person,
        form=form,
        held=[role for role in ROLES if person.has_role(role)],
        role_word=role_word,
        role_meaning=role_meaning,
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
    form.role.choices += [(role, role_word(role)) for role in ROLES if not person.has_role(role)]


def _account(ref: str) -> User:
    person = queries.account_by_ref(ref)
    if person is None:
        raise NotFound
    return person
