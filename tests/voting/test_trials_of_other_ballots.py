"""A rule for rankings is tried on ballots that tick or give points, and on every kind of file."""

import io
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from tests.harness.client import BrowserLikeClient
from tests.harness.html import text_of
from tests.voting.test_rule_choice import PLAIN, SHARES, address
from tests.voting.test_rule_trials import contest, file_of, try_out
from voting import counting, trial_counts
from voting.models import Contest
from voting.rule_parameters import Parameters
from voting.trial_rules import rule_for
from voting.trial_words import counted_in_words
from voting.trials import read_files, try_rule

__all__ = ["contest"]

ELECTIONS = Path(__file__).resolve().parents[1] / "data" / "elections"
TICKED = "Poland_Warszawa_2019_Stare_Miasto.pb.gz"
POINTED = "Poland_Katowice_2024_Dab.pb.gz"
RAISED = "Netherlands_Assen_2024.pb.gz"


def tried(name: str, rule: str, parameters: Parameters | None = None) -> Any:
    path = ELECTIONS / name
    given = read_files([(name, io.BytesIO(path.read_bytes()))])
    return try_rule("", given, rule, parameters or {}, currency="PLN")


def bare(vote_type: str) -> counting.Contest:
    return counting.Contest.build(
        "", 100, [counting.Option.build("A", 50)], vote_type=vote_type, max_length=1
    )


@pytest.mark.sqlite
@pytest.mark.parametrize(
    ("vote_type", "rule", "parameters", "nearest", "with_"),
    [
        ("ordinal", "equal-shares", {"scale": "fixed", "top": 3}, "equal-shares",
         {"scale": "fixed", "top": 3}),
        ("approval", "points-by-rank", {"scale": "dowdall"}, "approvals", {}),
        ("choose-1", "points-by-rank", {"threshold": 5}, "approvals", {"threshold": 5}),
        ("cumulative", "points-by-rank", {"no_skip": True}, "points", {"no_skip": True}),
        ("approval", "equal-shares", {}, "equal-shares",
         {"utility": "cost", "completion": "greedy"}),
        ("approval", "equal-shares", {"utility": "rank-points", "completion": "none"},
         "equal-shares", {"utility": "cardinality", "completion": "none"}),
        ("scoring", "equal-shares", {"completion": "add1", "start": "exact"}, "equal-shares",
         {"utility": "points", "completion": "add1", "start": "exact"}),
        ("cumulative", "budget-stv", {"scale": "fixed", "completion": "none"},
         "minimal-transfers", {"completion": "none"}),
        ("approval", "points-by-rank", {"ties": ["first_ranks"]}, "approvals",
         {"ties": ["place"]}),
        ("approval", "points-by-rank", {"exclusive": [["B", "C"]]}, "approvals", {}),
    ],
)  # fmt: skip
def test_a_rule_for_rankings_becomes_what_comes_nearest_to_it(
    app: Flask, vote_type: str, rule: str, parameters: dict[str, Any], nearest: str,
    with_: dict[str, Any],
) -> None:  # fmt: skip
    found = rule_for(rule, parameters, bare(vote_type))
    assert found == (nearest, with_)
    counting.RULES[nearest].check(bare(vote_type), found[1])


@pytest.mark.sqlite
@pytest.mark.parametrize(
    ("vote_type", "rule"),
    [("approval", "expanding-approvals"), ("approval", "budget-stv"), ("scoring", "budget-stv")],
)
def test_a_rule_that_lives_by_the_order_is_not_tried_without_one(
    app: Flask, vote_type: str, rule: str
) -> None:
    with pytest.raises(counting.CountingError, match="goes by the order of a ballot"):
        rule_for(rule, {}, bare(vote_type))


@pytest.mark.sqlite
@pytest.mark.parametrize(("name", "rule"), [(TICKED, "approvals"), (POINTED, "points")])
def test_a_city_that_counted_by_votes_finds_its_own_outcome_again(
    app: Flask, name: str, rule: str
) -> None:
    with app.test_request_context():
        trial = tried(name, "points-by-rank", {"threshold": 1})
    assert trial.tried.rule.name == rule
    assert trial.remarks
    assert trial.own.funded == trial.tried.funded or trial.own.rule.name == rule


def test_the_officer_reads_what_was_tried_on_ballots_that_tick(
    officer: BrowserLikeClient, contest: Contest
) -> None:
    answer = try_out(officer, contest, (ELECTIONS / TICKED).read_bytes(), name=TICKED)
    page = text_of(answer.text)

    assert answer.status_code == 200
    assert "These ballots tick projects and do not rank them" in page
    assert "What a project is worth to a voter who names it: its cost." in page
    assert "Theme by theme: the money, and the ballots" in page
    assert "Ballots whose first choice is funded" not in page
    assert (
        "her points by rank"
        not in page.partition("How was counted")[2].partition("Tried:")[2][:600]
    )


def test_a_rule_that_does_not_go_is_said_beside_the_file(
    officer: BrowserLikeClient, contest: Contest
) -> None:
    typed = {"rule": "expanding-approvals", "expanding-approvals-completion": "greedy",
             "expanding-approvals-scale": "own"}  # fmt: skip
    answer = try_out(officer, contest, (ELECTIONS / TICKED).read_bytes(), typed, name=TICKED)

    assert answer.status_code == 422
    assert "“Expanding approvals” goes by the order of a ballot" in text_of(answer.text)


def test_json_and_two_tables_are_read_like_any_file(
    officer: BrowserLikeClient, contest: Contest
) -> None:
    vote, ballots = counting.read_pb(io.BytesIO(file_of()))
    document, projects, rows = io.BytesIO(), io.BytesIO(), io.BytesIO()
    counting.write_json(vote, ballots, document)
    counting.write_csv(vote, ballots, projects, rows)
    said = "funds 1 project that got nothing then, and leaves out 1 project funded then"

    assert said in text_of(
        try_out(officer, contest, document.getvalue(), name="riverside.json").text
    )
    tables = {
        "file": [
            (io.BytesIO(rows.getvalue()), "riverside-ballots.csv"),
            (io.BytesIO(projects.getvalue()), "riverside-projects.csv"),
        ]
    }
    both = officer.post(
        f"{address(contest)}/trial", data=SHARES | tables, content_type="multipart/form-data"
    )
    assert said in text_of(both.text)
    tables["file"] = [(io.BytesIO(b"x"), "one.pb"), (io.BytesIO(b"y"), "two.pb")]
    wrong = officer.post(
        f"{address(contest)}/trial", data=SHARES | tables, content_type="multipart/form-data"
    )
    assert wrong.status_code == 422
    assert "Choose one file, or the two tables of one vote" in text_of(wrong.text)


def test_what_was_tolerated_in_the_file_is_shown(
    officer: BrowserLikeClient, contest: Contest
) -> None:
    answer = try_out(officer, contest, file_of().replace(b"park;48", b"park ;48"))
    assert "3 remarks about the file" in text_of(answer.text)
    assert "Line 18: Blanks around a cell are passed over." in text_of(answer.text)


@pytest.mark.sqlite
def test_a_count_that_may_take_long_is_made_by_a_program_of_its_own_and_says_the_same(
    app: Flask,
) -> None:
    with app.test_request_context():
        trial = tried(RAISED, "equal-shares", {"completion": "add1-greedy"})
    vote, ballots = counting.read_pb(ELECTIONS / RAISED)
    official = counting.count(vote, ballots)
    assert trial.own.funded == set(official.funded)
    assert not trial_counts.is_quick(official.rule, official.contest.parameters)
    assert trial.own.funded <= trial.tried.funded


def test_what_takes_too_long_is_stopped_and_said(
    officer: BrowserLikeClient, contest: Contest, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(trial_counts, "TIME_LIMIT", 0.01)
    answer = try_out(officer, contest, file_of(), {"equal-shares-completion": "add1"})

    assert answer.status_code == 422
    assert "This takes longer than 0.01 seconds on so many ballots" in text_of(answer.text)


def test_one_trial_at_a_time_is_counted_apart(
    officer: BrowserLikeClient, contest: Contest, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(trial_counts, "WAIT", 0.01)
    raised = {"equal-shares-completion": "add1"}
    with trial_counts._one_at_a_time:
        waiting = try_out(officer, contest, file_of(), raised)
        quick = try_out(officer, contest, file_of(), PLAIN)
    assert "Another trial is being counted just now." in text_of(waiting.text)
    assert quick.status_code == 200


@pytest.mark.sqlite
@pytest.mark.parametrize(
    ("rule", "vote_type", "parameters", "sentence"),
    [
        ("approvals", "approval", {}, "a point for every ballot that names it"),
        ("approvals", "approval", {"no_skip": True, "top_up": 80}, "at least 80.0 % of its cost"),
        ("points", "cumulative", {}, "the sum of the points that the ballots give it"),
        ("equal-shares", "approval", {"utility": "cost"}, "who names it: its cost"),
        ("equal-shares", "approval", {"completion": "add1"}, "are raised by one unit"),
        ("equal-shares", "approval", {"completion": "epsilon"}, "all voters help"),
        ("equal-shares", "cumulative", {"completion": "greedy"}, "is spent by points"),
        ("equal-shares", "approval", {"comparison": True}, "by points alone, that outcome"),
        ("minimal-transfers", "cumulative", {"completion": "none"}, "stays in the pot"),
        ("approvals", "approval", {"ties": ["lot"], "seed": "5f1c"}, "of the seed 5f1c"),
        ("equal-shares", "ordinal", {}, "her points by rank, times its cost"),
    ],
)
def test_how_other_ballots_were_counted_is_one_sentence_for_each_setting(
    app: Flask, rule: str, vote_type: str, parameters: dict[str, Any], sentence: str
) -> None:
    said = counted_in_words(rule, parameters, "PLN", vote_type)
    assert [each for each in said if sentence in each], said
    assert all(each.endswith(".") for each in said)
