"""Who may plan meetings and who may sign up."""

from datetime import datetime

from flask_babel import gettext

from core.actors import Actor, acts_as
from core.refusals import Refusal
from engagement.models import Meeting

PLANNERS = ("moderator", "officer", "administrator")


def may_plan(actor: Actor | None) -> bool:
    return acts_as(actor, *PLANNERS)


def why_not_change_meeting(actor: Actor | None, meeting: Meeting, at: datetime) -> Refusal | None:
    if not may_plan(actor):
        return Refusal("not_planner", 403, gettext("Only staff plan meetings."))
    if meeting.cancelled_at is not None:
        return Refusal("cancelled", 409, gettext("This meeting is already cancelled."))
    if at >= meeting.ends_at:
        return Refusal("over", 409, gettext("This meeting is over. Nothing was changed."))
    return None


def why_not_sign_up(actor: Actor | None, meeting: Meeting, at: datetime) -> Refusal | None:
    if actor is None or not actor.is_authenticated:
        return Refusal("sign_in", 401, gettext("Sign in to take a seat."))
    if meeting.cancelled_at is not None:
        return Refusal("cancelled", 409, gettext("This meeting was cancelled. You have no seat."))
    if at >= meeting.starts_at:
        return Refusal("started", 409, gettext("This meeting has begun. Just walk in."))
    return None
