"""The voter register as a clerk brings it in: all of it or nothing, each mistake by its line."""

import io
import tracemalloc
from collections.abc import Iterator, Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any, BinaryIO, cast

import pytest
from click.testing import Result
from flask import Flask
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import func, select

from accounts.models import User
from accounts.person_keys import person_key
from core import clock
from core.csvfile import NotATable
from core.database import db as database
from tests.harness.world import World
from voting import register_words
from voting.models import (
    LetterAddress,
    RegisterImport,
    RegisterProof,
    RegisterRow,
    RollEntry,
)
from voting.register_file import FaultKind, FaultyRegister, WrongColumns, read_register
from voting.services.letters import give_codes
from voting.services.register_entry import discard_register, enter_register
from voting.services.registers import proof_hmac, read_in

HEADER = "register_id,district,name,address,address_2"
WANDA = "AB 1001,Riverside,Wanda Nowak,ul. Łąkowa 5,30-001 Kraków"
JAN = "AB 1002,Hillside,Jan Nowak,ul. Łąkowa 6,30-001 Kraków"


@pytest.fixture
def town(world: World) -> World:
    """The small town with its two districts."""
    return world


def file_of(*lines: str, header: str = HEADER, encoding: str = "utf-8") -> io.BytesIO:
    return io.BytesIO("\n".join([header, *lines, ""]).encode(encoding))


def read(file: io.BytesIO, by: User, **more: int) -> RegisterImport:
    return read_in(file, voting_age=more.get("voting_age", 16), by=by, at=clock.now())


def enter(file: io.BytesIO, by: User, *, take_off: bool = False) -> RegisterImport:
    done = read(file, by)
    enter_register(done, take_off=take_off, by=by, at=clock.now())
    database.session.commit()
    return done


def entry_of(register_id: str) -> RollEntry:
    wanted = RollEntry.person_key == person_key(register_id)
    return database.session.scalars(select(RollEntry).where(wanted)).one()


def faults_of(file: io.BytesIO, by: User) -> list[tuple[int, FaultKind]]:
    with pytest.raises(FaultyRegister) as raised:
        read(file, by)
    return [(fault.line, fault.kind) for fault in raised.value.faults]


def number_of(db: SQLAlchemy, table: type) -> int:
    return db.session.scalar(select(func.count()).select_from(table)) or 0


def test_what_was_read_waits_and_only_a_clerks_word_puts_it_on_the_roll(
    db: SQLAlchemy, town: World, clara: User
) -> None:
    before = number_of(db, RollEntry)
    done = read(file_of(WANDA, JAN), clara)
    assert (done.people, done.new, done.moved, done.left) == (2, 2, 0, 0)
    assert number_of(db, RollEntry) == before

    enter_register(done, take_off=False, by=clara, at=clock.now())

    wanda = entry_of("ab1001")
    assert (wanda.district_id, wanda.channel) == (town.riverside.id, "register")
    kept = db.session.get_one(LetterAddress, wanda.id)
    assert (kept.name, kept.address) == ("Wanda Nowak", "ul. Łąkowa 5\n30-001 Kraków")
    assert number_of(db, RegisterRow) == 0


def test_the_number_of_the_register_is_kept_nowhere(
    db: SQLAlchemy, town: World, clara: User
) -> None:
    done = read(file_of(WANDA), clara)
    rows = [*db.session.scalars(select(RegisterRow)), done]

    said = repr([vars(row) for row in rows])
    assert "1001" not in said


def test_a_register_that_is_discarded_leaves_nothing(
    db: SQLAlchemy, town: World, clara: User
) -> None:
    done = read(file_of(WANDA), clara)
    discard_register(done, by=clara, at=clock.now())

    assert (number_of(db, RegisterRow), number_of(db, RegisterImport)) == (0, 0)


def test_entered_again_a_register_changes_nothing_and_moves_whom_it_has_elsewhere(
    db: SQLAlchemy, town: World, clara: User
) -> None:
    enter(file_of(WANDA, JAN), clara)
    again = read(file_of(WANDA, JAN), clara)
    assert (again.new, again.moved, again.left) == (0, 0, 0)

    moved = enter(file_of(WANDA.replace("Riverside", "hillside")), clara)

    assert (moved.new, moved.moved, moved.left) == (0, 1, 1)
    wanda = entry_of("AB1001")
    assert (wanda.district_id, wanda.has_moved) == (town.hillside.id, True)
    assert entry_of("AB1002").left_on is None


def test_who_left_the_register_leaves_the_roll_only_when_the_clerk_says_so_and_may_come_back(
    db: SQLAlchemy, town: World, clara: User
) -> None:
    enter(file_of(WANDA, JAN), clara)
    give_codes([entry_of("AB1002")], town.voting_round, None, at=clock.now())

    done = enter(file_of(WANDA), clara, take_off=True)
    assert done.taken_off == 1
    assert entry_of("AB1002").left_on is not None
    assert number_of(db, LetterAddress) == 1

    back = enter(file_of(WANDA, JAN), clara)
    assert back.new == 1
    assert entry_of("AB1002").left_on is None


def test_a_resident_with_an_account_is_no_second_person_and_is_never_taken_off(
    db: SQLAlchemy, town: World, amara: User, clara: User
) -> None:
    hers = "REG Amara,Hillside,Amara,Street 1,Town"
    done = enter(file_of(hers, WANDA), clara, take_off=True)
    assert (done.new, done.moved) == (1, 1)
    assert amara.residency is not None
    assert amara.residency.district_id == town.hillside.id

    assert enter(file_of(WANDA), clara, take_off=True).taken_off == 0
    assert entry_of("REG Amara").left_on is None


@pytest.mark.attack("B70")
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "latin-1", "windows-1252", "utf-16"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_files_as_spreadsheets_write_them_are_read(encoding: str, end: str, separator: str) -> None:
    """Attack B70: byte-order marks, Latin-1, CRLF and semicolons are no mistakes."""
    lines = [HEADER, "AB 1001,Riverside,Zoë Müller,Große Straße 5,80331 München", "", ",,,,"]
    content = (end.join(lines) + end).replace(",", separator).encode(encoding)

    people = list(read_register(io.BytesIO(content)).lines)

    assert [(each.line, getattr(each, "name", "")) for each in people] == [(2, "Zoë Müller")]


@pytest.mark.attack("B70")
@pytest.mark.parametrize(
    ("line", "kind"),
    [
        ("AB 1003,Riverside,Name", FaultKind.CELLS),
        ("AB 1003,Riverside,Name,Street,Town,more", FaultKind.CELLS),
        ("=1+1,Riverside,Name,Street,", FaultKind.FORMULA),
        ('"=HYPERLINK(""http://x"")",Riverside,Name,Street,', FaultKind.FORMULA),
        ("AB 1003,Riverside,@SUM(A1),Street,", FaultKind.FORMULA),
        (",Riverside,Name,Street,", FaultKind.REGISTER_ID),
        ("000000,Riverside,Name,Street,", FaultKind.REGISTER_ID),
        ("AB 1003,Atlantis,Name,Street,", FaultKind.DISTRICT),
        ("AB 1003,,Name,Street,", FaultKind.DISTRICT),
        ("AB 1003,Riverside,,Street,", FaultKind.NAME),
        ("AB 1003,Riverside,Name,,Town", FaultKind.ADDRESS),
        ("ab-1001,Riverside,Name,Street,", FaultKind.TWICE),
    ],
)
def test_one_wrong_line_is_named_and_nothing_is_entered(
    db: SQLAlchemy, town: World, clara: User, line: str, kind: FaultKind
) -> None:
    """Attack B70."""
    assert faults_of(file_of(WANDA, line, JAN), clara) == [(3, kind)]
    db.session.rollback()
    assert (number_of(db, RegisterImport), number_of(db, RegisterRow)) == (0, 0)


def test_wrong_lines_are_told_in_the_order_of_the_file(town: World, clara: User) -> None:
    """A number that stands twice is found last of all, and still told at its place."""
    with pytest.raises(FaultyRegister) as raised:
        read(file_of(WANDA, WANDA, JAN.replace("Hillside", "Nowhere")), clara)

    assert register_words.lines_of(raised.value) == [
        "Line 3: the same number of the register as on line 2.",
        "Line 4: there is no district “Nowhere”.",
    ]


def test_columns_that_are_wrong_are_named_with_what_to_do(app: Flask) -> None:
    refusal = register_words.wrong_columns(WrongColumns(["name"], []))

    assert "lacks these columns: name." in refusal.sentence
    assert refusal.next_step.endswith("Mend the first line and send the file again.")


def test_the_first_fifty_mistakes_are_named_and_the_others_counted(
    db: SQLAlchemy, town: World, clara: User
) -> None:
    lines = [f"AB {number},Atlantis,Name,Street," for number in range(1000, 1120)]
    with pytest.raises(FaultyRegister) as raised:
        read(file_of(*lines), clara)

    assert ([fault.line for fault in raised.value.faults][:2], raised.value.more) == ([2, 3], 70)


@pytest.mark.attack("B70")
@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "empty"),
        (b"\n\n", "empty"),
        (b"PK\x03\x04 a workbook", "workbook"),
        (b"\xd0\xcf\x11\xe0 an old one", "workbook"),
        (b"\x89PNG\r\n\x1a\n\x00\x00", "binary"),
        (b'register_id,district,name,address\n"never closed,a,b,c\n' + b"x" * 200_000, "broken"),
    ],
)
def test_a_file_that_is_no_table_is_called_so(content: bytes, code: str) -> None:
    with pytest.raises(NotATable) as raised:
        list(read_register(io.BytesIO(content)).lines)
    assert raised.value.code == code


@pytest.mark.attack("B70")
def test_columns_that_lack_or_that_nobody_needs_are_named() -> None:
    with pytest.raises(WrongColumns) as raised:
        read_register(file_of(header="register_id,district,name,PESEL,name"))

    assert (raised.value.missing, raised.value.unknown) == (["address"], ["name", "pesel"])


@pytest.mark.attack("B12")
def test_who_is_too_young_is_not_entered_and_an_impossible_age_is_counted(
    db: SQLAlchemy, town: World, clara: User
) -> None:
    """Attacks B12 and A49."""
    year = clock.now().year
    header = "register_id,district,name,address,birth_year"
    lines = [f"AB 1{age:03},Riverside,Name,Street,{year - age}" for age in (15, 16, 40, 110, 111)]
    done = read(file_of(*lines, header=header), clara)

    assert (done.people, done.too_young, done.too_old) == (4, 1, 1)
    assert faults_of(file_of(f"AB 1,R,N,S,{'x'}", header=header), clara)[0][0] == 2


def test_what_only_the_person_has_is_kept_as_hmacs_that_tell_nothing_alone(
    db: SQLAlchemy, town: World, clara: User
) -> None:
    header = "register_id,district,name,address,mobile,proof"
    enter(file_of("AB 1001,Riverside,W,S,+48 600 100 200,k 77-12", header=header), clara)

    proof = db.session.scalars(select(RegisterProof)).one()
    assert proof.mobile_hmac == proof_hmac("mobile", "48600100200")
    assert proof.proof_hmac == proof_hmac("proof", "K7712")


class EndlessRegister(io.RawIOBase):
    """A register of many lines that is made while it is read."""

    def __init__(self, lines: int) -> None:
        self.lines = lines
        self.seek(0)

    def seek(self, offset: int, whence: int = 0) -> int:
        self.made = self._made()
        return 0

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        piece = next(self.made, b"")[: len(buffer)]
        buffer[: len(piece)] = piece
        return len(piece)

    def _made(self) -> Iterator[bytes]:
        yield f"{HEADER}\n".encode()
        for number in range(0, self.lines, 40):
            each = range(number, min(number + 40, self.lines))
            yield "".join(f"AB {n:07},Riverside,Name {n},Street {n},\n" for n in each).encode()


@pytest.mark.attack("B70")
def test_reading_takes_as_much_memory_for_many_lines_as_for_few() -> None:
    """Attack B70: a register of a million people is read line by line."""

    def peak(lines: int) -> tuple[int, int]:
        tracemalloc.start()
        register = read_register(cast(BinaryIO, EndlessRegister(lines)))
        found = sum(1 for _ in register.lines)
        used = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return found, used

    few, many = peak(500), peak(20_000)
    assert (few[0], many[0]) == (500, 20_000)
    assert many[1] < 2 * few[1]


def test_a_register_is_entered_at_any_time_with_its_day_alone(
    db: SQLAlchemy, town: World, clara: User
) -> None:
    done = enter(file_of(WANDA), clara)

    assert done.entered_on in {clock.now().date(), (clock.now() - timedelta(days=1)).date()}


# --- a register that is too large for a browser --------------------------------------------------


@pytest.fixture
def before_voting(db: SQLAlchemy, town: World) -> World:
    """The town on a day on which registers may be entered: nothing is announced."""
    town.voting_round.announced_at = None
    db.session.commit()
    return town


def read_by_command(app: Flask, folder: Path, *lines: str, options: Sequence[str] = ()) -> Result:
    file = folder / "register.csv"
    file.write_bytes(file_of(*lines).read())
    return app.test_cli_runner().invoke(args=["voting", "read-register", str(file), *options])


def test_a_register_that_was_read_on_the_server_waits_for_a_clerk(
    app: Flask, db: SQLAlchemy, before_voting: World, tmp_path: Path
) -> None:
    roll = number_of(db, RollEntry)

    answer = read_by_command(app, tmp_path, WANDA, JAN)

    read = db.session.scalars(select(RegisterImport)).one()
    assert (answer.exit_code, read.people) == (0, 2)
    assert f"a clerk looks at it at /staff/register/{read.ref}" in answer.output
    assert number_of(db, RollEntry) == roll


def test_it_is_entered_at_once_where_who_runs_the_server_says_so(
    app: Flask, db: SQLAlchemy, before_voting: World, tmp_path: Path
) -> None:
    read_by_command(app, tmp_path, WANDA, JAN, options=["--enter"])
    answer = read_by_command(app, tmp_path, WANDA, options=["--enter", "--take-off"])

    assert "They are on the roll. 1 left it." in answer.output
    assert entry_of("AB1001").left_on is None
    assert entry_of("AB1002").left_on is not None


def test_one_wrong_line_stops_the_command_with_its_number_and_leaves_nothing(
    app: Flask, db: SQLAlchemy, before_voting: World, tmp_path: Path
) -> None:
    answer = read_by_command(app, tmp_path, WANDA, JAN.replace("Hillside", "Nowhere"))

    assert answer.exit_code == 1
    assert "Line 3: there is no district “Nowhere”." in answer.output
    assert "Nothing was entered, and the roll is as it was." in answer.output
    assert number_of(db, RegisterRow) == 0


def test_the_command_too_enters_no_register_while_people_vote(
    app: Flask, town: World, tmp_path: Path
) -> None:
    answer = read_by_command(app, tmp_path, WANDA)

    assert "Voting has begun, so no register can be entered." in answer.output
    assert answer.exit_code == 1
