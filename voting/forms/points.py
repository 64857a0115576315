"""What an officer sets of points by rank: ending, thresholds, limits, exclusive groups."""

from collections.abc import Sequence
from typing import Any

from flask_babel import gettext, lazy_gettext
from wtforms import IntegerField, RadioField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import ValidationError

from core.forms import AmountField, LongTextField
from voting.amounts import from_hundredths, to_hundredths
from voting.forms.ranked_rules import POINTS_OF_A_RANK, SCALE_HINTS, TIES, RankedForm
from voting.forms.rule_settings import Section
from voting.forms.share_field import ShareField
from voting.forms.whole_number import whole_number
from voting.rule_parameters import Parameters

MOST_POINTS = 1_000_000_000
MOST_PROJECTS = 1_000


class PointsForm(RankedForm):
    """Points by rank: where funding ends, thresholds, limits on themes, and groups of projects of
    which one at most is funded."""

    names = (
        *RankedForm.names, "no_skip", "top_up", "threshold", "threshold_share", "limits",
        "exclusive",
    )  # fmt: skip
    sections: tuple[Section, ...] = (
        POINTS_OF_A_RANK,
        Section(lazy_gettext("Thresholds"), ("threshold", "threshold_share")),
        Section(
            lazy_gettext("Projects that exclude one another"), ("exclusive",), kind="exclusive"
        ),
        TIES,
    )
    usual_ties = ()
    themes: Sequence[tuple[int, str]] = ()
    currency = ""
    refs: Sequence[tuple[str, str]] = ()
    """Ids and titles of what stands on the paper; none before it is filled."""

    ending = RadioField(
        lazy_gettext("When a project does not fit the money left"),
        choices=[
            SelectChoice("skip", lazy_gettext("It is passed over")),
            SelectChoice("stop", lazy_gettext("Funding ends")),
        ],
        default="skip",
    )
    top_up = whole_number(
        lazy_gettext("Fund that last project from this percentage on"),
        99,
        lazy_gettext(
            "Only where funding ends with it: if the money left covers at least this percentage "
            "of its cost, the city pays the rest from elsewhere. 80 is usual. Empty: never."
        ),
    )
    threshold = whole_number(
        lazy_gettext("Least points of a project"),
        MOST_POINTS,
        lazy_gettext("A project with fewer points is not funded. Empty: no threshold."),
    )
    threshold_share = ShareField(
        lazy_gettext("Least points, as a percentage of the number of ballots"),
        description=lazy_gettext("With 5 and 1,000 ballots a project needs 50 points."),
    )
    exclusive = LongTextField(
        lazy_gettext("Groups of which at most one project is funded"),
        longest=20_000,
        required=False,
        description=lazy_gettext(
            "One group on each line, the ids of its projects separated by commas. The project "
            "with the most points goes first; the others are then passed over."
        ),
    )
    hints = {
        "scale": SCALE_HINTS,
        "ending": {
            "skip": lazy_gettext("The next one has its turn, so that little money is left."),
            "stop": lazy_gettext("No project is funded before one that has more points."),
        },
    }

    def show(self, parameters: Parameters) -> None:
        super().show(parameters)
        self.ending.data = "stop" if parameters.get("no_skip") else "skip"
        self.top_up.data = parameters.get("top_up")
        self.threshold.data = parameters.get("threshold")
        self.threshold_share.show(parameters.get("threshold_share"))
        self.exclusive.data = "\n".join(
            ", ".join(group) for group in parameters.get("exclusive", [])
        )
        limits = {each.get("name"): each for each in parameters.get("limits", [])}
        for key, theme in self.themes:
            limit = limits.get(theme, {})
            money = limit.get("money")
            self[f"most_{key}"].data = limit.get("projects")
            self[f"money_{key}"].show(money and from_hundredths(money, self.currency))

    def validate_top_up(self, field: IntegerField) -> None:
        if field.data is not None and self.ending.data != "stop":
            raise ValidationError(gettext("This goes only with “Funding ends” above."))

    def validate_exclusive(self, _field: LongTextField) -> None:
        known = {ref for ref, _ in self.refs}
        for group in self._groups:
            if stranger := next((ref for ref in group if ref not in known), None):
                raise ValidationError(
                    gettext("“%(ref)s” is no id of a project on this paper.", ref=stranger[:60])
                )
            if len(set(group)) < max(len(group), 2):
                raise ValidationError(
                    gettext("Each line must name two projects or more, each of them once.")
                )

    @property
    def parameters(self) -> dict[str, Any]:
        said = super().parameters
        if self.ending.data == "stop":
            said["no_skip"] = True
        for name in ("top_up", "threshold"):
            if self[name].data is not None:
                said[name] = self[name].data
        if self.threshold_share.share is not None:
            said["threshold_share"] = self.threshold_share.share
        if limits := [limit for key, name in self.themes if (limit := self._limit(key, name))]:
            said["limits"] = limits
        if self._groups:
            said["exclusive"] = self._groups
        return said

    def parameters_with(self, standing: Parameters) -> dict[str, Any]:
        """Limits that name projects came with the contest; no field shows them."""
        named = [dict(limit) for limit in standing.get("limits", []) if "ids" in limit]
        said = super().parameters_with(standing)
        return {**said, "limits": [*said.get("limits", []), *named]} if named else said

    @property
    def _groups(self) -> list[list[str]]:
        lines = (self.exclusive.data or "").splitlines()
        groups = [[ref.strip() for ref in line.split(",") if ref.strip()] for line in lines]
        return [group for group in groups if group]

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
        fields[f"most_{key}"] = whole_number(lazy_gettext("Most projects"), MOST_PROJECTS, "")
        fields[f"money_{key}"] = AmountField(
            lazy_gettext("Most money"), currency=currency, required=False
        )
    form = type("ThemesForm", (PointsForm,), fields)(prefix=prefix, **kwargs)
    assert isinstance(form, PointsForm)
    form.themes, form.currency = themes, currency
    if themes:
        limits = Section(lazy_gettext("Limits on themes"), tuple(fields), kind="limits")
        form.sections = (limits, *PointsForm.sections)
    return form
