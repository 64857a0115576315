"""Showing who one is by a code that is sent to the telephone which the register names."""

from datetime import datetime

from flask import Blueprint, Response, current_app, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response as BaseResponse

from accounts import sign_on_words, ways
from accounts.person_keys import WrongRegisterId
from accounts.ways import Offer
from core import access, clock, responses, sms
from core.database import db
from core.refusals import refuse
from voting.forms.verification import MobileCodeForm, MobileForm
from voting.mobiles import plain_mobile
from voting.models import RollEntry
from voting.queries.verification import has_mobiles
from voting.routes import match_words
from voting.routes.verification_pages import finish, me, page, refuse_if_verified, tries
from voting.services import mobile_codes as services
from voting.services.register_match import match_mobile

bp = Blueprint("mobile_codes", __name__)


class ByMobile:
    """A code on the telephone that the register names."""

    def offer(self) -> Offer | None:
        if not _is_offered():
            return None
        return Offer(
            ways.MOBILE,
            gettext("With a message to your telephone"),
            gettext(
                "You need your number on the register of residents, and the telephone whose number"
                " you gave to the town hall."
            ),
            gettext("Send me a code"),
            url_for("voting.mobile_codes.show"),
        )


@bp.get("/account/residency/mobile")
@access.signed_in
def show() -> Response:
    """The fields for the number on the register and the telephone."""
    refuse_if_verified()
    _refuse_if_not_offered()
    return page("mobile", MobileForm())


@bp.post("/account/residency/mobile")
@access.signed_in
@tries
def send() -> BaseResponse:
    """Sends a code, if the register knows this telephone as hers."""
    refuse_if_verified()
    _refuse_if_not_offered()
    form, at = MobileForm(), clock.now()
    region = current_app.config["SETTINGS"].phone_region
    mobile = plain_mobile(form.mobile.data or "", region)
    if not form.validate() or mobile is None:
        if mobile is None and not form.mobile.errors:
            form.mobile.errors = [match_words.no_number()]
        return page("mobile", form, status=422)
    try:
        match = match_mobile(me(), form.register_id.data or "", mobile, at=at)
    except WrongRegisterId:
        form.no_such_number()
        return page("mobile", form, status=422)
    if match.entry is None:
        db.session.commit()
        refusal = match_words.refused(match)
        return page("mobile", form, refusal, until=match.until, at=at)
    return _send_code(form, match.entry, mobile, at)


@bp.get("/account/residency/mobile/code")
@access.signed_in
def ask() -> Response:
    """The field for the code."""
    refuse_if_verified()
    _refuse_if_not_offered()
    return page("mobile_code", MobileCodeForm())


@bp.post("/account/residency/mobile/code")
@access.signed_in
@tries
def enter() -> BaseResponse:
    """Looks at the code, counting wrong tries; a right one confirms her."""
    refuse_if_verified()
    _refuse_if_not_offered()
    form, at = MobileCodeForm(), clock.now()
    if not form.validate():
        return page("mobile_code", form, status=422)
    match = services.try_code(me(), form.code.data or "", at=at)
    if match.entry is None:
        db.session.commit()
        refusal = match_words.refused_code(match)
        return page("mobile_code", form, refusal, until=match.until, at=at)
    return finish(match.entry, ways.MOBILE, "mobile_code", form, at)


def _send_code(form: MobileForm, entry: RollEntry, mobile: str, at: datetime) -> BaseResponse:
    """The row is committed first: nothing is held while the gateway takes its time."""
    code = services.new_code(me(), entry, at=at)
    db.session.commit()
    if code is None:
        return page("mobile", form, match_words.sent_too_often())
    site = current_app.config["SETTINGS"].site_name
    text = gettext(
        "%(code)s is your code for %(site)s, good for ten minutes. Tell it to nobody.",
        code=code,
        site=site,
    )
    try:
        sms.send_now(mobile, text)
    except sms.SmsFailed as error:
        current_app.logger.warning("Short message not sent: %s", error)
        services.take_back(me())
        db.session.commit()
        return page("mobile", form, match_words.cannot_send())
    return responses.see_other(url_for("voting.mobile_codes.ask"))


def _is_offered() -> bool:
    return sms.is_on() and has_mobiles()


def _refuse_if_not_offered() -> None:
    if not _is_offered():
        refuse(sign_on_words.not_offered())
