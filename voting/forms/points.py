"""What an officer sets of points by rank: scale, ending, thresholds, and limits on themes."""

import re
from collections.abc import Sequence
from fractions import Fraction
from typing import Any

from flask_babel import gettext, lazy_gettext
from wtforms import IntegerField, RadioField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import NumberRange, Optional, ValidationError

from core.forms import AmountField, LineField
from voting.amounts import from_hundredths, to_hundredths
from voting.forms.rule_settings import SettingsForm
from voting.rule_parameters import Parameters

MOST_POINTS = 1_000_000_000
MOST_PROJECTS = 1_000
_SHARE = re.compile(r"[1-9][0-9]{0,8}/[1-9][0-9]{0,8}")
_PERCENT = re.compile(r"([0-9]{1,3})(?:[.,]([0-9]{1,3}))?[ \u00a0]?%?")


def _whole(label: Any, most: int, description: Any) -> IntegerField:
    between = lazy_gettext("Write a whole number from %(least)d to %(most)d.", least=1, most=most)
    checks = [Optional(), NumberRange(min=1, max=most, message=between)]
    return IntegerField(label, checks, description=description)


class PointsForm(SettingsForm):
    """Points by rank: the scale, where funding ends, thresholds, and limits on themes."""

    names = ("scale", "no_skip", "top_up", "threshold", "threshold_share", "limits")

    scale = RadioField(
        lazy_gettext("Points for each rank"),
        choices=[
            SelectChoice("own", lazy_gettext("As many as the ballot has choices, down to 1")),
            SelectChoice("fixed", lazy_gettext("The same for every first choice")),
            SelectChoice("dowdall", lazy_gettext("Half for the second, a third for the third")),
        ],
        default="own",
    )
    ending = RadioField(
        lazy_gettext("When a project does not fit the money left"),
        choices=[
            SelectChoice("skip", lazy_gettext("It is passed over")),
            SelectChoice("stop", lazy_gettext("Funding ends")),
        ],
        default="skip",
    )
    top_up = _whole(
        lazy_gettext("Fund that last project from this percentage on"),
        99,
        lazy_gettext(
            "Only where funding ends with it: if the money left covers at least this percentage "
            "of its cost, the city pays the rest from elsewhere. 80 is usual. Empty: never."
        ),
    )
    threshold = _whole(
        lazy_gettext("Least points of a project"),
        MOST_POINTS,
        lazy_gettext("A project with fewer points is not funded. Empty: no threshold."),
    )
    threshold_share = LineField(
        lazy_gettext("Least points, as a percentage of the number of ballots"),
        longest=12,
        required=False,
        description=lazy_gettext("With 5 and 1,000 ballots a project needs 50 points."),
    )
    hints = {
        "scale": {
            "own": lazy_gettext("Three choices get 3, 2 and 1 points; a single choice gets 1."),
            "fixed": lazy_gettext(
                "Where a ballot has three places, a single choice gets 3 points as well."
            ),
            "dowdall": lazy_gettext(
                "The first choice weighs most. In whole points, for three places: 6, 3 and 2."
            ),
        },
        "ending": {
            "skip": lazy_gettext("The next one has its turn, so that little money is left."),
            "stop": lazy_gettext("No project is funded before one that has more points."),
        },
    }

    def show(self, parameters: Parameters) -> None:
        self.scale.data = parameters.get("scale", "own")
        self.ending.data = "stop" if parameters.get("no_skip") else "skip"
        self.top_up.data = parameters.get("top_up")
        self.threshold.data = parameters.get("threshold")
        self.threshold_share.data = _percent_of(parameters.get("threshold_share"))
        limits = {each.get("name"): each for each in parameters.get("limits", [])}
        for key, theme in self.themes:
            limit = limits.get(theme, {})
            money = limit.get("money")
            self[f"most_{key}"].data = limit.get("projects")
            self[f"money_{key}"].show(money and from_hundredths(money, self.currency))

    def validate_top_up(self, field: IntegerField) -> None:
        if field.data is not None and self.ending.data != "stop":
            raise ValidationError(gettext("This goes only with “Funding ends” above."))

    def validate_threshold_share(self, field: LineField) -> None:
        if field.data and not 0 < _fraction_of(field.data) <= 1:
            raise ValidationError(gettext("Write a percentage up to 100, such as 2.5."))

    @property
    def parameters(self) -> dict[str, Any]:
        said: dict[str, Any] = {}
        if self.scale.data != "own":
            said["scale"] = self.scale.data
        if self.ending.data == "stop":
            said["no_skip"] = True
        for name in ("top_up", "threshold"):
            if self[name].data is not None:
                said[name] = self[name].data
        if self.threshold_share.data:
            share = _fraction_of(self.threshold_share.data)
            said["threshold_share"] = f"{share.numerator}/{share.denominator}"
        if limits := [limit for key, name in self.themes if (limit := self._limit(key, name))]:
            said["limits"] = limits
        return said

    def _limit(self, key: int, theme: str) -> dict[str, Any]:
        """The limit on a theme; empty where there is none."""
        most, money = self[f"most_{key}"].data, self[f"money_{key}"].minor
        limit: dict[str, Any] = {}
        if most is not None:
            limit["projects"] = most
        if money:
            limit["money"] = to_hundredths(money, self.currency)
        return {"name": theme, **limit} if limit else {}


def points_form(
    themes: Sequence[tuple[int, str]], currency: str, *, prefix: str, **kwargs: Any
) -> PointsForm:
    """The form for a round of these themes: pairs of a key and a name."""
    fields: dict[str, Any] = {}
    for key, _ in themes:
        fields[f"most_{key}"] = _whole(lazy_gettext("Most projects"), MOST_PROJECTS, "")
        fields[f"money_{key}"] = AmountField(
            lazy_gettext("Most money"), currency=currency, required=False
        )
    form = type("ThemesForm", (PointsForm,), fields)(prefix=prefix, **kwargs)
    assert isinstance(form, PointsForm)
    form.themes, form.currency = themes, currency
    return form


def _fraction_of(text: str) -> Fraction:
    """What a percentage or a fraction says, or 0 where it is neither."""
    if found := _PERCENT.fullmatch(text):
        return Fraction(f"{found[1]}.{found[2] or 0}") / 100
    return Fraction(text) if _SHARE.fullmatch(text) else Fraction(0)


def _percent_of(share: str | None) -> str:
    """A share "p/q" as it is typed: the percentage, or the share itself where that is not exact."""
    if share is None:
        return ""
    thousandths = Fraction(share) * 100_000
    if thousandths.denominator > 1:
        return share
    whole, rest = divmod(thousandths.numerator, 1000)
    return f"{whole}.{rest:03d}".rstrip("0").rstrip(".")
