"""When a rule of a vote may be changed although ballots were cast: by two, never against them."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from flask_babel import gettext

from budgets.permissions import why_not_manage_rounds
from budgets.phases import PhaseKind
from core.actors import Actor
from core.i18n import money
from core.refusals import Refusal
from voting import rule_parameters as rules
from voting.counting import CountingError
from voting.counting.seats import find_seat_rule
from voting.models import Contest
from voting.offered import seat_rules_for


def why_not_change_frozen(actor: Actor | None, contest: Contest, at: datetime) -> Refusal | None:
    """From the first ballot on, while people vote. Before it one officer changes what she likes."""
    refusal = why_not_manage_rounds(actor)
    if refusal is not None:
        return refusal
    round_ = contest.round
    if round_.frozen_at is None and contest.sealed_at is None:
        sentence = gettext("Nobody has voted in this round yet, so its settings are still open.")
        next_step = gettext("Change them where they are set up.")
        return Refusal(
            "not_frozen",
            409,
            sentence,
            next_step,
            next_url=f"/staff/contests/{contest.ref}",
            next_label=gettext("To its settings"),
        )
    if contest.sealed_at is not None or not round_.is_in(PhaseKind.VOTING, at):
        sentence = gettext("Voting in this round is over, so its rules stay as they are.")
        next_step = gettext("Nothing was changed. What is wrong now must be told with the result.")
        return Refusal("voting_over", 409, sentence, next_step)
    return None


def why_not_change_rule_to(
    actor: Actor | None, contest: Contest, changes: Mapping[str, Any], at: datetime
) -> Refusal | None:
    """Nothing that was cast may become void, and nobody may see more than she was promised."""
    refusal = why_not_change_frozen(actor, contest, at)
    if refusal is not None:
        return refusal
    if not changes:
        return _refused("nothing_changed", gettext("Nothing is different from how it is now."))
    return _why_not_limits(contest, changes) or _why_not_countable(contest, changes)


def _why_not_limits(contest: Contest, changes: Mapping[str, Any]) -> Refusal | None:
    if changes.get("max_length", contest.max_length) < contest.max_length:
        return _refused(
            "fewer_ranks",
            gettext("Ballots that were cast may rank %(n)s. This cannot become fewer.",
                    n=contest.max_length),
        )  # fmt: skip
    if changes.get("min_length", contest.min_length) > contest.min_length:
        return _refused(
            "more_needed",
            gettext("Ballots that were cast may rank only %(n)s. A ballot cannot need more now.",
                    n=contest.min_length),
        )  # fmt: skip
    if changes.get("aggregate_below", contest.aggregate_below) < contest.aggregate_below:
        return _refused(
            "lower_threshold",
            gettext("Voters were promised that below %(n)s ballots no rankings are published."
                    " This cannot become fewer.", n=contest.aggregate_below),
        )  # fmt: skip
    standing = [each for each in contest.options if each.ref not in contest.withdrawn]
    dearest = max((each.cost_minor for each in standing), default=0)
    if changes.get("budget_minor", dearest) < dearest:
        return _refused(
            "pot_too_small",
            gettext("A proposal on the paper costs %(cost)s. It could never win such a pot.",
                    cost=money(dearest, contest.currency)),
        )  # fmt: skip
    return _why_not_pot(contest, changes)


def _why_not_pot(contest: Contest, changes: Mapping[str, Any]) -> Refusal | None:
    """All pots together stay within the money of the round, as when they were set up."""
    if not {"budget_minor", "total_minor"} & changes.keys():
        return None
    round_ = contest.round
    others = sum(pot.amount_minor for pot in round_.pots if pot.id != contest.pot_id)
    pots = others + changes.get("budget_minor", contest.budget_minor)
    total = changes.get("total_minor", round_.total_minor)
    if pots <= total:
        return None
    sentence = gettext(
        "The pots would hold %(pots)s together, but the round has only %(total)s.",
        pots=money(pots, contest.currency),
        total=money(total, contest.currency),
    )
    next_step = gettext(
        "Nothing was changed. Take money out of another pot first, or write here how much the whole"
        " round really has."
    )
    return Refusal("pots_too_large", 422, sentence, next_step)


def _why_not_countable(contest: Contest, changes: Mapping[str, Any]) -> Refusal | None:
    """The rule counts ballots of these limits, and names no project that is not on the paper."""
    rule = changes.get("rule", contest.rule)
    parameters = changes.get("rule_parameters", contest.rule_parameters)
    try:
        if contest.is_for_seats:
            _demand_seats(contest, rule, parameters)
        else:
            rules.check(rule, parameters, changes.get("max_length", contest.max_length))
            _demand_on_paper(contest, parameters)
    except CountingError as error:
        sentence = gettext("The counting rule does not go with this: %(why)s", why=error.sentence)
        return _refused("rule_in_the_way", sentence)
    return None


def _demand_seats(contest: Contest, rule: str, parameters: Mapping[str, Any]) -> None:
    find_seat_rule(rule).settle(parameters)
    if rule not in seat_rules_for(contest.seats or 1):
        raise CountingError(f"The rule {rule} fills one seat only.")


def _demand_on_paper(contest: Contest, parameters: Mapping[str, Any]) -> None:
    on_paper = {option.ref for option in contest.options} - set(contest.withdrawn)
    gone = [ref for ref in rules.projects_named(parameters) if ref not in on_paper]
    if gone:
        raise CountingError(f"It names {', '.join(gone[:5])}, not on the ballot paper.")


def _refused(code: str, sentence: str) -> Refusal:
    return Refusal(code, 422, sentence, gettext("Nothing was changed."))
