"""A contest's result as one document: what is published of it, and what the pages show.

The document is canonical JSON of integers and strings. It is made once, at publication, from the
certified count and its checked explanations; every page reads the same bytes that readers can
download. The document has money in hundredths, as the counting; the pages in smallest units.
"""

from transparency.results.other_rules import OtherRule, VotersFigures
from transparency.results.outcomes import ContestResult, OptionResult, StageResult, Support
from transparency.results.reading import UnreadableResult, read_document
from transparency.results.writing import Sandbox, write_document

__all__ = [
    "ContestResult",
    "OptionResult",
    "OtherRule",
    "Sandbox",
    "StageResult",
    "Support",
    "UnreadableResult",
    "VotersFigures",
    "read_document",
    "write_document",
]
