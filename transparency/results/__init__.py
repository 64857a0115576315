"""A contest's result as one document: what is published of it, and what the pages show.

The document is canonical JSON of integers and strings. It is made once, at publication, from the
certified count and its checked explanations; every page reads the same bytes that readers can
download. The document has money in hundredths, as the counting; the pages in smallest units.
Contests without money have a document of their own.
"""

from transparency.results.election_documents import (
    read_election,
    read_published,
    write_election,
)
from transparency.results.elections import (
    BrokenTie,
    CandidateResult,
    ElectionResult,
    ElectionStage,
    PairwiseResult,
)
from transparency.results.other_rules import OtherRule, VotersFigures
from transparency.results.outcomes import ContestResult, OptionResult, StageResult, Support
from transparency.results.reading import UnreadableResult, read_document
from transparency.results.writing import Sandbox, write_document

__all__ = [
    "BrokenTie",
    "CandidateResult",
    "ContestResult",
    "ElectionResult",
    "ElectionStage",
    "OptionResult",
    "OtherRule",
    "PairwiseResult",
    "Sandbox",
    "StageResult",
    "Support",
    "UnreadableResult",
    "VotersFigures",
    "read_document",
    "read_election",
    "read_published",
    "write_document",
    "write_election",
]
