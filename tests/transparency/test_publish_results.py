"""Two officers publish what was certified; whatever differs stops it, and nothing changes."""

import hashlib
from dataclasses import replace
from pathlib import Path

import pytest
import time_machine
from sqlalchemy import ColumnElement, func, select, update
from sqlalchemy.exc import IntegrityError
from structlog.testing import capture_logs

from accounts.models import User
from budgets.models import Round
from core import clock, files
from core.audit import AuditEntry
from core.database import db as database
from proposals.lifecycle import State
from proposals.models import Proposal
from tests.harness.client import BrowserLikeClient
from tests.harness.people import cast, district, sign_in
from tests.harness.second_person import ask_and_confirm
from tests.transparency import decided
from tests.transparency.published import results_of
from transparency import recounts
from transparency.models import PublishedContest, PublishedFile, PublishedRound
from transparency.queries import publication_of
from transparency.services import PublicationStopped, publish_results
from transparency.services.gathering import gather
from transparency.services.prepared import check_roll
from voting.models import Contest, ContestCount, Option, RollEntry, RollMark, SealedBallot
from voting.queries.contests import contests_of

Clock = time_machine.Traveller
ADDRESS = "/staff/rounds/budget-2025/publication"
# What is not about rows needs no second database.
rows_do_not_matter = pytest.mark.sqlite


@pytest.fixture
def round_(app: object, clock: Clock) -> Round:
    return decided.decided_round(district=district("Riverside"))


@pytest.fixture
def certified(round_: Round, eli: User) -> Round:
    decided.certify(round_, eli)
    return round_


def rows() -> dict[str, int]:
    """How many rows a publication has left."""
    tables = (PublishedRound, PublishedContest, PublishedFile)
    return {
        table.__tablename__: database.session.scalar(select(func.count()).select_from(table)) or 0
        for table in tables
    }


def nothing_was_published(round_: Round) -> bool:
    states = set(database.session.scalars(select(Proposal.state).where(on_paper(round_))))
    return (
        set(rows().values()) == {0}
        and publication_of(round_.id) is None
        and states == {State.ON_BALLOT}
    )


def on_paper(round_: Round) -> ColumnElement[bool]:
    options = select(Option.proposal_id).join(Contest).where(Contest.round_id == round_.id)
    return Proposal.id.in_(options)


def test_two_officers_publish_all_contests_at_once(
    certified: Round, eli: User, ewa: User, client: BrowserLikeClient
) -> None:
    sign_in(client, eli)
    assert client.post(ADDRESS).headers["Location"] == ADDRESS
    assert nothing_was_published(certified), "one officer alone publishes nothing"
    assert ask_and_confirm(client, ADDRESS, eli, ewa) == 303

    publication = publication_of(certified.id)
    assert publication is not None
    assert publication.published_by_id == ewa.id
    results = results_of(publication)
    assert [result.ballots for result in results] == [60, 60]
    entry = database.session.scalars(
        select(AuditEntry).where(AuditEntry.act == "publish_results")
    ).one()
    assert entry.actor_id == ewa.id
    assert entry.details["manifest_sha256"] == publication.manifest_sha256


def test_the_proposals_learn_what_became_of_them(certified: Round, ewa: User) -> None:
    publish_results(certified, by=ewa, at=clock.now())
    database.session.commit()

    publication = publication_of(certified.id)
    assert publication is not None
    for result, contest in zip(results_of(publication), contests_of(certified.id), strict=True):
        proposals = {option.ref: option.proposal_id for option in contest.options}
        for option in result.options:
            proposal = database.session.get(Proposal, proposals[option.id])
            assert proposal is not None
            expected = State.CHOSEN if option.is_funded else State.NOT_CHOSEN
            assert proposal.state == expected


def test_a_round_with_a_count_that_nobody_certified_waits(
    round_: Round, ewa: User, client: BrowserLikeClient
) -> None:
    sign_in(client, ewa)
    answer = client.post(ADDRESS)

    assert answer.status_code == 409
    assert "not certified yet" in answer.get_data(as_text=True)
    assert nothing_was_published(round_)


def test_what_is_published_stays(
    certified: Round, eli: User, ewa: User, client: BrowserLikeClient
) -> None:
    assert ask_and_confirm(client, ADDRESS, eli, ewa) == 303
    before = rows()
    again = client.post(ADDRESS)

    assert again.status_code == 409
    assert "published already" in again.get_data(as_text=True)
    assert rows() == before


def test_nobody_but_an_officer_publishes(
    certified: Round, dana: User, adam: User, client: BrowserLikeClient
) -> None:
    for person in (dana, adam):
        sign_in(client, person)
        assert client.post(ADDRESS).status_code == 403
    assert nothing_was_published(certified)


# --- what stops it -----------------------------------------------------------------------------


def assert_stopped(client: BrowserLikeClient, round_: Round, ewa: User, words: str) -> None:
    """The officers' page says what stopped it and lets it be ordered again; nothing was changed."""
    assert ask_and_confirm(client, ADDRESS, cast("eli"), ewa) == 303
    text = client.get(ADDRESS).get_data(as_text=True)

    assert "The publication was stopped" in text
    assert "Nothing was published." in text
    assert words in text
    assert f'action="{ADDRESS}"' in text
    assert nothing_was_published(round_)


def test_an_altered_sealed_ballot_stops_it(
    certified: Round, ewa: User, client: BrowserLikeClient
) -> None:
    ballot = database.session.scalars(select(SealedBallot).limit(1)).one()
    ballot.ranking = bytes([0, 3, 0, 2, 0, 1]) if ballot.ranking != b"\0\3\0\2\0\1" else b"\0\0"
    database.session.commit()

    assert_stopped(client, certified, ewa, "not those that were certified")


def test_a_ballot_too_many_stops_it(certified: Round, ewa: User, client: BrowserLikeClient) -> None:
    contest = contests_of(certified.id)[0]
    database.session.add(SealedBallot(contest_id=contest.id, id="f" * 32, ranking=b"\0\1"))
    database.session.commit()

    assert_stopped(client, certified, ewa, "not those that were certified")


def test_an_altered_cost_stops_it(certified: Round, ewa: User, client: BrowserLikeClient) -> None:
    contest = contests_of(certified.id)[0]
    contest.options[0].cost_minor += 100
    database.session.commit()

    assert_stopped(client, certified, ewa, "not those that were certified")


def test_an_altered_certified_count_stops_it(
    certified: Round, ewa: User, client: BrowserLikeClient
) -> None:
    count = database.session.scalars(select(ContestCount).limit(1)).one()
    count.document = count.document.replace('"points":', '"points": ')
    count.document_sha256 = hashlib.sha256(count.document.encode()).hexdigest()
    database.session.commit()

    assert_stopped(client, certified, ewa, "not those that were certified")


@rows_do_not_matter
def test_a_certificate_for_other_ballots_stops_it_even_where_they_give_the_same(
    certified: Round, ewa: User
) -> None:
    count = database.session.scalars(select(ContestCount).limit(1)).one()
    count.ballots_sha256 = "0" * 64
    database.session.commit()

    with pytest.raises(PublicationStopped) as stopped:
        publish_results(certified, by=ewa, at=clock.now())
    assert stopped.value.code == "altered"
    assert "the sealed ballots are not those that were counted" in str(stopped.value.detail)


@rows_do_not_matter
def test_ballots_are_as_many_as_were_sealed_and_as_the_roll_has_marks(certified: Round) -> None:
    given = gather(certified).contests[0]

    def stops(sealed: int, roll_size: int | None, marks: int) -> bool:
        facts = {**given.facts, "roll_size": roll_size}
        asked = replace(given, ballots_sealed=sealed, facts=facts, marks=marks)
        try:
            check_roll(asked, 60)
        except PublicationStopped as stop:
            return stop.code == "roll"
        return False

    assert not stops(60, None, 0), "imported ballots have no roll"
    assert stops(61, None, 0)
    assert not stops(60, 100, 60)
    assert stops(61, 100, 60)
    assert stops(60, 100, 59)


@rows_do_not_matter
def test_a_table_that_gives_another_count_than_the_ballots_stops_it(
    certified: Round, ewa: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    contest = contests_of(certified.id)[0]
    contest.aggregate_below = 1000
    monkeypatch.setattr("transparency.services.preparing.tell_of_few", lambda *_: None)

    with pytest.raises(PublicationStopped) as stopped:
        publish_results(certified, by=ewa, at=clock.now())
    assert stopped.value.code == "counts_differ"
    assert "project × rank gives another count" in str(stopped.value)


@rows_do_not_matter
def test_what_may_not_be_published_is_not_even_prepared(
    certified: Round, dana: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    prepared: list[object] = []
    monkeypatch.setattr("transparency.services.publishing.prepare", prepared.append)

    with pytest.raises(PublicationStopped) as stopped:
        publish_results(certified, by=dana, at=clock.now())
    assert (stopped.value.code, prepared) == ("not_an_officer", [])


def test_fewer_marks_on_the_roll_than_ballots_stop_it(
    certified: Round, ewa: User, amara: User, client: BrowserLikeClient
) -> None:
    contest = contests_of(certified.id)[0]
    contest.roll_size = 100
    hers = database.session.scalars(select(RollEntry)).one()
    database.session.add(RollMark(contest_id=contest.id, roll_entry_id=hers.id))
    database.session.commit()

    assert_stopped(client, certified, ewa, "number of marks on the roll")


def test_another_result_of_the_second_count_stops_it(
    certified: Round, ewa: User, client: BrowserLikeClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    honest = recounts.recount
    monkeypatch.setattr(
        "transparency.services.preparing.recount", lambda content: honest(content)[::-1]
    )

    assert_stopped(client, certified, ewa, "gives another result than the certified one")


def test_a_second_count_that_cannot_be_made_stops_it(
    certified: Round,
    ewa: User,
    client: BrowserLikeClient,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> None:
    monkeypatch.setattr(recounts, "PROGRAM", tmp_path / "no-such-program.py")

    assert_stopped(client, certified, ewa, "could not be counted a second time")


def test_a_second_count_that_never_ends_stops_it(
    certified: Round, ewa: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(recounts, "_time_for", lambda _content: 0.001)

    with pytest.raises(PublicationStopped) as stopped:
        publish_results(certified, by=ewa, at=clock.now())
    database.session.rollback()
    assert stopped.value.code == "not_recounted"
    assert nothing_was_published(certified)


# --- nothing can be altered unnoticed ------------------------------------------------------------


@pytest.fixture
def published(certified: Round, ewa: User) -> PublishedRound:
    publication = publish_results(certified, by=ewa, at=clock.now())
    database.session.commit()
    return publication


def assert_not_shown(client: BrowserLikeClient, *addresses: str) -> None:
    for address in addresses:
        answer = client.get(address)
        assert answer.status_code == 503, address
        assert "is not what was published" in answer.get_data(as_text=True)


def test_a_result_altered_in_its_row_is_not_shown(
    published: PublishedRound, client: BrowserLikeClient
) -> None:
    row = database.session.scalars(select(PublishedContest).limit(1)).one()
    row.explanations = row.explanations.replace('"points":', '"points":1', 1)
    database.session.commit()

    assert_not_shown(client, "/rounds/budget-2025")
    assert client.get("/").status_code == 200
    assert client.get("/rounds").status_code == 200


def test_a_figure_altered_in_its_row_is_not_shown(
    published: PublishedRound, client: BrowserLikeClient
) -> None:
    database.session.execute(update(PublishedContest).values(ballots=PublishedContest.ballots + 1))
    database.session.commit()

    assert_not_shown(client, "/rounds/budget-2025")


def test_a_file_altered_on_disk_is_not_handed_out(
    published: PublishedRound, client: BrowserLikeClient
) -> None:
    row = database.session.scalars(
        select(PublishedFile).where(PublishedFile.name.endswith(".pb"))
    ).first()
    assert row is not None
    files.path_of(row.sha256).write_bytes(b"META\nkey;value\n")

    with capture_logs() as lines:
        assert_not_shown(client, f"/rounds/budget-2025/data/{row.name}")
    assert {"published data was altered or lost"} <= {line["event"] for line in lines}


def test_a_file_that_was_lost_is_said_to_be(
    published: PublishedRound, client: BrowserLikeClient
) -> None:
    row = database.session.scalars(select(PublishedFile)).first()
    assert row is not None
    files.path_of(row.sha256).unlink()

    assert_not_shown(client, f"/rounds/budget-2025/data/{row.name}")


def test_another_manifest_is_not_taken_for_the_published_one(
    published: PublishedRound, client: BrowserLikeClient
) -> None:
    published.manifest_sha256 = "0" * 64
    database.session.commit()

    assert_not_shown(client, "/rounds/budget-2025", "/rounds/budget-2025/data/SHA256SUMS")


def test_the_constraint_alone_keeps_a_round_from_being_published_twice(
    published: PublishedRound,
) -> None:
    twin = PublishedRound(
        round_id=published.round_id, published_at=clock.now(), manifest_sha256="0" * 64
    )
    database.session.add(twin)
    with pytest.raises(IntegrityError):
        database.session.flush()
