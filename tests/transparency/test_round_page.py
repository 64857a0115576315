"""The one public page of a round tells, in every phase, what is going on and what comes next."""

import re
from datetime import timedelta

import pytest
import time_machine
from flask_sqlalchemy import SQLAlchemy

from accounts.models import User
from budgets.phases import PhaseKind
from core import clock as town_clock
from core.database import db as database
from proposals.models import Proposal
from tests.harness.client import BrowserLikeClient
from tests.harness.html import text_of
from tests.harness.people import district, sign_in
from tests.harness.world import World, add_option, build, make_contest, make_round
from tests.transparency import decided
from tests.transparency.published import words
from tests.voting.log_voters import cast, voters
from transparency.standing import Standing, standing
from voting import link_keys
from voting.models import Contest
from voting.queries.contests import contests_of
from voting.services.closing import seal_contest

Clock = time_machine.Traveller
NOT_BEFORE = re.compile(r"Funded as number|Not funded|points:|SHA256SUMS|recount\.py")


@pytest.mark.parametrize(
    ("kind", "said"),
    [
        (PhaseKind.SUBMISSION, "can write a proposal until"),
        (PhaseKind.REVIEW, "Voting opens on"),
        (PhaseKind.VOTING, "How to vote"),
        (PhaseKind.COUNT, "The results are to be published by"),
        (PhaseKind.DELIVERY, "counted again by a second program"),
    ],
)
def test_each_phase_says_what_is_going_on(
    client: BrowserLikeClient, clock: Clock, kind: PhaseKind, said: str
) -> None:
    make_round("Budget 2030", "budget-2030", town_clock.now(), kind)
    database.session.commit()
    text = words(client, "/rounds/budget-2030")

    assert said in text
    assert text.count("– now") == 1
    assert not NOT_BEFORE.search(text)


def test_what_a_resident_can_do_now_stands_before_the_money_and_the_calendar(
    client: BrowserLikeClient, world: World
) -> None:
    voting = words(client, f"/rounds/{world.voting_round.ref}")
    writing = words(client, f"/rounds/{world.submission_round.ref}")

    assert voting.index("Open the paper") < voting.index("The money of this round")
    assert writing.index("Write a proposal,") < writing.index("The money of this round")


def test_a_round_of_many_contests_folds_what_compares_them(
    client: BrowserLikeClient, world: World
) -> None:
    address = f"/rounds/{world.voting_round.ref}"
    few = client.get(address).text
    for name in ("Bridgeside", "Dockside", "Lakeside", "Woodside"):
        make_contest(world.voting_round, district(name), town_clock.now())
    database.session.commit()
    many = client.get(address).text

    assert "<summary>Turnout</summary>" not in few
    assert "<summary>Turnout</summary>" in many
    assert "Proposals for Woodside" in text_of(many)


def test_a_round_that_has_not_begun_says_when_it_will(
    client: BrowserLikeClient, clock: Clock
) -> None:
    at = town_clock.now() + timedelta(days=60)
    make_round("Budget 2031", "budget-2031", at, PhaseKind.SUBMISSION)
    database.session.commit()

    assert "It begins on" in words(client, "/rounds/budget-2031")


def test_a_round_that_is_not_announced_is_nowhere(
    client: BrowserLikeClient, clock: Clock, eli: User
) -> None:
    draft = make_round("Secret plans", "secret", town_clock.now(), PhaseKind.SUBMISSION)
    draft.announced_at = None
    database.session.commit()
    for person in (None, eli):
        if person is not None:
            sign_in(client, person)
        assert client.get("/rounds/secret").status_code == 404
        assert "Secret plans" not in words(client, "/rounds")


def test_the_rounds_stand_with_what_is_open_on_top(client: BrowserLikeClient, world: World) -> None:
    at = town_clock.now()
    make_round("Old round", "old", at - timedelta(days=300), PhaseKind.VOTING)
    newest = make_round("New round", "new", at, PhaseKind.REVIEW)
    newest.created_at = at
    database.session.commit()
    text = words(client, "/rounds")
    places = [text.index(name) for name in ("Budget 2026", "Budget 2027", "New round", "Old round")]

    assert places == sorted(places)


def test_during_voting_the_page_tells_turnout_and_its_denominator(
    client: BrowserLikeClient, world: World, amara: User, chen: User
) -> None:
    decided.cast(world.riverside_contest, [[0], [1]])
    text = words(client, f"/rounds/{world.voting_round.ref}")

    assert "Proposals for Riverside 2 1 200.0 %" in text
    assert "Proposals for the whole city 0 2 0.0 %" in text


@pytest.mark.parametrize(
    ("rule", "most", "said"),
    [
        ("home", 1, "The paper of a district is for those who live in it"),
        ("some", 2, "Everybody chooses up to 2 districts, wherever she lives"),
        ("all", 1, "Every paper is for all, that of each district, too."),
    ],
)
def test_how_to_vote_says_for_which_districts(
    client: BrowserLikeClient, world: World, rule: str, most: int, said: str
) -> None:
    world.voting_round.district_rule, world.voting_round.districts_most = rule, most
    database.session.commit()

    assert said in words(client, f"/rounds/{world.voting_round.ref}")


def test_everybody_reads_whether_the_keys_to_the_ballots_are_still_there(
    clock: Clock, client: BrowserLikeClient, db: SQLAlchemy
) -> None:
    world = build()
    cast(world.city_contest, voters(world, 1)[0], ["0-1"])
    db.session.commit()
    page = f"/rounds/{world.voting_round.ref}"
    assert "After that two officers destroy it, before any count is certified" in words(
        client, page
    )

    clock.shift(timedelta(days=16))
    seal_contest(world.city_contest, at=town_clock.now())
    db.session.commit()
    assert "the keys are still there" in words(client, page)

    link_keys.destroy(world.city_contest.ref)
    assert "two officers destroyed the keys that tied them to persons" in words(client, page)


def test_where_the_roll_is_not_known_no_share_is_invented(
    client: BrowserLikeClient, clock: Clock, eli: User, ewa: User
) -> None:
    round_ = decided.decided_round()
    decided.publish(round_, certified_by=eli, by=ewa)
    text = words(client, "/rounds/budget-2025")

    assert "How many people could have voted is not known" in text
    assert "Contest Ballots Share Proposals for the whole city 60" in text
    assert "not known –" not in text


def test_the_published_page_tells_all_of_each_contest(
    client: BrowserLikeClient, clock: Clock, eli: User, ewa: User
) -> None:
    round_ = decided.decided_round(district=district("Riverside"))
    decided.publish(round_, certified_by=eli, by=ewa)
    for contest in ("city", "riverside"):
        text = words(client, f"/rounds/budget-2025?contest=budget-2025-{contest}")
        options = 4 if contest == "city" else 6

        reasons = len(re.findall(r"Funded as number|Not funded, with", text))
        assert reasons == options
        assert f"python3 recount.py budget-2025-{contest}.pb" in text
        assert "120 ballots decided 2 contests" in text
    turns = words(client, "/rounds/budget-2025/contests/budget-2025-riverside/turns")
    assert "Every turn of the count" in turns


def test_under_htmx_only_the_chosen_contest_is_sent(
    client: BrowserLikeClient, clock: Clock, eli: User, ewa: User
) -> None:
    round_ = decided.decided_round(district=district("Riverside"))
    decided.publish(round_, certified_by=eli, by=ewa)
    fragment = client.htmx("GET", "/rounds/budget-2025?contest=budget-2025-riverside")
    text = fragment.get_data(as_text=True)

    assert "<html" not in text
    assert "Proposals for Riverside" in text
    assert "whole city" not in text
    assert "HX-Request" in fragment.headers["Vary"]


def test_a_contest_that_is_not_there_leads_nowhere(
    client: BrowserLikeClient, world: World, clock: Clock
) -> None:
    assert client.get("/rounds/nothing").status_code == 404
    address = f"/rounds/{world.voting_round.ref}"
    assert client.get(f"{address}/contests/nothing").status_code == 404
    other = f"{address}/contests/{world.riverside_contest.ref}".replace("2026", "2027", 1)
    assert client.get(other).status_code == 404
    assert client.get(f"{address}?contest=%ff&contest=2").status_code == 200


def test_the_paper_of_a_contest_stands_with_its_seed_and_orders(
    client: BrowserLikeClient, world: World
) -> None:
    contest = world.riverside_contest
    contest.paper_seed = "5" * 64
    address = f"/rounds/{world.voting_round.ref}/contests/{contest.ref}"
    text = words(client, f"{address}/orders")

    assert "5" * 64 in text
    for option in contest.options:
        assert option.title in text
        assert option.title in words(client, address)


def test_a_long_paper_is_folded_by_theme_and_none_of_its_proposals_is_left_out(
    client: BrowserLikeClient, clock: Clock
) -> None:
    round_ = decided.decided_round(themes=("Sport", "", "Parks", "Sport"), city=0)
    contest = contests_of(round_.id)[0]
    for number in range(4, 21):
        add_option(contest, round_, None, number, town_clock.now())
    database.session.commit()
    address = f"/rounds/budget-2025/contests/{contest.ref}"
    themes = re.findall(r"<summary><span>([^<]+)</span> ", client.get(address).text)
    text = words(client, address)

    assert [theme for theme in themes if theme != "These figures"] == ["Parks", "Sport", "No theme"]
    for option in contest.options:
        assert option.title in text


def test_before_voting_the_rule_stands_with_its_settings_in_words_and_to_the_letter(
    client: BrowserLikeClient, world: World
) -> None:
    contest = world.riverside_contest
    contest.rule_parameters = {"no_skip": True}
    database.session.commit()
    text = words(client, f"/rounds/{world.voting_round.ref}/contests/{contest.ref}")

    assert "Funding ends with the first project that costs more than the money left." in text
    assert 'points-by-rank 1 {"no_skip":true}' in text


def test_the_money_of_each_place_stands_beside_its_share_of_the_ballots(
    client: BrowserLikeClient, clock: Clock, eli: User, ewa: User
) -> None:
    round_ = decided.decided_round(district=district("Riverside"), city=150, local=50)
    decided.publish(round_, certified_by=eli, by=ewa)
    text = words(client, "/rounds/budget-2025")
    table = text.partition("Money and ballots, place by place")[2].partition("Open data")[0]

    city = r"whole city PLN [\d,]+ assigned Ballots 75\.0 % Money \d+\.\d %"
    assert re.search(f"Proposals for the {city}", table)
    assert re.search(r"Riverside PLN [\d,]+ assigned Ballots 25\.0 % Money \d+\.\d %", table)


def test_a_round_of_one_contest_compares_no_places(
    client: BrowserLikeClient, clock: Clock, eli: User, ewa: User
) -> None:
    decided.publish(decided.decided_round(), certified_by=eli, by=ewa)

    assert "place by place" not in words(client, "/rounds/budget-2025")


def test_a_proposals_page_tells_its_place_and_later_its_outcome(
    client: BrowserLikeClient, clock: Clock, eli: User, ewa: User, db: SQLAlchemy
) -> None:
    round_ = decided.decided_round()
    contest = db.session.query(Contest).one()
    option = contest.options[0]
    proposal = db.session.get(Proposal, option.proposal_id)
    assert proposal is not None
    before = words(client, f"/proposals/{proposal.ref}")
    decided.publish(round_, certified_by=eli, by=ewa)
    after = words(client, f"/proposals/{proposal.ref}")

    assert "Number 1 of 4 on the paper" in before
    assert not NOT_BEFORE.search(before)
    assert re.search(r"Funded as number \d|Not funded, with", after)


def test_home_shows_what_the_latest_round_decided(
    client: BrowserLikeClient, clock: Clock, eli: User, ewa: User
) -> None:
    decided.publish(decided.decided_round(), certified_by=eli, by=ewa)

    assert "Decided: Round budget-2025" in words(client, "/")


def test_the_feed_holds_published_rounds_only(
    client: BrowserLikeClient, clock: Clock, eli: User, ewa: User
) -> None:
    round_ = decided.decided_round()
    before = client.get("/rounds/feed.atom")
    assert before.mimetype == "application/atom+xml"
    assert "<entry" not in before.get_data(as_text=True)
    publication = decided.publish(round_, certified_by=eli, by=ewa)
    after = client.get("/rounds/feed.atom").get_data(as_text=True)

    assert after.count("</entry>") == 1
    assert "http://localhost/rounds/budget-2025" in after
    assert publication.manifest_sha256 in after


def test_the_officers_screen_says_who_signed_and_what_publishing_does(
    client: BrowserLikeClient, clock: Clock, eli: User, ewa: User
) -> None:
    round_ = decided.decided_round(district=district("Riverside"), local=10)
    decided.certify(round_, eli)
    sign_in(client, ewa)
    answer = client.get("/staff/rounds/budget-2025/publication")
    text = text_of(answer.get_data(as_text=True))

    assert answer.headers["Cache-Control"] == "no-store"
    assert text.count("Eli, ") == 2
    assert "only the table of proposal and rank" in text
    assert "Publish the results" in text
    assert "Results to publish: Round budget-2025" in words(client, "/staff")


def test_where_a_round_stands_follows_the_clock_and_the_publication(clock: Clock) -> None:
    assert standing([], published=False, at=town_clock.now()) is Standing.ANNOUNCED
    assert standing([], published=True, at=town_clock.now()) is Standing.PUBLISHED
