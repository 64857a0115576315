"""Before what cannot be taken back, staff type their password again if that was long ago."""

import time

from flask import redirect, request, session, url_for
from flask_login import current_user
from werkzeug.wrappers import Response as BaseResponse

FRESH = 3600  # seconds since the password was typed


def ask_for_the_password_again() -> BaseResponse | None:
    """For `before_request`. What was posted is asked for anew, on the first page of its kind."""
    if not current_user.is_authenticated or time.time() - session.get("fs_paa", 0) < FRESH:
        return None
    page = request.full_path.rstrip("?")
    back = page if request.method == "GET" else url_for(".index")
    return redirect(url_for("security.verify", next=back), code=303)
