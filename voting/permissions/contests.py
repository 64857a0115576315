"""When an officer may set up, change and fill a contest, and announce its round."""

from collections.abc import Sequence
from datetime import datetime

from flask_babel import gettext, ngettext

from budgets.models import Round
from budgets.permissions import why_not_change_round, why_not_manage_rounds
from core.actors import Actor
from core.i18n import number
from core.refusals import Refusal
from proposals.models import Proposal
from voting.models import Contest
from voting.rule_parameters import projects_named

MOST_OPTIONS = 1_000


def why_not_change_contest(actor: Actor | None, contest: Contest, at: datetime) -> Refusal | None:
    """Words, limits, rule and options can be changed until the first ballot was cast."""
    refusal = why_not_change_round(actor, contest.round, at)
    if refusal is not None:
        return refusal
    if contest.sealed_at is None:
        return None
    return Refusal(
        "sealed",
        409,
        gettext("The ballots of this contest are sealed, so its settings stay as they are."),
        gettext("Nothing was changed. What is wrong now must be put right in the next round."),
    )


def why_not_hand_over(
    actor: Actor | None, contest: Contest, proposals: Sequence[Proposal], at: datetime
) -> Refusal | None:
    """All proposals found feasible go on the paper together, or none does."""
    refusal = why_not_change_contest(actor, contest, at)
    if refusal is not None:
        return refusal
    if not contest.min_length <= len(proposals) <= MOST_OPTIONS or not proposals:
        return _wrong_number(contest, len(proposals))
    dear = [each.title for each in proposals if each.cost_minor > contest.budget_minor]
    if dear:
        return _wrong_costs(
            gettext(
                "These proposals cost more than the whole pot “%(pot)s” and could never win:",
                pot=contest.title,
            ),
            dear,
        )
    free = [each.title for each in proposals if each.cost_minor <= 0]
    if free:
        return _wrong_costs(gettext("These proposals have no cost:"), free)
    on_paper = {each.code or each.ref for each in proposals}
    gone = [ref for ref in projects_named(contest.rule_parameters) if ref not in on_paper]
    return _named_by_rule(contest, gone) if gone else None


def why_not_announce_round(
    actor: Actor | None, round_: Round, missing: Sequence[str], at: datetime
) -> Refusal | None:
    """A round is announced once all that residents need to know of it is there."""
    refusal = why_not_manage_rounds(actor)
    if refusal is not None:
        return refusal
    if round_.announced_at is not None and round_.announced_at <= at:
        return Refusal(
            "announced", 409, gettext("This round was announced already. Everybody can read it.")
        )
    if not missing:
        return None
    return Refusal(
        "incomplete",
        409,
        gettext("The round cannot be announced yet. Still missing: %(items)s", items=missing[0])
        if len(missing) == 1
        else gettext("The round cannot be announced yet. %(n)s things are missing.",
                     n=number(len(missing))),
        gettext("The checklist names each, with a link to where it is put right."),
    )  # fmt: skip


def why_not_discard_round(
    actor: Actor | None, round_: Round, at: datetime, *, has_proposals: bool
) -> Refusal | None:
    """A round can be discarded while nobody but officers has seen it, and nothing stands in it."""
    refusal = why_not_manage_rounds(actor)
    if refusal is not None:
        return refusal
    if round_.announced_at is not None:
        sentence = gettext("“%(round)s” is announced, so it stays.", round=round_.name)
        next_step = gettext("Nothing was changed. Until the first ballot it can be put right.")
        return Refusal("announced", 409, sentence, next_step)
    if not has_proposals:
        return why_not_change_round(actor, round_, at)
    sentence = gettext("Proposals were brought into “%(round)s”, so it stays.", round=round_.name)
    return Refusal("has_proposals", 409, sentence, gettext("Nothing was changed."))


def _wrong_number(contest: Contest, found: int) -> Refusal:
    if found > MOST_OPTIONS:
        sentence = gettext(
            "“%(pot)s” has %(n)s proposals; a paper holds at most %(most)s.",
            pot=contest.title, n=number(found), most=number(MOST_OPTIONS),
        )  # fmt: skip
    elif found == 0:
        sentence = gettext("No proposal of “%(pot)s” was found feasible yet.", pot=contest.title)
    else:
        sentence = ngettext(
            "“%(pot)s” has only %(num)s feasible proposal, fewer than a ballot must rank.",
            "“%(pot)s” has only %(num)s feasible proposals, fewer than a ballot must rank.",
            found,
            pot=contest.title,
        )
    next_step = gettext("Nothing was put on the paper. Finish the review of proposals first.")
    return Refusal("wrong_number", 409, sentence, next_step)


def _named_by_rule(contest: Contest, gone: Sequence[str]) -> Refusal:
    sentence = gettext(
        "The counting rule of “%(pot)s” names %(ids)s, not among the feasible proposals now.",
        pot=contest.title,
        ids=", ".join(gone[:5]) + (", …" if len(gone) > 5 else ""),
    )
    next_step = gettext("Nothing was put on the paper. Change the settings of its rule first.")
    return Refusal("named_by_rule", 409, sentence, next_step)


def _wrong_costs(sentence: str, titles: Sequence[str]) -> Refusal:
    named = "; ".join(titles[:5]) + ("; …" if len(titles) > 5 else "")
    next_step = gettext("Nothing was put on the paper. Correct their costing in the review first.")
    return Refusal("wrong_costs", 409, f"{sentence} {named}.", next_step)
