"""What every rule for money that counts rankings has to set: the points of a rank, and the chain
that decides between equal projects.
"""

from collections.abc import Mapping
from itertools import takewhile
from typing import Any

from flask_babel import gettext, lazy_gettext
from wtforms import Field, IntegerField, RadioField, SelectField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import ValidationError

from voting.forms.rule_settings import Section, SettingsForm
from voting.forms.whole_number import whole_number
from voting.rule_parameters import Parameters

MOST_POINTS_OF_A_RANK = 1_000_000
TIE_FIELDS = ("tie_1", "tie_2", "tie_3", "tie_4")


def _way(label: Any, empty: Any) -> SelectField:
    """One way of the tie chain; `empty` is what its place says where it is left out."""
    ways = [
        ("", empty),
        ("cheaper", lazy_gettext("the cheaper project")),
        ("votes", lazy_gettext("the one on more ballots")),
        ("first_ranks", lazy_gettext("the one more often first")),
        ("lot", lazy_gettext("the lot")),
    ]
    return SelectField(label, choices=[SelectChoice(*way) for way in ways], default="")


class RankedForm(SettingsForm):
    """What can be set of every rule for money that counts rankings: the points of a rank, and what
    decides between equal projects. `usual_ties` is the chain where nothing is said."""

    names: tuple[str, ...] = ("ties", "seed", "scale", "top")
    usual_ties: tuple[str, ...] = ("cheaper", "votes")
    seed = ""
    """What a lot is drawn from: the contest's own seed, public before voting."""
    longest = 1
    """How many projects a ballot of the contest may rank."""

    scale = RadioField(
        lazy_gettext("Points for each rank"),
        choices=[
            SelectChoice("own", lazy_gettext("As many as the ballot has choices, down to 1")),
            SelectChoice("fixed", lazy_gettext("The same for every first choice")),
            SelectChoice("dowdall", lazy_gettext("Half for the second, a third for the third")),
        ],
        default="own",
    )
    top = whole_number(
        lazy_gettext("Points of every first choice"),
        MOST_POINTS_OF_A_RANK,
        lazy_gettext(
            "Only where every first choice gets the same; a second one gets a point less, and so "
            "on. Empty: as many as a ballot has places."
        ),
    )
    tie_1 = _way(lazy_gettext("This one wins"), lazy_gettext("the first in the tie order"))
    tie_2 = _way(lazy_gettext("Then"), "–")
    tie_3 = _way(lazy_gettext("Then, third"), "–")
    tie_4 = _way(lazy_gettext("Then, fourth"), "–")

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**dict(zip(TIE_FIELDS, self.usual_ties, strict=False)), **kwargs)

    def show(self, parameters: Parameters) -> None:
        """Fills the form with a contest's parameters, or with the usual ones."""
        self.scale.data = parameters.get("scale", "own")
        self.top.data = parameters.get("top")
        ways = takewhile(lambda way: way != "place", parameters.get("ties", self.usual_ties))
        for name, way in zip(TIE_FIELDS, [*ways, "", "", "", ""], strict=False):
            self[name].data = way

    def validate_top(self, field: IntegerField) -> None:
        if field.data is None:
            return
        if self.scale.data != "fixed":
            raise ValidationError(
                gettext("This goes only with “The same for every first choice” above.")
            )
        if field.data < self.longest:
            raise ValidationError(
                gettext(
                    "A ballot may rank %(longest)d projects, so that a first choice needs at "
                    "least as many points.",
                    longest=self.longest,
                )
            )

    def validate_tie_1(self, _field: SelectField) -> None:
        ways = self._ways
        if len(set(ways)) < len(ways):
            raise ValidationError(gettext("Each way can decide only once. Choose another."))

    @property
    def parameters(self) -> dict[str, Any]:
        """The parameters that the fields say, once validated; those that are usual left out."""
        said: dict[str, Any] = {}
        if self.scale.data != "own":
            said["scale"] = self.scale.data
        if self.top.data is not None:
            said["top"] = self.top.data
        if tuple(self._ways) != self.usual_ties:
            said["ties"] = self._ways or ["place"]
        if "lot" in self._ways:
            said["seed"] = self.seed
        return said

    def usual(self, field: Field) -> str:
        if field.short_name not in TIE_FIELDS:
            return super().usual(field)
        ways = (*self.usual_ties, "", "", "", "")
        return ways[TIE_FIELDS.index(field.short_name)]

    @property
    def _ways(self) -> list[str]:
        return [way for name in TIE_FIELDS if (way := self[name].data)]


POINTS_OF_A_RANK = Section(lazy_gettext("Points for each rank"), ("scale", "top"))
TIES = Section(
    lazy_gettext("Between equal projects"),
    TIE_FIELDS,
    lazy_gettext(
        "Each way is asked only where those before it do not decide. At the very end the place in "
        "the contest’s tie order decides, which is public before voting."
    ),
    kind="ties",
)
SCALE_HINTS: Mapping[str, Any] = {
    "own": lazy_gettext("Three choices get 3, 2 and 1 points; a single choice gets 1."),
    "fixed": lazy_gettext(
        "Where a ballot has three places, a single choice gets 3 points as well."
    ),
    "dowdall": lazy_gettext(
        "The first choice weighs most. In whole points, for three places: 6, 3 and 2."
    ),
}
