"""The words of Pabulib's format, in the order in which its checker wants them.

http://pabulib.org/format, as pabulib-checker 1.0.8 enforces it. Reader and writer both go by this.
"""

META_KEYS = (
    "description", "country", "unit", "district", "subunit", "instance", "num_projects",
    "num_votes", "budget", "vote_type", "rule", "date_begin", "date_end", "min_length",
    "max_length", "min_sum_cost", "max_sum_cost", "min_points", "max_points", "min_sum_points",
    "max_sum_points", "default_score", "min_project_cost", "max_project_cost",
    "min_project_score_threshold", "neighborhoods", "subdistricts", "categories", "edition",
    "language", "currency", "fully_funded", "experimental", "comment", "acknowledgments",
    "leftover_budget", "budget_per_category", "budget_per_neighborhood",
    "min_length_per_category", "max_length_per_category", "min_sum_cost_per_category",
    "max_sum_cost_per_category",
)  # fmt: skip
WANTED_KEYS = (
    "description", "country", "unit", "instance", "num_projects", "num_votes", "rule",
    "date_begin", "date_end",
)  # fmt: skip
"""What META must say beyond the budget and the vote_type, without which nothing is counted."""

PROJECT_COLUMNS = (
    "project_id", "cost", "votes", "score", "name", "category", "beneficiaries", "selected",
    "neighborhood", "subunit", "district", "description", "proposer", "public_id", "latitude",
    "longitude",
)  # fmt: skip
LISTS = ("category", "beneficiaries")
MAY_BE_EMPTY = (*LISTS, "latitude", "longitude")

VOTE_COLUMNS = (
    "voter_id", "vote", "points", "age", "sex", "voting_method", "district", "neighborhood",
    "education", "topic_preference_transport", "topic_preference_culture",
    "topic_preference_nature", "district_preference", "time_taken_seconds", "format_easiness",
    "format_expressiveness", "format_rank",
)  # fmt: skip

WITHDRAWN = 999_999_999
"""The cost, in whole units, of a project that was withdrawn when it was on the ballot."""


def in_order(found: list[str], order: tuple[str, ...]) -> bool:
    """Whether the words that the format knows stand in its order."""
    places = [order.index(word) for word in found if word in order]
    return places == sorted(places)
