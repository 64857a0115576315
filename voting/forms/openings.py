"""What of the ballots is shown after closing: from how many on, and to whom; a contest's choice."""

from typing import Any

from flask_babel import lazy_gettext
from wtforms import IntegerField
from wtforms.fields.choices import SelectChoice

from voting.forms.standing_choice import StandingChoice
from voting.forms.whole_number import whole_number
from voting.openings import FEWEST_PUBLISHED, Openings

MOST_ASKED_FOR = 10_000


def threshold_field(description: Any, *, default: int | None = None) -> IntegerField:
    """From how many ballots on single ones are published."""
    return whole_number(
        lazy_gettext("Publish single ballots from this number on"),
        MOST_ASKED_FOR,
        description,
        least=FEWEST_PUBLISHED,
        needed=True,
        default=default,
    )


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
