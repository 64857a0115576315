"""All rules that can be counted by, in the order in which they are offered."""

from voting.counting.rules.approvals import APPROVALS
from voting.counting.rules.budget_stv import BUDGET_STV
from voting.counting.rules.equal_shares.rule import EQUAL_SHARES
from voting.counting.rules.expanding_approvals import EXPANDING_APPROVALS
from voting.counting.rules.minimal_transfers import MINIMAL_TRANSFERS
from voting.counting.rules.phragmen import PHRAGMEN
from voting.counting.rules.points import POINTS
from voting.counting.rules.points_by_rank import POINTS_BY_RANK
from voting.counting.rules.rule import Rule

_OFFERED = (
    POINTS_BY_RANK,
    APPROVALS,
    POINTS,
    EQUAL_SHARES,
    EXPANDING_APPROVALS,
    BUDGET_STV,
    PHRAGMEN,
    MINIMAL_TRANSFERS,
)

RULES: dict[str, Rule] = {rule.name: rule for rule in _OFFERED}
