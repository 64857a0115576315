"""How the ballots of a trial were counted, in plain sentences: also where they do not rank."""

from flask_babel import gettext

from core.i18n import percent
from voting.counting.vote_types import RANKED, TICKED
from voting.rule_parameters import Parameters
from voting.rule_words import (
    bounds_in_words,
    comparison_in_words,
    kept_in_words,
    settings_in_words,
)


def counted_in_words(
    rule: str, parameters: Parameters, currency: str, vote_type: str = RANKED
) -> list[str]:
    """One sentence for each setting of a rule on ballots of this kind, in the reader's language."""
    if vote_type == RANKED:
        return settings_in_words(rule, parameters, currency)
    if rule in ("approvals", "points"):
        said = [_score(vote_type), *_ending(parameters)]
    elif rule == "equal-shares":
        said = [_worth(parameters, vote_type), *_left_over(parameters)]
    else:
        said = _left_over(parameters)
    return said + bounds_in_words(rule, parameters, currency, {})


def _score(vote_type: str) -> str:
    if vote_type in TICKED:
        return gettext("A project has a point for every ballot that names it.")
    return gettext("A project has the sum of the points that the ballots give it.")


def _ending(parameters: Parameters) -> list[str]:
    if not parameters.get("no_skip"):
        return [gettext("A project that costs more than the money left is passed over.")]
    said = [gettext("Funding ends with the first project that costs more than the money left.")]
    if "top_up" in parameters:
        said.append(
            gettext(
                "That one is funded all the same if the money left covers at least %(percent)s of "
                "its cost.",
                percent=percent(parameters["top_up"], 100),
            )
        )
    return said


def _worth(parameters: Parameters, vote_type: str) -> str:
    words = {
        "cost": gettext("What a project is worth to a voter who names it: its cost."),
        "cardinality": gettext(
            "What a project is worth to a voter who names it: the same as any other."
        ),
        "points": gettext("What a project is worth to a voter: the points that she gave it."),
    }
    return words[parameters.get("utility", "cost" if vote_type in TICKED else "points")]


def _left_over(parameters: Parameters) -> list[str]:
    """What becomes of money that supporters leave; on these ballots it stays where nothing is
    said."""
    completion = parameters.get("completion", "none")
    said = []
    if completion.startswith("add1"):
        said.append(
            gettext(
                "All shares are raised by one unit of the currency and everything is bought anew, "
                "as long as the pot can pay for the outcome."
            )
        )
    if completion == "epsilon":
        said.append(
            gettext(
                "When no group of supporters can pay for another project, all voters help, first "
                "with the one that asks least of those who did not name it."
            )
        )
    if completion.endswith("greedy"):
        said.append(
            gettext(
                "Money that is left in the end is spent by points: the project with the most "
                "points that still fits comes first."
            )
        )
    if completion == "none":
        said.append(kept_in_words())
    return said + comparison_in_words(parameters)
