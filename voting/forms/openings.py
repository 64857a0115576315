"""Who can open the sealed ballots of a contest's log after closing: a choice on its settings."""

from flask_babel import lazy_gettext
from wtforms import RadioField
from wtforms.fields.choices import SelectChoice


def openings_field() -> RadioField:
    return RadioField(
        lazy_gettext("Who can open the sealed ballots after closing"),
        choices=[
            SelectChoice("auditors", lazy_gettext("Named auditors, who say whether all match")),
            SelectChoice("public", lazy_gettext("Everybody")),
        ],
        default="auditors",
        description=lazy_gettext(
            "With “Everybody” a voter's receipt shows what she marked to whoever gets to see it."
        ),
    )
