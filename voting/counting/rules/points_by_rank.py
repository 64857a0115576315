"""Points by rank, greedy within the budget: the rule of Krakow and of most ranked city votes."""

from voting.counting.rules.greedy import fund_greedily, greedy_terms
from voting.counting.rules.rule import N_, Rule
from voting.counting.rules.terms import (
    GREEDY_NAMES,
    GREEDY_NICKNAMES,
    RANKED_PARAMETERS,
    check_terms,
)

POINTS_BY_RANK = Rule(
    name="points-by-rank",
    version="1",
    pabulib="greedy",
    vote_types=("ordinal",),
    title=N_("Points by rank"),
    explanation=N_(
        "Each ballot gives points to the projects it ranks. If it ranks three, its first choice "
        "gets 3 points, its second 2 and its third 1; if it ranks two, they get 2 and 1. All "
        "points are added up. The project with the most points is funded first, then the next, "
        "and so on. A project that costs more than the money left is passed over and the next "
        "one has its turn. Projects with equal points take their turns in an order that was "
        "published before voting. For example, with 100 to spend: the park has 50 points and "
        "costs 70, the bridge 40 points and 60, the benches 10 points and 30. The park is "
        "funded and 30 is left. The bridge does not fit. The benches do, and nothing is left."
    ),
    parameters=RANKED_PARAMETERS,
    run=fund_greedily,
    check=check_terms,
    names=GREEDY_NAMES,
    nicknames=GREEDY_NICKNAMES,
    terms=greedy_terms,
)
