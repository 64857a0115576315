"""The ballot over HTTP: marked without scripts, reviewed, cast, changed, and every refusal."""

from collections.abc import Callable
from datetime import datetime, timedelta
from time import perf_counter
from zoneinfo import ZoneInfo

import pytest
import time_machine
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import func, select
from werkzeug.test import TestResponse

from accounts.models import User
from budgets.phases import PhaseKind
from tests.harness import people
from tests.harness.client import BrowserLikeClient
from tests.harness.people import sign_in, sign_out
from tests.harness.world import World
from tests.voting.ballot_forms import (
    cast,
    key_on,
    open_paper,
    press,
    ranking_on,
    receipt_of,
    refs_of,
    review,
    words_of,
)
from voting import link_keys
from voting.models import Ballot, Contest
from voting.queries.ballots import has_cast
from voting.queries.rolls import roll_entry_of


@pytest.fixture
def contest(world: World) -> Contest:
    return world.riverside_contest


@pytest.fixture
def voter(client: BrowserLikeClient, amara: User) -> BrowserLikeClient:
    """Amara at her screen."""
    sign_in(client, amara)
    return client


def ballots(db: SQLAlchemy) -> int:
    return db.session.scalar(select(func.count()).select_from(Ballot)) or 0


# --- the straight way --------------------------------------------------------------------------


def test_the_paper_stands_in_the_order_of_the_lot_and_is_kept_by_no_cache(
    db: SQLAlchemy, voter: BrowserLikeClient, contest: Contest
) -> None:
    for option in contest.options:
        option.paper_position = 10 - option.number

    response = open_paper(voter, contest)

    page = response.get_data(as_text=True)
    places = [page.index(f'id="option-{ref}"') for ref in refs_of(contest)]
    assert places == sorted(places, reverse=True)
    assert response.headers["Cache-Control"] == "no-store"
    assert ranking_on(response) == []


def test_without_scripts_each_button_answers_with_the_paper_again(
    db: SQLAlchemy, voter: BrowserLikeClient, contest: Contest
) -> None:
    one, two, three, four = refs_of(contest)
    key = key_on(open_paper(voter, contest))

    steps = [
        (f"add:{one}", [one]),
        (f"add:{two}", [one, two]),
        (f"add:{three}", [one, two, three]),
        (f"add:{four}", [one, two, three]),
        (f"up:{three}", [one, three, two]),
        (f"up:{one}", [one, three, two]),
        (f"down:{one}", [three, one, two]),
        (f"down:{two}", [three, one, two]),
        (f"remove:{one}", [three, two]),
        (f"remove:{one}", [three, two]),
        (f"add:{two}", [three, two]),
        ("add:no-such", [three, two]),
        ("nonsense", [three, two]),
    ]
    ranking: list[str] = []
    for act, expected in steps:
        response = press(voter, contest, act, ranking, key=key)
        ranking = ranking_on(response)
        assert (response.status_code, ranking) == (200, expected), act
        assert key_on(response) == key
        assert response.headers["Cache-Control"] == "no-store"
    assert ballots(db) == 0


def test_a_button_that_changes_nothing_says_why(voter: BrowserLikeClient, contest: Contest) -> None:
    one, two, three, four = refs_of(contest)

    assert "that is the most" in words_of(press(voter, contest, f"add:{four}", [one, two, three]))
    assert "already first" in words_of(press(voter, contest, f"up:{one}", [one, two]))
    assert "already last" in words_of(press(voter, contest, f"down:{two}", [one, two]))
    assert "not on this ballot paper" in words_of(press(voter, contest, "add:zzz", [one]))


def test_without_scripts_projects_are_found_by_words_and_kind_and_the_ranking_stays(
    voter: BrowserLikeClient, contest: Contest
) -> None:
    one, *_ = refs_of(contest)

    found = press(voter, contest, "filter", [one], q="LOT 2")
    none = press(voter, contest, "filter", [one], q="łódź")
    everything = press(voter, contest, "show-all", [one], q="łódź")

    assert "1 of 4 projects shown" in words_of(found)
    assert "0 of 4 projects shown" in words_of(none)
    assert "projects shown" not in words_of(everything)
    assert ranking_on(found) == ranking_on(none) == ranking_on(everything) == [one]


def test_the_review_shows_the_ranking_in_order_with_its_cost(
    db: SQLAlchemy, voter: BrowserLikeClient, contest: Contest
) -> None:
    one, _, three, _ = refs_of(contest)

    response = review(voter, contest, [three, one])
    moved = review(voter, contest, [three, one], act=f"up:{one}")

    assert response.status_code == 200
    assert ranking_on(response) == [three, one]
    assert "PLN 800,000" in words_of(response)
    assert ranking_on(moved) == [one, three]
    assert ballots(db) == 0


def test_amara_casts_and_ends_on_her_receipt(
    db: SQLAlchemy, voter: BrowserLikeClient, contest: Contest
) -> None:
    one, two, *_ = refs_of(contest)

    response = cast(voter, contest, [two, one])

    assert response.status_code == 303
    assert response.headers["Location"] == f"/ballots/{contest.ref}/receipt"
    page = voter.get(response.headers["Location"])
    assert "What happens next" in words_of(page)
    assert "lot 1" not in words_of(page)
    assert page.headers["Cache-Control"] == "no-store"
    assert ballots(db) == 1


def test_the_same_ballot_posted_twice_gives_one_row_and_the_same_receipt(
    db: SQLAlchemy, voter: BrowserLikeClient, contest: Contest
) -> None:
    key = key_on(open_paper(voter, contest))
    ranking = refs_of(contest)[:2]

    codes = []
    for _ in range(3):
        assert cast(voter, contest, ranking, key).status_code == 303
        codes.append(receipt_of(voter, contest))

    assert len(set(codes)) == 1
    assert ballots(db) == 1


def test_a_ballot_is_changed_until_closing_and_the_pages_say_so(
    db: SQLAlchemy, voter: BrowserLikeClient, contest: Contest
) -> None:
    one, two, three, _ = refs_of(contest)
    cast(voter, contest, [one])
    first = receipt_of(voter, contest)

    paper = open_paper(voter, contest)
    assert "the new ballot replaces the old one" in words_of(paper)
    assert ranking_on(paper) == []
    assert "It replaces the one you cast before" in words_of(review(voter, contest, [two]))
    cast(voter, contest, [two, three])

    assert receipt_of(voter, contest) != first
    assert ballots(db) == 1
    mine = press(voter, contest, "mine", [])
    assert ranking_on(mine) == [two, three]
    assert mine.headers["Cache-Control"] == "no-store"


def test_a_ballot_is_shown_to_nobody_but_its_voter(
    voter: BrowserLikeClient, world: World, chen: User
) -> None:
    cast(voter, world.city_contest, refs_of(world.city_contest)[:2])
    sign_in(voter, chen)

    assert ranking_on(press(voter, world.city_contest, "mine", [])) == []
    assert voter.get(f"/ballots/{world.city_contest.ref}/receipt").status_code == 404


def test_a_receipt_is_not_shown_to_the_next_person_at_the_same_computer(
    voter: BrowserLikeClient, contest: Contest, amara: User, chen: User
) -> None:
    cast(voter, contest, refs_of(contest)[:1])
    with voter.session_transaction() as session:
        session["_user_id"] = chen.fs_uniquifier

    assert voter.get(f"/ballots/{contest.ref}/receipt").status_code == 404


# --- what is refused ---------------------------------------------------------------------------

WRONG_RANKINGS = [
    (["0-1", "0-2", "0-1"], ["0-1", "0-2"], "more than once: “Trees for the city, lot 1”"),
    (["0-1", "82-1"], ["0-1"], "“82-1” is not on this ballot paper"),
    (["no-such", "0-2", "nor-this"], ["0-2"], "These are not on this ballot paper"),
    (["0-1", "0-2", "0-3", "0-4"], ["0-1", "0-2", "0-3", "0-4"], "takes 3 at most"),
    ([], [], "Rank at least one project"),
    (["", " "], [], "Rank at least one project"),
    (["null", "-1", "1e309", "NaN", str(2**63)], [], "not on this ballot paper"),
    (["<script>alert(1)</script>"], [], "not on this ballot paper"),
    (["x" * 100_000], [], "not on this ballot paper"),
]


@pytest.mark.parametrize(("marked", "kept", "words"), WRONG_RANKINGS)
@pytest.mark.parametrize("step", [review, cast])
def test_a_wrong_ranking_is_refused_in_words_and_what_is_right_of_it_is_kept(
    db: SQLAlchemy,
    voter: BrowserLikeClient,
    world: World,
    step: Callable[..., TestResponse],
    marked: list[str],
    kept: list[str],
    words: str,
) -> None:
    response = step(voter, world.city_contest, marked)

    assert response.status_code == 422
    assert words in words_of(response)
    assert "Nothing was cast" in words_of(response)
    assert ranking_on(response) == kept
    assert ballots(db) == 0


def test_a_gap_in_the_ranking_is_closed_and_shown_on_the_review(
    voter: BrowserLikeClient, world: World
) -> None:
    assert ranking_on(review(voter, world.city_contest, ["0-3", "", "0-1"])) == ["0-3", "0-1"]


def test_ten_thousand_entries_are_refused_at_once(
    db: SQLAlchemy, voter: BrowserLikeClient, world: World
) -> None:
    key = key_on(open_paper(voter, world.city_contest))
    began = perf_counter()

    response = cast(voter, world.city_contest, ["0-1", "0-2"] * 5_000, key)

    assert response.status_code == 422
    assert perf_counter() - began < 2
    assert ballots(db) == 0


@pytest.mark.parametrize("step", ["", "/review", "/casts"])
@pytest.mark.parametrize(
    ("name", "status", "words"),
    [("bo", 403, "has not confirmed yet that you live here"), ("chen", 403, "another district")],
)
def test_who_may_not_vote_here_is_told_why_and_keeps_what_was_ranked(
    db: SQLAlchemy,
    client: BrowserLikeClient,
    contest: Contest,
    step: str,
    name: str,
    status: int,
    words: str,
) -> None:
    sign_in(client, people.cast(name))

    looked = client.get(f"/ballots/{contest.ref}")
    sent = client.post(f"/ballots/{contest.ref}{step}", data={"ranking": refs_of(contest)[:2]})

    assert (looked.status_code, sent.status_code) == (status, status)
    assert words in words_of(looked)
    assert words in words_of(sent)
    assert "lot 2" in words_of(sent)
    assert ballots(db) == 0


def test_verification_takes_effect_in_the_running_session(
    client: BrowserLikeClient, world: World, bo: User
) -> None:
    sign_in(client, bo)
    assert client.get(f"/ballots/{world.city_contest.ref}").status_code == 403

    people.verify(bo, world.riverside, "register id of Bo")

    assert cast(client, world.city_contest, ["0-1"]).status_code == 303


@pytest.mark.parametrize(("milliseconds", "status"), [(-1, 303), (0, 409), (1, 409)])
def test_a_ballot_counts_up_to_the_moment_of_closing(
    db: SQLAlchemy, voter: BrowserLikeClient, world: World, milliseconds: int, status: int
) -> None:
    key = key_on(open_paper(voter, world.city_contest))
    closing = closing_of(world)

    with time_machine.travel(closing + timedelta(milliseconds=milliseconds), tick=False):
        response = cast(voter, world.city_contest, ["0-1", "0-2"], key)

    assert response.status_code == status
    assert ballots(db) == (1 if status == 303 else 0)
    if status == 409:
        local = closing.astimezone(ZoneInfo("Europe/Warsaw"))
        words = words_of(response)
        assert f"Voting closed at {local:%H:%M}. Your ballot was not counted." in words
        assert "lot 2" in words


def test_before_opening_the_page_says_when_it_opens(
    db: SQLAlchemy, client: BrowserLikeClient, world: World, amara: User
) -> None:
    span = world.voting_round.span_of(PhaseKind.VOTING)
    assert span is not None
    with time_machine.travel(span.starts_at - timedelta(milliseconds=1), tick=False):
        sign_in(client, amara)
        looked = client.get(f"/ballots/{world.city_contest.ref}")
        sent = client.post(f"/ballots/{world.city_contest.ref}/casts", data={"ranking": ["0-1"]})

    assert (looked.status_code, sent.status_code) == (409, 409)
    assert "Voting opens on" in words_of(looked)
    assert ballots(db) == 0


def test_after_closing_the_paper_says_that_a_cast_ballot_counts(
    voter: BrowserLikeClient, world: World
) -> None:
    cast(voter, world.city_contest, ["0-1"])

    with time_machine.travel(closing_of(world) + timedelta(days=2), tick=False):
        looked = voter.get(f"/ballots/{world.city_contest.ref}")
        receipt = voter.get(f"/ballots/{world.city_contest.ref}/receipt")

    assert looked.status_code == 409
    assert "Your ballot was not counted" not in words_of(looked)
    assert "stays in the box and is counted" in words_of(looked)
    assert receipt.status_code == 200
    assert "You may still change it" not in words_of(receipt)


def test_forged_fields_are_ignored_and_the_session_decides(
    db: SQLAlchemy, voter: BrowserLikeClient, world: World, chen: User
) -> None:
    entry = roll_entry_of(chen.id)
    assert entry is not None
    key = key_on(open_paper(voter, world.city_contest))
    forged = {
        "voter_id": chen.id, "user_id": chen.id, "person_key": entry.person_key, "tag": "0" * 64,
        "contest_id": world.hillside_contest.id, "entry": entry.id, "at": "2000-01-01",
    }  # fmt: skip

    response = voter.post(
        f"/ballots/{world.city_contest.ref}/casts",
        data={"ranking": ["0-1"], "key": key, **forged},
    )

    assert response.status_code == 303
    assert not has_cast(world.city_contest, entry)
    assert not has_cast(world.hillside_contest, entry)


@pytest.mark.parametrize("key", ["", "x", "0" * 32, "0" * 32 + "." + "0" * 32, "ł.ł", "a" * 9_999])
def test_a_missing_or_made_up_form_key_casts_nothing_and_keeps_the_ranking(
    db: SQLAlchemy, voter: BrowserLikeClient, world: World, key: str
) -> None:
    response = cast(voter, world.city_contest, ["0-2", "0-1"], key)

    assert response.status_code == 400
    assert "No ballot was cast" in words_of(response)
    assert ranking_on(response) == ["0-2", "0-1"]
    assert ballots(db) == 0
    assert (
        cast(voter, world.city_contest, ranking_on(response), key_on(response)).status_code == 303
    )


def test_the_form_key_of_somebody_else_or_of_another_paper_casts_nothing(
    db: SQLAlchemy, voter: BrowserLikeClient, world: World, chen: User
) -> None:
    of_the_district = key_on(open_paper(voter, world.riverside_contest))
    of_amara = key_on(open_paper(voter, world.city_contest))

    assert cast(voter, world.city_contest, ["0-1"], of_the_district).status_code == 400
    sign_in(voter, chen)
    assert cast(voter, world.city_contest, ["0-1"], of_amara).status_code == 400
    assert ballots(db) == 0


def test_a_session_that_ended_keeps_the_ranking_through_signing_in(
    db: SQLAlchemy, voter: BrowserLikeClient, world: World, amara: User
) -> None:
    key = key_on(open_paper(voter, world.city_contest))
    sign_out(voter)

    response = cast(voter, world.city_contest, ["0-2", "0-1"], key)

    assert response.status_code == 401
    assert "You are not signed in any more" in words_of(response)
    assert ranking_on(response) == ["0-2", "0-1"]
    assert "Location" not in response.headers
    sign_in(voter, amara)
    again = review(voter, world.city_contest, ranking_on(response), key=key_on(response))
    assert ranking_on(again) == ["0-2", "0-1"]
    assert key_on(again) == key
    assert cast(voter, world.city_contest, ranking_on(again), key_on(again)).status_code == 303


def test_who_is_not_signed_in_is_sent_to_sign_in_and_back(
    client: BrowserLikeClient, contest: Contest
) -> None:
    response = client.get(f"/ballots/{contest.ref}")

    assert response.status_code == 302
    assert "next=" in response.headers["Location"]


def test_a_page_with_an_old_token_keeps_the_ranking(
    db: SQLAlchemy, voter: BrowserLikeClient, world: World
) -> None:
    form = {"ranking": ["0-2", "0-1"], "key": key_on(open_paper(voter, world.city_contest))}

    response = voter.post(f"/ballots/{world.city_contest.ref}/casts", data=form, csrf=False)

    assert response.status_code == 400
    assert ranking_on(response) == ["0-2", "0-1"]
    assert ballots(db) == 0


def test_a_ranking_that_another_site_sent_is_not_shown_as_ones_own(
    voter: BrowserLikeClient, world: World
) -> None:
    response = voter.post(
        f"/ballots/{world.city_contest.ref}/casts",
        data={"ranking": ["0-2", "0-1"]},
        headers={"Origin": "https://other.example"},
        csrf=False,
    )

    assert response.status_code == 400
    assert ranking_on(response) == []


def test_without_the_link_key_the_answer_is_503_and_the_ranking_is_kept(
    db: SQLAlchemy, voter: BrowserLikeClient, world: World
) -> None:
    key = key_on(open_paper(voter, world.city_contest))
    link_keys.destroy(world.city_contest.ref)

    response = cast(voter, world.city_contest, ["0-2", "0-1"], key)

    assert response.status_code == 503
    assert response.headers["Retry-After"]
    assert "Your ballot was not counted" in words_of(response)
    assert ranking_on(response) == ["0-2", "0-1"]
    assert voter.get(f"/ballots/{world.city_contest.ref}").status_code == 503
    assert ballots(db) == 0


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        ('{"ranking": ["0-1"]}', "application/json"),
        ("ranking=0-1", "text/plain"),
        ("<a/>", "text/xml"),
    ],
)
@pytest.mark.parametrize("step", ["", "/review", "/casts"])
def test_what_is_no_form_is_refused(
    db: SQLAlchemy, voter: BrowserLikeClient, world: World, step: str, body: str, kind: str
) -> None:
    url = f"/ballots/{world.city_contest.ref}{step}"

    assert voter.post(url, data=body, content_type=kind).status_code == 415
    assert ballots(db) == 0


def test_a_ballot_cannot_be_cast_by_an_address(voter: BrowserLikeClient, world: World) -> None:
    url = f"/ballots/{world.city_contest.ref}"

    assert voter.get(f"{url}/casts?ranking=0-1").status_code == 405
    assert voter.get(f"{url}/review?ranking=0-1").status_code == 405
    assert ranking_on(voter.get(f"{url}?ranking=0-1&act=add:0-1&key=x")) == []


@pytest.mark.parametrize("ref", ["no-such", "..", "%00", "a" * 300, "budget-2026-city%0d%0a"])
def test_there_is_no_paper_at_other_addresses(
    voter: BrowserLikeClient, world: World, ref: str
) -> None:
    assert voter.get(f"/ballots/{ref}").status_code in {400, 404}
    assert voter.post(f"/ballots/{ref}/casts", data={"ranking": ["0-1"]}).status_code in {400, 404}


def test_a_round_that_is_not_announced_has_no_paper(
    db: SQLAlchemy, voter: BrowserLikeClient, world: World
) -> None:
    world.voting_round.announced_at = None

    assert voter.get(f"/ballots/{world.city_contest.ref}").status_code == 404


def closing_of(world: World) -> datetime:
    span = world.voting_round.span_of(PhaseKind.VOTING)
    assert span is not None
    return span.ends_at
