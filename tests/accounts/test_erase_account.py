"""Who erases her account is gone everywhere; what she gave the town stays, without her name."""

from pathlib import Path

import pytest
from flask import Flask
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import select, text

from accounts import queries
from accounts.models import Residency, User
from accounts.services.erasure import erase_account
from config import Settings
from core import audit, clock, mail
from core.audit import AuditEntry, broken_entry
from core.database import Base
from core.search import SearchDocument
from forums.models import Post
from proposals.models import Proposal
from tests.harness import people
from tests.harness.client import BrowserLikeClient
from tests.harness.world import World, make_post
from voting.models import RollEntry

NAME, ADDRESS = "Zuzanna Qwertzuk", "zuzanna.qwertzuk@example.org"


@pytest.fixture
def zuzanna(db: SQLAlchemy, world: World, clara: User) -> User:
    """A resident who wrote, proposed, voted's roll knows her, and has a mail waiting."""
    person = people.somebody(NAME, home=world.riverside)
    at = clock.now()
    make_post(world.thread, person, "The swings are rusty.", at)
    world.published.author_id = world.draft.author_id = person.id
    mail.send_text(ADDRESS, "Hello", f"Dear {NAME}", at=at)
    audit.record("change_name", f"account:{person.ref}", by=person, at=at, before=NAME, after="Z")
    audit.record("post_reply", "post:abc", by=person, at=at)
    db.session.commit()
    return person


def everything_kept(db: SQLAlchemy, settings: Settings) -> str:
    """Every value of every table, and every file beside the database, as one text."""
    db.session.commit()
    names = [table.name for table in Base.metadata.sorted_tables]
    if db.engine.dialect.name == "sqlite":
        names.append("search_fts")
    rows = [
        repr(tuple(row))
        for name in names
        for row in db.session.execute(text(f'SELECT * FROM "{name}"'))
    ]
    files = [path for path in Path(settings.instance_dir).rglob("*") if path.is_file()]
    kept = [path.read_bytes().decode("latin-1") for path in files if path.suffix != ".db"]
    return "\n".join(rows + kept).casefold()


def test_nothing_of_her_is_left_anywhere(
    db: SQLAlchemy, settings: Settings, zuzanna: User, caplog: pytest.LogCaptureFixture
) -> None:
    folder = Path(settings.instance_dir) / "mail"
    folder.mkdir(parents=True)
    (folder / "1.log").write_text(f"To: {ADDRESS}\n\nDear {NAME}")
    (folder / "2.log").write_text("To: bo@example.org\n\nDear Bo")
    ref = zuzanna.ref
    traces = (NAME, ADDRESS, "zuzanna", "qwertzuk", ref)
    assert all(trace.casefold() in everything_kept(db, settings) for trace in traces)

    erase_account(zuzanna, by=None, at=clock.now())

    kept = everything_kept(db, settings)
    assert [trace for trace in traces if trace.casefold() in kept] == []
    assert "zuzanna" not in caplog.text.casefold()
    assert (folder / "2.log").exists()


def test_what_she_published_stays_under_former_member(
    db: SQLAlchemy, client: BrowserLikeClient, world: World, zuzanna: User
) -> None:
    draft = world.draft.id
    erase_account(zuzanna, by=None, at=clock.now())
    db.session.commit()

    page = client.get(f"/proposals/{world.published.ref}").text
    assert "proposed by a former member" in page
    assert "A bench by the river" in page
    thread = client.get(f"/threads/{world.thread.ref}").text
    assert "former member" in thread
    assert "The swings are rusty." in thread
    assert db.session.get(Proposal, draft) is None
    assert db.session.scalar(select(Post).where(Post.source == "The swings are rusty."))


def test_her_entry_of_the_roll_stays_and_leads_to_nobody(db: SQLAlchemy, zuzanna: User) -> None:
    number, entries = zuzanna.id, len(db.session.scalars(select(RollEntry)).all())
    erase_account(zuzanna, by=None, at=clock.now())
    db.session.commit()

    assert len(db.session.scalars(select(RollEntry)).all()) == entries
    assert db.session.scalar(select(Residency).where(Residency.user_id == number)) is None


def test_the_trail_holds_and_says_what_was_emptied(
    db: SQLAlchemy, zuzanna: User, adam: User
) -> None:
    ref = zuzanna.ref
    erase_account(zuzanna, by=adam, at=clock.now(), reason="By letter of 3 May.")
    db.session.commit()

    last = db.session.scalars(select(AuditEntry).order_by(AuditEntry.number.desc())).first()
    assert last is not None
    assert (last.act, last.actor_id, last.reason) == (
        "erase_account",
        adam.id,
        "By letter of 3 May.",
    )
    emptied = db.session.scalars(
        select(AuditEntry).where(AuditEntry.number.in_(last.details["matters"]))
    ).all()
    assert {entry.act for entry in emptied} >= {"create_account", "change_name"}
    assert {(entry.subject, entry.reason, str(entry.details)) for entry in emptied} == {
        ("account", "", "{}")
    }
    assert not db.session.scalar(select(AuditEntry).where(AuditEntry.subject.contains(ref)))
    assert broken_entry() is None


def test_who_empties_another_entry_by_hand_is_found_out(db: SQLAlchemy, zuzanna: User) -> None:
    erase_account(zuzanna, by=None, at=clock.now())
    audit.record("hide_post", "post:x", by=people.cast("dana"), at=clock.now(), reason="Rude.")
    db.session.commit()
    assert broken_entry() is None
    number = audit.newest_head(clock.now())
    assert number is not None
    last = f"number = {number.number}"
    db.session.execute(
        text(f"UPDATE audit_entry SET matter_salt = '', reason = '', details = '{{}}' WHERE {last}")
    )
    db.session.commit()
    db.session.expire_all()

    assert broken_entry() == f"Entry {number.number} is empty, and no erasure names it."


def test_she_does_it_herself_with_her_password(
    client: BrowserLikeClient, db: SQLAlchemy, zuzanna: User
) -> None:
    people.sign_in(client, zuzanna)
    assert "Erase my account" in client.get("/account").text
    assert client.get("/account/erasure").status_code == 200
    wrong = client.post("/account/erasure", data={"password": "not hers at all"})
    assert wrong.status_code == 422
    assert queries.account_by_address(ADDRESS) is not None

    answer = client.post("/account/erasure", data={"password": people.PASSWORD})

    assert answer.status_code == 303
    assert queries.account_by_address(ADDRESS) is None
    assert client.get("/account").headers["Location"].startswith("/login")


def test_an_administrator_does_it_on_request_and_says_why(
    client: BrowserLikeClient, zuzanna: User, adam: User
) -> None:
    people.sign_in(client, adam)
    address = f"/staff/people/{zuzanna.ref}/erasure"
    assert client.post(address, data={"reason": ""}).status_code == 422
    assert client.post(address, data={"reason": "By letter of 3 May."}).status_code == 303
    assert queries.account_by_address(ADDRESS) is None
    assert client.post(address, data={"reason": "Again."}).status_code == 404


@pytest.mark.parametrize("name", ["bo", "clara", "eli", "dana"])
def test_nobody_else_does_it(client: BrowserLikeClient, zuzanna: User, name: str) -> None:
    people.sign_in(client, people.cast(name))
    answer = client.post(f"/staff/people/{zuzanna.ref}/erasure", data={"reason": "x"})
    assert answer.status_code == 403


def test_who_holds_a_role_gives_it_back_first(client: BrowserLikeClient, clara: User) -> None:
    people.sign_in(client, clara)
    answer = client.post("/account/erasure", data={"password": people.PASSWORD})

    assert answer.status_code == 409
    assert "take the roles away first" in answer.text


def test_every_column_that_points_at_people_lets_them_go(app: Flask) -> None:
    holding = {
        f"{table.name}.{key.parent.name}"
        for table in Base.metadata.sorted_tables
        for key in table.foreign_keys
        if key.target_fullname == "user.id" and key.ondelete not in {"CASCADE", "SET NULL"}
    }
    assert holding == {"audit_entry.actor_id"}  # which erasing empties itself


def test_search_finds_her_no_more(db: SQLAlchemy, zuzanna: User) -> None:
    number = zuzanna.id
    erase_account(zuzanna, by=None, at=clock.now())
    documents = select(SearchDocument).where(
        SearchDocument.kind == "account", SearchDocument.subject_id == number
    )
    assert db.session.scalar(documents) is None
