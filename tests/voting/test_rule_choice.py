"""An officer chooses by which rule a ballot is counted, and with which settings."""

from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import select

from accounts.models import User
from core import clock
from core.audit import AuditEntry
from tests.harness import people
from tests.harness.client import BrowserLikeClient
from tests.harness.html import text_of
from tests.harness.world import World
from tests.transparency.decided import rankings, seal
from voting import counting
from voting.forms.rules import RuleForm
from voting.models import Contest
from voting.offered import DEFAULT_RULE, OFFERED
from voting.queries.counts import counted_contest, counting_input
from voting.queries.setup import set_up_of
from voting.rule_parameters import check
from voting.rule_words import settings_in_words
from voting.services.contests import choose_rule

PLAIN = {
    "rule": "points-by-rank",
    "points-by-rank-scale": "own",
    "points-by-rank-ending": "skip",
}
SHARES = {
    "rule": "equal-shares",
    "equal-shares-utility": "rank-points-cost",
    "equal-shares-completion": "greedy",
}


@pytest.fixture
def contest(world: World) -> Contest:
    """A ballot of the round in voting, before the first ballot was cast."""
    return world.city_contest


def address(contest: Contest) -> str:
    return f"/staff/rounds/{contest.round.ref}/contests/{contest.ref}/rule"


def save(officer: BrowserLikeClient, contest: Contest, *typed: dict[str, Any]) -> Any:
    data = {name: value for each in typed for name, value in each.items()}
    return officer.post(address(contest), data=data)


def test_every_rule_that_is_offered_is_explained_and_the_usual_one_is_first(
    officer: BrowserLikeClient, contest: Contest
) -> None:
    page = text_of(officer.get(address(contest)).text)

    places = [page.index(rule.explanation[:60]) for rule in OFFERED.values()]
    assert places == sorted(places)
    assert next(iter(OFFERED)) == DEFAULT_RULE == "equal-shares"
    assert "Between equal projects this one wins: the cheaper one" in page


def test_the_rule_is_saved_with_its_settings_and_told_in_plain_words(
    officer: BrowserLikeClient, db: SQLAlchemy, contest: Contest
) -> None:
    ballots = f"/staff/rounds/{contest.round.ref}/ballots"
    answer = save(officer, contest, SHARES, {"equal-shares-completion": "add1-greedy"})

    assert (answer.status_code, answer.location) == (303, ballots)
    assert (contest.rule, contest.rule_version) == ("equal-shares", OFFERED["equal-shares"].version)
    assert contest.rule_parameters == {"completion": "add1-greedy"}
    page = text_of(officer.get(address(contest)).text)
    assert "As it is saved: Equal shares, version" in page
    assert "All shares are raised by one unit of the currency" in page
    assert "Equal shares" in text_of(officer.get(ballots).text)
    entry = db.session.scalars(select(AuditEntry).where(AuditEntry.act == "change_contest")).one()
    assert entry.details["before"]["rule"] == "points-by-rank"
    assert entry.details["after"]["rule_parameters"] == {"completion": "add1-greedy"}


def test_points_by_rank_takes_its_terms_in_the_words_of_the_city(
    officer: BrowserLikeClient, contest: Contest
) -> None:
    typed = {
        "points-by-rank-ending": "stop",
        "points-by-rank-top_up": "80",
        "points-by-rank-threshold": "50",
        "points-by-rank-threshold_share": "2,5 %",
    }
    assert save(officer, contest, PLAIN, typed).status_code == 303

    assert contest.rule_parameters == {
        "no_skip": True, "threshold": 50, "threshold_share": "1/40", "top_up": 80,
    }  # fmt: skip
    shown = officer.get(address(contest)).text
    assert 'value="2.5"' in shown
    assert 'value="80"' in shown


@pytest.mark.sqlite  # what the engine takes does not depend on the database
@pytest.mark.parametrize("rule", OFFERED)
def test_every_setting_that_the_page_offers_is_one_that_the_engine_counts_by(
    app: Flask, world: World, rule: str
) -> None:
    with app.test_request_context():
        settings = RuleForm(world.city_contest, [], fresh=True).settings[rule]
        for field in settings:
            shown = {each: each.data for each in settings}
            for value, *_ in getattr(field, "choices", []):
                for other in settings:
                    if other.short_name.startswith("tie_"):
                        other.data = ""
                field.data = value
                check(rule, settings.parameters, world.city_contest.max_length)
                assert settings_in_words(rule, settings.parameters, "PLN")
            for each, data in shown.items():
                each.data = data


@pytest.mark.sqlite
@pytest.mark.parametrize("rule", OFFERED)
def test_everything_that_can_be_set_of_a_rule_can_be_set_on_its_page(
    app: Flask, world: World, rule: str
) -> None:
    with app.test_request_context():
        settings = RuleForm(world.city_contest, [], fresh=True).settings[rule]
    # The comparison is for ballots that tick, and the tie order is set with the paper.
    assert set(settings.names) == set(OFFERED[rule].parameters) - {"tie_order", "comparison"}


def test_back_to_the_usual_form_nothing_is_left_of_the_settings(
    officer: BrowserLikeClient, contest: Contest
) -> None:
    save(officer, contest, SHARES, {"equal-shares-completion": "none"})
    assert contest.rule_parameters == {"completion": "none"}
    save(officer, contest, SHARES)

    assert contest.rule_parameters == {}


def test_what_was_typed_for_another_rule_is_not_read(
    officer: BrowserLikeClient, contest: Contest
) -> None:
    typed = {"points-by-rank-threshold": "many", "points-by-rank-top_up": "-3"}

    assert save(officer, contest, PLAIN, typed, SHARES).status_code == 303
    assert (contest.rule, contest.rule_parameters) == ("equal-shares", {})


@pytest.mark.sqlite  # what a form says does not depend on the database
@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"rule": "dictator"}, "Not a valid choice."),
        ({"rule": ""}, "Choose a counting rule."),
        ({"points-by-rank-scale": "mine"}, "Not a valid choice."),
        ({"points-by-rank-ending": ""}, "Not a valid choice."),
        ({"points-by-rank-top_up": "80"}, "This goes only with “Funding ends” above."),
        ({"points-by-rank-top_up": "100"}, "Write a whole number from 1 to 99."),
        ({"points-by-rank-threshold": "0"}, "Write a whole number from 1 to 1000000000."),
        ({"points-by-rank-threshold": "NaN"}, "Not a valid integer value."),
        ({"points-by-rank-threshold": "9" * 6_000}, "Not a valid integer value."),
        ({"points-by-rank-threshold_share": "101"}, "Write a percentage up to 100"),
        ({"points-by-rank-threshold_share": "0"}, "Write a percentage up to 100"),
        ({"points-by-rank-threshold_share": "1e5"}, "Write a percentage up to 100"),
        ({"points-by-rank-threshold_share": "5/0"}, "Write a percentage up to 100"),
    ],
)
def test_what_cannot_be_is_refused_in_words_and_kept_to_be_put_right(
    officer: BrowserLikeClient, contest: Contest, typed: dict[str, str], sentence: str
) -> None:
    kept = {"equal-shares-completion": "none", "points-by-rank-threshold": "1234"}
    answer = save(officer, contest, PLAIN, SHARES, kept, PLAIN, typed)

    assert answer.status_code == 422
    assert sentence in text_of(answer.text)
    assert "points-by-rank-threshold" in typed or 'value="1234"' in answer.text
    assert (contest.rule, contest.rule_parameters) == ("points-by-rank", {})


def test_what_the_engine_refuses_is_said_with_its_own_sentence(
    db: SQLAlchemy, contest: Contest, eli: User
) -> None:
    with pytest.raises(counting.CountingError, match="top_up goes only together with no_skip"):
        choose_rule(contest, "points-by-rank", {"top_up": 80}, by=eli, at=clock.now())
    assert contest.rule_parameters == {}


def test_only_officers_choose_and_only_before_the_first_ballot(
    client: BrowserLikeClient, contest: Contest, dana: User, amara: User, eli: User
) -> None:
    for person in (dana, amara):
        people.sign_in(client, person)
        assert client.get(address(contest)).status_code == 403
        assert save(client, contest, SHARES).status_code == 403
    contest.sealed_at = clock.now()
    people.sign_in(client, eli)
    page = client.get(address(contest))
    assert page.status_code == 200
    assert "This rule stays as it is" in text_of(page.text)
    assert save(client, contest, SHARES).status_code == 409


def test_a_contest_of_another_round_is_not_found(
    officer: BrowserLikeClient, world: World, contest: Contest
) -> None:
    strange = f"/staff/rounds/{world.submission_round.ref}/contests/{contest.ref}/rule"

    assert officer.get(strange).status_code == 404
    assert officer.post(strange, data=SHARES).status_code == 404
    assert officer.get(f"{address(contest)[:-5]}x/rule").status_code == 404


def test_a_contest_is_counted_with_the_settings_that_were_chosen(
    db: SQLAlchemy, contest: Contest, eli: User
) -> None:
    choose_rule(contest, "equal-shares", {"completion": "none"}, by=eli, at=clock.now())
    seal(contest, rankings(60, 4))
    counted, ballots = counting_input(contest)

    assert (counted.rule, counted.parameters) == ("equal-shares", {"completion": "none"})
    result = counting.count(counted, ballots)
    assert result.as_document()["contest"]["parameters"]["completion"] == "none"


def test_limits_on_themes_hold_for_what_stands_under_them_when_ballots_are_counted(
    officer: BrowserLikeClient, db: SQLAlchemy, contest: Contest
) -> None:
    parks = next(each for each in contest.round.categories if each.name == "Parks")
    typed = {
        f"points-by-rank-most_{parks.id}": "2",
        f"points-by-rank-money_{parks.id}": "500 000.50",
    }
    assert save(officer, contest, PLAIN, typed).status_code == 303

    limit = {"money": 500_000_50, "name": "Parks", "projects": 2}
    assert contest.rule_parameters == {"limits": [limit]}
    page = officer.get(address(contest)).text
    assert "“Parks”: at most 2 projects, and at most PLN 500,000.50." in text_of(page)
    assert 'value="500000.50"' in page
    contest.options[0].category = "Streets"
    counted = counted_contest(contest)
    assert counted.parameters["limits"] == [{**limit, "ids": list(counted.ids[1:])}]


def test_a_limit_on_a_theme_that_is_gone_stops_the_announcement(
    db: SQLAlchemy, contest: Contest, eli: User
) -> None:
    assert set_up_of(contest.round).missing == []
    limits = {"limits": [{"name": "Music", "projects": 1}]}
    choose_rule(contest, "points-by-rank", limits, by=eli, at=clock.now())

    assert set_up_of(contest.round).missing == [
        "A counting rule limits “Music”, which is no theme of the round."
    ]


def test_limits_of_a_ballot_that_its_rule_cannot_count_are_refused(
    officer: BrowserLikeClient, contest: Contest
) -> None:
    save(officer, contest, PLAIN, {"points-by-rank-scale": "dowdall"})
    typed = {"min_length": "1", "max_length": "30", "aggregate_below": "50"}
    pots = {"pots": [str(pot.id) for pot in contest.round.pots]}
    one = officer.post(f"/staff/contests/{contest.ref}", data=typed | {"title": "The city"})
    all_ = officer.post(f"/staff/rounds/{contest.round.ref}/ballots", data=typed | pots)

    for answer in (one, all_):
        assert answer.status_code == 422
        assert "The counting rule does not go with this" in text_of(answer.text)
        assert 'value="30"' in answer.text
    assert contest.max_length == 3


def test_the_published_file_says_the_rule_with_its_settings(
    db: SQLAlchemy, contest: Contest, eli: User, tmp_path: Path
) -> None:
    chosen = {"no_skip": True, "limits": [{"name": "Parks", "projects": 2}]}
    choose_rule(contest, "points-by-rank", chosen, by=eli, at=clock.now())
    seal(contest, rankings(60, 4))
    counted, ballots = counting_input(contest)
    file = tmp_path / "city.pb"
    counting.write_pb(counted, ballots, file)

    read, same = counting.read_pb(file)
    assert read.parameters == counted.parameters
    assert counting.count(read, same).funded == counting.count(counted, ballots).funded


def test_what_a_contest_brought_with_it_and_no_field_shows_is_kept(
    officer: BrowserLikeClient, db: SQLAlchemy, contest: Contest, eli: User
) -> None:
    named = [{"ids": ["0-1", "0-2"], "projects": 1}]
    choose_rule(contest, "points-by-rank", {"limits": named, "threshold": 5}, by=eli,
                at=clock.now())  # fmt: skip
    save(officer, contest, PLAIN, {"points-by-rank-threshold": "7"})
    assert contest.rule_parameters == {"limits": named, "threshold": 7}

    save(officer, contest, SHARES)
    assert contest.rule_parameters == {}, "another rule begins anew"
