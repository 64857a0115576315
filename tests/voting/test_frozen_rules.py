"""A rule of the vote is frozen with the first ballot: two officers can change it, in public."""

import pytest
import time_machine
from flask import Flask
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import select
from werkzeug.test import TestResponse

from accounts.models import User
from budgets.models import Pot
from core import clock as now
from tests.harness import people
from tests.harness.client import BrowserLikeClient
from tests.harness.html import text_of
from tests.harness.second_person import confirm_as
from tests.harness.world import MILLION, World, build
from tests.voting import ballot_forms
from voting.models import Ballot, Contest
from voting.queries.log_checks import faults_in_log
from voting.queries.manifests import manifests_of
from voting.services.closing import seal_contest

REASON = "The pot was typed with a zero too few."
MONEY = "2000000"


@pytest.fixture
def town(clock: time_machine.Traveller, app: Flask, db: SQLAlchemy) -> World:
    """With a million more in the round than in its pots."""
    world = build()
    world.voting_round.total_minor = 4 * MILLION
    db.session.commit()
    return world


@pytest.fixture
def contest(town: World, client: BrowserLikeClient, amara: User) -> Contest:
    """Amara has voted in it."""
    people.sign_in(client, amara)
    assert ballot_forms.cast(client, town.city_contest, ["0-1"]).status_code == 303
    return town.city_contest


def ask(client: BrowserLikeClient, contest: Contest, by: User, **changes: str) -> TestResponse:
    people.sign_in(client, by)
    form = {
        "title": contest.title,
        "budget": "1000000",
        "min_length": "1",
        "max_length": "3",
        "aggregate_below": "50",
        "reason": REASON,
    }
    return client.post(f"/staff/changes/{contest.ref}", data=form | changes)


@pytest.mark.attack("B20")
def test_two_officers_change_it_and_everybody_reads_what_and_why(
    app: Flask,
    client: BrowserLikeClient,
    db: SQLAlchemy,
    town: World,
    contest: Contest,
    eli: User,
    ewa: User,
) -> None:
    asked = ask(client, contest, eli, budget=MONEY, title="The whole city",
                option="0-2", option_title="Limes for the city, lot 2")  # fmt: skip
    assert asked.status_code == 303
    assert contest.budget_minor == 1_000_000_00, "one officer alone changes nothing"
    assert len(manifests_of(contest.id)) == 1

    assert confirm_as(app, ewa) == 303

    db.session.expire_all()
    assert (contest.budget_minor, contest.title) == (2_000_000_00, "The whole city")
    assert contest.options[1].title == "Limes for the city, lot 2"
    assert db.session.get_one(Pot, contest.pot_id).amount_minor == 2_000_000_00
    assert [manifest.number for manifest in manifests_of(contest.id)] == [1, 2]
    people.sign_out(client)
    page = text_of(client.get(f"/rounds/{town.voting_round.ref}").text).replace("\u00a0", " ")
    assert "Rules were changed while people voted." in page
    assert "The pot: PLN 2,000,000 instead of PLN 1,000,000." in page
    assert "“Trees for the city, lot 2” is now called “Limes for the city, lot 2”." in page
    assert f"Reason given: {REASON}" in page


def test_the_second_officer_reads_the_act_and_below_it_what_it_changes(
    client: BrowserLikeClient, contest: Contest, eli: User, ewa: User
) -> None:
    ask(client, contest, eli, budget=MONEY, title="The whole city")
    people.sign_in(client, ewa)
    page = client.get("/staff/approvals").text.replace("\u00a0", " ")

    assert ">Change the rules of “Proposals for the whole city” while people vote.</a>" in page
    assert "<li>The pot: PLN 2,000,000 instead of PLN 1,000,000.</li>" in page
    assert f"Reason given: {REASON}" in text_of(page)


def test_the_page_of_a_change_names_its_contest_and_leads_on_where_none_is_needed(
    client: BrowserLikeClient, town: World, eli: User
) -> None:
    people.sign_in(client, eli)
    page = client.get(f"/staff/changes/{town.city_contest.ref}").text

    assert f'<p class="kicker">{town.city_contest.title}</p>' in page
    assert "People have voted by the rules as they are." not in page, "nobody has"
    assert f'<a href="/staff/contests/{town.city_contest.ref}">To its settings</a>' in page


def test_who_has_voted_is_told_on_her_paper_and_her_ballot_stays(
    app: Flask, client: BrowserLikeClient, db: SQLAlchemy, contest: Contest, amara: User,
    eli: User, ewa: User,
) -> None:  # fmt: skip
    before = db.session.scalars(select(Ballot)).one().commitment
    ask(client, contest, eli, max_length="4")
    assert confirm_as(app, ewa) == 303
    people.sign_in(client, amara)
    paper = text_of(client.get(f"/ballots/{contest.ref}").text)

    assert "A ballot ranks at most 4 instead of 3." in paper
    assert "it stays in the box as it is" in paper
    assert db.session.scalars(select(Ballot)).one().commitment == before
    assert ballot_forms.cast(client, contest, ["0-1", "0-2", "0-3", "0-4"]).status_code == 303
    assert list(faults_in_log(contest)) == []


@pytest.mark.attack("B20")
def test_nobody_casts_under_other_terms_than_those_she_reviewed(
    app: Flask, client: BrowserLikeClient, db: SQLAlchemy, contest: Contest, amara: User,
    eli: User, ewa: User,
) -> None:  # fmt: skip
    people.sign_in(client, amara)
    key = ballot_forms.key_on(ballot_forms.open_paper(client, contest))
    terms = manifests_of(contest.id)[0].sha256
    assert f'value="{terms}"' in ballot_forms.review(client, contest, ["0-2"], key=key).text
    ask(client, contest, eli, budget=MONEY)
    assert confirm_as(app, ewa) == 303
    people.sign_in(client, amara)
    late = client.post(
        f"/ballots/{contest.ref}/casts", data={"ranking": ["0-2"], "key": key, "terms": terms}
    )

    assert late.status_code == 409
    assert "were changed while you looked. Nothing was cast." in text_of(late.text)
    assert f'value="{manifests_of(contest.id)[1].sha256}"' in late.text
    assert db.session.scalars(select(Ballot.manifest_number)).one() == 1


def test_the_counting_rule_is_changed_on_its_own_page(
    app: Flask, client: BrowserLikeClient, db: SQLAlchemy, contest: Contest, eli: User, ewa: User
) -> None:
    address = f"/staff/changes/{contest.ref}/rule"
    people.sign_in(client, eli)
    assert "Ask for this rule" in client.get(address).text
    form = {"rule": "expanding-approvals", "reason": REASON}
    assert client.post(address, data=form | {"reason": ""}).status_code == 422
    assert client.post(address, data=form).status_code == 303
    assert confirm_as(app, ewa) == 303

    db.session.expire_all()
    assert contest.rule == "expanding-approvals"
    assert len(manifests_of(contest.id)) == 2


@pytest.mark.attack("B20")
@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"max_length": "2"}, "This cannot become fewer."),
        ({"min_length": "2"}, "A ballot cannot need more now."),
        ({"aggregate_below": "20"}, "Write a whole number from 50 to"),
        ({"aggregate_below": "79"}, "below 80 ballots no rankings are published"),
        ({"budget": "700000"}, "It could never win such a pot."),
        ({"budget": "2000001"}, "write here how much the whole round really has."),
        ({"total": "2999999"}, "together, but the round has only"),
        ({}, "Nothing is different"),
        ({"reason": ""}, "Please fill this in."),
    ],
)
def test_what_was_cast_or_promised_is_never_touched(
    client: BrowserLikeClient, contest: Contest, eli: User, change: dict[str, str], words: str
) -> None:
    contest.aggregate_below = 80
    answer = ask(client, contest, eli, **{"aggregate_below": "80"} | change)

    assert answer.status_code == 422
    assert words in text_of(answer.text)


def test_the_money_of_the_round_is_raised_with_the_pot(
    app: Flask, client: BrowserLikeClient, db: SQLAlchemy, town: World, contest: Contest,
    eli: User, ewa: User,
) -> None:  # fmt: skip
    assert ask(client, contest, eli, budget="5000000", total="7000000").status_code == 303
    assert confirm_as(app, ewa) == 303

    db.session.expire_all()
    assert (contest.budget_minor, contest.round.total_minor) == (5 * MILLION, 7 * MILLION)
    people.sign_out(client)
    page = text_of(client.get(f"/rounds/{town.voting_round.ref}").text).replace("\u00a0", " ")
    assert "The money in the whole round: PLN 7,000,000 instead of PLN 4,000,000." in page


def test_the_money_of_the_round_alone_is_no_term_of_a_ballot(
    app: Flask, client: BrowserLikeClient, contest: Contest, eli: User, ewa: User
) -> None:
    assert ask(client, contest, eli, total="9000000").status_code == 303
    assert confirm_as(app, ewa) == 303

    assert len(manifests_of(contest.id)) == 1


def test_a_withdrawn_project_is_not_what_a_pot_must_be_large_enough_for(
    client: BrowserLikeClient, db: SQLAlchemy, contest: Contest, eli: User
) -> None:
    dearest = max(contest.options, key=lambda option: option.cost_minor)
    dearest.cost_minor = 900_000_00
    contest.withdrawn = [dearest.ref]
    db.session.commit()
    left = max(each.cost_minor for each in contest.options if each is not dearest) // 100

    assert ask(client, contest, eli, budget=str(left)).status_code == 303


def test_after_closing_nothing_is_changed_any_more(
    app: Flask, client: BrowserLikeClient, clock: time_machine.Traveller, contest: Contest,
    eli: User, ewa: User,
) -> None:  # fmt: skip
    clock.shift(14 * 86400)
    assert ask(client, contest, eli, budget=MONEY).status_code == 303
    clock.shift(2 * 86400)
    assert confirm_as(app, ewa) == 409
    assert ask(client, contest, eli, budget=MONEY).status_code == 409
    seal_contest(contest, at=now.now())
    assert list(faults_in_log(contest)) == []
    assert contest.budget_minor == 1_000_000_00


def test_before_the_first_ballot_one_officer_suffices_and_nobody_else_asks(
    client: BrowserLikeClient, town: World, dana: User, eli: User
) -> None:
    assert ask(client, town.city_contest, eli, budget=MONEY).status_code == 409
    assert ask(client, town.city_contest, dana, budget=MONEY).status_code == 403
