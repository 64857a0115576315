"""Showing who one is by the town's single sign-on, and tying the account to that person.

Reading changes nothing here, too: what the provider brings back waits in the session, for ten
minutes, until she presses the button that ties this account to that person.
"""

import hmac
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from flask import Blueprint, Response, current_app, flash, redirect, request, session, url_for
from flask_babel import get_locale, gettext
from flask_login import current_user
from werkzeug.wrappers import Response as BaseResponse

from accounts import permissions, queries, sign_on_words, ways
from accounts.notifications import whole_url
from accounts.person_keys import WrongRegisterId, person_key
from accounts.routes.limits import tries
from accounts.services.verification import verify
from accounts.sign_on import Begun, Provider, SignOnDown, SignOnRefused
from accounts.ways import Offer
from core import access, clock, responses, slots
from core.database import db
from core.limits import limiter, place
from core.refusals import refuse, refuse_if
from districts.models import District
from districts.queries import district_by_name, district_by_ref, names_by_id

bp = Blueprint("sign_on", __name__)
BEGUN, SHOWN = "sign_on", "sign_on_shown"
TIME_FOR_IT = timedelta(minutes=10)


class BySignOn:
    """The town's own sign-on, where it has one."""

    def offer(self) -> Offer | None:
        settings = current_app.config["SETTINGS"]
        if not settings.oidc_issuer:
            return None
        name = settings.oidc_name
        return Offer(
            ways.SIGN_ON,
            gettext("With %(sign_on)s", sign_on=name) if name else gettext("With the town's login"),
            gettext("You need the login with which you use other services of the town."),
            gettext("Go to the login"),
            url_for("accounts.sign_on.start"),
        )


@bp.get("/account/residency/sign-on")
@access.signed_in
@limiter.limit("20/minute;120/hour", key_func=place)
def start() -> BaseResponse:
    """Sends the browser to the provider, with what it has to bring back."""
    refuse_if(permissions.why_not_be_verified(queries.account(current_user.id)))
    provider, at = _provider(), clock.now()
    db.session.commit()  # nothing is held while the provider takes its time
    try:
        begun = provider.begin(_return_url())
    except SignOnDown as error:
        current_app.logger.warning("Sign-on does not answer: %s", error)
        refuse(sign_on_words.cannot_verify_now())
    until = int((at + TIME_FOR_IT).timestamp())
    session[BEGUN] = [begun.state, begun.nonce, begun.verifier, until]
    return responses.private(redirect(begun.url))


@bp.get("/account/residency/sign-on/return")
@access.signed_in
@limiter.limit("20/minute;120/hour", key_func=place)
def arrive() -> BaseResponse:
    """What the provider sent back: whom it showed waits in the session for her word."""
    provider, at = _provider(), clock.now()
    begun = _begun(at)
    if request.args.get("iss", provider.issuer) != provider.issuer:
        refuse(sign_on_words.not_from_here())
    code = request.args.get("code", "")
    if not code:
        refuse(sign_on_words.not_shown())
    db.session.commit()  # nothing is held while the provider takes its time
    key, told = _person_shown(provider, begun, code, at)
    until = int((at + TIME_FOR_IT).timestamp())
    session[SHOWN] = [current_user.id, key, told, until]
    return responses.see_other(url_for("accounts.sign_on.show"))


@bp.get("/account/residency/sign-on/confirmation")
@access.signed_in
def show() -> Response:
    """Whom the sign-on showed, by her district, and the button."""
    _provider()
    _key, home = _shown(clock.now())
    page = responses.page(
        "accounts/residency/sign_on.html",
        district=names_by_id()[home],
        address=current_user.email,
    )
    return responses.private(page)


@bp.post("/account/residency/sign-on/confirmation")
@access.signed_in
@tries
def confirm() -> BaseResponse:
    """Ties this account to that person; she may vote from this moment."""
    _provider()
    at = clock.now()
    key, home = _shown(at)
    person, locale = queries.account(current_user.id), str(get_locale())
    refusal = verify(person, key, home, way=ways.SIGN_ON, at=at, locale=locale)
    session.pop(SHOWN, None)
    db.session.commit()
    refuse_if(refusal)
    district = names_by_id()[home]
    flash(
        gettext("You are confirmed as a resident of %(district)s and may vote.", district=district),
        "good",
    )
    return responses.see_other(url_for("accounts.account.show"))


def _provider() -> Provider:
    settings = current_app.config["SETTINGS"]
    if not settings.oidc_issuer:
        refuse(sign_on_words.not_offered())
    return Provider(
        settings.oidc_issuer,
        settings.oidc_client_id,
        settings.oidc_client_secret,
        settings.oidc_scope,
        settings.oidc_claim,
    )


def _return_url() -> str:
    return whole_url("accounts.sign_on.arrive")


def _begun(at: datetime) -> Begun:
    """What this browser began; taken out of the session, so that it is answered once."""
    kept = session.pop(BEGUN, None)
    if kept is None or kept[3] <= at.timestamp():
        refuse(sign_on_words.too_late())
    state, nonce, verifier, _until = kept
    if not hmac.compare_digest(state.encode(), request.args.get("state", "").encode()):
        refuse(sign_on_words.not_from_here())
    return Begun("", state, nonce, verifier)


def _person_shown(provider: Provider, begun: Begun, code: str, at: datetime) -> tuple[str, str]:
    """The key of the person, and the district that the provider tells, or nothing."""
    try:
        claims = provider.claims_for(
            code, return_url=_return_url(), nonce=begun.nonce, verifier=begun.verifier, at=at
        )
        return person_key(provider.register_id(claims)), _district_told(claims)
    except SignOnDown as error:
        current_app.logger.warning("Sign-on does not answer: %s", error)
        refuse(sign_on_words.cannot_verify_now())
    except (SignOnRefused, WrongRegisterId) as error:
        current_app.logger.warning("Sign-on showed nobody: %s", error)
        refuse(sign_on_words.not_shown())


def _district_told(claims: Mapping[str, Any]) -> str:
    """The ref of the district that the provider tells, where the town goes by that."""
    claim = current_app.config["SETTINGS"].oidc_district_claim
    told = str(claims.get(claim, ""))[:200] if claim else ""
    found: District | None = district_by_ref(told) or district_by_name(told) if told else None
    return found.ref if found else ""


def _shown(at: datetime) -> tuple[str, int]:
    """The key and the district of the person whom the sign-on showed to this account."""
    kept = session.get(SHOWN)
    if kept is None or kept[0] != current_user.id or kept[3] <= at.timestamp():
        refuse(sign_on_words.too_late())
    _account, key, told, _until = kept
    home = next((home for home in slots.call(ways.HOME_SLOT, key) if home), None)
    if home is not None and not home.has_left:
        return key, home.district_id
    district = district_by_ref(told) if told and home is None else None
    if district is None:
        contact = current_app.config["SETTINGS"].contact_email
        refuse(sign_on_words.not_on_the_register(contact))
    return key, district.id
