"""Contests without money: a name, a plan, a citizens' jury, filled from ranked papers.

Its own package beside the rules about money, with its own words: a race has candidates and seats,
papers have ranks, and a count of them is an election.

    race, papers = read_blt("jury.blt")
    election = elect(race, papers, "scottish-stv")
    election.elected       # ids in the order of their election
    election.stages        # the tallies after every transfer
    explain(election)      # why each candidate was elected or not, and what would have changed it
"""

from voting.counting.seats.alternatives import other_elections
from voting.counting.seats.blt import read_blt, write_blt
from voting.counting.seats.counts import elect
from voting.counting.seats.election import Election, Outcome, Pair, Pairwise, Stage
from voting.counting.seats.explanations import Explanation, explain
from voting.counting.seats.files import race_of_contest, read_race
from voting.counting.seats.papers import Papers
from voting.counting.seats.preflib import read_preflib, write_preflib
from voting.counting.seats.race import Candidate, Race
from voting.counting.seats.rules import SEAT_RULES, SeatRule, find_seat_rule
from voting.counting.seats.statistics import VotersFigures, first_preferences, voters_figures
from voting.counting.seats.ties import Tie

__all__ = [
    "SEAT_RULES",
    "Candidate",
    "Election",
    "Explanation",
    "Outcome",
    "Pair",
    "Pairwise",
    "Papers",
    "Race",
    "SeatRule",
    "Stage",
    "Tie",
    "VotersFigures",
    "elect",
    "explain",
    "find_seat_rule",
    "first_preferences",
    "other_elections",
    "race_of_contest",
    "read_blt",
    "read_preflib",
    "read_race",
    "voters_figures",
    "write_blt",
    "write_preflib",
]
