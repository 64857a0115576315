"""The open data of a publication: files that anybody can read, check and count again.

Plain functions from what was counted to bytes; the same content always gives the same bytes. The
files speak English, whatever language the publishing officer reads.
"""

from transparency.exports.contest_files import PublishedInput, contest_files
from transparency.exports.election_files import ballots_file, election_files
from transparency.exports.feed import results_feed
from transparency.exports.round_files import RoundFacts, round_files

__all__ = [
    "PublishedInput",
    "RoundFacts",
    "ballots_file",
    "contest_files",
    "election_files",
    "results_feed",
    "round_files",
]
