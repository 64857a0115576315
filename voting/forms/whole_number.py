"""A whole number between two others, as officers type it."""

from typing import Any

from flask_babel import lazy_gettext
from wtforms import IntegerField
from wtforms.validators import InputRequired, NumberRange, Optional


def whole_number(
    label: Any,
    most: int,
    description: Any,
    *,
    least: int = 1,
    needed: bool = False,
    default: int | None = None,
) -> IntegerField:
    """A field for a whole number, which may stay empty unless it is `needed`."""
    between = lazy_gettext(
        "Write a whole number from %(least)d to %(most)d.", least=least, most=most
    )
    filled = InputRequired(between) if needed else Optional()
    checks = [filled, NumberRange(min=least, max=most, message=between)]
    return IntegerField(label, checks, description=description, default=default)
