"""What can be typed about meetings."""

from typing import Any

from flask_babel import gettext, lazy_gettext
from wtforms import IntegerField
from wtforms.validators import NumberRange, Optional, ValidationError

from core import clock
from core.forms import Form, LineField, LongTextField, MomentField

MOST_SEATS = 100_000


class MeetingForm(Form):
    """A meeting."""

    title = LineField(lazy_gettext("Title"), longest=150)
    description = LongTextField(lazy_gettext("What it is about"), longest=4_000)
    place = LineField(lazy_gettext("Place"))
    access_note = LineField(lazy_gettext("How to get in"), longest=300, required=False)
    starts_at = MomentField(lazy_gettext("Begins"))
    ends_at = MomentField(lazy_gettext("Ends"))
    capacity = IntegerField(
        lazy_gettext("Seats"),
        validators=[
            Optional(),
            NumberRange(1, MOST_SEATS, lazy_gettext("Write a number from 1, or leave it empty.")),
        ],
    )

    def validate_starts_at(self, field: Any) -> None:
        if field.moment is not None and field.moment <= clock.now():
            raise ValidationError(gettext("Choose a time that is still to come."))

    def validate_ends_at(self, field: Any) -> None:
        begins = self.starts_at.moment
        if field.moment is not None and begins is not None and field.moment <= begins:
            raise ValidationError(gettext("A meeting ends after it begins."))


class CancelForm(Form):
    """Why a meeting is called off."""

    reason = LongTextField(lazy_gettext("Reason"), longest=1_000)


class SeatForm(Form):
    """A button: take a seat, or give it back."""
