"""Letters at the clerk's desk: printed in batches, posted, printed again; codes on the spot.

A code is on the answer that makes it and nowhere else, so that such an answer is kept by nobody.
"""

from flask import Blueprint, Response, abort, flash, make_response, url_for
from flask_babel import gettext, ngettext
from flask_login import current_user
from sqlalchemy.exc import IntegrityError
from werkzeug.wrappers import Response as BaseResponse

from accounts.person_keys import WrongRegisterId, person_key
from budgets.models import Round
from budgets.phases import PhaseKind
from budgets.queries import round_seen_by
from core import access, clock, refs, responses
from core.database import db, only_reading
from core.forms import Form
from core.i18n import number
from core.refusals import Refusal, refuse, refuse_if
from voting.code_squares import square
from voting.exports import letters as paper
from voting.forms.letters import AgainForm, DeskForm, VoidForm
from voting.letter_codes import read_number
from voting.models import LetterBatch, RollEntry
from voting.permissions import letters as permissions
from voting.queries import letters as queries
from voting.queries.rolls import roll_entry_by_key
from voting.services import letter_batches as batches
from voting.services.letters import give_code_at_desk, new_codes, void_letter

bp = Blueprint("letters", __name__)


@bp.get("/staff/letters")
@access.only("clerk")
def index() -> Response:
    """Who waits for a letter, which batches there are, and the desk."""
    return _desk()


@bp.post("/staff/letters/<round_ref>/batches")
@access.only("clerk")
def print_batch(round_ref: str) -> Response:
    """The next letters as PDF; their codes are on it and nowhere else."""
    round_, at = _round(round_ref), clock.now()
    refuse_if(permissions.why_not_give_codes(round_, at))
    return _printed(round_ref)


@bp.post("/staff/letters/batches/<batch_ref>/printing")
@access.only("clerk")
def print_again(batch_ref: str) -> Response:
    """The same people once more, with new codes; what was printed before is void."""
    batch, at, form = _batch(batch_ref), clock.now(), AgainForm()
    round_ = db.session.get_one(Round, batch.round_id)
    refuse_if(permissions.why_not_give_codes(round_, at))
    refuse_if(permissions.why_not_print_again(batch, len(queries.addressees_of(batch))))
    if not form.validate():
        return _desk(form, status=422)
    return _printed(round_.ref, batch_ref, form.reason.data or "")


@bp.post("/staff/letters/batches/<batch_ref>/posting")
@access.only("clerk")
def post(batch_ref: str) -> BaseResponse:
    """The letters are in the post; their addresses are destroyed."""
    gone = batches.confirm_posted(_batch(batch_ref), by=current_user, at=clock.now())
    db.session.commit()
    flash(
        ngettext(
            "Noted as posted. %(many)s address was destroyed.",
            "Noted as posted. %(many)s addresses were destroyed.",
            gone,
            many=number(gone),
        ),
        "good",
    )
    return responses.see_other(url_for("voting.letters.index"))


@bp.post("/staff/letters/<round_ref>/desk")
@access.only("clerk")
def hand_out(round_ref: str) -> Response:
    """A code for somebody who shows a document; her letter, if she has one, is void."""
    round_, at, form = _round(round_ref), clock.now(), DeskForm()
    refuse_if(permissions.why_not_give_codes(round_, at))
    entry = _found(form) if form.validate() else None
    if entry is None:
        if not form.errors:
            form.refused(permissions.not_on_roll())
        return _desk(form, status=422)
    given = give_code_at_desk(entry, round_, by=current_user, at=at)
    db.session.commit()
    return responses.private(
        responses.page(
            "voting/letters/strip.html",
            code=given.code,
            round=round_,
            voting=round_.span_of(PhaseKind.VOTING),
            contests=queries.contests_of_letter(round_, entry.district_id),
            qr=square(paper.address_with_code(given.code)),
        )
    )


@bp.post("/staff/letters/voiding")
@access.only("clerk")
def void() -> BaseResponse:
    """One code opens nothing any more."""
    form = VoidForm()
    if not form.validate():
        return _desk(form, status=422)
    letter = queries.letter_by_number(read_number(form.number.data or "") or "")
    if letter is None or letter.voided_on is not None:
        form.refused(permissions.no_such_letter())
        return _desk(form, status=422)
    void_letter(letter, form.reason.data or "", by=current_user, at=clock.now())
    db.session.commit()
    flash(gettext("Letter %(number)s is void.", number=letter.number), "good")
    return responses.see_other(url_for("voting.letters.index"))


def _printed(round_ref: str, again: str = "", reason: str = "") -> Response:
    """Sets the pages while others may write, then notes them: what failed on the way never was."""
    db.session.rollback()
    at, batch_ref = clock.now(), refs.new_ref()[:6]
    with only_reading():
        round_ = _round(round_ref)
        people = (
            queries.addressees_of(_batch(again))
            if again
            else queries.addressees(round_, batches.MOST_LETTERS)
        )
        strange = paper.names_that_cannot_be_printed(people)
        if not people or strange:
            refuse(_cannot_print(strange) if strange else permissions.nobody_waits())
        codes = new_codes(len(people))
        content = paper.letters_pdf(round_, batch_ref, people, codes, at=at)
        entries = [each.entry.id for each in people]
        db.session.rollback()
    before = _batch(again) if again else None
    try:
        batches.note_batch(
            batch_ref,
            _round(round_ref),
            entries,
            codes,
            again=before,
            reason=reason,
            by=current_user,
            at=at,
        )
        db.session.commit()
    except (batches.PrintedMeanwhile, IntegrityError):
        db.session.rollback()
        refuse(permissions.printed_meanwhile())
    response = make_response(content)
    name = f"letters-{round_ref}-{batch_ref}.pdf"
    response.headers["Content-Type"] = "application/pdf"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return responses.private(response)


def _cannot_print(names: list[str]) -> Refusal:
    return Refusal(
        "no_typeface",
        409,
        gettext(
            "The typefaces lack letters of these names: %(names)s. No letter was made.",
            names=", ".join(names[:10]) + ("…" if len(names) > 10 else ""),
        ),
        gettext("Ask whoever runs this server to set LETTER_FONT."),
    )


def _desk(sent: Form | None = None, *, status: int = 200) -> Response:
    rounds = queries.rounds_with_letters(clock.now())
    forms: dict[str, Form] = {
        "again_form": AgainForm(formdata=None),
        "desk_form": DeskForm(formdata=None),
        "void_form": VoidForm(formdata=None),
    }
    for name, form in forms.items():
        if sent is not None and type(sent) is type(form):
            forms[name] = sent
    return responses.private(
        responses.page(
            "voting/letters/index.html",
            status=status,
            rounds=[(each, until, queries.number_without_letter(each)) for each, until in rounds],
            batches=queries.batches_of([each.id for each, _until in rounds]),
            most=batches.MOST_LETTERS,
            sent=sent,
            **forms,
        )
    )


def _found(form: DeskForm) -> RollEntry | None:
    try:
        return roll_entry_by_key(person_key(form.register_id.data or ""))
    except WrongRegisterId:
        return None


def _round(ref: str) -> Round:
    return round_seen_by(None, ref) or abort(404)


def _batch(ref: str) -> LetterBatch:
    return queries.batch_by_ref(ref) or abort(404)
