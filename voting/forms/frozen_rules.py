"""What an officer types to change a rule of a vote that is under way."""

from typing import Any

from flask_babel import lazy_gettext
from wtforms import SelectField
from wtforms.fields.choices import SelectChoice

from core.forms import AmountField, Form, LineField
from voting.forms.contests import MOST_RANKS
from voting.forms.openings import threshold_field
from voting.forms.whole_number import whole_number
from voting.models import Contest


class ReasonForm(Form):
    """The reason that everybody will read."""

    reason = LineField(
        lazy_gettext("Reason"),
        longest=300,
        description=lazy_gettext(
            "Everybody reads it on the page of the round, such as “The pot was typed with a zero"
            " too few.”"
        ),
    )


class WithdrawalForm(Form):
    """Which option is taken off the ballot, and why."""

    withdrawn = SelectField(lazy_gettext("Withdraw"), validate_choice=False)
    why = LineField(
        lazy_gettext("Reason for the withdrawal"),
        longest=300,
        description=lazy_gettext("Everybody reads it, on the page of the round and on the paper."),
    )

    def offer(self, contest: Contest) -> None:
        """What still stands on the paper."""
        self.withdrawn.choices = [
            SelectChoice(option.ref, option.title)
            for option in contest.options
            if option.ref not in contest.withdrawn
        ]


class FrozenForm(ReasonForm):
    """Words, limits and money of one contest. Its counting rule is changed on its own page."""

    title = LineField(lazy_gettext("Title on the ballot paper"), longest=120)
    budget = AmountField(lazy_gettext("Pot"), required=False)
    total = AmountField(
        lazy_gettext("Money in the whole round"),
        required=False,
        description=lazy_gettext(
            "All pots together cannot hold more than this. Raise it with the pot where there is"
            " more money than was said."
        ),
    )
    min_length = whole_number(
        lazy_gettext("A ballot ranks at least"),
        MOST_RANKS,
        lazy_gettext("It can only become fewer: what was cast stays valid."),
        needed=True,
    )
    max_length = whole_number(
        lazy_gettext("A ballot ranks at most"),
        MOST_RANKS,
        lazy_gettext("It can only become more: what was cast stays valid."),
        needed=True,
    )
    aggregate_below = threshold_field(
        lazy_gettext("It can only become more: that is what voters were promised.")
    )
    option = SelectField(lazy_gettext("Correct the name of"), validate_choice=False)
    option_title = LineField(
        lazy_gettext("What it is called from now on"), longest=200, required=False
    )

    def offer(self, contest: Contest) -> None:
        """The words of this contest: its currency, and what stands on its paper."""
        self.budget.currency = self.total.currency = contest.currency
        titles = [SelectChoice(option.ref, option.title) for option in contest.options]
        self.option.choices = [SelectChoice("", lazy_gettext("Nothing")), *titles]

    def show(self, contest: Contest) -> None:
        """Fills the form with how it is now."""
        self.title.data = contest.title
        self.budget.show(None if contest.is_for_seats else contest.budget_minor)
        self.total.show(None if contest.is_for_seats else contest.round.total_minor)
        self.min_length.data, self.max_length.data = contest.min_length, contest.max_length
        self.aggregate_below.data = contest.aggregate_below

    def wanted(self, contest: Contest) -> dict[str, Any]:
        """How it is to be, as `services.frozen_rules` takes it."""
        wanted: dict[str, Any] = {
            "title": self.title.data,
            "min_length": self.min_length.data,
            "max_length": self.max_length.data,
            "aggregate_below": self.aggregate_below.data,
        }
        if not contest.is_for_seats and self.budget.minor is not None:
            wanted["budget_minor"] = self.budget.minor
        if not contest.is_for_seats and self.total.minor is not None:
            wanted["total_minor"] = self.total.minor
        if self.option.data in {option.ref for option in contest.options}:
            title = self.option_title.data
            wanted["options"] = {self.option.data: title} if title else {}
        return wanted
