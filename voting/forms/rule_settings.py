"""What an officer sets of a counting rule, rule by rule, in plain words instead of parameters.

Each form shows the parameters of a contest and gives back those that differ from the rule's usual
form. What a contest brought with it and no field shows is kept, unless another rule is chosen.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from flask_babel import lazy_gettext
from wtforms import Field, RadioField
from wtforms.fields.choices import SelectChoice

from core.forms import Form
from voting.rule_parameters import Parameters


class SettingsForm(Form):
    """The settings of one rule. `names` are the parameters that its fields stand for."""

    class Meta:
        csrf = False  # its fields are part of a form that has the token

    names: tuple[str, ...] = ()
    hints: Mapping[str, Mapping[str, Any]] = {}
    themes: Sequence[tuple[int, str]] = ()
    currency = ""

    @staticmethod
    def is_of_theme(field: Field) -> bool:
        """Whether the field limits one theme; these are shown together."""
        return bool(field.short_name.startswith(("most_", "money_")))

    @property
    def has_limits(self) -> bool:
        """Whether something stands in a field that limits a theme, right or wrong."""
        return any(
            any(field.raw_data or ()) or field.data for field in self if self.is_of_theme(field)
        )

    @property
    def is_usual(self) -> bool:
        """Whether all is set as the rule usually is."""
        return not self.parameters

    def show(self, parameters: Parameters) -> None:
        """Fills the form with a contest's parameters, or with the usual ones."""

    @property
    def parameters(self) -> dict[str, Any]:
        """The parameters that the fields say, once validated; those that are usual left out."""
        return {}

    def parameters_with(self, standing: Parameters) -> dict[str, Any]:
        """The same, with what the contest has besides and no field shows."""
        kept = {name: value for name, value in standing.items() if name not in self.names}
        return {**kept, **self.parameters}


class SharesForm(SettingsForm):
    """Equal shares: what a project is worth to a voter, and what becomes of the money left."""

    names = ("utility", "completion")
    hints = {
        "utility": {
            "rank-points-cost": lazy_gettext(
                "Usual. Neither cheap nor dear projects have an advantage; what counts is how many "
                "want a project, and how much."
            ),
            "rank-points": lazy_gettext(
                "Cheap projects have an advantage, so that more projects are funded."
            ),
            "cost": lazy_gettext("The order of a ballot says nothing then, only what it names."),
            "cardinality": lazy_gettext("Cheap projects have the greatest advantage."),
        },
        "completion": {
            "greedy": lazy_gettext(
                "Usual. When no group can pay any more, the project with the most points that "
                "still fits is funded, then the next."
            ),
            "none": lazy_gettext("Much of it may: in Kraków 2024 two thirds would have been left."),
            "add1": lazy_gettext(
                "Every voter gets a little more and all is bought anew, as often as the pot can "
                "pay for the outcome. Some money may still be left."
            ),
            "add1-greedy": lazy_gettext("First the one, then the other: next to nothing is left."),
            "epsilon": lazy_gettext(
                "Supporters give all that they have left; what is missing comes in equal parts "
                "from everybody else."
            ),
        },
    }
    utility = RadioField(
        lazy_gettext("What a project is worth to a voter who ranks it"),
        choices=[
            SelectChoice("rank-points-cost", lazy_gettext("Her points by rank, times its cost")),
            SelectChoice("rank-points", lazy_gettext("Her points by rank")),
            SelectChoice("cost", lazy_gettext("Its cost")),
            SelectChoice("cardinality", lazy_gettext("The same for every project")),
        ],
        default="rank-points-cost",
    )
    completion = RadioField(
        lazy_gettext("What becomes of money that no group of supporters can spend"),
        choices=[
            SelectChoice("greedy", lazy_gettext("It is spent by points by rank")),
            SelectChoice("none", lazy_gettext("It stays in the pot")),
            SelectChoice("add1", lazy_gettext("All shares are raised, step by step")),
            SelectChoice(
                "add1-greedy", lazy_gettext("Shares are raised, then points by rank decide")
            ),
            SelectChoice("epsilon", lazy_gettext("Everybody helps the supporters a little")),
        ],
        default="greedy",
    )

    def show(self, parameters: Parameters) -> None:
        self.utility.data = parameters.get("utility", "rank-points-cost")
        self.completion.data = parameters.get("completion", "greedy")

    @property
    def parameters(self) -> dict[str, Any]:
        usual = {"utility": "rank-points-cost", "completion": "greedy"}
        return {name: self[name].data for name in usual if self[name].data != usual[name]}

    def parameters_with(self, standing: Parameters) -> dict[str, Any]:
        """How the shares are raised is kept only where they are raised as before."""
        if standing.get("completion", "greedy") == self.completion.data:
            return super().parameters_with(standing)
        others = {key: value for key, value in standing.items() if key not in {"start", "stop"}}
        return super().parameters_with(others)


class FillForm(SettingsForm):
    """A rule of which only what becomes of the money left can be set."""

    names = ("completion",)
    hints = {
        "completion": {
            "greedy": lazy_gettext(
                "Usual. The project with the most points that still fits is funded, then the next."
            ),
            "none": lazy_gettext("Nothing is funded that too few want enough to pay for."),
        }
    }
    completion = RadioField(
        lazy_gettext("What becomes of money that is left"),
        choices=[
            SelectChoice("greedy", lazy_gettext("It is spent by points by rank")),
            SelectChoice("none", lazy_gettext("It stays in the pot")),
        ],
        default="greedy",
    )

    def show(self, parameters: Parameters) -> None:
        self.completion.data = parameters.get("completion", "greedy")

    @property
    def parameters(self) -> dict[str, Any]:
        return {} if self.completion.data == "greedy" else {"completion": self.completion.data}
