"""What an officer types to take a ballot out after an objection."""

from collections.abc import Sequence

from flask_babel import lazy_gettext
from wtforms import SelectField
from wtforms.fields.choices import SelectChoice

from core.forms import LineField
from voting.forms.papers import PersonForm
from voting.models import Contest


class ObjectionForm(PersonForm):
    """Whose ballot, in which contest, and the reason, which must name nobody."""

    contest = SelectField(lazy_gettext("Ballot"))
    reason = LineField(
        lazy_gettext("Reason"),
        longest=300,
        description=lazy_gettext(
            "Everybody reads it, so it must name nobody: such as “A person stood on the roll"
            " twice, and voted twice.”"
        ),
    )

    def offer(self, contests: Sequence[Contest]) -> None:
        self.contest.choices = [SelectChoice(each.ref, each.title) for each in contests]
