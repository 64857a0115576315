"""What a rule's settings mean, in plain sentences: for the officer who chooses, and for everybody.

They say what holds, whether it was set or is what the rule usually does, so that whoever reads
them needs to know no defaults.
"""

from collections.abc import Mapping

from flask_babel import gettext

from core.i18n import number, percent
from voting.models import Contest
from voting.rule_parameters import Parameters
from voting.term_words import exclusive, limit_on, thresholds

_BY_SCORE = ("points-by-rank", "approvals", "points")
"""Rules of which equal scores are told apart by the tie order alone, where nothing is said."""


def settings_in_words(
    rule: str, parameters: Parameters, currency: str, titles: Mapping[str, str] | None = None
) -> list[str]:
    """One sentence for each setting of a rule, in the reader's language.

    `parameters` are a contest's, or those of a counted contest's document; `titles` are those of
    its options by id, for settings that name some.
    """
    if rule == "points-by-rank":
        said = [_scale(parameters), _ending(parameters)]
    elif rule == "equal-shares":
        said = [_utility(parameters), *_start(parameters), *_completion(parameters)]
        said.append(_scale(parameters))
    else:
        said = [_fill(parameters), _scale(parameters)]
    return said + bounds_in_words(rule, parameters, currency, titles or {})


def settings_of(contest: Contest) -> list[str]:
    """The same for a contest held here, with the titles of what stands on its paper."""
    titles = {option.ref: option.title for option in contest.options}
    return settings_in_words(contest.rule, contest.rule_parameters, contest.currency, titles)


def bounds_in_words(
    rule: str, parameters: Parameters, currency: str, titles: Mapping[str, str]
) -> list[str]:
    """What bounds projects and decides between equal ones: the same on every kind of ballots."""
    said = thresholds(parameters)
    said += [limit_on(limit, currency) for limit in parameters.get("limits", [])]
    said += [exclusive(group, titles) for group in parameters.get("exclusive", [])]
    said.append(ties_in_words(rule, parameters))
    return [*said, lot_in_words(parameters["seed"])] if "seed" in parameters else said


def ties_in_words(rule: str, parameters: Parameters) -> str:
    """What decides between projects that are equal, one way after the other."""
    usual = ("place",) if rule in _BY_SCORE else ("cheaper", "votes", "place")
    words = {
        "cheaper": gettext("the cheaper one"),
        "votes": gettext("the one that more ballots name"),
        "first_ranks": gettext("the one that more ballots rank first"),
        "lot": gettext("the one that the lot draws"),
        "place": gettext("the one that stands first in the contest’s tie order"),
    }
    ways = dict.fromkeys((*parameters.get("ties", usual), "place"))
    chain = gettext(", then ").join(words[way] for way in ways if way in words)
    return gettext("Between equal projects this one wins: %(chain)s.", chain=chain)


def lot_in_words(seed: str) -> str:
    """Where the lot among the ties comes from."""
    return gettext(
        "The lot was drawn before voting, and anybody can draw it again: the lowest SHA-256 of "
        "the seed %(seed)s, the word “ties” and the project’s id, each on a line, wins.",
        seed=seed,
    )


def kept_in_words() -> str:
    """What becomes of money where nothing spends what supporters leave."""
    return gettext("Money that no group of supporters can spend stays in the pot.")


def comparison_in_words(parameters: Parameters) -> list[str]:
    """That equal shares is compared with points alone, where it is."""
    if not parameters.get("comparison"):
        return []
    return [
        gettext(
            "If more ballots have more of their projects funded by points alone, that outcome is "
            "the result."
        )
    ]


def tie_order_in_words(tie_order: str) -> str:
    """How the tie order of a contest comes about; `tie_order` is one of voting.lots.TieOrder."""
    words = {
        "lot": gettext("The tie order was drawn by lot, from the seed that is published."),
        "listed": gettext("The tie order is that of the published list."),
        "cheaper": gettext("In the tie order the cheaper project is first, then the lot decides."),
        "drawn": gettext("The tie order was drawn by the city and came with the paper."),
    }
    unset = gettext("The tie order is set when the ballot paper is filled, before voting.")
    return words.get(tie_order, unset)


def idea(rule: str) -> str:
    """A rule in half a sentence."""
    ideas = {
        "equal-shares": gettext("Every voter decides about an equal part of the money."),
        "points-by-rank": gettext("Whatever has the most points comes first."),
        "expanding-approvals": gettext("Groups that agree get what their part of the money pays."),
        "budget-stv": gettext("A vote that is not needed moves on to the next choice."),
    }
    return ideas.get(rule, "")


def used_by(rule: str) -> str:
    """Who counts by this rule, where that is known; else empty."""
    known = {
        "points-by-rank": gettext("Kraków counts its citizens’ budget like this."),
        "equal-shares": gettext(
            "Wieliczka and Świecie in Poland, Aarau in Switzerland and Assen in the Netherlands "
            "have decided by equal shares, on other kinds of ballots."
        ),
    }
    return known.get(rule, "")


def _scale(parameters: Parameters) -> str:
    top = parameters.get("top")
    if parameters.get("scale") == "dowdall":
        return gettext(
            "A first choice counts whole, a second one half, a third one a third, and so on."
        )
    if parameters.get("scale") == "fixed" and top is not None:
        return gettext(
            "A first choice gets %(top)s points, a second one %(second)s, and so on, however many "
            "projects the ballot ranks.",
            top=number(top),
            second=number(top - 1),
        )
    if parameters.get("scale") == "fixed":
        return gettext(
            "A first choice gets as many points as a ballot has places, a second one a point less, "
            "and so on, however many projects the ballot ranks."
        )
    return gettext(
        "A ballot’s last choice gets 1 point, the one before it 2, and so on: of three choices "
        "they are 3, 2 and 1."
    )


def _ending(parameters: Parameters) -> str:
    if not parameters.get("no_skip"):
        return gettext(
            "A project that costs more than the money left is passed over, and the next one has "
            "its turn."
        )
    if "top_up" not in parameters:
        return gettext("Funding ends with the first project that costs more than the money left.")
    return gettext(
        "Funding ends with the first project that costs more than the money left; it is funded "
        "all the same if that money covers at least %(percent)s of its cost, and the rest comes "
        "from elsewhere.",
        percent=percent(parameters["top_up"], 100),
    )


def _utility(parameters: Parameters) -> str:
    words = {
        "rank-points-cost": gettext(
            "What a project is worth to a voter: her points by rank, times its cost."
        ),
        "rank-points": gettext(
            "What a project is worth to a voter: her points by rank, whatever it costs."
        ),
        "cost": gettext(
            "What a project is worth to a voter who ranks it: its cost, whatever its rank."
        ),
        "cardinality": gettext(
            "What a project is worth to a voter who ranks it: the same as any other."
        ),
        "points": gettext("What a project is worth to a voter: the points that she gave it."),
    }
    return words[parameters.get("utility", "rank-points-cost")]


def _start(parameters: Parameters) -> list[str]:
    """What every ballot begins with, where that is not simply its part of the pot."""
    raised = parameters.get("completion", "greedy").startswith("add1")
    start = parameters.get("start", "floor" if raised else "exact")
    if start == "floor":
        return [gettext("The first shares are rounded down to whole units of the currency.")]
    if raised:
        return [gettext("The first shares are exactly equal parts of the pot, not rounded.")]
    return []


def _completion(parameters: Parameters) -> list[str]:
    chosen = parameters.get("completion", "greedy")
    said = []
    if chosen.startswith("add1"):
        said.append(_add1(parameters))
    if chosen == "epsilon":
        said.append(
            gettext(
                "When no group of supporters can pay for another project, voters also help with "
                "projects that they did not rank; the one that asks least of them comes first."
            )
        )
    if chosen.endswith("greedy"):
        said.append(_fill(parameters))
    if chosen == "none":
        said.append(kept_in_words())
    return said + comparison_in_words(parameters)


def _add1(parameters: Parameters) -> str:
    if parameters.get("stop") == "exhaustive":
        return gettext(
            "All shares are raised by one unit of the currency and everything is bought anew, "
            "until nothing more fits into the pot or the projects would cost more than it."
        )
    return gettext(
        "All shares are raised by one unit of the currency and everything is bought anew, until "
        "the projects would cost more than the pot; the last outcome that it pays for holds."
    )


def _fill(parameters: Parameters) -> str:
    if parameters.get("completion") == "none":
        return kept_in_words()
    return gettext(
        "Money that is left in the end is spent by points by rank: the project with the most "
        "points that still fits comes first."
    )
