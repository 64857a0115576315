"""Counts that others have published stage by stage, repeated to the last decimal.

The figures are those of the reference counts that Lundell's Droop, another program, has with its
tests. There ties go by the order of the candidates, the first one out; here the lot is turned so.

Springburn is a ward of Glasgow, whose council was elected on 3 May 2007 under the very Order. The
city published every paper; the candidates' names are those of the file.
"""

from pathlib import Path

from tests.counting.seats.races import count
from voting.counting.seats import Election, elect, read_race

RACES = Path(__file__).parents[2] / "data" / "races"
COMMITTEE = RACES / "committee-2005.blt"
FIRST = {"A": 6, "B": 3, "C": 8, "D": 22, "E": 2, "G": 33, "H": 1, "I": 1, "M": 18}


def committee(rule: str) -> Election:
    race, papers = read_race(COMMITTEE)
    lot = tuple(reversed(race.ids))
    return elect(type(race).build(race.title, race.candidates, 4, tie_order=lot), papers, rule)


def shown(election: Election, stage: int) -> dict[str, str]:
    """The tallies above zero at a stage, as decimals, by the names of the file."""
    names = [candidate.name or candidate.id for candidate in election.race.candidates]
    tallies = zip(names, decimals(election, stage), strict=True)
    return {name: tally for name, tally in tallies if float(tally)}


def decimals(election: Election, stage: int) -> list[str]:
    """All tallies at a stage in the order of the candidates."""
    unit = election.outcome.unit
    digits = len(str(unit)) - 1
    tallies = election.stages[stage - 1].tallies
    return [f"{tally // unit}.{tally % unit:0{digits}d}" for tally in tallies]


def letters(election: Election, ids: tuple[str, ...]) -> str:
    names = {candidate.id: candidate.name for candidate in election.race.candidates}
    return "".join(names[ref] for ref in ids)


def test_the_committee_by_scotlands_order() -> None:
    result = committee("scottish-stv")
    assert (len(result.papers), result.stages[0].quota) == (94, 1_900_000)
    assert shown(result, 1) == {name: f"{first}.00000" for name, first in FIRST.items()}
    assert "".join(letters(result, stage.of) for stage in result.stages) == "GDFJKLIEMBAH"
    surplus_of_g = {
        "A": "6.84848", "B": "3.42424", "C": "8.42424", "D": "22.00000", "E": "2.42424",
        "G": "19.00000", "H": "12.45448", "I": "1.42424", "M": "18.00000",
    }  # fmt: skip
    surplus_of_d = {
        "A": "7.80300", "B": "3.56060", "C": "9.24240", "D": "19.00000", "E": "2.69696",
        "G": "19.00000", "H": "12.72720", "I": "1.42424", "M": "18.54544",
    }  # fmt: skip
    nobodys = surplus_of_d
    without_i = {name: tally for name, tally in nobodys.items() if name != "I"} | {"H": "14.15144"}
    without_e = {
        "A": "8.80300", "B": "3.69696", "C": "9.24240", "D": "19.00000", "G": "19.00000",
        "H": "14.57568", "M": "19.68180",
    }  # fmt: skip
    surplus_of_m = {
        "A": "9.01084", "B": "3.95360", "C": "9.45496", "D": "19.00000", "G": "19.00000",
        "H": "14.57568", "M": "19.00000",
    }  # fmt: skip
    elected = {"D": "19.00000", "G": "19.00000", "M": "19.00000"}
    without_b = elected | {"A": "9.36448", "C": "10.59132", "H": "15.61032"}
    without_a = elected | {"C": "16.62204", "H": "16.59988"}
    without_h = elected | {"C": "18.59172"}
    assert [shown(result, number) for number in range(2, 14)] == [
        surplus_of_g, surplus_of_d, nobodys, nobodys, nobodys, nobodys,
        without_i, without_e, surplus_of_m, without_b, without_a, without_h,
    ]  # fmt: skip
    assert [stage.non_transferable for stage in result.stages[8:]] == [
        0, 472, 143_368, 377_788, 1_840_808,
    ]  # fmt: skip
    assert letters(result, result.elected) == "GDMC"
    assert letters(result, result.stages[12].filled) == "C"


def test_springburn_2007_elected_its_three_councillors_by_scotlands_order() -> None:
    race, papers = read_race(RACES / "springburn-2007.blt")
    result = elect(race, papers, "scottish-stv")
    assert (len(papers), race.seats, result.stages[0].quota) == (5_410, 3, 135_300_000)
    names = {candidate.id: (candidate.name or "").split()[-1] for candidate in race.candidates}
    assert [[names[ref] for ref in stage.of] for stage in result.stages] == [
        [], ["Stewart"], ["Todd"], ["Sawers"], ["Bean"],
    ]  # fmt: skip
    assert [[names[ref] for ref in stage.elected] for stage in result.stages] == [
        ["Stewart"], ["Todd"], [], [], ["Greene"],
    ]  # fmt: skip
    assert [decimals(result, number) for number in range(1, 6)] == [
        ["135.00000", "339.00000", "173.00000", "1300.00000", "134.00000", "85.00000",
         "135.00000", "1752.00000", "168.00000", "1189.00000"],
        ["139.78233", "351.75288", "176.41595", "1327.09987", "140.14871", "86.82184",
         "137.50503", "1353.00000", "176.88147", "1437.68116"],
        ["143.25032", "358.57632", "178.54502", "1336.33636", "143.75895", "88.39636",
         "138.78505", "1353.00000", "183.03308", "1353.00000"],
        ["144.60926", "362.87082", "203.47722", "1340.90962", "150.77236", "0.00000",
         "151.84395", "1353.00000", "186.33312", "1353.00000"],
        ["0.00000", "410.14226", "209.51745", "1374.08557", "162.73399", "0.00000",
         "154.90285", "1353.00000", "187.20642", "1353.00000"],
    ]  # fmt: skip
    assert [(stage.non_transferable, stage.lost) for stage in result.stages] == [
        (0, 0), (8_289_372, 1_704), (13_329_616, 2_238), (16_316_127, 2_238), (20_538_908, 2_238),
    ]  # fmt: skip


def test_the_committee_by_meeks_rule() -> None:
    result = committee("meek-stv")
    assert "".join(letters(result, stage.of) for stage in result.stages) == "GDFJKLIEMBA"
    settled = {
        "A": "8.006073598", "B": "3.232685848", "C": "9.408174589", "D": "18.800000609",
        "E": "2.759954125", "G": "18.800000299", "H": "13.000470959", "I": "1.435843893",
        "M": "18.556796080",
    }  # fmt: skip
    assert [shown(result, number) for number in range(2, 7)] == [settled] * 5
    second, last = result.stages[1], result.stages[10]
    assert (second.factors[3], second.factors[6]) == (837_944_884, 564_156_107)
    assert shown(result, 8) == {
        "A": "9.006073598", "B": "3.394740964", "C": "9.408174589", "D": "19.165213770",
        "G": "18.800000299", "H": "14.506945584", "M": "19.718851196",
    }  # fmt: skip
    assert shown(result, 10) == {
        "A": "10.204118384", "C": "11.498644230", "D": "18.789719457", "G": "18.789719396",
        "H": "15.876675538", "M": "18.789719467",
    }  # fmt: skip
    assert shown(result, 11) == {
        "C": "16.482212783", "D": "19.087429756", "G": "19.073682122", "H": "19.085721549",
        "M": "19.202438090",
    }  # fmt: skip
    assert (last.quota, last.non_transferable) == (18_586_296_861, 1_068_515_700)
    assert [last.factors[number] for number in (3, 6, 7, 12)] == [
        602_321_356, 491_875_685, 1_000_000_000, 667_516_215,
    ]  # fmt: skip
    assert letters(result, result.elected) == "GDMH", (
        "the last seat goes to H, and in Scotland to C"
    )


def test_the_example_of_voting_matters_12() -> None:
    """ "The computational accuracy using the Meek algorithm": three are tied but for rounding."""
    marks = {
        "A X": 333, "A Y": 333, "A Z": 333, "B X": 333, "B Y": 333, "B Z": 333, "X": 667,
        "Y": 667, "Z": 667, "A B X": 1, "A B Y": 1, "B A X": 2,
    }  # fmt: skip
    result = count("meek-stv", 3, marks, lot="ZYXBA")
    assert [shown(result, 2)[name] for name in "ABXYZ"] == [
        "1000.750000126", "1000.750000126", "667.166666686", "667.166666562", "667.166666500",
    ]  # fmt: skip
    third = result.stages[2]
    assert (third.of, third.ties[0].candidates) == (("X",), ("X", "Y", "Z"))
    assert shown(result, 3) == {
        "A": "800.584418564", "B": "800.584418564", "Y": "800.596982770", "Z": "800.556768208",
    }  # fmt: skip
    assert (third.quota, third.non_transferable) == (800_580_647_027, 800_677_411_894)
    assert third.factors[:2] == (799_464_312, 799_464_312)
    assert set(result.elected) == {"A", "B", "Y"}
