"""What an officer types to extend the voting."""

from flask_babel import lazy_gettext

from core.forms import Form, LineField, MomentField


class ExtensionForm(Form):
    """The new end, and the reason that everybody will read."""

    until = MomentField(lazy_gettext("Voting ends"))
    reason = LineField(
        lazy_gettext("Reason"),
        longest=300,
        description=lazy_gettext(
            "Everybody reads it on the page of the round, such as “The site was down on Sunday.”"
        ),
    )
