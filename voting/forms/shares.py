"""What an officer sets of equal shares, and of rules of which only the money left can be set."""

from typing import Any

from flask_babel import lazy_gettext
from wtforms import RadioField
from wtforms.fields.choices import SelectChoice

from voting.forms.ranked_rules import POINTS_OF_A_RANK, SCALE_HINTS, TIES, RankedForm
from voting.forms.rule_settings import Section
from voting.forms.share_field import ShareField
from voting.rule_parameters import Parameters


class SharesForm(RankedForm):
    """Equal shares: what a project is worth to a voter, and what becomes of the money left."""

    names = (
        *RankedForm.names, "utility", "completion", "start", "stop", "entry_share",
    )  # fmt: skip
    sections = (
        POINTS_OF_A_RANK,
        Section(
            lazy_gettext("How shares are raised"),
            ("start", "stop"),
            lazy_gettext("For whoever repeats a count of another city to the last unit."),
        ),
        Section(lazy_gettext("Which projects take part"), ("entry_share",)),
        TIES,
    )
    hints = {
        "scale": SCALE_HINTS,
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
        "start": {
            "": lazy_gettext("Whole units where shares are raised afterwards, else exact parts."),
        },
        "stop": {
            "overspend": lazy_gettext("Usual. The last outcome that the pot pays for holds."),
            "exhaustive": lazy_gettext("Some cities stop earlier than they must."),
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
    start = RadioField(
        lazy_gettext("The share that every ballot begins with"),
        choices=[
            SelectChoice("", lazy_gettext("As usual")),
            SelectChoice("floor", lazy_gettext("Rounded down to whole units of the currency")),
            SelectChoice("exact", lazy_gettext("Exactly equal parts of the pot")),
        ],
        default="",
    )
    stop = RadioField(
        lazy_gettext("Where shares are raised, this ends"),
        choices=[
            SelectChoice("overspend", lazy_gettext("when projects would cost more than the pot")),
            SelectChoice("exhaustive", lazy_gettext("as soon as nothing more fits into the pot")),
        ],
        default="overspend",
    )
    entry_share = ShareField(
        lazy_gettext("Least support, as a percentage of a project’s part of the pot"),
        description=lazy_gettext(
            "With 50, a project that costs a tenth of the pot must be ranked on a twentieth of "
            "the ballots, or it takes no part. Empty: all take part."
        ),
    )

    def show(self, parameters: Parameters) -> None:
        super().show(parameters)
        for name in ("utility", "completion", "start", "stop"):
            self[name].data = parameters.get(name, self[name].default)
        self.entry_share.show(parameters.get("entry_share"))

    @property
    def parameters(self) -> dict[str, Any]:
        said = super().parameters
        raised = (self.completion.data or "").startswith("add1")
        for name in ("utility", "completion", "start", "stop"):
            if self[name].data != self[name].default and (raised or name != "stop"):
                said[name] = self[name].data
        if self.entry_share.share is not None:
            said["entry_share"] = self.entry_share.share
        return said


class FillForm(RankedForm):
    """A rule of which only what becomes of the money left can be set."""

    names = (*RankedForm.names, "completion")
    sections = (POINTS_OF_A_RANK, TIES)
    hints = {
        "scale": SCALE_HINTS,
        "completion": {
            "greedy": lazy_gettext(
                "Usual. The project with the most points that still fits is funded, then the next."
            ),
            "none": lazy_gettext("Nothing is funded that too few want enough to pay for."),
        },
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
        super().show(parameters)
        self.completion.data = parameters.get("completion", "greedy")

    @property
    def parameters(self) -> dict[str, Any]:
        said = super().parameters
        if self.completion.data != "greedy":
            said["completion"] = self.completion.data
        return said
