"""Forms: writing a proposal with its costs, withdrawing it, reviewing it."""

import re
from collections.abc import Iterator, Sequence
from contextlib import suppress
from typing import Any

from flask_babel import gettext, lazy_gettext
from wtforms import FieldList, FormField, HiddenField, RadioField, SelectField
from wtforms import Form as PlainForm
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired

from budgets.names import name_language
from core.forms import AmountField, Form, LineField, LongTextField
from core.i18n import money
from core.languages import lang_of
from core.money import WrongAmount, parse_amount
from proposals.queries.proposals import Place
from proposals.texts import (
    LONGEST_BENEFIT,
    LONGEST_LABEL,
    MOST_LINES,
    CostItem,
    ProposalText,
    missing_parts,
)
from proposals.words import part_words


class CostLineForm(PlainForm):
    """One cost: what it is for, and how much. Both or neither."""

    label = LineField(lazy_gettext("What it is for"), longest=LONGEST_LABEL, required=False)
    amount = AmountField(lazy_gettext("Amount"), required=False)

    @property
    def is_empty(self) -> bool:
        return not self.label.data and not (self.amount.data or "").strip()

    def validate(self, extra_validators: Any = None) -> bool:
        valid: bool = super().validate(extra_validators)
        if self.is_empty or not valid:
            return valid
        if not self.label.data:
            self.label.errors = [gettext("Say what this amount is for.")]
        if self.amount.minor is None:
            self.amount.errors = [gettext("Write an amount for this.")]
        return not self.label.errors and not self.amount.errors


class CostLines(FieldList):
    """The lines of costs. Names that no page of ours has written are passed over."""

    def _extract_indices(self, prefix: str, formdata: Any) -> Iterator[int]:
        found = {re.match(rf"{re.escape(prefix)}-([0-9]{{1,4}})-", name) for name in formdata}
        yield from (int(match[1]) for match in found if match)


class ProposalForm(Form):
    """A proposal. Only the title is needed to save it; `ask_for_all` asks for what others need.

    `key` tells a form that was sent twice; `version` the saved text that was being changed.
    """

    key = HiddenField()
    version = HiddenField()
    title = LineField(lazy_gettext("Title"))
    district = SelectField(lazy_gettext("For which part of the city"), default="")
    category = SelectField(lazy_gettext("Theme"), default="")
    place = LineField(lazy_gettext("Where exactly"), required=False)
    what = LongTextField(lazy_gettext("What should be done"), required=False)
    why = LongTextField(lazy_gettext("Why it is needed"), required=False)
    who_benefits = LongTextField(
        lazy_gettext("Who benefits"), longest=LONGEST_BENEFIT, required=False
    )
    cost_lines = CostLines(
        FormField(CostLineForm, label=""),
        label=lazy_gettext("Costs"),
        min_entries=1,
        max_entries=MOST_LINES + 1,
    )

    def offer(
        self, places: Sequence[Place], categories: dict[int, str], *, currency: str, language: str
    ) -> None:
        """Fills in what can be chosen. Called once, before the form is shown or read.

        `language` is that of the round, and of the names of its places and themes.
        """
        self.places = {place.ref: place for place in places}
        self.categories = {name: number for number, name in categories.items()}
        self.currency = currency
        whole_city = gettext("The whole city")
        self.district.choices = [SelectChoice("", gettext("Choose a place"))] + [
            _choice(place.ref, place.name, language)
            if place.name
            else SelectChoice(place.ref, whole_city)
            for place in places
        ]
        self.category.choices = [SelectChoice("", gettext("Choose a theme"))] + [
            _choice(name, name, language) for name in self.categories
        ]
        for line in self.cost_lines:
            line.amount.currency = currency

    def show(self, said: ProposalText) -> None:
        """Puts a saved text into the form."""
        for name in ("title", "place", "what", "why", "who_benefits"):
            self[name].data = getattr(said, name)
        refs = {place.district_id: place.ref for place in self.places.values()}
        names = {number: name for name, number in self.categories.items()}
        self.district.data = refs.get(said.district_id, "")
        self.category.data = names.get(said.category_id or 0, "")
        while self.cost_lines.entries:
            self.cost_lines.pop_entry()
        for item in said.cost_lines:
            line = self.add_line()
            line.form.label.data = item.label
            line.amount.show(item.amount_minor)
            line.amount.minor = item.amount_minor
        if not said.cost_lines:
            self.add_line()

    def add_line(self) -> Any:
        """One more empty line of costs; none beyond the most that there may be."""
        if len(self.cost_lines.entries) >= MOST_LINES:
            return self.cost_lines[-1]
        line = self.cost_lines.append_entry()
        line.amount.currency = self.currency
        return line

    def remove_line(self, number: int) -> None:
        """Takes a line out, with what was typed in it."""
        said = [(line.form.label.data, line.form.amount.data) for line in self.cost_lines]
        while self.cost_lines.entries:
            self.cost_lines.pop_entry()
        for label, amount in (each for at, each in enumerate(said) if at != number):
            line = self.add_line()
            line.form.label.data, line.form.amount.data = label, amount
        if not self.cost_lines.entries:
            self.add_line()

    def validate(self, extra_validators: Any = None) -> bool:
        valid: bool = super().validate(extra_validators)
        if not valid:
            return False
        if len(self.cost_lines.entries) > MOST_LINES:
            self._blame("cost_lines", gettext("Use %(max)d lines at most.", max=MOST_LINES))
            return False
        return self.fits_the_pot()

    def fits_the_pot(self) -> bool:
        """Whether the costs could be paid at all; if not, that becomes an error."""
        place = self.places.get(self.district.data or "")
        ceiling = place.ceiling_minor if place else None
        if ceiling is None or self.text.cost_minor <= ceiling:
            return True
        sentence = gettext(
            "These costs add up to %(sum)s, more than the pot of %(pot)s.",
            sum=money(self.text.cost_minor, self.currency),
            pot=money(ceiling, self.currency),
        )
        self._blame("cost_lines", sentence)
        return False

    def ask_for_all(self) -> bool:
        """Whether every part is there that readers need; what is missing becomes an error."""
        missing = missing_parts(self.text, has_categories=bool(self.categories))
        for name in missing:
            self._blame(name, part_words()[name])
        if not self.district.data:
            self._blame("district", gettext("Choose a district, or the whole city."))
        return not missing and bool(self.district.data)

    @property
    def text(self) -> ProposalText:
        """What was typed, once it is valid."""
        place = self.places.get(self.district.data or "")
        return ProposalText(
            title=self.title.data,
            district_id=place.district_id if place else None,
            category_id=self.categories.get(self.category.data or ""),
            place=self.place.data or "",
            what=self.what.data or "",
            why=self.why.data or "",
            who_benefits=self.who_benefits.data or "",
            cost_lines=tuple(
                CostItem(line.form.label.data, line.form.amount.minor)
                for line in self.cost_lines
                if not line.form.is_empty and line.amount.minor is not None
            ),
        )

    @property
    def running_total(self) -> int:
        """What the amounts add up to that can be read so far."""
        total = 0
        for line in self.cost_lines:
            with suppress(WrongAmount):
                total += parse_amount(line.amount.data or "", self.currency)
        return total

    @property
    def all_errors(self) -> list[tuple[str, str]]:
        """Each mistake at the very field where it is, down to the line of costs."""
        found = []
        for field in self:
            if field is not self.cost_lines:
                found += [(field.id, str(error)) for error in field.errors]
                continue
            for number, line in enumerate(self.cost_lines, start=1):
                for part in line:
                    found += [(part.id, _of_line(number, error)) for error in part.errors]
            found += [(field.id, error) for error in field.errors if isinstance(error, str)]
        return found

    def _blame(self, name: str, sentence: str) -> None:
        self[name].errors = [*self[name].errors, sentence]


def _of_line(number: int, error: str) -> str:
    return gettext("Line %(n)s of the costs: %(sentence)s", n=number, sentence=error)


class WithdrawalForm(Form):
    """Why the author takes her proposal back, if she wants to say."""

    reason = LongTextField(lazy_gettext("Why you withdraw it"), longest=1_000, required=False)


class ReviewForm(Form):
    """The decision. Both ways need a reason; a feasible proposal needs its cost too."""

    verdict = RadioField(
        lazy_gettext("Can it be done?"),
        choices=[
            SelectChoice("feasible", lazy_gettext("Yes, it can be done")),
            SelectChoice("not_feasible", lazy_gettext("No, it cannot be done")),
        ],
        validators=[InputRequired(lazy_gettext("Choose yes or no."))],
    )
    costing = AmountField(lazy_gettext("What it costs"), required=False)
    reason = LongTextField(lazy_gettext("Reasons"), longest=5_000)

    @property
    def feasible(self) -> bool:
        return bool(self.verdict.data == "feasible")

    def validate_within(self, currency: str, pot_minor: int | None) -> bool:
        """Validates with the round's currency and the pot that the proposal would be paid from."""
        self.costing.currency = currency
        if not self.validate_on_submit():
            return False
        costing = self.costing.minor or 0
        if self.feasible and costing == 0:
            self.costing.errors = [gettext("Write what it costs, so that voters know.")]
        elif self.feasible and pot_minor is not None and costing > pot_minor:
            self.costing.errors = [
                gettext(
                    "This is more than the pot of %(pot)s, so it cannot be done within it.",
                    pot=money(pot_minor, currency),
                )
            ]
        return not self.costing.errors


def _choice(value: str, name: str, language: str, or_else: str = "") -> SelectChoice:
    """A name to choose, marked where it is in another language than the page."""
    own = name_language(name, language) if name else ""
    return SelectChoice(value, name or or_else, {"lang": own} if lang_of(own) else {})
