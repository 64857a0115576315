"""What comes in: refuses, before any room is asked, what no honest browser sends."""

from collections.abc import Callable
from itertools import chain
from typing import Any, TypeVar

from flask import Flask, current_app, request
from werkzeug.exceptions import BadRequest, LengthRequired, NotFound, RequestEntityTooLarge

from core import access
from core.text import piles_up

View = TypeVar("View", bound=Callable[..., Any])
NUL = "\x00"
MOST_FIELDS = 20_000


def takes_large(setting: str) -> Callable[[View], View]:
    """Marks a view that takes files up to this setting, from those whom it lets in."""

    def mark(view: View) -> View:
        view.__largest__ = setting  # type: ignore[attr-defined]
        return view

    return mark


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
        _allow_large()
        _refuse_too_many_fields()
        fields += request.form.items(multi=True)
    # A blank ends what marks may pile up on, so that all can be looked at as one text.
    text = " ".join(chain.from_iterable(fields))
    if NUL in text or piles_up(text):
        raise BadRequest


def _allow_large() -> None:
    """A body larger than any form is read for those alone who may send one."""
    view = current_app.view_functions.get(request.endpoint or "")
    setting = getattr(view, "__largest__", None)
    if setting is not None and access.lets_in(access.declared(current_app, request.endpoint or "")):
        request.max_content_length = getattr(current_app.config["SETTINGS"], setting)


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
