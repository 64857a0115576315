"""Counting: from a published file of ballots to the funded options, with every step on record.

This package is pure: NumPy and the standard library, no web, no database, no other room. Money
is an integer number of hundredths of the currency unit or of finer parts, points are integers, and
no outcome ever depends on a float, on the order of the ballots, on the clock or on hashing.

    contest, ballots = read_pb("krakow.pb.gz")
    result = count(contest, ballots)
    result.funded          # ids in funding order
    result.stages          # one record per option, in the order of their turns
    explain(contest, result)

Contests without money, where candidates are ranked for seats, are counted by the package
`voting.counting.seats`.

`recount.py` at the repository's root, and `recount_seats.py` for seats, are second implementations
that share no line with this one; both must agree on every published file.
"""

from voting.counting.alternatives import Alternative, alternatives
from voting.counting.ballots import Ballots
from voting.counting.contest import Contest, Option
from voting.counting.counts import Count, count
from voting.counting.csv_files import read_csv, write_csv
from voting.counting.districts import District, districts_of
from voting.counting.errors import CountingError, MalformedFile, TooLarge, UnknownRule
from voting.counting.explanations import Explanation, explain
from voting.counting.file_warnings import FileWarning
from voting.counting.files import read, read_file
from voting.counting.json_files import read_json, write_json
from voting.counting.pb_reader import Reading, read_pb, read_rank_table
from voting.counting.pb_writer import write_pb, write_rank_table
from voting.counting.rank_table import RankTable
from voting.counting.ranking import (
    RankingFault,
    normalise_ranking,
    pack_ranking,
    unpack_ranking,
)
from voting.counting.rules import RULES, Record, Rule, Stage, choose_rule, find_rule
from voting.counting.rules.ties import lot_order
from voting.counting.statistics import DistrictShare, GroupShare, Statistics, statistics
from voting.counting.voters_columns import Homes, read_districts, read_homes

__all__ = [
    "RULES",
    "Alternative",
    "Ballots",
    "Contest",
    "Count",
    "CountingError",
    "District",
    "DistrictShare",
    "Explanation",
    "FileWarning",
    "GroupShare",
    "Homes",
    "MalformedFile",
    "Option",
    "RankTable",
    "RankingFault",
    "Reading",
    "Record",
    "Rule",
    "Stage",
    "Statistics",
    "TooLarge",
    "UnknownRule",
    "alternatives",
    "choose_rule",
    "count",
    "districts_of",
    "explain",
    "find_rule",
    "lot_order",
    "normalise_ranking",
    "pack_ranking",
    "read",
    "read_csv",
    "read_districts",
    "read_file",
    "read_homes",
    "read_json",
    "read_pb",
    "read_rank_table",
    "statistics",
    "unpack_ranking",
    "write_csv",
    "write_json",
    "write_pb",
    "write_rank_table",
]
