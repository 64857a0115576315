"""What a person types to show who she is. What she typed is shown back, to be compared."""

from flask_babel import lazy_gettext
from wtforms import StringField
from wtforms.validators import Length

from core.forms import Form

PLAIN = {"autocapitalize": "characters", "autocorrect": "off", "spellcheck": "false"}
ALONE = {"autocomplete": "off", **PLAIN}


class LetterForm(Form):
    """The code of a letter; what is wrong with it is said in words of its own."""

    code = StringField(
        lazy_gettext("Code of your letter"), [Length(max=200)], render_kw={**ALONE, "maxlength": 60}
    )
