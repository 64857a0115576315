"""Checking a ranking as somebody casts it, and keeping it in the database's form."""

import pytest

from voting.counting import Ballots, RankingFault, normalise_ranking, pack_ranking, unpack_ranking

OPTIONS = ["park", "bridge", "benches", "trees"]


@pytest.mark.parametrize(
    ("refs", "ranking"),
    [
        (["park", "bridge"], ("park", "bridge")),
        (("trees",), ("trees",)),
        (["park", "", "bridge"], ("park", "bridge")),
        ([" park ", "bridge\n"], ("park", "bridge")),
    ],
)
def test_a_good_ranking_comes_out_in_order(refs: object, ranking: tuple[str, ...]) -> None:
    assert normalise_ranking(refs, OPTIONS, 1, 3) == ranking


@pytest.mark.parametrize(
    ("refs", "faults"),
    [
        ([], [RankingFault.TOO_FEW]),
        (["", " "], [RankingFault.TOO_FEW]),
        (["park", "park"], [RankingFault.RANKED_TWICE]),
        (["pond"], [RankingFault.UNKNOWN_OPTION]),
        (["park", "bridge", "benches", "trees"], [RankingFault.TOO_MANY]),
        (["pond"] * 10_000, list(RankingFault)[1:4]),
        (None, [RankingFault.NOT_A_RANKING]),
        ("park", [RankingFault.NOT_A_RANKING]),
        ([1, 2], [RankingFault.NOT_A_RANKING]),
        ([["park"]], [RankingFault.NOT_A_RANKING]),
        ({"park": 1}, [RankingFault.NOT_A_RANKING]),
        (float("nan"), [RankingFault.NOT_A_RANKING]),
    ],
)
def test_every_fault_is_named(refs: object, faults: list[RankingFault]) -> None:
    assert normalise_ranking(refs, OPTIONS, 1, 3) == faults


def test_too_few_counts_against_the_contests_own_least() -> None:
    assert normalise_ranking(["park"], OPTIONS, 2, None) == [RankingFault.TOO_FEW]


def test_a_ranking_is_kept_as_numbers_and_comes_back() -> None:
    packed = pack_ranking(("trees", "park"), OPTIONS)
    assert packed == b"\x00\x03\x00\x00"
    assert unpack_ranking(packed, OPTIONS) == ("trees", "park")
    assert Ballots.from_packed([packed, packed]).published_lines(OPTIONS) == ["trees,park"] * 2


@pytest.mark.parametrize("packed", [b"", b"\x00", b"\x00\x01\x00"])
def test_a_damaged_ballot_is_never_counted(packed: bytes) -> None:
    with pytest.raises(ValueError, match="ballot"):
        Ballots.from_packed([packed])


def test_a_number_beyond_sixteen_bits_is_no_option() -> None:
    with pytest.raises(ValueError, match="not in the contest"):
        Ballots.from_rows([(70_000,)])
