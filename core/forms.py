"""Forms: the shape of input. Fields clean what was typed and keep it for showing again."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from flask_babel import gettext, lazy_gettext
from flask_wtf import FlaskForm
from wtforms import DateTimeLocalField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, Optional, ValidationError

from core import clock
from core.money import WrongAmount, parse_amount, plain_amount
from core.refusals import Refusal
from core.text import MAX_LINE, MAX_TEXT, clean_line, clean_text

FIRST_YEAR, LAST_YEAR = 2000, 2200


class Form(FlaskForm):
    """The base of all forms. `refusal` is a sentence about the whole form, shown on top."""

    refusal: Refusal | None = None

    def refused(self, refusal: Refusal) -> None:
        self.refusal = refusal

    @property
    def all_errors(self) -> list[tuple[str, str]]:
        """(field id, sentence) of every mistake, in the order of the form."""
        found: list[tuple[str, str]] = []
        for field in self:
            found += [(field.id, str(error)) for error in _flat(field.errors)]
        return found


class LineField(StringField):
    """One line of plain text, cleaned. `longest` characters at most."""

    def __init__(
        self, label: Any, *, longest: int = MAX_LINE, required: bool = True, **kwargs: Any
    ) -> None:
        super().__init__(label, _text_checks(longest, required, kwargs), **kwargs)

    def process_formdata(self, valuelist: Sequence[str]) -> None:
        self.data = clean_line(valuelist[0]) if valuelist else ""


class LongTextField(TextAreaField):
    """A text of several paragraphs, cleaned, not yet rendered."""

    def __init__(
        self, label: Any, *, longest: int = MAX_TEXT, required: bool = True, **kwargs: Any
    ) -> None:
        super().__init__(label, _text_checks(longest, required, kwargs), **kwargs)

    def process_formdata(self, valuelist: Sequence[str]) -> None:
        self.data = clean_text(valuelist[0]) if valuelist else ""


class AmountField(StringField):
    """An amount of money. `minor` is the whole number of smallest units, once validated."""

    minor: int | None = None

    def __init__(
        self, label: Any, *, currency: str = "", required: bool = True, **kwargs: Any
    ) -> None:
        checks = [InputRequired(lazy_gettext("Write an amount."))] if required else []
        super().__init__(label, checks, **kwargs)
        self.currency = currency

    def show(self, minor: int | None) -> None:
        """Puts an amount into the field."""
        self.data = "" if minor is None else plain_amount(minor, self.currency)

    def pre_validate(self, form: Any) -> None:
        if not (self.data or "").strip():
            return
        try:
            self.minor = parse_amount(self.data, self.currency)
        except WrongAmount as error:
            raise ValidationError(amount_sentence(error.code)) from None


class MomentField(DateTimeLocalField):
    """A date and time in the city's zone. `moment` is the same in UTC, once validated."""

    def __init__(self, label: Any, *, required: bool = True, **kwargs: Any) -> None:
        check = InputRequired(lazy_gettext("Choose a date and a time.")) if required else Optional()
        super().__init__(label, [check], format=["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S"], **kwargs)

    @property
    def moment(self) -> datetime | None:
        known = self.data is not None and FIRST_YEAR <= self.data.year <= LAST_YEAR
        return clock.from_city(self.data) if self.data and known else None

    def show(self, moment: datetime | None) -> None:
        self.data = clock.in_city(moment).replace(tzinfo=None) if moment else None

    def pre_validate(self, form: Any) -> None:
        """Refuses years that calendars cannot hold, and the hour that is left out in spring."""
        if self.data is None:
            return
        if not FIRST_YEAR <= self.data.year <= LAST_YEAR:
            raise ValidationError(
                gettext(
                    "Choose a year from %(first)d to %(last)d.", first=FIRST_YEAR, last=LAST_YEAR
                )
            )
        if clock.in_city(clock.from_city(self.data)).replace(tzinfo=None) != self.data:
            raise ValidationError(
                gettext(
                    "There is no such time: clocks go forward in that hour. Choose another hour."
                )
            )


def amount_sentence(code: str) -> str:
    """What to say about an amount that could not be read."""
    sentences = {
        "negative": gettext("An amount cannot be below zero."),
        "ambiguous": gettext(
            "A point before three digits can be read in two ways. "
            "Leave it out for thousands, or write two digits behind it."
        ),
        "too_precise": gettext("This amount has more digits after the point than the currency."),
        "too_large": gettext("This amount is too large."),
    }
    return sentences.get(code, gettext("Write the amount in digits, such as 12000 or 12 000.50."))


def _text_checks(longest: int, required: bool, kwargs: dict[str, Any]) -> list[Any]:
    too_long = lazy_gettext("Use %(max)d characters at most.", max=longest)
    checks: list[Any] = list(kwargs.pop("validators", []))
    checks.insert(0, Length(max=longest, message=too_long))
    if required:
        checks.insert(0, Filled())
    return checks


class Filled:
    """Refuses a field in which nothing is left once blanks and controls are taken out."""

    field_flags = {"required": True}

    def __call__(self, _form: Any, field: Any) -> None:
        if not field.data:
            raise ValidationError(gettext("Please fill this in."))


def _flat(errors: Any) -> list[Any]:
    if isinstance(errors, dict):
        return [each for value in errors.values() for each in _flat(value)]
    if isinstance(errors, (list, tuple)):
        return [each for value in errors for each in _flat(value)]
    return [errors]
