"""The voter register at the clerk's desk: a file is read, looked at, and entered or discarded."""

from typing import Any

from flask import Blueprint, Response, abort, current_app, flash, request, url_for
from flask_babel import gettext, ngettext
from flask_login import current_user
from werkzeug.wrappers import Response as BaseResponse

from core import access, clock, responses
from core.csvfile import NotATable
from core.database import db
from core.i18n import number
from core.intake import takes_large
from core.refusals import Refusal, refuse_if
from voting import register_words as words
from voting.forms.letters import EntryForm, RegisterForm
from voting.models import RegisterImport
from voting.permissions.letters import why_not_enter_register, why_not_read_register
from voting.queries import letters as queries
from voting.register_file import ALLOWED, NEEDED, FaultyRegister, WrongColumns
from voting.services.register_entry import discard_register, enter_register
from voting.services.registers import read_in

bp = Blueprint("registers", __name__)
SAMPLE = 5


@bp.get("/staff/register")
@access.only("clerk")
def index() -> Response:
    """Where a register is sent, what was read before, and how many are on the roll."""
    return _desk(RegisterForm(formdata=None))


@bp.post("/staff/register")
@access.only("clerk")
@takes_large("max_register_bytes")
def read() -> BaseResponse:
    """Reads a file whole or refuses it with its lines; the roll stays as it is."""
    at, form = clock.now(), RegisterForm()
    refuse_if(why_not_read_register(at))
    file = request.files.get("file")
    if not form.validate() or file is None or not file.filename:
        return _refused(form, words.no_file())
    settings = current_app.config["SETTINGS"]
    try:
        done = read_in(file.stream, voting_age=settings.voting_age, by=current_user, at=at)  # type: ignore[arg-type]
    except NotATable as error:
        return _refused(form, words.no_table(error))
    except WrongColumns as error:
        return _refused(form, words.wrong_columns(error))
    except FaultyRegister as error:
        return _refused(form, words.faulty(error), words.lines_of(error))
    finally:
        file.close()
    if not done.people:
        return _refused(form, words.nobody())
    db.session.commit()
    return responses.see_other(url_for("voting.registers.show", ref=done.ref))


@bp.get("/staff/register/<ref>")
@access.only("clerk")
def show(ref: str) -> Response:
    """What entering this register would do."""
    done = _read(ref)
    return responses.private(
        responses.page(
            "voting/registers/show.html",
            read=done,
            form=EntryForm(formdata=None),
            districts=queries.rows_by_district(done),
            sample=queries.sample_of(done, SAMPLE),
            too_old=queries.lines_too_old(done),
            refusal=why_not_enter_register(done, clock.now()) if not done.entered_on else None,
        )
    )


@bp.post("/staff/register/<ref>/entry")
@access.only("clerk")
def enter(ref: str) -> BaseResponse:
    """Enters it: from now on these people may get letters."""
    done, at = _read(ref), clock.now()
    refuse_if(why_not_enter_register(done, at))
    form = EntryForm()
    enter_register(done, take_off=bool(form.take_off.data), by=current_user, at=at)
    db.session.commit()
    flash(
        ngettext(
            "%(people)s person of this register is on the roll now.",
            "%(people)s people of this register are on the roll now.",
            done.people,
            people=number(done.people),
        ),
        "good",
    )
    return responses.see_other(url_for("voting.letters.index"))


@bp.post("/staff/register/<ref>/discarding")
@access.only("clerk")
def discard(ref: str) -> BaseResponse:
    """Forgets what was read; nothing of it was entered."""
    done = _read(ref)
    if done.entered_on is not None:
        refuse_if(why_not_enter_register(done, clock.now()))
    discard_register(done, by=current_user, at=clock.now())
    db.session.commit()
    flash(gettext("What was read is forgotten. The roll is as it was."), "good")
    return responses.see_other(url_for("voting.registers.index"))


def _read(ref: str) -> RegisterImport:
    return queries.import_by_ref(ref) or abort(404)


def _refused(form: RegisterForm, refusal: Refusal, lines: list[str] | None = None) -> Response:
    db.session.rollback()
    form.refused(refusal)
    return _desk(form, lines, status=refusal.status)


def _desk(form: RegisterForm, lines: list[str] | None = None, *, status: int = 200) -> Response:
    page: dict[str, Any] = {
        "form": form,
        "lines": lines or [],
        "needed": NEEDED,
        "allowed": ALLOWED,
        "voting_age": current_app.config["SETTINGS"].voting_age,
        "imports": queries.imports_lately(),
        "roll": queries.roll_by_district(),
        "refusal": why_not_read_register(clock.now()),
    }
    return responses.private(responses.page("voting/registers/index.html", status=status, **page))
