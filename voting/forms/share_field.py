"""A share of something, typed as a percentage and kept exactly, as "p/q"."""

import re
from fractions import Fraction
from typing import Any

from flask_babel import gettext
from wtforms.validators import ValidationError

from core.forms import LineField

_SHARE = re.compile(r"[1-9][0-9]{0,8}/[1-9][0-9]{0,8}")
_PERCENT = re.compile(r"([0-9]{1,3})(?:[.,]([0-9]{1,3}))?[ \u00a0]?%?")


class ShareField(LineField):
    """A percentage such as 2.5, or a fraction such as 1/3; it may stay empty."""

    def __init__(self, label: Any, **kwargs: Any) -> None:
        super().__init__(label, longest=20, required=False, **kwargs)

    def show(self, share: str | None) -> None:
        """Puts a share "p/q" into the field: the percentage where that is exact, else itself."""
        self.data = "" if share is None else _percent_of(share)

    @property
    def share(self) -> str | None:
        """The share as "p/q" in lowest terms, once validated; None where nothing was typed."""
        if not self.data:
            return None
        share = _fraction_of(self.data)
        return f"{share.numerator}/{share.denominator}"

    def pre_validate(self, form: Any) -> None:
        if self.data and not 0 < _fraction_of(self.data) <= 1:
            raise ValidationError(gettext("Write a percentage up to 100, such as 2.5."))


def _fraction_of(text: str) -> Fraction:
    """What a percentage or a fraction says, or 0 where it is neither."""
    if found := _PERCENT.fullmatch(text):
        return Fraction(f"{found[1]}.{found[2] or 0}") / 100
    return Fraction(text) if _SHARE.fullmatch(text) else Fraction(0)


def _percent_of(share: str) -> str:
    thousandths = Fraction(share) * 100_000
    if thousandths.denominator > 1:
        return share
    whole, rest = divmod(thousandths.numerator, 1000)
    return f"{whole}.{rest:03d}".rstrip("0").rstrip(".")
