"""What an officer types of a round: its name and money, pots, calendar and themes."""

from collections.abc import Sequence
from datetime import datetime
from itertools import pairwise
from typing import Any

from babel.numbers import is_currency
from flask_babel import gettext, lazy_gettext
from wtforms import IntegerField, SelectField
from wtforms.validators import NumberRange, Optional, ValidationError

from budgets.calendar import phase_name
from budgets.models import Round
from budgets.phases import ORDER, PhaseKind
from core.forms import AmountField, Form, LineField, LongTextField, MomentField
from core.i18n import money
from core.languages import instance_language, languages
from core.text import clean_line
from voting.amounts import is_countable

LONGEST_THEME = 80
MOST_THEMES = 40


class LargeAmountField(AmountField):
    """An amount of millions, shown in groups of three digits so that its size can be seen."""

    def show(self, minor: int | None) -> None:
        super().show(minor)
        whole, point, rest = (self.data or "").partition(".")
        if whole:
            self.data = f"{int(whole):,}".replace(",", " ") + point + rest


class BasicsForm(Form):
    """Name, summary and money of a round."""

    name = LineField(
        lazy_gettext("Name of the round"),
        longest=120,
        description=lazy_gettext("As residents will say it, such as “Kraków decides 2027”."),
    )
    summary = LongTextField(
        lazy_gettext("What it is for, in a few sentences"), longest=2_000, required=False
    )
    language = SelectField(
        lazy_gettext("Language of the proposals"),
        default=instance_language,
        description=lazy_gettext(
            "The language in which residents write here. It need not be that of this page: screen"
            " readers are told where it changes, so that each text is read out as it should be."
        ),
    )
    currency = LineField(
        lazy_gettext("Currency"),
        longest=3,
        description=lazy_gettext("Three letters, such as PLN or EUR."),
    )
    total = LargeAmountField(
        lazy_gettext("Money in the whole round"),
        description=lazy_gettext(
            "All pots together cannot hold more than this. Write 0 where only questions without"
            " money are asked."
        ),
    )

    def __init__(self, round_: Round | None = None, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.round = round_
        self.language.choices = languages(instance_language(), round_.language if round_ else "")
        self.currency.data = (self.currency.data or "").upper()
        self.total.currency = self.currency.data

    def show(self, round_: Round) -> None:
        """Fills the form with a round as it is."""
        self.name.data, self.summary.data = round_.name, round_.summary
        self.language.data = round_.language
        self.currency.data = self.total.currency = round_.currency
        self.total.show(round_.total_minor)

    def validate_currency(self, field: LineField) -> None:
        if not is_currency(field.data) or not is_countable(field.data):
            raise ValidationError(gettext("Write the three letters of a currency, such as PLN."))
        if self.round is not None and self.round.pots and field.data != self.round.currency:
            raise ValidationError(
                gettext(
                    "The pots are in %(currency)s. Empty them first to change the currency.",
                    currency=self.round.currency,
                )
            )

    def validate_total(self, field: AmountField) -> None:
        if field.minor is None:
            return
        in_pots = sum(pot.amount_minor for pot in self.round.pots) if self.round else 0
        if self.round is not None and in_pots > field.minor:
            raise ValidationError(
                gettext(
                    "The pots already hold %(money)s. Take money out of them first.",
                    money=money(in_pots, self.round.currency),
                )
            )


class PotsForm(Form):
    """One amount for each place; made by `pots_form`, since places differ from city to city."""

    currency = ""
    total_minor = 0
    amounts: Sequence[str] = ()

    @property
    def in_pots(self) -> int:
        """What was typed so far, all together."""
        return sum(self[name].minor or 0 for name in self.amounts)

    def validate(self, *args: Any, **kwargs: Any) -> bool:
        if not super().validate(*args, **kwargs):
            return False
        if self.in_pots <= self.total_minor:
            return True
        sentence = gettext(
            "The pots would hold %(pots)s together, but the round has only %(total)s.",
            pots=money(self.in_pots, self.currency),
            total=money(self.total_minor, self.currency),
        )
        self[self.amounts[0]].errors = [*self[self.amounts[0]].errors, sentence]
        return False


def pots_form(places: Sequence[tuple[str, str]], round_: Round) -> PotsForm:
    """The form for these places: pairs of a key, which is the field's name, and a label."""
    fields: dict[str, Any] = {
        key: LargeAmountField(label, currency=round_.currency, required=False)
        for key, label in places
    }
    form = type("PlacesForm", (PotsForm,), fields)()
    assert isinstance(form, PotsForm)
    form.currency, form.total_minor = round_.currency, round_.total_minor
    form.amounts = list(fields)
    return form


class DistrictForm(Form):
    """A district that the city has and we do not know yet."""

    district_name = LineField(lazy_gettext("Name of the district"), longest=120)
    population = IntegerField(
        lazy_gettext("Inhabitants"),
        [
            Optional(),
            NumberRange(
                min=0,
                max=50_000_000,
                message=lazy_gettext("Write a whole number of people, such as 12400."),
            ),
        ],
    )


class CalendarForm(Form):
    """When each phase starts, and when the last one ends, in the city's time."""

    submission = MomentField(lazy_gettext("Proposals can be handed in from"), required=False)
    review = MomentField(lazy_gettext("The review starts"), required=False)
    voting = MomentField(lazy_gettext("Voting starts"))
    count = MomentField(lazy_gettext("Voting ends, and the count starts"))
    delivery = MomentField(lazy_gettext("Delivery starts"), required=False)
    ends = MomentField(lazy_gettext("The round ends"))

    @property
    def starts(self) -> list[tuple[PhaseKind, datetime]]:
        """The phases that have a start."""
        moments = [(kind, self[kind.value].moment) for kind in ORDER]
        return [(kind, moment) for kind, moment in moments if moment is not None]

    def show(self, round_: Round) -> None:
        for phase in round_.phases:
            self[phase.kind].show(phase.starts_at)
        self.ends.show(round_.ends_at)

    def validate(self, *args: Any, **kwargs: Any) -> bool:
        if not super().validate(*args, **kwargs):
            return False
        typed = [(kind.value, moment) for kind, moment in self.starts]
        assert self.ends.moment is not None
        typed.append(("ends", self.ends.moment))
        wrong = [(before, after) for before, after in pairwise(typed) if after[1] <= before[1]]
        for before, after in wrong:
            self[after[0]].errors = [_order_sentence(before[0], after[0])]
        return not wrong


class CategoriesForm(Form):
    """The themes of a round, one a line."""

    names = LongTextField(
        lazy_gettext("Themes, one a line"),
        longest=4_000,
        required=False,
        description=lazy_gettext("Such as “Parks and trees”. Residents choose one for a proposal."),
    )

    @property
    def list_of_names(self) -> list[str]:
        """The themes in the order typed, each once, whatever its capitals."""
        lines = [clean_line(line) for line in (self.names.data or "").splitlines()]
        return list({line.casefold(): line for line in reversed(lines) if line}.values())[::-1]

    def validate_names(self, _field: LongTextField) -> None:
        names = self.list_of_names
        if len(names) > MOST_THEMES:
            raise ValidationError(gettext("Use %(max)d themes at most.", max=MOST_THEMES))
        long = [name for name in names if len(name) > LONGEST_THEME]
        if long:
            raise ValidationError(
                gettext(
                    "“%(name)s…” is too long: a theme may have %(max)d characters.",
                    name=long[0][:30],
                    max=LONGEST_THEME,
                )
            )


def _order_sentence(before: str, after: str) -> str:
    name = phase_name(PhaseKind(before))
    if after == "ends":
        return gettext("The round must end after the phase “%(phase)s” has begun.", phase=name)
    return gettext(
        "“%(after)s” must start later than “%(before)s”.",
        after=phase_name(PhaseKind(after)),
        before=name,
    )
