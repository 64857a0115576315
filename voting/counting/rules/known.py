"""All rules that can be counted by, in the order in which they are offered."""

from voting.counting.rules.approvals import APPROVALS
from voting.counting.rules.equal_shares.rule import EQUAL_SHARES
from voting.counting.rules.points import POINTS
from voting.counting.rules.points_by_rank import POINTS_BY_RANK
from voting.counting.rules.rule import Rule

RULES: dict[str, Rule] = {
    rule.name: rule for rule in (POINTS_BY_RANK, APPROVALS, POINTS, EQUAL_SHARES)
}
