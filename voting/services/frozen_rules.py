"""Changing a rule of a vote after ballots were cast: by two officers, with a reason, in public.

The log gets a further manifest, which later ballots name. Who has a ballot in the box keeps it.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from flask import url_for
from flask_babel import gettext

from budgets import services as budgets
from core import audit
from core.actors import Actor
from core.approvals import Approval, TwoPersonAct
from core.database import db
from core.refusals import Refusal
from voting.change_words import changes_in_words
from voting.models import Contest
from voting.permissions.frozen_rules import why_not_change_rule_to
from voting.services.contests import choose_rule, contest_of, subject_of
from voting.services.log import renew_manifest
from voting.services.questions import choose_seat_rule

CHANGE_FROZEN_RULE = "change_frozen_rule"
SETTINGS = ("title", "budget_minor", "min_length", "max_length", "aggregate_below",
            "rule", "rule_parameters")  # fmt: skip


def frozen_rule_act() -> TwoPersonAct:
    """The act, for the room's front door."""
    return TwoPersonAct(
        CHANGE_FROZEN_RULE, "officer", _words, _settings_now, _why_not, _change, _page
    )


def standing_rules(contest: Contest) -> dict[str, Any]:
    """What can be changed so, as it is now. `options` are titles by ref, `total_minor` is the
    money of the whole round."""
    standing = {name: getattr(contest, name) for name in SETTINGS}
    standing["total_minor"] = contest.round.total_minor
    return standing | {"options": {each.ref: each.title for each in contest.options}}


def what_differs(contest: Contest, wanted: Mapping[str, Any]) -> dict[str, Any]:
    """Of what is wanted, what is not so already."""
    standing = standing_rules(contest)
    different = {
        name: value
        for name, value in wanted.items()
        if name != "options" and value != standing[name]
    }
    titles = standing["options"]
    worded = {ref: text for ref, text in wanted.get("options", {}).items() if titles[ref] != text}
    return different | ({"options": worded} if worded else {})


def _words(approval: Approval) -> str:
    contest = contest_of(approval)
    changes = approval.details["changes"]
    said = changes_in_words(_before(contest, changes), changes, contest.currency)
    title = gettext("Change the rules of “%(contest)s” while people vote.", contest=contest.title)
    return "\n".join([title, *said])


def _settings_now(approval: Approval) -> dict[str, Any]:
    return standing_rules(contest_of(approval))


def _why_not(actor: Actor | None, approval: Approval, at: datetime) -> Refusal | None:
    return why_not_change_rule_to(actor, contest_of(approval), approval.details["changes"], at)


def _change(approval: Approval, by: Actor, at: datetime) -> None:
    """Ballots under way are waited for; later ones are cast under the new manifest."""
    contest, changes = contest_of(approval), approval.details["changes"]
    contest = db.session.get_one(Contest, contest.id, with_for_update=True, populate_existing=True)
    before = _before(contest, changes)
    _apply(contest, changes, by, at)
    db.session.flush()
    if changes.keys() - {"total_minor"}:  # no ballot names the money of the whole round
        renew_manifest(contest)
    audit.record(
        CHANGE_FROZEN_RULE, subject_of(contest), by=by, at=at, reason=approval.reason,
        is_public=True, before=before, after=changes, currency=contest.currency,
    )  # fmt: skip


def _apply(contest: Contest, changes: Mapping[str, Any], by: Actor, at: datetime) -> None:
    for name in ("title", "min_length", "max_length", "aggregate_below"):
        if name in changes:
            setattr(contest, name, changes[name])
    round_ = contest.round
    if "total_minor" in changes:
        budgets.change_round(
            round_, name=round_.name, summary=round_.summary, currency=round_.currency,
            total_minor=changes["total_minor"], by=by, at=at,
        )  # fmt: skip
    if "budget_minor" in changes:
        contest.budget_minor = changes["budget_minor"]
        for pot in round_.pots:
            if pot.id == contest.pot_id:
                budgets.change_pot(pot, contest.budget_minor, by=by, at=at)
    if "rule" in changes or "rule_parameters" in changes:
        rule = changes.get("rule", contest.rule)
        parameters = changes.get("rule_parameters", contest.rule_parameters)
        choose = choose_seat_rule if contest.is_for_seats else choose_rule
        choose(contest, rule, parameters, by=by, at=at)
    for option in contest.options:
        option.title = changes.get("options", {}).get(option.ref, option.title)


def _before(contest: Contest, changes: Mapping[str, Any]) -> dict[str, Any]:
    """What stands now where something would change."""
    standing = standing_rules(contest)
    before = {name: standing[name] for name in changes if name != "options"}
    if "options" in changes:
        before["options"] = {ref: standing["options"][ref] for ref in changes["options"]}
    return before


def _page(approval: Approval) -> str:
    return url_for("voting.frozen_rules.edit", ref=approval.ref_of_subject)
