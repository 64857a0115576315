"""Amounts finer than hundredths are counted as they are, in thousandths or as fine as they need."""

import dataclasses
import hashlib
import io
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.counting.drawn_terms import RULES_OF, terms
from tests.counting.real_elections import ELECTIONS
from tests.counting.recount_files import VoteFile, vote_files
from tests.counting.shares import Small, by_definition
from voting.counting import (
    Ballots,
    Contest,
    Count,
    CountingError,
    MalformedFile,
    Option,
    Reading,
    count,
    explain,
    read,
    read_file,
    read_pb,
    write_csv,
    write_json,
    write_pb,
)
from voting.counting.__main__ import main

FINER = "An amount is finer than hundredths: all are counted in thousandths."
TEXT = """\
META
key;value
budget;100.001
vote_type;approval
rule;greedy
PROJECTS
project_id;cost
park;70.005
bridge;60
benches;29.996
VOTES
voter_id;vote
1;park,bridge
2;park
"""


def read_text(text: str) -> Reading:
    return read(io.BytesIO(text.encode()))


def counted(text: str, rule: str | None = None) -> Count:
    reading = read_text(text)
    return count(reading.contest, reading.ballots, rule)


def test_no_amount_is_rounded_until_it_fits() -> None:
    assert counted(TEXT).funded == ("park", "benches")
    assert counted(TEXT.replace("29.996", "29.997")).funded == ("park",)


def test_one_warning_tells_what_they_are_counted_in() -> None:
    reading = read_text(TEXT)
    contest, said = reading.contest, [str(each) for each in reading.warnings]
    assert (contest.decimals, contest.unit, contest.budget) == (3, 1000, 100_001)
    assert contest.costs == (70_005, 60_000, 29_996)
    assert [each for each in said if "finer" in each] == [f"Line 3: {FINER} (3 times)"]
    spare = read_text(TEXT.replace("100.001", "100.0010").replace(";60", ";60.000"))
    assert spare.contest == contest
    assert "Line 3: An amount has zeros behind its second decimal. (2 times)" in [
        str(each) for each in spare.warnings
    ]


@pytest.mark.parametrize(
    ("cost", "decimals", "words"),
    [
        ("70.0001", 4, "ten-thousandths"),
        ("70.000001", 6, "millionths"),
        ("70.0000001", 7, "parts of which 10^7 make a unit"),
        ("33333.333333333336", 12, "parts of which 10^12 make a unit"),
    ],
)
def test_the_finest_amount_decides(cost: str, decimals: int, words: str) -> None:
    reading = read_text(TEXT.replace("29.996", cost))
    assert reading.contest.decimals == decimals
    assert Fraction(reading.contest.costs[2], reading.contest.unit) == Fraction(cost)
    assert any(words in each.sentence for each in reading.warnings)


@pytest.mark.parametrize("amount", ["70.500", "70.5", "070.50", "70.50" + "0" * 5000])
def test_zeros_at_the_end_say_nothing(amount: str) -> None:
    text = TEXT.replace("100.001", "100").replace("70.005", amount).replace("29.996", "1")
    contest = read_text(text).contest
    assert (contest.decimals, contest.costs[0]) == (2, 7050)


@pytest.mark.parametrize(
    ("old", "new", "line", "word"),
    [
        ("100.001", "100000000000000.001", 3, "too much: in thousandths it has more than 17"),
        ("100.001", "1000000000000000", 3, "too much: in hundredths it has more than 17 digits"),
        (";60", ";100000000000000", 9, "project 'bridge' is too much: in thousandths, as fine as"),
        ("29.996", "0.000000000000001", 3, "The budget is too much: in parts of which 10"),
        ("29.996", "9" * 100_000, 10, "too much"),
        ("29.996", "0." + "0" * 900 + "1", 3, "too much"),
        ("29.996", "0." + "0" * 100_000 + "1", 10, "more than 1000 decimals"),
        ("29.996", "0.000", 10, "above zero"),
        ("29.996", ".5", 10, "not an amount"),
    ],
)
def test_an_amount_of_more_than_seventeen_digits_is_refused(
    old: str, new: str, line: int, word: str
) -> None:
    with pytest.raises(MalformedFile, match=word) as refused:
        read_text(TEXT.replace(old, new))
    assert refused.value.line == line
    assert len(str(refused.value)) < 200


def test_all_amounts_may_be_very_small() -> None:
    tiny = "0." + "0" * 999
    text = TEXT.replace("100.001", f"{tiny}9").replace("70.005", f"{tiny}5")
    result = counted(text.replace(";60", f";{tiny}4").replace("29.996", f"{tiny}2"))
    assert result.funded == ("park", "bridge")
    assert result.contest.decimals == 1000
    assert '"decimals":1000' in result.as_json()
    shares = count(result.contest, result.ballots, "equalshares/add1")
    assert shares.funded == ("park", "bridge")


@pytest.mark.parametrize("form", ["pb", "csv", "json"])
def test_what_is_written_is_the_same_when_it_is_read(form: str, tmp_path: Path) -> None:
    contest, ballots = read_pb(io.BytesIO(TEXT.encode()))
    path = tmp_path / f"vote.{form}"
    if form == "csv":
        path = tmp_path / "vote-projects.csv"
        write_csv(contest, ballots, path, tmp_path / "vote-ballots.csv")
    else:
        (write_pb if form == "pb" else write_json)(contest, ballots, path)
    text = path.read_text(encoding="utf-8")
    assert all(amount in text for amount in ("100.001", "70.005", "29.996"))
    assert "60.0" not in text
    again = read(path)
    assert again.contest.costs == contest.costs
    assert count(again.contest, again.ballots).as_json() == count(contest, ballots).as_json()
    assert [each.sentence for each in again.warnings if "finer" in each.sentence] == [FINER]


def test_the_document_tells_the_decimals_only_where_there_are_more_than_two() -> None:
    assert counted(TEXT).as_document()["contest"]["decimals"] == 3
    text = TEXT.replace("70.005", "70.05").replace("29.996", "29.99").replace(".001", "")
    assert "decimals" not in counted(text).as_json()


# Counted and hashed before amounts could be finer: such documents stay what they were. Hashed anew
# for engine 3: its number is all that changed, but for a tie in the completion of equal shares.
ANNOUNCED = {
    ("Poland_Warszawa_2017_Las", None): "8565bcabe4af",
    ("Poland_Warszawa_2017_Las", "equalshares/add1"): "ae33e04ed6ee",
    ("Poland_Warszawa_2017_Las", "phragmen"): "ac0fd788df82",
    ("Netherlands_Assen_2024", None): "017ffa8dcb84",
    ("Poland_Krakow_2019_Wzgorza_Krzeslawickie", None): "931df82284f4",
    ("Poland_Krakow_2019_Wzgorza_Krzeslawickie", "equal-shares"): "c60680ccf6bb",
}


@pytest.mark.parametrize(("name", "rule"), ANNOUNCED)
def test_documents_in_hundredths_are_byte_for_byte_what_they_were(
    name: str, rule: str | None
) -> None:
    result = count(*read_pb(ELECTIONS / f"{name}.pb.gz"), rule)
    digest = hashlib.sha256(result.as_json().encode()).hexdigest()
    assert digest.startswith(ANNOUNCED[name, rule])


@settings(max_examples=80, deadline=None)
@given(vote_files(), st.integers(1, 9), st.data())
def test_the_same_amounts_divided_by_a_power_of_ten_fund_the_same(
    vote: VoteFile, decimals: int, data: st.DataObject
) -> None:
    """Under all rules and settings but add1, which steps by units, and limits in hundredths."""
    vote.rule = data.draw(st.sampled_from(RULES_OF[vote.kind]))
    vote.parameters = data.draw(terms(vote))
    if str(vote.parameters.get("completion")).startswith("add1"):
        vote.parameters["completion"] = "epsilon"
        vote.parameters.pop("stop", None)
    vote.parameters.pop("limits", None)
    if vote.parameters.get("start") == "floor":
        vote.parameters["start"] = "exact"
    try:
        plain = counted(vote.text())
    except CountingError:
        return
    smaller = counted(dataclasses.replace(vote, decimals=decimals).text())
    assert smaller.funded == plain.funded


@st.composite
def tight_votes(draw: st.DrawFn) -> VoteFile:
    """Not all can be funded, and few ballots pay for each, so that the size of a step matters."""
    costs = {ref: draw(st.integers(1000, 6000)) for ref in "abcd"[: draw(st.integers(2, 4))]}
    named = st.lists(st.sampled_from([*costs]), min_size=1, max_size=2, unique=True)
    ballots = [",".join(each) for each in draw(st.lists(named, min_size=2, max_size=6))]
    budget = draw(st.integers(max(costs.values()), sum(costs.values())))
    return VoteFile("approval", costs, ballots, budget, decimals=3)


def test_add1_does_not_stop_between_two_units() -> None:
    """At 2.50 the park alone could be paid; at 2 nothing, and at 3 both, which is too much."""
    vote = VoteFile("approval", {"park": 2_500, "bridge": 2_901}, ["park", "bridge"], 3_100)
    vote = dataclasses.replace(vote, decimals=3, rule="equalshares/add1")
    assert counted(vote.text()).funded == ()
    exactly = {"completion": "add1", "start": "exact"}
    vote = dataclasses.replace(vote, rule="equal-shares", parameters=exactly)
    assert counted(vote.text()).funded == ("park",), "1.55, and then 2.55"


@settings(max_examples=60, deadline=None)
@given(tight_votes(), st.booleans(), st.booleans(), st.booleans())
def test_add1_steps_by_whole_units_whatever_the_parts(
    vote: VoteFile, floor: bool, exhaustive: bool, by_cost: bool
) -> None:
    vote.rule = "equal-shares"
    vote.parameters = {
        "completion": "add1",
        "start": "floor" if floor else "exact",
        "stop": "exhaustive" if exhaustive else "overspend",
        "utility": "cost" if by_cost else "cardinality",
        "ties": ["place"],
    }
    result = counted(vote.text())
    assert result.funded == tuple(add1_by_definition(vote, floor, exhaustive, by_cost))


def add1_by_definition(vote: VoteFile, floor: bool, exhaustive: bool, by_cost: bool) -> list[str]:
    """Units of currency and fractions alone: no part of any unit is known here."""
    unit = 10**vote.decimals
    place = {ref: number for number, ref in enumerate(vote.costs)}
    ballots = [{place[ref]: 1 for ref in ballot.split(",")} for ballot in vote.ballots]
    costs = [Fraction(cost, unit) for cost in vote.costs.values()]
    supported = {c for ballot in ballots for c in ballot}
    budget, ties = Fraction(vote.budget, unit), vote.ties or list(vote.costs)
    small = Small(costs, ballots, by_cost, [ties.index(ref) for ref in vote.costs])  # type: ignore[arg-type]
    share = budget / max(1, len(ballots))
    share = Fraction(int(share)) if floor else share
    best: list[int] = []
    while True:
        bought = by_definition(small, share)
        left = budget - sum(costs[c] for c in bought)
        if left < 0:
            break
        best, share = bought, share + 1
        full = exhaustive and all(costs[c] > left for c in range(len(costs)) if c not in bought)
        if full or len(bought) == len(supported):
            break
    return [list(vote.costs)[c] for c in best]


def test_the_money_of_a_limit_is_in_hundredths() -> None:
    costs = {"park": 1_000, "bridge": 1_001, "benches": 1_002}
    limits = [{"ids": ["park"], "money": 100}, {"ids": ["bridge"], "money": 100}]
    limits.append({"ids": ["benches"], "money": 101})
    vote = VoteFile("approval", costs, ["park,bridge,benches"], 10_000, "approvals", decimals=3)
    vote.parameters = {"limits": limits}
    assert counted(vote.text()).funded == ("park", "benches")


def test_explanations_are_in_parts_and_true() -> None:
    contest, ballots = read_pb(io.BytesIO(TEXT.encode()))
    result = count(contest, ballots)
    told = {each.option: each for each in explain(contest, result)}
    assert told["benches"].cost_limit == 29_996
    assert told["bridge"].budget_limit == 130_005
    assert counted(TEXT.replace("100.001", "130.005")).funded == ("park", "bridge")
    assert counted(TEXT.replace("100.001", "130.004")).funded == ("park", "benches")


def test_the_sums_that_meta_allows_are_compared_exactly() -> None:
    text = TEXT.replace("rule;greedy\n", "rule;greedy\nmax_sum_cost;130.004\n")
    beyond = "A ballot is beyond the max_sum_cost."
    assert beyond in [str(each) for each in read_text(text).warnings]
    fits = read_text(text.replace("130.004", "130.0050001"))
    assert beyond not in [str(each) for each in fits.warnings]
    odd = read_text(text.replace("130.004", "a lot"))
    assert "META's max_sum_cost is not a number." in [str(each) for each in odd.warnings]
    large = text.replace(";60", ";99999999999999.9").replace("100.001", "99999999999999.999")
    assert beyond in [str(each) for each in read_text(large).warnings]


def test_a_withdrawn_project_has_its_cost_in_whole_units() -> None:
    dear = "A project costs more than the whole budget."
    withdrawn = read_text(TEXT.replace(";60", ";999999999"))
    assert dear not in [str(each) for each in withdrawn.warnings]
    assert dear in [str(each) for each in read_text(TEXT.replace(";60", ";999.999999")).warnings]


def test_the_command_line_prints_them(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "vote.pb"
    path.write_text(TEXT, encoding="utf-8")
    assert main(["count", str(path)]) == 0
    out, said = capsys.readouterr()
    assert "Budget: 100.001\nAmounts are counted in thousandths.\n" in out
    assert "cost       70.005 of      100.001" in out
    assert "Funded: 2 projects for 100.001.\nLeft: 0.\n" in out
    assert f"Line 3: {FINER} (3 times)" in said


def test_a_contest_has_no_more_decimals_than_its_amounts_need() -> None:
    park = Option.build("park", 70_050)
    for decimals, word in ((3, "needs 3 decimals"), (1, "hundredths or finer")):
        with pytest.raises(CountingError, match=word):
            Contest.build("A vote", 100_000, [park], decimals=decimals)
    fine = Contest.build("A vote", 100_001, [park], decimals=3)
    target = io.BytesIO()
    write_pb(fine, Ballots.from_rows([[0]]), target)
    again, _ = read_file(io.BytesIO(target.getvalue()))
    assert (again.budget, again.costs, again.decimals) == (100_001, (70_050,), 3)
