"""What this process remembers for a moment: small things that every page shows and few acts change.

Kept are plain values, never rows of a session. Whatever is committed in this process forgets all
of it; what another process commits is seen after `SECONDS`.
"""

from collections.abc import Callable
from functools import wraps
from time import monotonic
from typing import Any, ParamSpec, TypeVar

from flask import Flask, current_app
from sqlalchemy import event

from core.database import db

SECONDS = 1.0
MOST = 200
Given = ParamSpec("Given")
Answer = TypeVar("Answer")


def init_app(app: Flask) -> None:
    """Gives the application a memory of its own."""
    app.extensions["memory"] = {}
    if not event.contains(db.session, "after_commit", _forget):
        event.listen(db.session, "after_commit", _forget)


def remembered(function: Callable[Given, Answer]) -> Callable[Given, Answer]:
    """Answers from memory where the same was asked a moment ago.

    For functions that ask the database the same for every reader, and change nothing.
    """

    @wraps(function)
    def ask(*args: Given.args, **kwargs: Given.kwargs) -> Answer:
        memory: dict[Any, tuple[float, Answer]] = current_app.extensions["memory"]
        key = (function, args, *sorted(kwargs.items()))
        found = memory.get(key)
        if found is not None and monotonic() - found[0] < SECONDS:
            return found[1]
        asked = monotonic()
        answer = function(*args, **kwargs)
        # A commit meanwhile has put another memory in its place, which learns nothing old.
        if len(memory) >= MOST:
            memory.clear()
        memory[key] = asked, answer
        return answer

    return ask


def _forget(_session: object) -> None:
    current_app.extensions["memory"] = {}
