"""What an officer sets of a counting rule, rule by rule, in plain words instead of parameters.

Each form shows the parameters of a contest and gives back those that differ from the rule's usual
form. What a contest brought with it and no field shows is kept, unless another rule is chosen.
"""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from wtforms import Field

from core.forms import Form
from voting.rule_parameters import Parameters


class Section(NamedTuple):
    """Fields that are folded away together under a title, with a hint on what they are for.

    `kind` is "ties", "limits" or "exclusive" where they are shown in a way of their own.
    """

    title: Any
    names: tuple[str, ...]
    hint: Any = ""
    kind: str = ""


class SettingsForm(Form):
    """The settings of one rule. `names` are the parameters that its fields stand for, `sections`
    those of its fields that are folded away."""

    class Meta:
        csrf = False  # its fields are part of a form that has the token

    names: tuple[str, ...] = ()
    sections: tuple[Section, ...] = ()
    hints: Mapping[str, Mapping[str, Any]] = {}

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

    @property
    def plain_fields(self) -> list[Field]:
        """The fields that are not folded away, in the order of the form."""
        folded = {name for section in self.sections for name in section.names}
        return [field for field in self if field.short_name not in folded]

    def in_section(self, section: Section) -> list[Field]:
        return [self[name] for name in section.names]

    def is_open(self, fields: Sequence[Field]) -> bool:
        """Whether something in these fields is not as usual, or is wrong: then they are shown."""
        return any(field.errors or _said(field) != self.usual(field) for field in fields)

    @property
    def is_usual(self) -> bool:
        """Whether all is set as the rule usually is."""
        return not self.is_open(list(self))

    def usual(self, field: Field) -> str:
        """What stands in a field where nothing is said."""
        return str(field.default or "")


def _said(field: Field) -> str:
    """What stands in a field, right or wrong."""
    return str((field.raw_data[0] if field.raw_data else field.data) or "")
