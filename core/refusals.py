"""Refusals: why an act cannot be done, as a value.

A refusal is the gate, the HTTP status and the sentence shown, in one. Functions named
`why_not_<act>` return one, or None where the act is allowed; a route answers with it.
"""

from dataclasses import dataclass
from typing import NoReturn


@dataclass(frozen=True)
class Refusal:
    """What happened, what was kept, what to do next.

    `code` is a stable word for tests and logs; `sentence` is shown; `next_step` says what to do.
    `next_url` is where that is done, and `next_label` what the button that leads there says.
    """

    code: str
    status: int
    sentence: str
    next_step: str = ""
    next_url: str = ""
    next_label: str = ""


class Refused(Exception):
    """Carries a refusal from a route to the error page."""

    def __init__(self, refusal: Refusal) -> None:
        super().__init__(refusal.code)
        self.refusal = refusal


def refuse(refusal: Refusal) -> NoReturn:
    """Answers the request with this refusal."""
    raise Refused(refusal)


def refuse_if(refusal: Refusal | None) -> None:
    """Answers with the refusal, if there is one."""
    if refusal is not None:
        raise Refused(refusal)
