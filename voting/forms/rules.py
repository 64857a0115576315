"""The rule of a contest as an officer chooses it: which, its settings, what to try it on."""

from collections.abc import Mapping, Sequence
from typing import Any

from flask_babel import gettext, lazy_gettext
from flask_wtf.file import MultipleFileField
from werkzeug.datastructures import FileStorage
from wtforms import Field, RadioField, SelectField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired

from core.forms import Form
from core.languages import page_language
from core.refusals import Refusal
from voting.counting import Rule
from voting.counting.seats import SeatRule
from voting.forms.points import points_form
from voting.forms.ranked_rules import RankedForm
from voting.forms.rule_settings import SettingsForm
from voting.forms.seat_rule_settings import seat_settings_form
from voting.forms.shares import FillForm, SharesForm
from voting.models import Contest
from voting.offered import OFFERED, seat_rules_for


class ChoiceForm(Form):
    """Which rule; and an earlier contest, or a file, to try it on."""

    rule = RadioField(
        lazy_gettext("Counting rule"), [InputRequired(lazy_gettext("Choose a counting rule."))]
    )
    earlier = SelectField(
        lazy_gettext("An earlier contest with published results"), validate_choice=False
    )
    file = MultipleFileField(
        lazy_gettext("Or a file of ballots (.pb, .json or two .csv, also .gz)"),
        description=lazy_gettext(
            "Of 2 MB at most; compressed with gzip a file holds ten times as much. Ballots may "
            "rank projects, tick them, or give them points."
        ),
    )

    def __init__(
        self, offered: Mapping[str, Rule | SeatRule], earlier: Sequence[Contest], **kwargs: Any
    ) -> None:
        super().__init__(**kwargs)
        self.rule.choices = [
            SelectChoice(rule.name, gettext(rule.title)) for rule in offered.values()
        ]
        self.earlier.choices = [
            SelectChoice("", gettext("None")),
            *map(_as_choice, earlier),
        ]

    @property
    def uploads(self) -> list[FileStorage]:
        """The files that were chosen, if any."""
        return [each for each in self.file.data or () if each]


class RuleForm:
    """One form on the page, made of the choice and the settings of each rule that is offered.

    A contest for money has other rules than one for seats, and is tried on other files.
    Only the settings of the rule that is chosen have to be right; what was typed for the others is
    shown again, but not read.
    """

    def __init__(self, contest: Contest, earlier: Sequence[Contest], *, fresh: bool) -> None:
        given: dict[str, Any] = {"formdata": None} if fresh else {}
        self.contest, self.earlier = contest, earlier
        self.offered: Mapping[str, Rule | SeatRule] = (
            OFFERED if contest.seats is None else seat_rules_for(contest.seats)
        )
        self.choice = ChoiceForm(self.offered, earlier, **given)
        if contest.is_for_seats:
            self.choice.file.label.text = gettext("Or a file of ballots (.blt, .soi, .toi or .pb)")
            self.choice.file.description = gettext("Of 2 MB at most.")
        make = seat_settings_form if contest.is_for_seats else self._money_settings
        self.settings: dict[str, SettingsForm] = {
            name: make(name, prefix=name, **given) for name in self.offered
        }
        if fresh:
            self._show()

    def validate(self) -> bool:
        """Whether the choice and the settings of the chosen rule are as they must be."""
        right = self.choice.validate()
        return bool(right and self.settings[self.rule].validate())

    @property
    def rule(self) -> str:
        return self.choice.rule.data or ""

    @property
    def parameters(self) -> dict[str, Any]:
        """Those of the chosen rule, with what the contest has besides of the same rule."""
        standing = self.contest.rule_parameters if self.rule == self.contest.rule else {}
        return self.settings[self.rule].parameters_with(standing)

    @property
    def refusal(self) -> Refusal | None:
        return self.choice.refusal

    def refused(self, sentence: str) -> None:
        """A sentence about the whole form, shown on top."""
        self.choice.refused(Refusal("rule_refused", 422, sentence))

    def mistaken(self, field: Field, sentence: str) -> None:
        """A sentence about one field that only the act itself could find wrong."""
        field.errors = [*field.errors, sentence]

    @property
    def all_errors(self) -> list[tuple[str, str]]:
        """(field id, sentence) of every mistake, in the order of the page."""
        chosen = self.settings.get(self.rule)
        return self.choice.all_errors + (chosen.all_errors if chosen is not None else [])

    def __getitem__(self, field_id: str) -> Field:
        """The field of this id, for the summary of errors."""
        for form in (self.choice, *self.settings.values()):
            for field in form:
                if field.id == field_id:
                    return field
        raise KeyError(field_id)

    def _money_settings(self, rule: str, **given: Any) -> SettingsForm:
        contest = self.contest
        if rule == "points-by-rank":
            themes = [(each.id, each.name) for each in contest.round.categories]
            points = points_form(themes, contest.currency, **given)
            points.refs = [(option.ref, option.title) for option in contest.options]
            form: RankedForm = points
        else:
            form = SharesForm(**given) if rule == "equal-shares" else FillForm(**given)
        form.longest = contest.max_length
        form.seed = contest.rule_parameters.get("seed", contest.paper_seed)
        return form

    def _show(self) -> None:
        self.choice.rule.data = self.contest.rule
        for name, form in self.settings.items():
            form.show(self.contest.rule_parameters if name == self.contest.rule else {})


def _as_choice(contest: Contest) -> SelectChoice:
    """A contest by its round and title, read out in the language of the round."""
    language = contest.round.language
    spoken_as = {"lang": language} if language not in ("", page_language()) else {}
    return SelectChoice(contest.ref, f"{contest.round.name}: {contest.title}", render_kw=spoken_as)
