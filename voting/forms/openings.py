"""Who can open the sealed ballots of a contest's log after closing: a choice on its settings."""

from flask_babel import lazy_gettext
from wtforms.fields.choices import SelectChoice

from voting.forms.standing_choice import StandingChoice
from voting.openings import Openings


def openings_field() -> StandingChoice:
    return StandingChoice(
        lazy_gettext("Who can open the sealed ballots after closing"),
        choices=[
            SelectChoice(
                Openings.AUDITORS.value, lazy_gettext("Named auditors, who say whether all match")
            ),
            SelectChoice(Openings.PUBLIC.value, lazy_gettext("Everybody")),
        ],
        default=Openings.AUDITORS.value,
        description=lazy_gettext(
            "With “Everybody” a voter's receipt shows what she marked to whoever gets to see it."
        ),
    )
