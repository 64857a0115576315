"""The help page of the ballot: who sees what, what is kept, and what nobody can promise."""

from flask import Blueprint, Response

from core import access, responses

bp = Blueprint("ballot_help", __name__)


@bp.get("/ballots/help")
@access.public
def show() -> Response:
    """The same for everybody, so that nothing in it tells who reads it."""
    return responses.page("voting/ballots/help.html")
