"""Races counted by the package are the same, tally by tally, as their definitions make them."""

from dataclasses import replace

import pytest
from hypothesis import given, settings

from tests.counting.seats.by_definition import Counted, instant_runoff, meek, scottish
from tests.counting.seats.races import Ranks, races
from voting.counting.seats import Papers, Race, elect

DEFINITIONS = {"irv": instant_runoff, "scottish-stv": scottish, "meek-stv": meek}


def counted(race: Race, marks: dict[Ranks, int], rule: str) -> Counted:
    election = elect(race, Papers.of_marks(marks.items()), rule)
    tallies = [dict(zip(race.ids, stage.tallies, strict=True)) for stage in election.stages]
    return election.elected, tallies


@pytest.mark.parametrize("rule", DEFINITIONS)
@settings(max_examples=80)
@given(example=races(plain=True))
def test_every_tally_of_every_stage_is_what_the_definition_says(
    rule: str, example: tuple[Race, dict[Ranks, int]]
) -> None:
    race, marks = example
    if rule == "irv":
        race = replace(race, seats=1)
    assert counted(race, marks, rule) == DEFINITIONS[rule](race, marks)
