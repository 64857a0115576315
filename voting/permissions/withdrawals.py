"""When an option may be taken off the ballot although people have ranked it."""

from datetime import datetime

from flask_babel import gettext

from core.actors import Actor
from core.refusals import Refusal
from voting.models import Contest
from voting.permissions.frozen_rules import why_not_change_frozen
from voting.rule_parameters import projects_named


def why_not_withdraw_option(
    actor: Actor | None, contest: Contest, ref: str, at: datetime
) -> Refusal | None:
    """While people vote, as long as enough is left to rank, and the rule does not name it."""
    refusal = why_not_change_frozen(actor, contest, at)
    if refusal is not None:
        return refusal
    on_paper = {each.ref for each in contest.options} - set(contest.withdrawn)
    if ref not in on_paper:
        return _refused("not_on_paper", gettext("That does not stand on this ballot paper."))
    if len(on_paper) <= max(contest.min_length, contest.seats or 1):
        return _refused("too_few_left", gettext("Too little would be left on the ballot to rank."))
    if not contest.is_for_seats and ref in projects_named(contest.rule_parameters):
        return _refused(
            "named_by_rule",
            gettext("The settings of the counting rule name it. Change them first, by two."),
        )
    return None


def _refused(code: str, sentence: str) -> Refusal:
    return Refusal(code, 422, sentence, gettext("Nothing was changed."))
