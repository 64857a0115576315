"""What can be typed in the forums."""

from typing import Any

from flask_babel import gettext, lazy_gettext
from wtforms import HiddenField, RadioField
from wtforms.validators import InputRequired, Length, ValidationError

from core import clock
from core.actors import Actor
from core.forms import Form, LineField, LongTextField, MomentField
from core.refs import new_ref
from forums.rules import rule_choices

LONGEST_POST = 5_000


class ReplyForm(Form):
    """A post."""

    source = LongTextField(lazy_gettext("Your comment"), longest=LONGEST_POST)
    form_key = HiddenField(validators=[Length(max=40)])


def reply_form_for(viewer: Actor) -> ReplyForm | None:
    """An empty form for who signed in; none for others, whose page then holds no token."""
    return ReplyForm(form_key=new_ref()) if viewer.is_authenticated else None


class ThreadForm(ReplyForm):
    """A topic with its first post."""

    title = LineField(lazy_gettext("Topic"), longest=150)


class RoundtableForm(Form):
    """A roundtable."""

    title = LineField(lazy_gettext("Title"), longest=150)
    question = LongTextField(lazy_gettext("The question"), longest=2_000)
    closes_at = MomentField(lazy_gettext("Open until"))

    def validate_closes_at(self, field: Any) -> None:
        if field.moment is not None and field.moment <= clock.now():
            raise ValidationError(gettext("Choose a time that is still to come."))


class ReasonForm(Form):
    """Why a moderator acts; shown in the public log."""

    reason = LongTextField(lazy_gettext("Reason"), longest=1_000)


class RuleForm(Form):
    """The rule that a post breaks."""

    rule = RadioField(
        lazy_gettext("Which rule does it break?"),
        validators=[InputRequired(lazy_gettext("Choose the rule."))],
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.rule.choices = rule_choices()


class HideForm(RuleForm):
    """Hiding a post: the rule and the reason, which the author gets and the log shows."""

    reason = LongTextField(lazy_gettext("Reason"), longest=1_000)


class FlagForm(RuleForm):
    """A resident's report."""

    note = LongTextField(
        lazy_gettext("What should the moderator know?"), longest=1_000, required=False
    )
