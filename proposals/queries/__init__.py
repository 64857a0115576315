"""What may be read of proposals, and by whom. What upper rooms ask for stands here."""

from proposals.queries.proposals import handed_over, paid_by_the_city, proposal_seen_by

__all__ = ["handed_over", "paid_by_the_city", "proposal_seen_by"]
