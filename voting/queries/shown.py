"""Which contests have so many ballots to publish that their rankings may leave the house."""

from voting.models import Contest
from voting.openings import are_enough_to_show
from voting.queries.log import sealed_rankings


def shows_rankings(contest: Contest) -> bool:
    """Whether the rankings of this contest may be seen, by everybody or by who tries a rule."""
    return are_enough_to_show(_ballots_to_publish(contest), contest.aggregate_below)


def _ballots_to_publish(contest: Contest) -> int:
    """Those in the box, but for those that rank only what was withdrawn."""
    return sealed_rankings(contest).total() if contest.withdrawn else contest.ballots_cast or 0
