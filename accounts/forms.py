"""The shape of what people type about themselves."""

from collections.abc import Sequence
from typing import Any

from flask import current_app
from flask_babel import gettext, lazy_gettext
from flask_security.forms import LoginForm, VerifyForm
from wtforms import BooleanField, HiddenField, PasswordField, StringField
from wtforms.validators import Length, ValidationError

from accounts import names, passwords
from accounts.addresses import WrongAddress, normalise_address
from core.forms import Filled, Form, LineField
from core.refusals import Refusal

MARKS = {"autocapitalize": "none", "spellcheck": "false"}


class AddressField(StringField):
    """An e-mail address; once validated, in its one spelling."""

    data: Any

    def __init__(self, label: Any, **kwargs: Any) -> None:
        looks = {"type": "email", "autocomplete": "email", **MARKS}
        super().__init__(label, [Filled()], render_kw=looks, **kwargs)

    def pre_validate(self, form: Any) -> None:
        if not (self.data or "").strip():
            return
        try:
            self.data = normalise_address(self.data or "")
        except WrongAddress:
            raise ValidationError(
                gettext("Write a whole e-mail address, such as name@example.org.")
            ) from None


class NewPasswordField(PasswordField):
    """A password to be. `about` names what it must not be made of."""

    def __init__(self, label: Any, **kwargs: Any) -> None:
        super().__init__(label, [Filled()], render_kw={"autocomplete": "new-password"}, **kwargs)
        self.about: Sequence[str] = ()

    def post_validate(self, form: Any, validation_stopped: bool) -> None:
        if validation_stopped:
            return
        weakness = passwords.password_weakness(self.data or "", about=self.about)
        if weakness is not None:
            raise ValidationError(password_sentence(weakness))


class NameField(LineField):
    """The name that others see."""

    def __init__(self, label: Any, **kwargs: Any) -> None:
        looks = {"autocomplete": "nickname"}
        super().__init__(label, longest=names.LONGEST, render_kw=looks, **kwargs)

    def post_validate(self, form: Any, validation_stopped: bool) -> None:
        if validation_stopped:
            return
        settings = current_app.config["SETTINGS"]
        mistake = names.name_mistake(
            self.data or "", offices=(settings.site_name, settings.city_name)
        )
        if mistake is not None:
            raise ValidationError(name_sentence(mistake))


class RegistrationForm(Form):
    """A name, an address, a password. `website` is seen by machines only."""

    display_name = NameField(lazy_gettext("Your name here"))
    email = AddressField(lazy_gettext("E-mail address"))
    password = NewPasswordField(lazy_gettext("Password"))
    website = StringField()

    def validate(self, extra_validators: Any = None) -> bool:
        self.password.about = (self.display_name.data or "", self.email.data or "")
        return bool(super().validate(extra_validators))


class AddressForm(Form):
    """Where a mail shall be sent."""

    email = AddressField(lazy_gettext("E-mail address"))


class NewPasswordForm(Form):
    """A new password, by a link in a mail."""

    password = NewPasswordField(lazy_gettext("New password"))


class ChangePasswordForm(Form):
    """The password so far, and the new one."""

    current = PasswordField(
        lazy_gettext("Password so far"),
        [Filled(), Length(max=passwords.LONGEST)],
        render_kw={"autocomplete": "current-password"},
    )
    password = NewPasswordField(lazy_gettext("New password"))


class ErasureForm(Form):
    """The password, before everything goes."""

    password = PasswordField(
        lazy_gettext("Your password"),
        [Filled(), Length(max=passwords.LONGEST)],
        render_kw={"autocomplete": "current-password"},
    )


class NameForm(Form):
    """Another name."""

    display_name = NameField(lazy_gettext("Your name here"))


class SignInForm(Form, LoginForm):
    """The library's sign-in form, saying one thing whatever was wrong."""

    email = AddressField(lazy_gettext("E-mail address"))
    password = PasswordField(
        lazy_gettext("Password"),
        [Filled(), Length(max=passwords.LONGEST)],
        render_kw={"autocomplete": "current-password"},
    )
    remember = BooleanField(lazy_gettext("Keep me signed in on this device for 30 days"))
    next = HiddenField()
    submit = None
    unconfirmed = False

    def validate(self, **kwargs: Any) -> bool:
        if self.email.data and self.password.data and LoginForm.validate(self, **kwargs):
            self.unconfirmed = getattr(self.user, "confirmed_at", None) is None
            if self.unconfirmed:
                self.refused(address_not_confirmed())
            return not self.unconfirmed
        if self.email.data and self.password.data:
            self._say_one_thing()
            return False
        return bool(Form.validate(self, **kwargs))

    def validate_next(self, field: Any) -> None:
        """The library looks once more; here an address elsewhere is forgotten without a word."""
        if not is_local_path(field.data):
            field.data = ""

    def _say_one_thing(self) -> None:
        for field in self:
            field.errors = []
        self.form_errors: list[str] = []
        self.refused(wrong_sign_in())


class AskAgainForm(Form, VerifyForm):
    """The password once more, before something that matters."""

    password = PasswordField(
        lazy_gettext("Password"),
        [Filled(), Length(max=passwords.LONGEST)],
        render_kw={"autocomplete": "current-password"},
    )
    next = HiddenField()
    submit = None

    def validate(self, **kwargs: Any) -> bool:
        if VerifyForm.validate(self, **kwargs):
            return True
        if self.password.data:
            self.password.errors = [gettext("This is not your password.")]
        return False

    def validate_next(self, field: Any) -> None:
        if not is_local_path(field.data):
            field.data = ""


class CodeForm(Form):
    """Six digits that an authenticator app shows."""

    code = StringField(
        lazy_gettext("Code from your app"),
        [Filled(), Length(max=20)],
        render_kw={"autocomplete": "one-time-code", "inputmode": "numeric", "value": "", **MARKS},
    )


class RecoveryForm(Form):
    """One of the codes on paper."""

    recovery_code = StringField(
        lazy_gettext("Recovery code"),
        [Filled(), Length(max=100)],
        render_kw={"autocomplete": "off", "value": "", **MARKS},
    )


def is_local_path(path: str | None) -> bool:
    """Whether an address leads to a page of ours, for every browser's way of reading it."""
    if not path or not path.startswith("/") or path[1:2] in {"/", "\\"}:
        return False
    return all(sign.isprintable() and sign != "\\" for sign in path)


def password_sentence(weakness: str) -> str:
    sentences = {
        "short": gettext("Use at least 8 characters. A few words in a row are easy to remember."),
        "long": gettext("This password is too long. 200 characters are more than enough."),
        "common": gettext(
            "This password is one of those that are tried first. "
            "Choose another, such as a few words that do not belong together."
        ),
        "personal": gettext("This is your name or address. Choose what others cannot guess."),
    }
    return sentences[weakness]


def name_sentence(mistake: str) -> str:
    sentences = {
        "empty": gettext("Write the name that others shall see."),
        "long": gettext("Use %(max)d characters at most.", max=names.LONGEST),
        "letters": gettext("A name needs at least one letter."),
        "office": gettext(
            "This name could be taken for the town hall's. Choose one that is your own."
        ),
    }
    return sentences[mistake]


def wrong_sign_in() -> Refusal:
    """The same for a wrong password, an unknown address and a closed account."""
    return Refusal(
        "wrong_sign_in",
        422,
        gettext("The e-mail address or the password is not right."),
        gettext("Look at both again. If you forgot the password, you can choose a new one."),
    )


def address_not_confirmed() -> Refusal:
    return Refusal(
        "address_not_confirmed",
        422,
        gettext("Your e-mail address is not confirmed yet."),
        gettext("Open the link in the mail that we sent you, or have it sent again below."),
    )
