"""What is typed of one paper: numbers, or why it is spoiled; and what the two settle."""

from typing import Any

from flask_babel import gettext, lazy_gettext
from wtforms import IntegerField, SelectField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import Length, Optional, ValidationError

from core.forms import Form, LineField
from voting.counting.ranking import pack_ranking
from voting.models import Contest, Option
from voting.paper_keys import LONGEST_LINE, KeyFault, Reading, Spoiled, read_numbers


def spoiled_words() -> dict[str, str]:
    """Why a paper is spoiled, in words."""
    return {
        Spoiled.BLANK: gettext("Nothing is marked"),
        Spoiled.UNCLEAR: gettext("Cannot be read, or not clear"),
        Spoiled.TOO_FEW: gettext("Fewer ranks than the paper asks for"),
        Spoiled.NAMED: gettext("Bears a name or another sign of a person"),
    }


class KeyForm(Form):
    """One paper. `reading` is what it says, once validated."""

    paper = IntegerField(validators=[Optional()], default=1)
    ranks = StringField(
        lazy_gettext("Numbers in the order of the ranks"),
        [Length(max=LONGEST_LINE)],
        description=lazy_gettext(
            "First choice first, with a blank between: 4 12 7. Pass over an empty box; a number"
            " that stands twice counts at its first place."
        ),
    )
    spoiled = SelectField(
        lazy_gettext("Or the paper is spoiled"),
        description=lazy_gettext("Choose why, and leave the numbers empty."),
    )

    def __init__(self, contest: Contest, options: list[Option], **kwargs: Any) -> None:
        """`options` stand in the order of the paper: the first has number 1."""
        super().__init__(**kwargs)
        self.contest, self.options = contest, options
        self.reading = Reading(None)
        reasons = {"": gettext("It is not"), **spoiled_words()}
        self.spoiled.choices = [SelectChoice(code, words) for code, words in reasons.items()]

    def validate_ranks(self, field: StringField) -> None:
        typed, spoiled = (field.data or "").strip(), self.spoiled.data or ""
        if spoiled:
            if typed:
                raise ValidationError(
                    gettext("A paper is spoiled, or has ranks. Empty one of the two.")
                )
            self.reading = Reading(None, spoiled)
            return
        least, most = self.contest.min_length, self.contest.max_length
        read = read_numbers(typed, len(self.options), least, most)
        if isinstance(read, tuple):
            raise ValidationError(self._sentence(*read))
        by_number = sorted(self.options, key=lambda option: option.number)
        refs = [self.options[number - 1].ref for number in read]
        self.reading = Reading(pack_ranking(refs, [option.ref for option in by_number]))

    def _sentence(self, fault: KeyFault, number: int) -> str:
        if fault is KeyFault.NOT_ON_PAPER:
            return gettext(
                "There is no number %(number)s on this paper: it ends with %(last)s. Pass over a"
                " box that says so.",
                number=number,
                last=len(self.options),
            )
        if fault is KeyFault.TOO_MANY:
            return gettext("This paper has room for %(most)s ranks.", most=self.contest.max_length)
        if fault is KeyFault.TOO_FEW:
            return gettext(
                "A valid paper ranks at least %(least)s. If this one does not, it is spoiled.",
                least=self.contest.min_length,
            )
        return gettext("Type the numbers, such as 4 12 7, or choose why the paper is spoiled.")


class SettleForm(KeyForm):
    """What both see on a paper that they had read differently."""

    why = LineField(
        lazy_gettext("Why"),
        longest=300,
        description=lazy_gettext("What you both see on the paper. It goes into the record."),
    )
