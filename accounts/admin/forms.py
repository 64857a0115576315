"""The shape of what the staff types about others: residents, roles, an erasure on request."""

from flask_babel import lazy_gettext
from wtforms import SelectField, StringField
from wtforms.validators import InputRequired, Length

from core.forms import Filled, Form, LineField


class RegisterNumberForm(Form):
    """What a clerk reads off an identity document. The number is never shown back."""

    register_id = StringField(
        lazy_gettext("Number on the register of residents"),
        [Filled(), Length(max=200)],
        render_kw={"autocomplete": "off", "spellcheck": "false", "value": ""},
    )


class ResidencyForm(RegisterNumberForm):
    """Who somebody is, and where she lives."""

    district = SelectField(
        lazy_gettext("District"),
        [InputRequired(lazy_gettext("Choose the district of the address."))],
        validate_choice=True,
    )


class TakeBackForm(Form):
    """Why an account is not the person as whom it was confirmed."""

    why = LineField(lazy_gettext("Reason"), longest=200)


class TakeBackByNumberForm(RegisterNumberForm, TakeBackForm):
    """The same where only the person is known, and not which account stands in her name."""


class MoveForm(Form):
    """Another district, and why."""

    district = SelectField(
        lazy_gettext("New district"), [InputRequired(lazy_gettext("Choose a district."))]
    )
    reason = LineField(lazy_gettext("Reason"), longest=200)


class RoleForm(Form):
    """A role to give."""

    role = SelectField(lazy_gettext("Role"), [InputRequired(lazy_gettext("Choose a role."))])


class ErasureOnRequestForm(Form):
    """Why an administrator erases somebody's account."""

    reason = LineField(
        lazy_gettext("Reason"),
        longest=200,
        description=lazy_gettext(
            "Such as “by letter of 3 May”. No name: this stays in the record of the town."
        ),
    )
