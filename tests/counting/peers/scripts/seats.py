"""Fills the seats of each race by pyrankvote and pref_voting; papers are plain rankings.

A race is {"candidates": n, "seats": k, "papers": [[numbers, copies], ...]}; the answer has, by the
name of our rule, whom the other program elects, or all whom it leaves tied.
"""

import json
import sys
from random import Random
from typing import Any

import pyrankvote
from pref_voting.margin_based_methods import beat_path, ranked_pairs
from pref_voting.profiles_with_ties import ProfileWithTies
from pref_voting.proportional_methods import stv_meek, stv_scottish


def answer(race: dict[str, Any]) -> dict[str, Any]:
    seats, size = race["seats"], race["candidates"]
    profile = ProfileWithTies(
        [{number: place for place, number in enumerate(order)} for order, _ in race["papers"]],
        rcounts=[copies for _, copies in race["papers"]],
        candidates=list(range(size)),
    )
    found: dict[str, Any] = {
        "scottish-stv": stv_scottish(profile, num_seats=seats, rng=Random(0)),
        "meek-stv": stv_meek(profile, num_seats=seats),
    }
    if seats == 1:
        found["irv"] = instant_runoff(race)
        profile.use_extended_strict_preference()
        found["matrix"] = [[profile.support(a, b) for b in range(size)] for a in range(size)]
        found["schulze"] = beat_path(profile, strength_function=profile.support)
        found["ranked-pairs"] = ranked_pairs(profile)
        found["winning-votes"] = ranked_pairs(profile, strength_function=profile.support)
    return found


def instant_runoff(race: dict[str, Any]) -> list[int]:
    people = [pyrankvote.Candidate(str(number)) for number in range(race["candidates"])]
    ballots = [
        pyrankvote.Ballot(ranked_candidates=[people[number] for number in order])
        for order, copies in race["papers"]
        for _ in range(copies)
    ]
    result = pyrankvote.instant_runoff_voting(people, ballots)
    return [int(winner.name) for winner in result.get_winners()]


json.dump([answer(race) for race in json.load(sys.stdin)], sys.stdout, default=int)
