"""What everybody may read of the acts about a round: extensions, destroyed keys and the like."""

from budgets.models import Round
from core import audit
from core.audit import AuditEntry
from voting.queries.contests import contests_of


def public_record(round_: Round) -> list[AuditEntry]:
    """The public entries of the trail about this round and its contests, as they were done."""
    subjects = [f"contest:{contest.ref}" for contest in contests_of(round_.id)]
    return audit.public_entries([f"round:{round_.ref}", *subjects])
