"""What a person types to show who she is. What she typed is shown back, to be compared."""

from flask_babel import gettext, lazy_gettext
from wtforms import StringField
from wtforms.validators import Length

from core.forms import Filled, Form

PLAIN = {"autocapitalize": "characters", "autocorrect": "off", "spellcheck": "false"}
ALONE = {"autocomplete": "off", **PLAIN}


class LetterForm(Form):
    """The code of a letter; what is wrong with it is said in words of its own."""

    code = StringField(
        lazy_gettext("Code of your letter"), [Length(max=200)], render_kw={**ALONE, "maxlength": 60}
    )


class _RegisterIdForm(Form):
    """The number by which the register knows her, and what proves that it is she."""

    register_id = StringField(
        lazy_gettext("Number on the register of residents"),
        [Filled(), Length(max=200)],
        render_kw=ALONE,
    )

    def no_such_number(self) -> None:
        self.register_id.errors = [gettext("This cannot be a number of the register. Look again.")]


class ProofForm(_RegisterIdForm):
    """A number on a paper of hers; the town says on which."""

    proof = StringField(
        lazy_gettext("Number on your paper"), [Filled(), Length(max=200)], render_kw=ALONE
    )


class MobileForm(_RegisterIdForm):
    """The telephone that the register names."""

    mobile = StringField(
        lazy_gettext("Your mobile number"),
        [Filled(), Length(max=60)],
        render_kw={"type": "tel", "autocomplete": "tel", "spellcheck": "false"},
    )


class MobileCodeForm(Form):
    """The digits that arrived there."""

    code = StringField(
        lazy_gettext("Code from the message"),
        [Filled(), Length(max=40)],
        render_kw={"autocomplete": "one-time-code", "inputmode": "numeric", "spellcheck": "false"},
    )
