"""What a rule's settings mean stands in plain sentences on every page that shows the rule."""

from typing import Any

import pytest
from flask import Flask

from voting.counting import RULES
from voting.offered import OFFERED
from voting.rule_words import idea, settings_in_words, ties_in_words, used_by


@pytest.mark.sqlite
@pytest.mark.parametrize(
    ("rule", "parameters", "sentence"),
    [
        ("points-by-rank", {}, "of three choices they are 3, 2 and 1"),
        ("points-by-rank", {"scale": "dowdall"}, "a second one half"),
        ("points-by-rank", {"scale": "fixed"}, "as many points as a ballot has places"),
        ("points-by-rank", {"scale": "fixed", "top": 5}, "gets 5 points, a second one 4"),
        ("points-by-rank", {}, "is passed over"),
        ("points-by-rank", {"no_skip": True}, "Funding ends with the first project"),
        ("points-by-rank", {"no_skip": True, "top_up": 80}, "at least 80.0 % of its cost"),
        ("points-by-rank", {"threshold": 1200}, "at least 1,200 points"),
        ("points-by-rank", {"threshold_share": "1/40"}, "as 2.5 % of the number of ballots"),
        ("points-by-rank", {"threshold_share": "1/3"}, "as 1/3 of the number of ballots"),
        ("points-by-rank", {"exclusive": [["A", "B"]]}, "one of these is funded: “A”, “B”."),
        ("points-by-rank", {"limits": [{"name": "Sport", "projects": 2}]}, "“Sport”: at most 2"),
        ("points-by-rank", {"limits": [{"name": "Sport", "money": 500_00}]}, "most PLN 500."),
        (
            "points-by-rank",
            {"limits": [{"ids": ["A", "B"], "projects": 1, "money": 500_00}]},
            "“A, B”: at most 1 projects, and at most PLN 500.",
        ),
        ("equal-shares", {}, "her points by rank, times its cost"),
        ("equal-shares", {"utility": "cardinality"}, "the same as any other"),
        ("equal-shares", {}, "is spent by points by rank"),
        ("equal-shares", {"completion": "none"}, "stays in the pot"),
        ("equal-shares", {"completion": "add1"}, "the last outcome that it pays for holds"),
        ("equal-shares", {"completion": "add1", "stop": "exhaustive"}, "until nothing more fits"),
        ("equal-shares", {"completion": "add1"}, "first shares are rounded down to whole units"),
        ("equal-shares", {"completion": "add1", "start": "exact"}, "exactly equal parts of the"),
        ("equal-shares", {"start": "floor"}, "first shares are rounded down to whole units"),
        ("points-by-rank", {"ties": ["lot"], "seed": "5f1c"}, "of the seed 5f1c, the word “ties”"),
        ("equal-shares", {"completion": "epsilon"}, "voters also help"),
        ("equal-shares", {}, "of three choices they are 3, 2 and 1"),
        ("equal-shares", {"scale": "dowdall"}, "a second one half"),
        ("expanding-approvals", {}, "is spent by points by rank"),
        ("budget-stv", {"completion": "none"}, "stays in the pot"),
        ("equal-shares", {"entry_share": "1/2"}, "at least 50.0 % of its share of the pot"),
    ],
)
def test_a_setting_is_one_sentence(
    app: Flask, rule: str, parameters: dict[str, Any], sentence: str
) -> None:
    said = settings_in_words(rule, parameters, "PLN")

    assert [each for each in said if sentence in each], said
    assert all(each.endswith(".") for each in said)


@pytest.mark.sqlite
def test_projects_that_exclude_one_another_are_told_by_their_titles(app: Flask) -> None:
    titles = {"A": "The park", "B": "The car park"}
    said = settings_in_words("points-by-rank", {"exclusive": [["A", "B"]]}, "PLN", titles)
    assert "At most one of these is funded: “The park”, “The car park”." in said


@pytest.mark.sqlite
def test_money_that_shares_leave_is_told_for_every_completion(app: Flask) -> None:
    both = settings_in_words("equal-shares", {"completion": "add1-greedy"}, "PLN")
    assert [each for each in both if "raised by one unit" in each]
    assert [each for each in both if "is spent by points by rank" in each]


@pytest.mark.sqlite
def test_the_chain_of_ties_is_told_in_its_order(app: Flask) -> None:
    assert ties_in_words("points-by-rank", {}) == (
        "Between equal projects this one wins: the one that stands first in the contest’s tie "
        "order."
    )
    assert ties_in_words("points-by-rank", {"ties": ["first_ranks", "lot"], "seed": "x"}) == (
        "Between equal projects this one wins: the one that more ballots rank first, then the one "
        "that the lot draws, then the one that stands first in the contest’s tie order."
    )
    assert "the cheaper one, then the one that more ballots name, then" in ties_in_words(
        "equal-shares", {}
    )


@pytest.mark.sqlite
def test_every_rule_that_is_offered_has_its_idea_and_every_rule_its_words(app: Flask) -> None:
    assert all(idea(rule) for rule in OFFERED)
    assert used_by("points-by-rank")
    assert used_by("a rule of tomorrow") == ""
    assert all(settings_in_words(rule, {}, "PLN") for rule in RULES)
