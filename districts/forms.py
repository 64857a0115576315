"""The shape of what officers type about a district."""

from flask_babel import lazy_gettext
from wtforms import IntegerField
from wtforms.validators import NumberRange, Optional

from core.forms import Form, LineField

MOST = 50_000_000


class DistrictForm(Form):
    """A name, and how many people live there where the city knows it."""

    name = LineField(lazy_gettext("Name"), longest=120)
    population = IntegerField(
        lazy_gettext("Inhabitants"),
        [
            Optional(),
            NumberRange(
                min=1, max=MOST, message=lazy_gettext("Write a whole number, such as 12000.")
            ),
        ],
    )
