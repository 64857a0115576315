"""What an officer chooses for ballots: limits, threshold, and how ties are decided."""

from collections.abc import Sequence
from typing import Any

from flask_babel import gettext, lazy_gettext
from wtforms import IntegerField, RadioField, SelectMultipleField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, ValidationError
from wtforms.widgets import CheckboxInput, ListWidget

from core.forms import Form, LineField
from voting.district_rules import DistrictRule
from voting.forms.openings import openings_field, threshold_field
from voting.forms.standing_choice import StandingChoice
from voting.forms.whole_number import whole_number
from voting.lots import TieOrder
from voting.models import Contest
from voting.openings import FEWEST_PUBLISHED, Openings

MOST_RANKS = 50
MOST_DISTRICTS = 200
MOST_OBJECTION_DAYS = 60


class LimitsForm(Form):
    """Limits and threshold of a contest. Its rule is chosen on a page of its own."""

    min_length = whole_number(
        lazy_gettext("A ballot ranks at least"),
        MOST_RANKS,
        lazy_gettext("A ballot with fewer proposals cannot be cast."),
        needed=True,
    )
    max_length = whole_number(
        lazy_gettext("A ballot ranks at most"),
        MOST_RANKS,
        lazy_gettext("Three to ten are easy to think through."),
        needed=True,
    )
    aggregate_below = threshold_field(
        lazy_gettext(
            "With fewer ballots only the table of proposal and rank is published, so that nobody"
            " is recognised; named auditors see the ballots."
        )
    )
    openings = openings_field()

    def show(self, contest: Contest | None) -> None:
        """Fills the form with a contest's settings, or with what suits most cities."""
        self.min_length.data = contest.min_length if contest else 1
        self.max_length.data = contest.max_length if contest else 3
        self.aggregate_below.data = contest.aggregate_below if contest else FEWEST_PUBLISHED
        self.openings.data = contest.openings if contest else Openings.AUDITORS.value

    def validate_max_length(self, field: IntegerField) -> None:
        least = self.min_length.data
        if field.data is not None and least is not None and field.data < least:
            raise ValidationError(
                gettext("This cannot be fewer than the %(least)d above.", least=least)
            )

    @property
    def settings(self) -> dict[str, Any]:
        """The arguments of `services.contests` that this form says."""
        return {
            "min_length": self.min_length.data,
            "max_length": self.max_length.data,
            "aggregate_below": self.aggregate_below.data,
            "openings": self.openings.data,
        }


class BallotsForm(LimitsForm):
    """The same settings for several pots, and for which districts a person may vote."""

    district_rule = StandingChoice(
        lazy_gettext("Ballots of districts are for"),
        choices=[
            SelectChoice(DistrictRule.HOME.value, lazy_gettext("residents of the district alone")),
            SelectChoice(
                DistrictRule.SOME.value,
                lazy_gettext("everybody: each person chooses as many districts as said below"),
            ),
            SelectChoice(DistrictRule.ALL.value, lazy_gettext("everybody, in every district")),
        ],
        default=DistrictRule.HOME.value,
    )
    districts_most = whole_number(
        lazy_gettext("Districts that each person may choose"),
        MOST_DISTRICTS,
        lazy_gettext("Counts only where a person chooses."),
    )

    objection_days = whole_number(
        lazy_gettext("Days for objections after closing"),
        MOST_OBJECTION_DAYS,
        lazy_gettext(
            "For so long a ballot can be taken out if its voter stood on the roll twice or was not"
            " entitled; nobody counts before. With 0 the ballots are sealed at closing, and"
            " nobody can find a ballot again."
        ),
        least=0,
    )

    pots = SelectMultipleField(
        lazy_gettext("For these pots"),
        [InputRequired(lazy_gettext("Choose at least one pot."))],
        widget=ListWidget(prefix_label=False),
        option_widget=CheckboxInput(),
    )

    def offer(self, pots: Sequence[tuple[str, str]]) -> None:
        self.pots.choices = [SelectChoice(value, name) for value, name in pots]


class ContestForm(LimitsForm):
    """The settings of one contest, and what it is called on the paper."""

    title = LineField(lazy_gettext("Title on the ballot paper"), longest=120)

    def show(self, contest: Contest | None) -> None:
        super().show(contest)
        self.title.data = contest.title if contest else ""


class HandOverForm(Form):
    """How ties will be decided; everything else of the hand-over follows from the review."""

    ties = RadioField(
        lazy_gettext("Between proposals with equal points"),
        [InputRequired(lazy_gettext("Choose how ties are decided."))],
        choices=[
            SelectChoice(
                TieOrder.LOT.value, lazy_gettext("The lot decides, drawn now from the seed below")
            ),
            SelectChoice(
                TieOrder.LISTED.value, lazy_gettext("The proposal that was published first wins")
            ),
            SelectChoice(
                TieOrder.CHEAPER.value, lazy_gettext("The cheaper proposal wins, then the lot")
            ),
        ],
        default=TieOrder.LOT.value,
    )
