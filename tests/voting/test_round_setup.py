"""An officer sets a round up, step by step; what is wrong gets a sentence and is kept."""

import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import func, select, update

from accounts.models import User
from budgets.models import Category, Phase, Pot, Round
from core import clock as now
from core.audit import AuditEntry
from districts.models import District
from proposals.lifecycle import State
from tests.harness import people
from tests.harness.client import BrowserLikeClient
from tests.harness.html import text_of
from tests.harness.world import MILLION, World, make_proposal
from voting.models import Contest, Option

BASICS = {"name": "Kraków decides", "summary": "For all.", "currency": "PLN", "total": "3 000 001"}
CALENDAR = {
    "submission": "2027-01-11T08:00",
    "review": "2027-02-15T08:00",
    "voting": "2027-04-12T08:00",
    "count": "2027-05-10T20:00",
    "delivery": "2027-06-01T00:00",
    "ends": "2028-06-01T00:00",
}
BALLOTS = {"min_length": "1", "max_length": "3", "aggregate_below": "50"}


@pytest.fixture
def draft(officer: BrowserLikeClient, db: SQLAlchemy) -> Round:
    """The round after its first step."""
    people.district("Riverside")
    assert officer.post("/staff/rounds", data=BASICS).status_code == 303
    return db.session.scalars(select(Round)).one()


def save(officer: BrowserLikeClient, round_: Round, step: str, **data: Any) -> Any:
    return officer.post(f"/staff/rounds/{round_.ref}/{step}", data=data)


def save_ballots(officer: BrowserLikeClient, round_: Round, **changes: Any) -> Any:
    pots = [str(pot.id) for pot in round_.pots]
    return save(officer, round_, "ballots", **(BALLOTS | {"pots": pots} | changes))


def ready_to_announce(officer: BrowserLikeClient, round_: Round) -> None:
    save(officer, round_, "pots", city="2000000", riverside="1000000")
    save(officer, round_, "calendar", **CALENDAR)
    save_ballots(officer, round_)


def test_a_round_goes_from_nothing_to_announced(
    officer: BrowserLikeClient, client: BrowserLikeClient, db: SQLAlchemy, draft: Round
) -> None:
    address = f"/staff/rounds/{draft.ref}"
    assert "still has to be done" in text_of(officer.get(address).text)
    assert officer.post(f"{address}/announcement").status_code == 409

    ready_to_announce(officer, draft)
    save(officer, draft, "categories", names="Parks and trees\nCulture")
    assert "Nothing is missing" in text_of(officer.get(address).text)
    answer = officer.post(f"{address}/announcement")

    assert (answer.status_code, answer.location) == (303, address)
    assert draft.announced_at is not None
    assert [(pot.name, pot.amount_minor) for pot in draft.pots] == [
        ("Whole city", 2 * MILLION), ("Riverside", MILLION),
    ]  # fmt: skip
    assert [span.kind for span in draft.spans] == [
        "submission", "review", "voting", "count", "delivery",
    ]  # fmt: skip
    assert draft.spans[2].starts_at == datetime(2027, 4, 12, 6, tzinfo=UTC), "typed in Warsaw time"
    contests = db.session.scalars(select(Contest).order_by(Contest.position)).all()
    assert [(each.title, each.budget_minor, each.max_length) for each in contests] == [
        ("Whole city", 2 * MILLION, 3), ("Riverside", MILLION, 3),
    ]  # fmt: skip
    assert [category.name for category in draft.categories] == ["Culture", "Parks and trees"]


def test_each_step_leads_to_the_next_and_shows_what_was_saved(
    officer: BrowserLikeClient, draft: Round
) -> None:
    address = f"/staff/rounds/{draft.ref}"
    walk = [
        ("basics", BASICS, "pots", "Kraków decides"),
        ("pots", {"city": "3000000.50", "riverside": ""}, "calendar", "3 000 000.50"),
        ("calendar", CALENDAR, "ballots", "2027-04-12T08:00"),
        ("categories", {"names": "Parks"}, "hand-over", "Parks"),
    ]
    for step, data, following, shown in walk:
        answer = save(officer, draft, step, **data)
        assert (answer.status_code, answer.location) == (303, f"{address}/{following}")
        assert shown in officer.get(f"{address}/{step}").text


@pytest.mark.attack("B57")
def test_a_draft_survives_and_is_hidden_from_everybody_else(
    client: BrowserLikeClient, draft: Round, ewa: User, dana: User
) -> None:
    address = f"/staff/rounds/{draft.ref}"
    people.sign_in(client, ewa)
    assert "Kraków decides" in client.get("/staff/rounds").text
    assert client.get(f"{address}/pots").status_code == 200
    people.sign_in(client, dana)
    assert client.get(address).status_code == 403
    assert client.get("/staff/rounds/no-such-round").status_code == 403


def test_a_round_that_is_not_there_is_not_found(officer: BrowserLikeClient) -> None:
    for step in ("", "/basics", "/pots", "/calendar", "/ballots", "/categories", "/hand-over"):
        assert officer.get(f"/staff/rounds/nowhere{step}").status_code == 404
        if step:
            assert officer.post(f"/staff/rounds/nowhere{step}").status_code == 404
    assert officer.get("/staff/contests/nowhere").status_code == 404


@pytest.mark.sqlite  # what a form says does not depend on the database
@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"name": ""}, "Please fill this in."),
        ({"name": "\u202e \u200b"}, "Please fill this in."),
        ({"name": "x" * 10_000}, "Use 120 characters at most."),
        ({"summary": "x" * 2_001}, "Use 2000 characters at most."),
        ({"total": ""}, "Write an amount."),
        ({"total": "-5"}, "An amount cannot be below zero."),
        ({"total": "NaN"}, "Write the amount in digits"),
        ({"total": "1e309"}, "Write the amount in digits"),
        ({"total": "9" * 40}, "Write the amount in digits"),
        ({"total": "99999999999999999"}, "This amount is too large."),
        ({"total": "12.3456"}, "more digits after the point"),
        ({"total": "-1"}, "An amount cannot be below zero."),
        ({"currency": "XYZ"}, "Write the three letters of a currency"),
        ({"currency": "KWD"}, "Write the three letters of a currency"),
        ({"currency": "<b>"}, "Write the three letters of a currency"),
        ({"currency": ""}, "Please fill this in."),
    ],
)
def test_a_round_that_cannot_be_is_refused_in_words_and_what_was_typed_is_kept(
    officer: BrowserLikeClient, db: SQLAlchemy, change: dict[str, str], sentence: str
) -> None:
    typed = BASICS | {"summary": "A summary that took an hour."} | change
    answer = officer.post("/staff/rounds", data=typed)

    assert answer.status_code == 422
    assert sentence in text_of(answer.text)
    assert typed["summary"][:2_000] in answer.text
    assert db.session.scalar(select(func.count()).select_from(Round)) == 0


@pytest.mark.sqlite  # what a form says does not depend on the database
@pytest.mark.parametrize(
    ("amounts", "sentence"),
    [
        ({"city": "2000000", "riverside": "1000002"}, "but the round has only PLN 3,000,001"),
        ({"city": "-1"}, "An amount cannot be below zero."),
        ({"city": "NaN"}, "Write the amount in digits"),
        ({"riverside": "1e309"}, "Write the amount in digits"),
        ({"riverside": "9" * 10_000}, "Write the amount in digits"),
    ],
)
def test_pots_that_cannot_be_change_nothing(
    officer: BrowserLikeClient, draft: Round, amounts: dict[str, str], sentence: str
) -> None:
    answer = save(officer, draft, "pots", **amounts)

    assert answer.status_code == 422
    assert sentence in text_of(answer.text)
    assert all(typed in answer.text for typed in amounts.values())
    assert draft.pots == []


def test_pots_change_and_go_and_their_ballots_with_them(
    officer: BrowserLikeClient, db: SQLAlchemy, draft: Round
) -> None:
    ready_to_announce(officer, draft)
    save(officer, draft, "pots", city="2500000", riverside="")

    assert [(pot.name, pot.amount_minor) for pot in draft.pots] == [("Whole city", 250_000_000)]
    contest = db.session.scalars(select(Contest)).one()
    assert contest.budget_minor == 250_000_000


def test_the_total_cannot_fall_below_the_pots_nor_the_currency_change_under_them(
    officer: BrowserLikeClient, draft: Round
) -> None:
    save(officer, draft, "pots", city="2000000")
    small = save(officer, draft, "basics", **(BASICS | {"total": "1999999"}))
    foreign = save(officer, draft, "basics", **(BASICS | {"currency": "EUR"}))

    assert (small.status_code, foreign.status_code) == (422, 422)
    assert "The pots already hold PLN 2,000,000." in text_of(small.text)
    assert "The pots are in PLN." in text_of(foreign.text)
    assert (draft.total_minor, draft.currency) == (3_000_001_00, "PLN")


def test_a_missing_district_is_added_on_the_way_once(
    officer: BrowserLikeClient, db: SQLAlchemy, draft: Round
) -> None:
    typed = {"district_name": "Nowa Huta", "population": "200000"}
    assert save(officer, draft, "districts", **typed).status_code == 303
    assert "Nowa Huta" in officer.get(f"/staff/rounds/{draft.ref}/pots").text
    again = save(officer, draft, "districts", **typed)
    assert again.status_code == 422
    assert "There is a district of this name already." in text_of(again.text)
    for wrong in ("-1", "NaN", "1e309", "9" * 6_000):
        answer = save(officer, draft, "districts", district_name="Elsewhere", population=wrong)
        assert answer.status_code == 422
    assert db.session.scalar(select(func.count()).select_from(District)) == 2


@pytest.mark.sqlite  # what a form says does not depend on the database
@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"voting": ""}, "Choose a date and a time."),
        ({"ends": ""}, "Choose a date and a time."),
        ({"voting": "soon"}, "Not a valid datetime value."),
        ({"voting": "2027-13-45T99:00"}, "Not a valid datetime value."),
        ({"review": "2027-01-01T08:00"}, "“Review” must start later than “Proposals”."),
        ({"voting": "2027-02-15T08:00"}, "“Voting” must start later than “Review”."),
        ({"count": "2027-04-01T08:00"}, "“Count” must start later than “Voting”."),
        ({"ends": "2027-06-01T00:00"}, "must end after the phase “Delivery” has begun."),
        ({"voting": "2027-03-28T02:30"}, "clocks go forward in that hour"),
        ({"voting": "0001-01-01T00:00"}, "Choose a year from 2000 to 2200."),
        ({"ends": "9999-12-31T23:59"}, "Choose a year from 2000 to 2200."),
    ],
)
def test_dates_that_cannot_be_followed_are_refused_in_words(
    officer: BrowserLikeClient, draft: Round, changes: dict[str, str], sentence: str
) -> None:
    answer = save(officer, draft, "calendar", **(CALENDAR | changes))

    assert answer.status_code == 422
    assert sentence in text_of(answer.text)
    assert 'value="2027-01-11T08:00"' in answer.text, "what was typed is kept"
    assert draft.spans == []


def test_a_calendar_without_proposals_and_review_holds_too(
    officer: BrowserLikeClient, draft: Round
) -> None:
    save(
        officer, draft, "calendar", **(CALENDAR | {"submission": "", "review": "", "delivery": ""})
    )

    assert [span.kind for span in draft.spans] == ["voting", "count"]


@pytest.mark.sqlite  # what a form says does not depend on the database
@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"min_length": "4"}, "This cannot be fewer than the 4 above."),
        ({"min_length": "0"}, "Write a whole number from 1 to 50."),
        ({"max_length": "-3"}, "Write a whole number from 1 to 50."),
        ({"max_length": "NaN"}, "Not a valid integer value."),
        ({"max_length": "1e309"}, "Not a valid integer value."),
        ({"max_length": "9" * 6_000}, "Not a valid integer value."),
        ({"aggregate_below": ""}, "Write a whole number from 50 to 10000."),
        ({"aggregate_below": "49"}, "Write a whole number from 50 to 10000."),
        ({"pots": []}, "Choose at least one pot."),
        ({"pots": ["999999"]}, "not a valid choice"),
    ],
)
def test_ballots_that_nobody_could_cast_are_refused(
    officer: BrowserLikeClient, db: SQLAlchemy, draft: Round, changes: dict[str, Any], sentence: str
) -> None:
    save(officer, draft, "pots", city="2000000")
    answer = save_ballots(officer, draft, **changes)

    assert answer.status_code == 422
    assert sentence in text_of(answer.text)
    assert db.session.scalar(select(func.count()).select_from(Contest)) == 0


def test_one_ballot_may_have_settings_of_its_own(
    officer: BrowserLikeClient, db: SQLAlchemy, draft: Round
) -> None:
    ready_to_announce(officer, draft)
    contest = db.session.scalars(select(Contest).where(Contest.district_id.is_(None))).one()
    address = f"/staff/contests/{contest.ref}"
    assert officer.get(address).status_code == 200
    answer = officer.post(address, data=BALLOTS | {"title": "The city", "max_length": "5"})
    wrong = officer.post(address, data=BALLOTS | {"title": "", "max_length": "5"})

    assert (answer.status_code, wrong.status_code) == (303, 422)
    assert (contest.title, contest.max_length) == ("The city", 5)


def test_themes_are_kept_once_and_those_in_use_stay(
    officer: BrowserLikeClient, draft: Round
) -> None:
    save(officer, draft, "categories", names="Parks\n parks \n\nCulture\r\n<b>Sport</b>")
    assert {each.name for each in draft.categories} == {"Parks", "Culture", "<b>Sport</b>"}
    assert "<b>Sport" not in officer.get(f"/staff/rounds/{draft.ref}/categories").text
    parks = next(each for each in draft.categories if each.name == "Parks")
    proposal = make_proposal(draft, None, "A tree", now.now())
    proposal.category_id = parks.id

    refused = save(officer, draft, "categories", names="Culture")
    assert refused.status_code == 422
    assert "they have to stay: Parks." in text_of(refused.text)
    long = save(officer, draft, "categories", names="x" * 81)
    many = save(officer, draft, "categories", names="\n".join(f"Theme {n}" for n in range(41)))
    assert (long.status_code, many.status_code) == (422, 422)
    assert len(draft.categories) == 3


def test_papers_are_filled_with_what_is_feasible(
    officer: BrowserLikeClient, db: SQLAlchemy, draft: Round
) -> None:
    ready_to_announce(officer, draft)
    save(officer, draft, "categories", names="Parks")
    address = f"/staff/rounds/{draft.ref}/hand-over"
    assert "was found feasible yet" in text_of(officer.get(address).text)
    assert officer.post(address, data={"ties": "lot"}).status_code == 409

    for title, state in (("A bench", State.FEASIBLE), ("A folly", State.NOT_FEASIBLE)):
        make_proposal(draft, people.district("Riverside"), title, now.now(), state=state)
    page = officer.get(address)
    assert "Fill 1 ballot paper" in text_of(page.text)
    assert officer.post(address, data={"ties": "dice"}).status_code == 422
    assert officer.post(address, data={"ties": "cheaper"}).status_code == 303

    options = db.session.scalars(select(Option)).all()
    assert [option.title for option in options] == ["A bench"]
    contest = options[0].contest
    assert contest.paper_seed in officer.get(address).text


def test_what_a_form_does_not_send_stays_as_it_was_chosen(
    officer: BrowserLikeClient, db: SQLAlchemy, world: World
) -> None:
    round_ = world.voting_round
    round_.district_rule, round_.districts_most = "some", 2
    for contest in (world.city_contest, world.riverside_contest):
        contest.openings = "public"
    db.session.commit()
    city, pots = world.city_contest, {"pots": [str(world.riverside_contest.pot_id)]}

    one = officer.post(f"/staff/contests/{city.ref}", data=BALLOTS | {"title": "The city"})
    all_ = officer.post(f"/staff/rounds/{round_.ref}/ballots", data=BALLOTS | pots)

    assert (one.status_code, all_.status_code) == (303, 303)
    assert (city.openings, world.riverside_contest.openings) == ("public", "public")
    assert (round_.district_rule, round_.districts_most) == ("some", 2)


def test_a_choice_that_is_none_is_refused_and_a_new_contest_is_for_auditors(
    officer: BrowserLikeClient, db: SQLAlchemy, world: World
) -> None:
    wrong = BALLOTS | {"title": "The city", "openings": "nobody"}

    assert officer.post(f"/staff/contests/{world.city_contest.ref}", data=wrong).status_code == 422
    assert world.city_contest.openings == "auditors"


def frozen_posts(world: World) -> Iterator[tuple[str, dict[str, Any]]]:
    """Every setting of a round that voting has begun in."""
    base = f"/staff/rounds/{world.voting_round.ref}"
    yield f"{base}/basics", BASICS
    yield f"{base}/pots", {"city": "1000000", "riverside": "900000"}
    yield f"{base}/districts", {"district_name": "Elsewhere"}
    yield f"{base}/calendar", CALENDAR
    pots = [str(pot.id) for pot in world.voting_round.pots]
    yield f"{base}/ballots", BALLOTS | {"pots": pots, "max_length": "9"}
    yield f"{base}/categories", {"names": "Something else"}
    yield f"{base}/hand-over", {"ties": "lot"}
    yield f"/staff/contests/{world.city_contest.ref}", BALLOTS | {"title": "X", "max_length": "9"}


def test_after_the_first_ballot_every_setting_stays_as_it_is(
    officer: BrowserLikeClient, db: SQLAlchemy, world: World
) -> None:
    round_ = world.voting_round
    round_.frozen_at = now.now()
    db.session.commit()
    before = snapshot(db)

    for address, data in frozen_posts(world):
        answer = officer.post(address, data=data)
        assert answer.status_code == 409, address
        assert "The first ballot of this round has been cast" in text_of(answer.text)
        page = officer.get(address) if "/districts" not in address else None
        assert page is None or "These settings stay as they are" in text_of(page.text)
    assert snapshot(db) == before


def test_before_the_first_ballot_every_setting_can_be_changed(
    officer: BrowserLikeClient, db: SQLAlchemy, world: World
) -> None:
    before = snapshot(db)
    answers = [officer.post(address, data=data) for address, data in frozen_posts(world)]

    assert {answer.status_code for answer in answers} == {303, 422}, "422: a theme in use"
    assert snapshot(db) != before


@pytest.mark.postgres
def test_a_change_that_meets_the_first_ballot_waits_for_it_and_is_refused(
    officer: BrowserLikeClient, db: SQLAlchemy, world: World
) -> None:
    ref, before = world.voting_round.ref, snapshot(db)
    db.session.commit()
    casting = db.engine.connect()
    casting.execute(select(Round.id).where(Round.ref == ref).with_for_update())
    casting.execute(update(Round).where(Round.ref == ref).values(frozen_at=now.now()))
    timer = threading.Timer(1, casting.commit)
    timer.start()
    answer = officer.post(f"/staff/rounds/{ref}/calendar", data=CALENDAR)
    timer.join()
    casting.close()

    assert answer.status_code == 409
    assert snapshot(db)[1:] == before[1:]


def snapshot(db: SQLAlchemy) -> list[Any]:
    """Every row of every table that settings stand in."""
    db.session.expire_all()
    tables = ("round", "phase", "pot", "category", "district", "contest", "option")
    metadata = Round.metadata.tables
    return [sorted(map(str, db.session.execute(select(metadata[name])).all())) for name in tables]


def test_what_waits_for_officers_is_on_their_home_page(
    clock: time_machine.Traveller,
    officer: BrowserLikeClient,
    db: SQLAlchemy,
    world: World,
    eli: User,
    dana: User,
) -> None:
    world.voting_round.announced_at = None
    assert "Rounds being set up" in text_of(officer.get("/staff").text)
    world.voting_round.announced_at = now.now()
    world.city_contest.options.clear()
    assert "Ballot papers to fill: Budget 2026" in text_of(officer.get("/staff").text)
    clock.shift(timedelta(days=30))
    people.sign_in(officer, eli)
    assert "Contests to close and count: Budget 2026" in text_of(officer.get("/staff").text)
    people.sign_in(officer, dana)
    assert "Budget 2026" not in text_of(officer.get("/staff").text)


def test_a_round_speaks_the_language_of_its_residents(
    officer: BrowserLikeClient, db: SQLAlchemy, draft: Round
) -> None:
    assert draft.language == "en", "that of the city, where nothing else was chosen"
    address = f"/staff/rounds/{draft.ref}/basics"
    assert '<option selected value="en">English</option>' in officer.get(address).text

    assert officer.post(address, data=BASICS | {"language": "pl"}).status_code == 303
    db.session.refresh(draft)
    assert draft.language == "pl"
    assert '<option selected value="pl">Polish</option>' in officer.get(address).text

    assert officer.post(address, data=BASICS | {"language": "klingon"}).status_code == 422
    db.session.refresh(draft)
    assert draft.language == "pl"


def test_a_draft_is_discarded_after_a_second_look(
    officer: BrowserLikeClient, db: SQLAlchemy, draft: Round
) -> None:
    ready_to_announce(officer, draft)
    save(officer, draft, "categories", names="Parks")
    address = f"/staff/rounds/{draft.ref}"
    assert f"{address}/discarding" in officer.get(address).text
    asked = officer.get(f"{address}/discarding")
    assert "it cannot be brought back" in text_of(asked.text)
    assert db.session.scalar(select(func.count()).select_from(Round)) == 1, (
        "looking changes nothing"
    )

    answer = officer.post(f"{address}/discarding")

    assert (answer.status_code, answer.location) == (303, "/staff/rounds")
    for table in (Round, Pot, Category, Phase, Contest):
        assert db.session.scalar(select(func.count()).select_from(table)) == 0
    entry = db.session.scalars(select(AuditEntry).where(AuditEntry.act == "discard_round")).one()
    assert (entry.subject, entry.details["name"]) == ("round:krakow-decides", "Kraków decides")
    assert entry.actor_id == people.cast("eli").id


def test_a_round_that_was_announced_is_not_discarded(
    officer: BrowserLikeClient, db: SQLAlchemy, draft: Round
) -> None:
    ready_to_announce(officer, draft)
    address = f"/staff/rounds/{draft.ref}"
    officer.post(f"{address}/announcement")

    for answer in (officer.get(f"{address}/discarding"), officer.post(f"{address}/discarding")):
        assert answer.status_code == 409
        assert "is announced, so it stays." in text_of(answer.text)
    assert "/discarding" not in officer.get(address).text
    assert db.session.scalar(select(func.count()).select_from(Contest)) == 2


def test_a_draft_with_proposals_is_not_discarded(
    officer: BrowserLikeClient, db: SQLAlchemy, draft: Round
) -> None:
    save(officer, draft, "categories", names="Parks")
    make_proposal(draft, None, "A bench", now.now())
    db.session.commit()
    answer = officer.post(f"/staff/rounds/{draft.ref}/discarding")

    assert answer.status_code == 409
    assert "Proposals were brought into “Kraków decides”" in text_of(answer.text)
    assert db.session.scalar(select(func.count()).select_from(Round)) == 1
