"""What comes in: refuses, before any room is asked, what no honest browser sends."""

from flask import Flask, request
from werkzeug.exceptions import BadRequest, LengthRequired, NotFound, RequestEntityTooLarge

from core.text import piles_up

NUL = "\x00"
MOST_FIELDS = 20_000


def init_app(app: Flask) -> None:
    app.before_request(_refuse)


def _refuse() -> None:
    """NUL stands in no text of ours, and PostgreSQL cannot even be asked for it; letters under
    hundreds of marks would keep the server busy for hours."""
    if NUL in request.path:
        raise NotFound
    _refuse_unmeasured()
    fields = [*request.args.items(multi=True)]
    if request.method == "POST":
        _refuse_too_many_fields()
        fields += request.form.items(multi=True)
    if any(NUL in text or piles_up(text) for field in fields for text in field):
        raise BadRequest


def _refuse_unmeasured() -> None:
    """A body without a stated length would be cut off, unnoticed, at the largest size we take."""
    if "HTTP_TRANSFER_ENCODING" in request.environ:
        raise LengthRequired


def _refuse_too_many_fields() -> None:
    """Two megabytes of nothing but names take seconds to take apart: they are counted before."""
    if request.mimetype != "application/x-www-form-urlencoded":
        return  # the number of parts of the other kind is limited where they are read
    if request.get_data().count(b"&") > MOST_FIELDS:
        raise RequestEntityTooLarge
