"""Points that voters share out, greedy within the budget: the rule of Katowice and Czestochowa."""

from voting.counting.rules.by_score import rule_by_score
from voting.counting.rules.texts import N_
from voting.counting.vote_types import POINTED

POINTS = rule_by_score(
    name="points",
    version="1",
    vote_types=POINTED,
    title=N_("Most points first"),
    explanation=N_(
        "Each ballot gives points to projects, as many to each as the voter wrote. All points are "
        "added up. The project with the most points is funded first, then the next, and so on. A "
        "project that costs more than the money left is passed over and the next one has its "
        "turn. Projects with equal points take their turns in an order that was published before "
        "voting. For example, with 100 to spend: the park has 50 points and costs 70, the bridge "
        "40 points and 60, the benches 10 points and 30. The park is funded and 30 is left. The "
        "bridge does not fit. The benches do, and nothing is left."
    ),
)
