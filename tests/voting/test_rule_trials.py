"""A rule is tried on ballots cast before: what it would have changed. Nothing of it is kept."""

import gzip
import io
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask_sqlalchemy import SQLAlchemy

from accounts.models import User
from core import clock
from tests.harness import people
from tests.harness.client import BrowserLikeClient
from tests.harness.html import text_of
from tests.harness.world import World
from tests.transparency.decided import certify, decided_round, publish
from tests.voting import traces
from tests.voting.test_rule_choice import PLAIN, SHARES, address
from voting import counting
from voting.models import Contest
from voting.queries.contests import contests_of
from voting.trials import PastVote, amounts_in, try_rule

SWOSZOWICE = (
    Path(__file__).resolve().parents[2] / "data" / "krakow-2024" / "krakow_2024_swoszowice.pb.gz"
)
# By points alone the park and the bridge win; by equal shares the park and the benches.
THREE = """META
key;value
description;Riverside
country;Poland
unit;Riverside
instance;2020
num_projects;3
num_votes;10
budget;100
vote_type;ordinal
rule;{rule}
date_begin;2020
date_end;2020
max_length;2
currency;{currency}
PROJECTS
project_id;cost;name{column}
park;48;The park{yes}
bridge;40;The bridge{yes}
benches;30;The benches{no}
VOTES
voter_id;vote
"""
VOTES = ["park,bridge"] * 5 + ["park"] + ["benches"] * 4


def file_of(**changes: str) -> bytes:
    words = {"rule": "greedy", "currency": "PLN", "column": "", "yes": "", "no": ""} | changes
    votes = "".join(f"{number};{vote}\n" for number, vote in enumerate(VOTES))
    return (THREE.format(**words) + votes).encode()


@pytest.fixture
def contest(world: World) -> Contest:
    return world.city_contest


def try_out(
    officer: BrowserLikeClient,
    contest: Contest,
    content: bytes | None = None,
    *typed: dict[str, Any],
    name: str = "riverside.pb",
) -> Any:
    data = {key: value for each in (SHARES, *typed) for key, value in each.items()}
    if content is not None:
        data["file"] = (io.BytesIO(content), name)
    return officer.post(f"{address(contest)}/trial", data=data, content_type="multipart/form-data")


def test_a_file_shows_side_by_side_what_was_funded_and_what_would_have_been(
    officer: BrowserLikeClient, contest: Contest
) -> None:
    answer = try_out(officer, contest, file_of())
    page = text_of(answer.text)

    assert answer.status_code == 200
    assert "Tried on Riverside. Nothing was saved." in page
    assert "funds 1 project that got nothing then, and leaves out 1 project funded then" in page
    assert "4 ballots get more of their choices by the rule tried" in page
    assert "5 by the rule of then; for 1 it is the same" in page
    assert "Only by the rule tried 1 The benches PLN 30" in page
    assert "Only by the rule of then 1 The bridge PLN 40" in page
    assert "Ballots with at least one project funded Then 6 60.0 % Tried 10 100.0 %" in page


def test_the_settings_typed_count_in_the_trial_and_stay_on_the_page(
    officer: BrowserLikeClient, contest: Contest
) -> None:
    stop = {"points-by-rank-ending": "stop", "points-by-rank-threshold": "5"}
    answer = try_out(officer, contest, file_of(), PLAIN, stop)

    assert "Both rules fund the same 2 projects." in text_of(answer.text)
    assert "A project needs at least 5 points." in text_of(answer.text)
    assert 'value="5"' in answer.text
    dear = try_out(officer, contest, file_of(), PLAIN, {"points-by-rank-threshold": "9"})
    assert "Money spent Then PLN 88 Tried PLN 48" in text_of(dear.text)


def test_the_address_of_a_trial_leads_back_to_the_rules(
    officer: BrowserLikeClient, contest: Contest
) -> None:
    answer = officer.get(f"{address(contest)}/trial")

    assert (answer.status_code, answer.location) == (303, address(contest))


def test_a_trial_leaves_no_trace(
    officer: BrowserLikeClient, db: SQLAlchemy, contest: Contest
) -> None:
    before = traces.footprint(db, deep=False)
    try_out(officer, contest, file_of())

    assert traces.touched(before, traces.footprint(db, deep=False)) == set()
    assert contest.rule == "points-by-rank"


def test_a_compressed_file_of_a_real_district_is_tried(
    officer: BrowserLikeClient, contest: Contest
) -> None:
    answer = try_out(officer, contest, SWOSZOWICE.read_bytes(), name="swoszowice.pb.gz")

    assert answer.status_code == 200
    assert "2,341 ballots, PLN 1,584,196.52" in text_of(answer.text)


@pytest.mark.sqlite  # what a file says does not depend on the database
@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "Line 1: The section META is expected here."),
        (b"\x1f\x8bnot gzip", "damaged"),
        (b"\xff\xfe\x00", "Line 1:"),
        (file_of().replace(b"9;benches", b"9;"), "Line 32:"),
        (file_of(rule="unknown"), "So there is nothing to compare with."),
        (b'{"format": "a recipe"}', "common-purse contest 1"),
        (gzip.compress(b"META\nkey;value\n" + b"x;" + b"0" * (1 << 26)), "Line 3:"),
    ],
)
def test_a_file_that_cannot_be_counted_is_refused_with_its_line_and_the_choice_is_kept(
    officer: BrowserLikeClient, contest: Contest, content: bytes, sentence: str
) -> None:
    answer = try_out(officer, contest, content, {"equal-shares-completion": "none"})

    assert answer.status_code == 422
    assert sentence in text_of(answer.text)
    assert "Your file must be chosen again." in text_of(answer.text)


def test_a_file_without_its_rule_is_compared_with_the_winners_that_it_names(
    officer: BrowserLikeClient, contest: Contest
) -> None:
    content = file_of(rule="unknown", column=";selected", yes=";1", no=";0")

    assert "Then: As the file says" in text_of(try_out(officer, contest, content).text)


def test_nothing_chosen_to_try_on_is_said(officer: BrowserLikeClient, contest: Contest) -> None:
    answer = try_out(officer, contest)

    assert answer.status_code == 422
    assert "Choose an earlier contest, or a file." in text_of(answer.text)


def test_only_contests_whose_results_are_public_are_offered_and_taken(
    officer: BrowserLikeClient, db: SQLAlchemy, world: World, contest: Contest, eli: User, ewa: User
) -> None:
    public, secret = decided_round("budget-2025"), decided_round("budget-2024")
    few = decided_round("budget-2023", city=10)
    publish(public, certified_by=eli, by=ewa)
    publish(few, certified_by=eli, by=ewa)
    certify(secret, eli)
    page = officer.get(address(contest)).text
    refs = {round_.ref: contests_of(round_.id)[0].ref for round_ in (public, secret, few)}

    assert f'value="{refs["budget-2025"]}"' in page
    assert f'value="{refs["budget-2024"]}"' not in page
    assert f'value="{refs["budget-2023"]}"' not in page, "few ballots could tell single rankings"
    right = try_out(officer, contest, None, {"earlier": refs["budget-2025"]})
    assert right.status_code == 200
    assert "60 ballots, PLN 1,000,000" in text_of(right.text)
    for ref in (refs["budget-2024"], refs["budget-2023"], contest.ref, "nowhere"):
        assert try_out(officer, contest, None, {"earlier": ref}).status_code == 422


def test_only_officers_try_and_only_while_the_rule_can_be_chosen(
    client: BrowserLikeClient, contest: Contest, dana: User, eli: User
) -> None:
    people.sign_in(client, dana)
    assert try_out(client, contest, file_of()).status_code == 403
    people.sign_in(client, eli)
    contest.sealed_at = clock.now()
    assert try_out(client, contest, file_of()).status_code == 409


@pytest.mark.sqlite
@pytest.mark.parametrize(
    ("currency", "shown"),
    [("PLN", "PLN 12.50"), ("", "12.50"), ("shells", "12.50 shells"), ("JPY", "JPY 12.50")],
)
def test_amounts_of_a_file_are_written_whatever_its_currency_is(
    app: Flask, currency: str, shown: str
) -> None:
    assert amounts_in(currency)(1250).replace("\N{NO-BREAK SPACE}", " ") == shown


def test_a_file_with_finer_amounts_is_tried_exactly_and_shown_rounded(
    officer: BrowserLikeClient, contest: Contest
) -> None:
    """The bridge costs a thousandth more than the park leaves, which hundredths would not show."""
    content = file_of().replace(b"park;48", b"park;48.0005").replace(b"bridge;40", b"bridge;52")
    page = text_of(try_out(officer, contest, content).text)

    assert "Tried on Riverside. Nothing was saved." in page
    assert "Both rules fund the same 2 projects." in page
    assert "Money spent Then about PLN 78 Tried about PLN 78" in page


@pytest.mark.sqlite
@pytest.mark.parametrize(
    ("parts", "shown"),
    [(12_500, "PLN 12.50"), (12_504, "about PLN 12.50"), (12_505, "about PLN 12.51")],
)
def test_thousandths_are_shown_to_the_nearest_hundredth(app: Flask, parts: int, shown: str) -> None:
    assert amounts_in("PLN", 3)(parts).replace("\N{NO-BREAK SPACE}", " ") == shown


def test_limits_on_themes_are_tried_on_the_themes_of_those_ballots() -> None:
    options = [
        counting.Option.build("A", 50, columns={"category": "Parks,Sport"}),
        counting.Option.build("B", 40, columns={"category": "Parks"}),
        counting.Option.build("C", 30),
    ]
    contest = counting.Contest.build("Riverside", 100, options, max_length=2)
    ballots = counting.Ballots.from_rows([[0, 1], [0, 1], [2]])
    limits = {"limits": [{"name": "Parks", "projects": 1}, {"name": "Nowhere", "projects": 1}]}

    given = PastVote(contest, ballots)
    trial = try_rule("", given, "points-by-rank", limits, currency="PLN")
    assert [option.id for option in trial.only_own] == ["B"]
    assert [option.id for option in trial.only_tried] == ["C"]


def test_where_a_file_says_where_its_voters_live_each_district_has_its_money_beside_them(
    officer: BrowserLikeClient, contest: Contest
) -> None:
    said = file_of(column=";district", yes=";North", no=";South").decode()
    said = said.replace("voter_id;vote\n", "voter_id;vote;neighborhood\n").replace(
        "10\n", "30\n", 1
    )
    head, rows = said.split("neighborhood\n")
    votes = [f"{n}{row};{home}" for n, home in enumerate(("North", "South", "South"))
             for row in rows.splitlines()]  # fmt: skip
    page = text_of(
        try_out(officer, contest, (head + "neighborhood\n" + "\n".join(votes)).encode()).text
    )

    assert "District by district: the money, and those who voted" in page
    assert "South 0 of 1 funded Voters 66.7 % 20 Then: " in page
    assert "North 2 of 2 funded Voters 33.3 % 10 Then: " in page
