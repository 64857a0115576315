"""What comes in: refuses, before any room is asked, what no honest browser sends."""

from flask import Flask, request
from werkzeug.exceptions import BadRequest, NotFound

NUL = "\x00"


def init_app(app: Flask) -> None:
    app.before_request(_refuse_nul)


def _refuse_nul() -> None:
    """NUL stands in no text of ours; PostgreSQL cannot even be asked for it."""
    if NUL in request.path:
        raise NotFound
    fields = [*request.args.items(multi=True)]
    if request.method == "POST":
        fields += request.form.items(multi=True)
    if any(NUL in text for field in fields for text in field):
        raise BadRequest
