"""What a clerk sends of the register and of letters."""

from flask_babel import lazy_gettext
from flask_wtf.file import FileField
from wtforms import BooleanField

from core.forms import Form, LineField


class RegisterForm(Form):
    """A file of the register."""

    file = FileField(lazy_gettext("File of the register"))


class EntryForm(Form):
    """The clerk's word that a register is entered."""

    take_off = BooleanField(lazy_gettext("Take whoever left the register off the roll"))


class AgainForm(Form):
    """Why a batch is printed once more."""

    reason = LineField(lazy_gettext("Reason"), longest=200)


class DeskForm(Form):
    """Whose code is handed out at the desk."""

    register_id = LineField(
        lazy_gettext("Number in the register"),
        longest=100,
        render_kw={"autocomplete": "off", "spellcheck": "false", "value": ""},
    )


class VoidForm(Form):
    """Which letter opens nothing any more, and why."""

    number = LineField(
        lazy_gettext("Number of the letter"),
        longest=40,
        render_kw={"autocomplete": "off", "spellcheck": "false"},
    )
    reason = LineField(lazy_gettext("Reason"), longest=200)
