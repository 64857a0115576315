"""One function for each civic act on a proposal. The acts that upper rooms call stand here."""

from proposals.services.imports import ImportedProposal, import_proposals
from proposals.services.outcomes import put_on_ballot, settle_outcome

__all__ = ["ImportedProposal", "import_proposals", "put_on_ballot", "settle_outcome"]
