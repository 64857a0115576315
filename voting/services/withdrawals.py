"""Withdrawing an option while people vote: by two officers, with a reason, in public.

Ballots keep it and the order of the rest; the count passes it over, so that later choices move up.
"""

from datetime import datetime
from typing import Any

from flask import url_for
from flask_babel import gettext

from core import audit
from core.actors import Actor
from core.approvals import Approval, TwoPersonAct
from core.database import db
from core.refusals import Refusal
from voting.models import Contest, Option
from voting.permissions.withdrawals import why_not_withdraw_option
from voting.services.contests import contest_of, subject_of
from voting.services.log import renew_manifest

WITHDRAW_OPTION = "withdraw_option"


def withdrawal_act() -> TwoPersonAct:
    """The act, for the room's front door."""
    return TwoPersonAct(
        WITHDRAW_OPTION, "officer", _words, _withdrawn_now, _why_not, _withdraw, _page
    )


def _words(approval: Approval) -> str:
    option, contest = _option(approval), contest_of(approval)
    return gettext(
        "Withdraw “%(option)s” from the ballot “%(contest)s” while people vote.",
        option=option.title if option else "",
        contest=contest.title,
    )


def _withdrawn_now(approval: Approval) -> list[Any]:
    option = _option(approval)
    return [contest_of(approval).withdrawn, option.title if option else ""]


def _why_not(actor: Actor | None, approval: Approval, at: datetime) -> Refusal | None:
    return why_not_withdraw_option(actor, contest_of(approval), approval.details["option"], at)


def _withdraw(approval: Approval, by: Actor, at: datetime) -> None:
    """Ballots under way are waited for; later ones are cast under the new manifest."""
    contest, option = contest_of(approval), _option(approval)
    assert option is not None, "why_not_withdraw_option lets only options of the paper pass."
    db.session.refresh(contest, with_for_update={"of": Contest})
    contest.withdrawn = sorted([*contest.withdrawn, option.ref])
    db.session.flush()
    renew_manifest(contest)
    audit.record(
        WITHDRAW_OPTION, subject_of(contest), by=by, at=at, reason=approval.reason,
        is_public=True, option=option.ref, title=option.title,
    )  # fmt: skip


def _option(approval: Approval) -> Option | None:
    options = contest_of(approval).options
    return next((each for each in options if each.ref == approval.details["option"]), None)


def _page(approval: Approval) -> str:
    return url_for("voting.frozen_rules.edit", ref=approval.ref_of_subject)
