"""Points by rank, greedy within the budget: the rule of Krakow and of most ranked city votes."""

from voting.counting.rules.by_score import rule_by_score
from voting.counting.rules.terms import RANKED_PARAMETERS
from voting.counting.rules.texts import N_
from voting.counting.vote_types import RANKED

POINTS_BY_RANK = rule_by_score(
    name="points-by-rank",
    version="1",
    vote_types=(RANKED,),
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
)
