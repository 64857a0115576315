"""Takes no notice of the key that a form holds: the same form sent again is sealed anew, and its
voter holds a receipt of a ballot that was replaced."""

from typing import Any

from voting import sealing
from voting.routes import ballots
from wsgi import app

__all__ = ["app"]
routes: Any = ballots
read = routes.read_form_key


def read_and_forget(*sent: Any) -> str | None:
    return sealing.new_form_key() if read(*sent) else None


routes.read_form_key = read_and_forget
