"""What an officer sets of a rule for seats, in plain words instead of parameters."""

from typing import Any

from flask_babel import lazy_gettext
from wtforms import RadioField
from wtforms.fields.choices import SelectChoice

from voting.forms.rule_settings import SettingsForm
from voting.rule_parameters import Parameters


class SeatSettingsForm(SettingsForm):
    """The settings of a rule for seats; as it stands, of one that has none for such ballots."""

    def show(self, parameters: Parameters) -> None:
        for name in self.names:
            field = self[name]
            field.data = parameters.get(name, field.default)

    @property
    def parameters(self) -> dict[str, Any]:
        named = {name: self[name] for name in self.names}
        return {name: field.data for name, field in named.items() if field.data != field.default}


class RunoffForm(SeatSettingsForm):
    """Instant runoff: what decides between equals, and whether several may go at once."""

    names = ("ties", "batches")
    hints = {
        "ties": {
            "earlier-stages": lazy_gettext(
                "Usual. Where they were equal all the way, the lot decides."
            ),
            "first-stages": lazy_gettext(
                "More first choices then count for more than what came by transfers."
            ),
            "lot": lazy_gettext("As in Maine."),
        },
        "batches": {
            "none": lazy_gettext("Usual. Every stage can be told in one sentence."),
            "hopeless": lazy_gettext("The same is elected in fewer stages. As in Maine."),
        },
    }
    ties = RadioField(
        lazy_gettext("Equally few ballots: who is excluded"),
        choices=[
            SelectChoice(
                "earlier-stages", lazy_gettext("Whoever had fewer at the latest stage before")
            ),
            SelectChoice("first-stages", lazy_gettext("Whoever had fewer at the first stage")),
            SelectChoice("lot", lazy_gettext("Whom the lot says")),
        ],
        default="earlier-stages",
    )
    batches = RadioField(
        lazy_gettext("How many are excluded at a stage"),
        choices=[
            SelectChoice("none", lazy_gettext("One")),
            SelectChoice(
                "hopeless",
                lazy_gettext("All who together have fewer ballots than the next above them"),
            ),
        ],
        default="none",
    )


class PairsForm(SeatSettingsForm):
    """Ranked pairs: which win is the clearer one."""

    names = ("strength",)
    hints = {
        "strength": {
            "margins": lazy_gettext("Usual. Six against three is clearer than seven against five."),
            "winning-votes": lazy_gettext(
                "Seven against five is clearer than six against three: ballots that rank neither"
                " count for less."
            ),
        }
    }
    strength = RadioField(
        lazy_gettext("What makes a win clear"),
        choices=[
            SelectChoice("margins", lazy_gettext("How many more ballots are for it than against")),
            SelectChoice("winning-votes", lazy_gettext("How many ballots are for it")),
        ],
        default="margins",
    )


def seat_settings_form(rule: str, **kwargs: Any) -> SeatSettingsForm:
    """The form of a rule's settings; one without fields where nothing can be set."""
    forms: dict[str, type[SeatSettingsForm]] = {"irv": RunoffForm, "ranked-pairs": PairsForm}
    return forms.get(rule, SeatSettingsForm)(**kwargs)
