"""Before what cannot be taken back, staff type their password again if that was long ago."""

from flask import request, url_for
from flask_login import current_user
from werkzeug.wrappers import Response as BaseResponse

from accounts.routes import presence


def ask_for_the_password_again() -> BaseResponse | None:
    """For `before_request`. What was posted is asked for anew, on the first page of its kind."""
    if not current_user.is_authenticated:
        return None
    page = request.full_path.rstrip("?")
    back = page if request.method == "GET" else url_for(".index")
    return presence.ask_again_if_long_ago(back)
