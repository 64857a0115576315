"""The clerk's desk: letters printed once, posted, printed again with a reason; codes by hand."""

import io
import re
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path

import pytest
import time_machine
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import func, insert, select
from werkzeug.datastructures import FileStorage
from werkzeug.test import TestResponse, encode_multipart

from accounts.models import User
from core import clock
from core.audit import AuditEntry
from tests.harness import people
from tests.harness.client import BrowserLikeClient
from tests.harness.people import sign_in
from tests.harness.world import World
from tests.voting.ballot_forms import words_of
from tests.voting.letter_voters import letter_for, on_the_roll
from voting.exports import letters as paper
from voting.letter_codes import read_code
from voting.letter_pages import Sheet, print_letters, unprintable
from voting.models import Letter, LetterAddress, LetterBatch, RegisterImport, RegisterRow
from voting.visual_text import as_printed, runs_to_the_left

HEADER = "register_id,district,name,address,address_2\n"


@pytest.fixture
def desk(client: BrowserLikeClient, clara: User, world: World) -> BrowserLikeClient:
    """Clara, a clerk, at her desk."""
    sign_in(client, clara)
    return client


@pytest.fixture
def printed(monkeypatch: pytest.MonkeyPatch) -> list[Sheet]:
    """What would have been printed: making a PDF takes a while."""
    sheets: list[Sheet] = []

    def note(made: Sequence[Sheet], _fonts: Sequence[Path] = ()) -> bytes:
        sheets.extend(made)
        return b"%PDF-"

    monkeypatch.setattr(paper, "print_letters", note)
    return sheets


def addressed(db: SQLAlchemy, world: World, *names: str) -> None:
    """People on the roll of Riverside who wait for their letters."""
    for number, name in enumerate(names):
        entry = on_the_roll(world.riverside, f"LETTER 1{number:03}")
        db.session.add(LetterAddress(roll_entry_id=entry.id, name=name, address="Street 1\nTown"))
    db.session.commit()


def print_batch(desk: BrowserLikeClient, world: World) -> TestResponse:
    return desk.post(f"/staff/letters/{world.voting_round.ref}/batches")


def living(db: SQLAlchemy) -> int:
    query = select(func.count()).select_from(Letter).where(Letter.voided_on.is_(None))
    return db.session.scalar(query) or 0


def send(desk: BrowserLikeClient, content: bytes, name: str = "register.csv") -> TestResponse:
    boundary, body = encode_multipart({"file": FileStorage(io.BytesIO(content), name)})
    kind = f"multipart/form-data; boundary={boundary}"
    return desk.post("/staff/register", data=body, content_type=kind)


# --- printing ----------------------------------------------------------------------------------


def test_each_waiting_person_gets_one_letter_with_a_code_that_opens_her_papers(
    db: SQLAlchemy, desk: BrowserLikeClient, world: World, printed: list[Sheet]
) -> None:
    addressed(db, world, "Wanda Nowak", "Żółć Gęślą")
    assert "2 people wait for a letter" in words_of(desk.get("/staff/letters"))

    answer = print_batch(desk, world)

    assert (answer.status_code, answer.mimetype) == (200, "application/pdf")
    assert answer.headers["Cache-Control"] == "no-store"
    assert [sheet.name for sheet in printed] == ["Wanda Nowak", "Żółć Gęślą"]
    sheet = printed[0]
    assert "Proposals for Riverside" in " ".join(sheet.contests)
    assert "Hillside" not in " ".join(sheet.contests)
    assert sheet.qr_url.endswith("/vote#" + "-".join(sheet.code_groups))
    desk.post("/logout")
    assert desk.post("/vote", data={"code": " ".join(sheet.code_groups)}).status_code == 303


def test_letters_are_printed_once_and_a_second_print_needs_a_reason_and_voids_the_first(
    db: SQLAlchemy, desk: BrowserLikeClient, world: World, printed: list[Sheet]
) -> None:
    addressed(db, world, "Wanda Nowak")
    print_batch(desk, world)
    assert print_batch(desk, world).status_code == 409
    batch = db.session.scalars(select(LetterBatch)).one()
    again = f"/staff/letters/batches/{batch.ref}/printing"

    assert desk.post(again, data={"reason": ""}).status_code == 422
    assert desk.post(again, data={"reason": "Paper jam."}).status_code == 200

    first, second = ("".join(sheet.code_groups) for sheet in printed)
    assert living(db) == 1
    assert desk.post("/vote", data={"code": first}).status_code == 410
    assert desk.post("/vote", data={"code": second}).status_code == 303


def test_once_posted_the_addresses_are_destroyed_and_nothing_can_be_printed_again(
    db: SQLAlchemy, desk: BrowserLikeClient, world: World, printed: list[Sheet]
) -> None:
    addressed(db, world, "Wanda Nowak")
    print_batch(desk, world)
    batch = db.session.scalars(select(LetterBatch)).one()

    desk.post(f"/staff/letters/batches/{batch.ref}/posting")

    assert db.session.scalars(select(LetterAddress)).all() == []
    again = desk.post(f"/staff/letters/batches/{batch.ref}/printing", data={"reason": "x"})
    assert again.status_code == 409
    assert living(db) == 1


def test_the_trail_says_who_printed_posted_and_voided_and_names_no_code(
    db: SQLAlchemy, desk: BrowserLikeClient, world: World, printed: list[Sheet], clara: User
) -> None:
    addressed(db, world, "Wanda Nowak")
    print_batch(desk, world)
    batch = db.session.scalars(select(LetterBatch)).one()
    desk.post(f"/staff/letters/batches/{batch.ref}/posting")
    number = db.session.scalars(select(Letter.number)).one()
    desk.post("/staff/letters/voiding", data={"number": number, "reason": "Lost."})

    acts = db.session.scalars(select(AuditEntry).order_by(AuditEntry.id)).all()
    mine = [entry for entry in acts if entry.actor_id == clara.id]
    assert [entry.act for entry in mine] == ["print_letters", "post_letters", "void_letter"]
    secret = "".join(printed[0].code_groups)[5:]
    assert secret not in repr([(entry.subject, entry.reason, entry.details) for entry in mine])


def test_after_voting_no_letter_is_made(
    db: SQLAlchemy, desk: BrowserLikeClient, world: World, printed: list[Sheet]
) -> None:
    addressed(db, world, "Wanda Nowak")
    with time_machine.travel(clock.now() + timedelta(days=40), tick=True):
        sign_in(desk, db.session.scalars(select(User).where(User.email.like("clara%"))).one())
        assert print_batch(desk, world).status_code == 409
    assert living(db) == 0


def test_a_name_that_no_typeface_has_stops_the_batch_and_is_named(
    db: SQLAlchemy, desk: BrowserLikeClient, world: World, printed: list[Sheet]
) -> None:
    addressed(db, world, "Wanda Nowak", "王小明")

    answer = print_batch(desk, world)

    assert answer.status_code == 409
    assert "王小明" in words_of(answer)
    assert (living(db), printed) == (0, [])


# --- the page ----------------------------------------------------------------------------------


def a_sheet(name: str) -> Sheet:
    return Sheet(
        language="pl", town="Kraków", sender="Kraków", reference=["Letter 22222"], name=name,
        address=["ul. Łąkowa 5", "30-001 Kraków"], title="Round", greeting="Good day.",
        contests=["City"], until="Until Friday.", code_title="Code",
        code_groups=["2345", "6789", "CDFH", "JKMN"], url="https://purse.example.org/vote",
        qr_url="https://purse.example.org/vote#2345-6789-CDFH-JKMN", steps=["Open it."],
        help_title="Help", help="Ask.",
    )  # fmt: skip


def test_a_batch_is_a_pdf_of_one_page_each_with_the_typefaces_in_it() -> None:
    content = print_letters([a_sheet("Zażółć Gęślą-Jaźń"), a_sheet("Dvořák Şükrü Țepeș")])

    assert content.startswith(b"%PDF-")
    assert len(re.findall(rb"/Type /Page\b", content)) == 2
    assert content.count(b"/FontFile") >= 3


@pytest.mark.parametrize(
    ("name", "lacking"),
    [
        ("Zażółć Gęślą-Jaźń", ""),
        ("Příliš žluťoučký kůň", ""),
        ("Şükrü Ğ İ ı", ""),
        ("Ștefan Țepeș", ""),
        ("Õnnela Šķēle Ģirts Ūla", ""),
        ("Ðóra Þór", ""),
        ("王小", "王小"),
    ],
)
def test_letters_of_every_latin_language_of_the_union_come_out(name: str, lacking: str) -> None:
    assert unprintable(name) == lacking


def test_hebrew_and_arabic_are_printed_from_right_to_left_and_joined() -> None:
    assert as_printed("רחוב הרצל 12") == "12 לצרה בוחר"
    assert as_printed("שלום abc") == "abc םולש"
    assert as_printed("محمد") == "\ufeaa\ufee4\ufea4\ufee3"
    assert "\ufefc" in as_printed("سلام")
    assert (runs_to_the_left("יעל"), runs_to_the_left("12 יעל"), runs_to_the_left("Jan")) == (
        True,
        True,
        False,
    )
    assert as_printed("Łódź 12") == "Łódź 12"


# --- the desk ----------------------------------------------------------------------------------


def test_a_person_at_the_desk_gets_a_code_that_voids_her_letter(
    db: SQLAlchemy, desk: BrowserLikeClient, world: World
) -> None:
    before = letter_for(on_the_roll(world.riverside, "AB 1001"), world.voting_round)

    answer = desk.post(
        f"/staff/letters/{world.voting_round.ref}/desk", data={"register_id": "ab-1001"}
    )

    page = answer.get_data(as_text=True)
    found = re.findall(r"<span>(\w{4})</span>", page)
    code = read_code("".join(found))
    assert answer.headers["Cache-Control"] == "no-store"
    assert "Until then you may change your ballot" in page, "and until when, above"
    assert "AB1001" not in page.upper().replace(" ", "")
    assert desk.post("/vote", data={"code": before.spelled}).status_code == 410
    assert desk.post("/vote", data={"code": getattr(code, "spelled", "")}).status_code == 303


@pytest.mark.parametrize("typed", ["AB 9999", "0", "", "' OR 1=1 --", "%_%_"])
def test_the_desk_finds_nobody_by_a_number_that_is_not_on_the_roll(
    desk: BrowserLikeClient, world: World, typed: str
) -> None:
    """Attack B61."""
    on_the_roll(world.riverside, "AB 1001")
    address = f"/staff/letters/{world.voting_round.ref}/desk"

    assert desk.post(address, data={"register_id": typed}).status_code == 422


def test_a_letter_is_voided_by_its_number_once_with_a_reason(
    db: SQLAlchemy, desk: BrowserLikeClient, world: World
) -> None:
    code = letter_for(on_the_roll(world.riverside), world.voting_round)
    typed = {"number": code.spelled.lower(), "reason": "Found in the street."}

    assert desk.post("/staff/letters/voiding", data=typed | {"reason": ""}).status_code == 422
    assert desk.post("/staff/letters/voiding", data=typed).status_code == 303
    assert desk.post("/staff/letters/voiding", data=typed).status_code == 422
    row = db.session.scalars(select(Letter)).one()
    assert (row.void_reason, living(db)) == ("Found in the street.", 0)


@pytest.mark.parametrize("name", ["dana", "eli", "farah", "amara"])
def test_only_a_clerk_sees_the_register_and_the_letters(
    client: BrowserLikeClient, world: World, name: str
) -> None:
    sign_in(client, people.cast(name))
    for address in ("/staff/register", "/staff/letters"):
        assert client.get(address).status_code == 403


# --- the register ------------------------------------------------------------------------------


@pytest.fixture
def before_voting(desk: BrowserLikeClient, world: World, db: SQLAlchemy) -> BrowserLikeClient:
    """The desk while no vote is under way: this year's boxes are sealed."""
    for contest in (world.city_contest, world.riverside_contest, world.hillside_contest):
        contest.sealed_at = clock.now()
    db.session.commit()
    return desk


def test_a_clerk_sends_a_register_sees_what_it_would_do_and_enters_it(
    db: SQLAlchemy, before_voting: BrowserLikeClient
) -> None:
    content = HEADER + "AB 1001,Riverside,Wanda Nowak,ul. Łąkowa 5,Kraków\n"
    answer = send(before_voting, content.encode())
    assert answer.status_code == 303
    page = words_of(before_voting.get(answer.headers["Location"]))
    assert "Register with 1 person" in page
    assert "Wanda Nowak" in page

    entered = before_voting.post(answer.headers["Location"] + "/entry")

    assert entered.status_code == 303
    assert [row.name for row in db.session.scalars(select(LetterAddress))] == ["Wanda Nowak"]
    assert before_voting.post(answer.headers["Location"] + "/entry").status_code == 409


@pytest.mark.attack("B70")
@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "empty"),
        (b"PK\x03\x04xxxx", "workbook"),
        (b"name;street\nx;y\n", "lacks these columns: register_id, district, address"),
        (HEADER.encode() + b"AB 1001,Atlantis,N,S,\n", "Line 2: there is no district “Atlantis”."),
        (HEADER.encode() + b"=1+1,Riverside,N,S,\n", "begins like a formula"),
        (HEADER.encode(), "nobody below it"),
    ],
)
def test_a_file_that_is_wrong_changes_nothing_and_says_why(
    db: SQLAlchemy, before_voting: BrowserLikeClient, content: bytes, words: str
) -> None:
    """Attack B70."""
    answer = send(before_voting, content)

    assert answer.status_code == 422
    assert words in words_of(answer)
    assert "Nothing was entered" in words_of(answer)
    assert db.session.scalars(select(RegisterImport)).all() == []
    assert db.session.scalars(select(RegisterRow)).all() == []


def test_while_voting_is_under_way_no_register_is_read_or_entered(
    db: SQLAlchemy, desk: BrowserLikeClient
) -> None:
    """Attack A16: the roll is closed with the vote."""
    answer = send(desk, HEADER.encode() + b"AB 1001,Riverside,N,S,\n")

    assert answer.status_code == 409
    assert "Voting has begun" in words_of(answer)
    assert db.session.scalars(select(RegisterImport)).all() == []


def test_a_clerk_sends_more_than_a_form_holds_and_nobody_else_does(
    db: SQLAlchemy, before_voting: BrowserLikeClient, amara: User
) -> None:
    people = "".join(f"AB 1{n:05},Riverside,Name {n},Street,\n" for n in range(300))
    content = (HEADER + people).encode() + b"\n" * 2_200_000

    assert send(before_voting, content).status_code == 303
    sign_in(before_voting, amara)
    assert send(before_voting, content).status_code == 413


def test_others_write_while_pages_are_set_and_letters_printed_meanwhile_stop_the_batch(
    db: SQLAlchemy, desk: BrowserLikeClient, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Setting five hundred pages takes a while: no ballot waits, and no letter is doubled."""
    addressed(db, world, "Wanda Nowak")
    code = []

    def slow(_sheets: Sequence[Sheet], _fonts: Sequence[Path] = ()) -> bytes:
        with db.engine.begin() as other:
            entry = other.execute(select(LetterAddress.roll_entry_id)).scalar_one()
            number = {"number": "CDFHJ", "code_hmac": "0" * 64, "void_reason": ""}
            row = number | {"roll_entry_id": entry, "round_id": world.voting_round.id}
            other.execute(insert(Letter).values(**row))
            code.append(number)
        return b"%PDF-"

    monkeypatch.setattr(paper, "print_letters", slow)

    answer = print_batch(desk, world)

    assert (answer.status_code, len(code), living(db)) == (409, 1, 1)
    assert db.session.scalars(select(LetterBatch)).all() == []
