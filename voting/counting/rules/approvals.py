"""Approvals, greedy within the budget: the rule of Warszawa and of most votes by ticking."""

from voting.counting.rules.by_score import rule_by_score
from voting.counting.rules.texts import N_
from voting.counting.vote_types import TICKED

APPROVALS = rule_by_score(
    name="approvals",
    version="1",
    vote_types=TICKED,
    title=N_("Most votes first"),
    explanation=N_(
        "Each ballot gives one vote to every project it marks. The project with the most votes "
        "is funded first, then the next, and so on. A project that costs more than the money "
        "left is passed over and the next one has its turn. Projects with equal votes take their "
        "turns in an order that was published before voting. For example, with 100 to spend: the "
        "park has 50 votes and costs 70, the bridge 40 votes and 60, the benches 10 votes and 30. "
        "The park is funded and 30 is left. The bridge does not fit. The benches do, and nothing "
        "is left."
    ),
)
