"""A choice among few that stays as it stands where what was sent says nothing of it."""

from collections.abc import Sequence
from typing import Any

from wtforms import RadioField


class StandingChoice(RadioField):
    """Its data is None where it was not sent, rather than the choice that an empty form offers.

    A page that was open since before the field existed, or a program that sends some settings only,
    would else undo what an officer chose.
    """

    data: Any

    def process_formdata(self, valuelist: Sequence[str]) -> None:
        super().process_formdata(valuelist)
        if not valuelist:
            self.data = None

    def pre_validate(self, form: Any) -> None:
        if self.data is not None:
            super().pre_validate(form)
