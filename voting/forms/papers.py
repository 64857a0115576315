"""What the desk types: who stands there, why papers come back, the numbers of a batch."""

from flask_babel import lazy_gettext
from wtforms import HiddenField, SelectField, StringField
from wtforms.validators import InputRequired, Length

from core.forms import Filled, Form, LineField
from voting.forms.whole_number import whole_number
from voting.models import PaperBatch

MOST_PAPERS = 500


class PersonForm(Form):
    """The number on the document of the person at the desk. It is never shown back, nor kept."""

    register_id = StringField(
        lazy_gettext("Number on the register of residents"),
        [Filled(), Length(max=200)],
        description=lazy_gettext(
            "As it stands on the document. Blanks and hyphens do not matter. It is not kept."
        ),
        render_kw={"autocomplete": "off", "spellcheck": "false", "value": ""},
    )


class PapersForm(Form):
    """Papers for the person who was found a moment ago."""

    person = HiddenField()


class ReturnForm(Form):
    """Papers that come back unused, and why."""

    person = HiddenField()
    reason = LineField(
        lazy_gettext("Reason"),
        longest=200,
        description=lazy_gettext(
            "Such as: wants to vote at home, papers unmarked. It goes into the record, without"
            " a name."
        ),
    )


class WithdrawalForm(Form):
    """An approval that is taken back, and why."""

    reason = LineField(
        lazy_gettext("Reason"),
        longest=200,
        description=lazy_gettext("What was found. It goes into the record."),
    )


class BatchForm(Form):
    """The papers of one contest that one place handed out."""

    contest = SelectField(
        lazy_gettext("Contest"), [InputRequired(lazy_gettext("Choose a contest."))]
    )
    place = LineField(
        lazy_gettext("Place"),
        longest=120,
        description=lazy_gettext("Where these papers were handed out, such as: Town hall, room 3."),
    )
    issued = whole_number(
        lazy_gettext("Papers given to people"),
        MOST_PAPERS,
        lazy_gettext("One for each person who was given this paper here; exchanges not counted."),
        least=0,
        needed=True,
    )
    unused = whole_number(
        lazy_gettext("Not put into the box"),
        MOST_PAPERS,
        lazy_gettext("Given out and neither brought back nor in the box."),
        least=0,
        needed=True,
        default=0,
    )
    returned = whole_number(
        lazy_gettext("Brought back while voting was open"),
        MOST_PAPERS,
        lazy_gettext("Unmarked papers whose marks were taken back on the roll."),
        least=0,
        needed=True,
        default=0,
    )

    def show(self, batch: PaperBatch) -> None:
        """Fills the form with a batch as it is."""
        self.contest.data, self.place.data = batch.contest.ref, batch.place
        self.issued.data, self.unused.data = batch.issued, batch.unused
        self.returned.data = batch.returned
