"""Showing by a letter's code who one is, so that an account may vote from now on."""

from flask import Blueprint, Response, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response as BaseResponse

from accounts import ways
from accounts.ways import Offer
from budgets.phases import PhaseKind
from core import access, clock
from core.database import db
from voting import letter_codes
from voting.forms.verification import LetterForm
from voting.letter_codes import LetterCode
from voting.routes import letter_words
from voting.routes.verification_pages import finish, page, refuse_if_verified, tries
from voting.services.letter_tries import Door, try_code

bp = Blueprint("verification", __name__)


class ByLetter:
    """The code of the letter that went to her address, or that she got at the desk."""

    def offer(self) -> Offer | None:
        return Offer(
            ways.LETTER,
            gettext("With the code of your letter"),
            gettext(
                "You need the letter of the town hall with its 16 characters. It came to the"
                " address at which you are registered."
            ),
            gettext("Type the code"),
            url_for("voting.verification.letter"),
        )


@bp.get("/account/residency/letter")
@access.signed_in
def letter() -> Response:
    """The field for the code."""
    refuse_if_verified()
    return page("letter", LetterForm())


@bp.post("/account/residency/letter")
@access.signed_in
@tries
def enter_letter() -> BaseResponse:
    """Looks at the code, counting wrong ones as the voters' door does; a right one confirms her."""
    refuse_if_verified()
    form, at = LetterForm(), clock.now()
    code = letter_codes.read_code((form.code.data or "")[:200])
    if not isinstance(code, LetterCode):
        return page("letter", form, letter_words.unreadable(code))
    tried = try_code(code, at=at)
    if tried.door is not Door.OPEN or tried.entry is None:
        db.session.commit()
        return page("letter", form, letter_words.refused(tried), until=tried.until, at=at)
    span = tried.round.span_of(PhaseKind.VOTING) if tried.round else None
    if span is None or span.ends_at <= at:
        # A letter of a vote that is over lies in drawers and in waste paper.
        db.session.commit()
        return page("letter", form, letter_words.letter_is_old())
    return finish(tried.entry, ways.LETTER, "letter", form, at)
