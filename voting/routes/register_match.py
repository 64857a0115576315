"""Showing who one is by a number on a paper that only she has, as the register tells it."""

from flask import Blueprint, Response, current_app, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response as BaseResponse

from accounts import sign_on_words, ways
from accounts.person_keys import WrongRegisterId
from accounts.ways import Offer
from core import access, clock
from core.database import db
from core.refusals import refuse
from voting.forms.verification import ProofForm
from voting.queries.verification import has_proofs
from voting.routes import match_words
from voting.routes.verification_pages import finish, me, page, refuse_if_verified, tries
from voting.services.register_match import match_proof

bp = Blueprint("register_match", __name__)


class ByProof:
    """Her number on the register, and one on a paper of hers. Facts about her are not asked."""

    def offer(self) -> Offer | None:
        if not has_proofs():
            return None
        return Offer(
            ways.PROOF,
            gettext("With a number that only you have"),
            gettext(
                "You need your number on the register of residents and this: %(proof)s.",
                proof=_proof_name(),
            ),
            gettext("Type the numbers"),
            url_for("voting.register_match.show"),
        )


@bp.get("/account/residency/register")
@access.signed_in
def show() -> Response:
    """The fields for the two numbers."""
    refuse_if_verified()
    _refuse_if_not_offered()
    return page("register", ProofForm(), proof_name=_proof_name())


@bp.post("/account/residency/register")
@access.signed_in
@tries
def enter() -> BaseResponse:
    """Looks whether they belong together, counting wrong tries; then she is confirmed."""
    refuse_if_verified()
    _refuse_if_not_offered()
    form, at, name = ProofForm(), clock.now(), _proof_name()
    if not form.validate():
        return page("register", form, status=422, proof_name=name)
    try:
        match = match_proof(me(), form.register_id.data or "", form.proof.data or "", at=at)
    except WrongRegisterId:
        form.no_such_number()
        return page("register", form, status=422, proof_name=name)
    if match.entry is None:
        db.session.commit()
        refusal = match_words.refused(match)
        return page("register", form, refusal, until=match.until, at=at, proof_name=name)
    return finish(match.entry, ways.PROOF, "register", form, at, proof_name=name)


def _refuse_if_not_offered() -> None:
    if not has_proofs():
        refuse(sign_on_words.not_offered())


def _proof_name() -> str:
    """What the town's register has as proof, in its own words."""
    name: str = current_app.config["SETTINGS"].proof_name
    return name or gettext("a number on a paper that the town hall gave you")
