"""Access: every route declares who may use it, in one line above its name.

What is not declared is denied. The declaration is only the first gate; whether this person may
do this act to this thing now is said by the room's `permissions`.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar
from urllib.parse import urlsplit

from flask import Flask, current_app, g, redirect, request, url_for
from flask_babel import gettext
from flask_login import current_user
from werkzeug.exceptions import Forbidden, Unauthorized
from werkzeug.wrappers import Response

from config import Settings, WrongSettings
from core import htmx, slots
from core.refusals import Refusal, refuse

View = TypeVar("View", bound=Callable[..., Any])
ROLES = ("moderator", "reviewer", "clerk", "officer", "administrator", "auditor")


@dataclass(frozen=True)
class Access:
    """Who may use a route: everybody, whoever signed in, or those with one of the roles.

    `voter`: instead of signing in it is enough to vote with a letter, as the room that knows
    letters says in the slot "votes_by_letter".
    """

    signed_in: bool
    roles: tuple[str, ...] = ()
    voter: bool = False


PUBLIC = Access(signed_in=False)
SIGNED_IN = Access(signed_in=True)
VOTER = Access(signed_in=True, voter=True)


def public(view: View) -> View:
    """Everybody, without signing in."""
    return declare(view, PUBLIC)


def signed_in(view: View) -> View:
    """Whoever signed in."""
    return declare(view, SIGNED_IN)


def voter(view: View) -> View:
    """Whoever signed in, or votes with a letter and has no account."""
    return declare(view, VOTER)


def only(*roles: str) -> Callable[[View], View]:
    """Those who hold at least one of the roles."""
    unknown = set(roles) - set(ROLES)
    if unknown or not roles:
        raise ValueError(f"No such roles: {', '.join(sorted(unknown))}")
    return lambda view: declare(view, Access(signed_in=True, roles=roles))


def declare(view: View, access: Access) -> View:
    """Marks a view with its access. For views of libraries; ours use the decorators."""
    view.__access__ = access  # type: ignore[attr-defined]
    return view


def declared(app: Flask, endpoint: str) -> Access | None:
    """The access of an endpoint, or None where nobody declared it."""
    if endpoint == "static":
        return PUBLIC
    return getattr(app.view_functions.get(endpoint), "__access__", None)


def lets_in(access: Access | None) -> bool:
    """Whether the gate would open to whoever asks now."""
    if access is None or (access.signed_in and not current_user.is_authenticated):
        return False
    return not access.roles or any(current_user.has_role(role) for role in access.roles)


def init_app(app: Flask, settings: Settings) -> None:
    """Guards every request.

    Raises WrongSettings for a role that is misspelt, which would go without its second factor.
    """
    unknown = set(settings.second_factor_roles) - set(ROLES)
    if unknown:
        raise WrongSettings(
            f"Cannot start. SECOND_FACTOR_ROLES: there is no role {', '.join(sorted(unknown))}."
        )
    app.before_request(_guard)


def _guard() -> Response | None:
    if request.endpoint is None:
        return None
    access = declared(current_app, request.endpoint)
    if access is None:
        current_app.logger.error("Route %s declares no access and is denied.", request.endpoint)
        raise Forbidden
    if not access.signed_in:
        return None
    if not current_user.is_authenticated:
        if access.voter and any(slots.call("votes_by_letter")):
            return None
        return ask_to_sign_in(by_letter=access.voter)
    if not access.roles or any(map(current_user.has_role, access.roles)):
        return None
    if any(map(current_user.holds_role, access.roles)):
        return ask_for_second_factor()
    raise Forbidden


def forget_reader() -> None:
    """Makes this request nobody's, for a page that must appear while the database is away: who
    reads it would be asked of the database. The session stays as it is."""
    nobody = current_app.login_manager.anonymous_user  # type: ignore[attr-defined]
    setattr(g, "_login_user", nobody())  # noqa: B010  (where flask_login looks first)
    slots.call("reader_forgotten")


def ask_to_sign_in(*, by_letter: bool = False) -> Response:
    """Sends a reader to the sign-in page; what was posted is shown back, not lost.

    `by_letter`: to the page where a letter's code opens the papers, too, if a room has put the
    address of one in the slot "voters_door".
    """
    if htmx.asked():
        return htmx.redirect_to(_door(by_letter, _page_asked_on()), status=401)
    if request.method in {"GET", "HEAD"}:
        return redirect(_door(by_letter, request.full_path.rstrip("?")))
    raise Unauthorized


def _door(by_letter: bool, wanted: str) -> str:
    doors: list[str] = slots.call("voters_door", wanted) if by_letter else []
    return doors[0] if doors else url_for("security.login", next=wanted)


def ask_for_second_factor() -> Response:
    """Sends somebody whose role sleeps to where she can wake it; what she posted is shown back."""
    if request.method not in {"GET", "HEAD"} or htmx.asked():
        refuse(second_factor_missing())
    back = request.full_path.rstrip("?")
    return redirect(url_for("accounts.second_factors.show", next=back))


def second_factor_missing() -> Refusal:
    return Refusal(
        "second_factor_missing",
        403,
        gettext("This needs a second factor beside your password. Nothing was changed."),
        gettext("Set one up in your account, under “Second factor”, then send it again."),
    )


def _page_asked_on() -> str:
    """Where the reader was when a fragment was asked for, if that was a page of ours."""
    page = urlsplit(request.referrer or "")
    if page.netloc != request.host or not page.path:
        return "/"
    return f"{page.path}?{page.query}" if page.query else page.path
