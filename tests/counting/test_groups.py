"""Money by district or theme, beside the support for what stands there."""

from collections.abc import Mapping
from dataclasses import replace

import pytest
from hypothesis import given

from tests.counting.elections import KRAKOW_2024, ballots_of, contest_of, small_elections
from voting.counting import (
    Ballots,
    Contest,
    GroupShare,
    Option,
    RankTable,
    alternatives,
    count,
    read_pb,
    statistics,
)

COSTS = {"park": 70, "bridge": 60, "benches": 30}
RANKINGS = ["park,bridge"] * 5 + ["bridge,park"] * 3 + ["benches,park", "bridge"]
PLACES = {"park": "North", "bridge": "South", "benches": "North"}


def placed(by: str, names: Mapping[str, str]) -> Contest:
    """The three projects, each with what a file says of it in this column."""
    contest = contest_of(100, COSTS)
    options = [
        Option.build(option.id, option.cost, columns={by: names.get(option.id, "")})
        for option in contest.options
    ]
    return replace(contest, options=tuple(options))


def test_each_district_has_its_money_beside_its_support() -> None:
    contest = placed("district", PLACES)
    told = statistics(contest, ballots_of(contest, *RANKINGS), ["park", "benches"])

    assert told.grouped_by == "district"
    assert told.groups == (
        GroupShare("North", 2, 2, 100, choices=10, supporters=9, first_choices=6),
        GroupShare("South", 1, 0, 0, choices=9, supporters=9, first_choices=4),
    )


@pytest.mark.parametrize("by", ["district", "subunit", "neighborhood", "category"])
def test_whatever_column_tells_the_projects_apart_groups_them(by: str) -> None:
    contest = placed(by, PLACES)
    told = statistics(contest, ballots_of(contest, *RANKINGS), [])

    assert (told.grouped_by, [group.name for group in told.groups]) == (by, ["North", "South"])


def test_a_place_goes_before_a_theme_unless_all_projects_are_in_it() -> None:
    contest = placed("category", PLACES)
    north = {"district": "North"}
    here = [replace(o, columns={**o.columns, **north}) for o in contest.options]
    some = [replace(here[0], columns={**here[0].columns, "district": "East"}), *here[1:]]
    ballots = ballots_of(contest, *RANKINGS)

    assert statistics(replace(contest, options=tuple(here)), ballots, []).grouped_by == "category"
    assert statistics(replace(contest, options=tuple(some)), ballots, []).grouped_by == "district"


def test_where_a_file_says_nothing_of_places_and_themes_there_are_no_groups() -> None:
    contest = contest_of(100, COSTS)
    told = statistics(contest, ballots_of(contest, *RANKINGS), ["park"])
    assert (told.grouped_by, told.groups) == ("", ())


def test_projects_without_a_theme_are_a_group_without_a_name_at_the_end() -> None:
    contest = placed("category", {"bridge": "Roads"})
    told = statistics(contest, ballots_of(contest, *RANKINGS), ["park"])
    assert [(group.name, group.spent) for group in told.groups] == [("Roads", 0), ("", 70)]


def test_a_project_under_two_themes_belongs_to_both() -> None:
    contest = placed("category", {**PLACES, "park": "North, South"})
    told = statistics(contest, ballots_of(contest, *RANKINGS), ["park"])
    assert [(each.name, each.spent, each.supporters) for each in told.groups] == [
        ("North", 70, 9), ("South", 70, 10),
    ]  # fmt: skip


def test_ticked_ballots_tell_supporters_and_no_first_choices() -> None:
    contest = replace(placed("district", PLACES), vote_type="approval")
    told = statistics(contest, ballots_of(contest, *RANKINGS), ["park"])
    assert [(g.supporters, g.first_choices) for g in told.groups] == [(9, None), (9, None)]


def test_no_points_are_no_support() -> None:
    contest = replace(placed("district", PLACES), vote_type="scoring")
    ballots = Ballots.from_points([([0, 1], [3, 0]), ([0, 1], [-2, 5])])
    told = statistics(contest, ballots, [])
    assert [(g.choices, g.supporters) for g in told.groups] == [(1, 1), (1, 1)]
    assert told.choices == 2


def test_a_table_of_ranks_tells_first_choices_but_not_who_chose_together() -> None:
    contest = placed("district", PLACES)
    ballots = ballots_of(contest, *RANKINGS)
    told = statistics(contest, RankTable.of_ballots(ballots), ["park"]).groups
    whole = statistics(contest, ballots, ["park"]).groups
    assert told == tuple(replace(each, supporters=None) for each in whole)


def test_what_is_topped_up_costs_its_district_only_what_was_left() -> None:
    contest = replace(
        placed("district", PLACES), parameters={"no_skip": True, "top_up": 50}, budget=100
    )
    result = count(contest, ballots_of(contest, *RANKINGS))
    told = statistics(contest, result.ballots, result.funded)
    assert result.funded == ("park", "bridge")
    assert [group.spent for group in told.groups] == [70, 30]


@given(small_elections())
def test_groups_add_up_to_the_whole(election: tuple[Contest, Ballots]) -> None:
    contest, ballots = election
    options = [
        replace(option, columns={"district": "East" if number % 2 else "West"})
        for number, option in enumerate(contest.options)
    ]
    contest = replace(contest, options=tuple(options))
    funded = count(contest, ballots).funded
    told = statistics(contest, ballots, funded)

    rankings = [r for r, copies in ballots.rankings(contest.ids) for _ in range(copies)]
    for group in told.groups:
        ids = {o.id for o in options if o.columns["district"] == group.name}
        assert group.supporters == sum(bool(ids & set(ranking)) for ranking in rankings)
        assert group.first_choices == sum(ranking[0] in ids for ranking in rankings)
        assert group.choices == sum(len(ids & set(ranking)) for ranking in rankings)
    if told.groups:
        assert sum(group.spent for group in told.groups) == told.spent
        assert sum(group.choices for group in told.groups) == told.choices
        assert sum(group.first_choices or 0 for group in told.groups) == told.ballots


def test_every_rule_of_the_sandbox_tells_its_own_money_for_the_same_support() -> None:
    contest, ballots = read_pb(next(path for path in KRAKOW_2024 if path.stem == "krakow_2024.pb"))
    result = count(contest, ballots)
    ours = statistics(contest, ballots, result.funded)
    (shares,) = alternatives(result, [("equal-shares", {})])
    theirs = shares.statistics

    assert ours.grouped_by == theirs.grouped_by == "category"
    assert sum(group.spent for group in ours.groups) == ours.spent
    assert [g.first_choices for g in ours.groups] == [g.first_choices for g in theirs.groups]
    assert [group.spent for group in ours.groups] != [group.spent for group in theirs.groups]
    assert sum(group.first_choices or 0 for group in ours.groups) == len(ballots) == 65_101
