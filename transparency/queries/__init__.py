"""What may be read here. `publication_of` is the one gate: nothing of a count leaves before."""

from transparency.queries.publications import (
    DamagedPublication,
    contests_for_money,
    fetch_file,
    latest_publications,
    manifest_of,
    publication_of,
    published_contests,
    published_results,
    result_of,
)
from transparency.queries.round_page import ContestLine, RoundPage, round_page
from transparency.queries.rounds import ListedRound, list_rounds

__all__ = [
    "ContestLine",
    "DamagedPublication",
    "ListedRound",
    "RoundPage",
    "contests_for_money",
    "fetch_file",
    "latest_publications",
    "list_rounds",
    "manifest_of",
    "publication_of",
    "published_contests",
    "published_results",
    "result_of",
    "round_page",
]
