"""The register of voters: read in, looked at, entered on the roll; all of it or nothing.

What was read waits in rows of its own, so that a clerk sees what would happen before it does. The
key of a person is made here; the number itself goes no further.
"""

import hmac
from collections.abc import Iterator, Mapping
from datetime import datetime
from itertools import islice
from typing import Any, BinaryIO

from flask import current_app
from sqlalchemy import func, insert, select

from accounts.person_keys import person_key
from core import audit
from core.actors import Actor
from core.database import db
from core.refs import fold
from districts.queries import all_districts
from voting.mobiles import plain_mobile
from voting.models import RegisterImport, RegisterRow, RollEntry
from voting.proofs import plain_proof
from voting.register_file import Fault, FaultKind, FaultyRegister, Person, read_register
from voting.services.letters import register_key

MOST_FAULTS = 50
OLDEST = 110
PIECE = 400


def read_in(file: BinaryIO, *, voting_age: int, by: Actor | None, at: datetime) -> RegisterImport:
    """Reads the file into rows that wait for a clerk's word.

    Raises FaultyRegister, core.csvfile.NotATable or register_file.WrongColumns; the caller then
    rolls back. Whoever is too young by her year of birth is left out and counted; whoever is
    older than 110 is entered and counted, to be looked at before the count.
    """
    register = read_register(file)
    read = RegisterImport(
        read_at=at, read_by_id=by.id if by else None, encoding=register.encoding,
        people=0, new=0, moved=0, left=0, too_young=0, too_old=0,
    )  # fmt: skip
    db.session.add(read)
    db.session.flush()
    faults = _Faults()
    districts = {fold(name): each.id for each in all_districts() for name in (each.ref, each.name)}
    while piece := list(islice(register.lines, PIECE)):
        people = [each for each in piece if faults.is_person(each)]
        rows = [_row(each, read, districts, voting_age, at, faults) for each in people]
        kept = _first_only([row for row in rows if row], read, faults)
        if kept:
            db.session.execute(insert(RegisterRow), kept)
        read.people += len(kept)
    _find_shared_proofs(read, faults)
    if faults:
        raise FaultyRegister(faults.first, faults.more)
    _compare(read)
    audit.record(
        "read_register", f"register:{read.ref}", by=by, at=at, people=read.people, new=read.new
    )
    db.session.flush()
    return read


def proof_hmac(kind: str, plain: str) -> str | None:
    """What the roll keeps of a number that only the person has; None where there is none."""
    if not plain:
        return None
    message = f"register-{kind}\n{plain}".encode()
    return hmac.digest(register_key().encode(), message, "sha256").hex()


class _Faults:
    """The first faults of a file, and how many more there are."""

    def __init__(self) -> None:
        self.first: list[Fault] = []
        self.more = 0

    def add(self, fault: Fault) -> None:
        if len(self.first) < MOST_FAULTS:
            self.first.append(fault)
        else:
            self.more += 1

    def is_person(self, read: Person | Fault) -> bool:
        if isinstance(read, Fault):
            self.add(read)
        return isinstance(read, Person)

    def __bool__(self) -> bool:
        return bool(self.first)


def _row(
    person: Any,
    read: RegisterImport,
    districts: Mapping[str, int],
    voting_age: int,
    at: datetime,
    faults: _Faults,
) -> dict[str, Any] | None:
    """The person as a row; None where she is left out."""
    district_id = districts.get(fold(person.district))
    if district_id is None:
        faults.add(Fault(person.line, FaultKind.DISTRICT, person.district[:60]))
        return None
    age = None if person.birth_year is None else at.year - person.birth_year
    if age is not None and age < voting_age:
        read.too_young += 1
        return None
    too_old = age is not None and age > OLDEST
    read.too_old += too_old
    return {
        "import_id": read.id,
        "person_key": person_key(person.register_id),
        "line": person.line,
        "district_id": district_id,
        "name": person.name,
        "address": person.address,
        "too_old": too_old,
        "proof_hmac": proof_hmac("proof", plain_proof(person.proof)),
        "mobile_hmac": proof_hmac("mobile", _mobile_of(person)),
    }


def _mobile_of(person: Any) -> str:
    """The telephone in its one spelling; its digits alone where that cannot be told."""
    region: str = current_app.config["SETTINGS"].phone_region
    digits = "".join(sign for sign in person.mobile if sign.isdecimal())
    return plain_mobile(person.mobile, region) or digits if digits else ""


def _find_shared_proofs(read: RegisterImport, faults: _Faults) -> None:
    """A number that two people have is on no paper of either alone: each line after the first."""
    mine = RegisterRow.import_id == read.id
    seen = (
        select(RegisterRow.proof_hmac, func.min(RegisterRow.line).label("line"))
        .where(mine, RegisterRow.proof_hmac.is_not(None))
        .group_by(RegisterRow.proof_hmac)
        .having(func.count() > 1)
        .subquery()
    )
    query = (
        select(RegisterRow.line, seen.c.line)
        .join(seen, seen.c.proof_hmac == RegisterRow.proof_hmac)
        .where(mine, RegisterRow.line > seen.c.line)
        .order_by(RegisterRow.line)
    )
    for line, first in db.session.execute(query):
        faults.add(Fault(line, FaultKind.PROOF_TWICE, str(first)))


def _first_only(
    rows: list[dict[str, Any]], read: RegisterImport, faults: _Faults
) -> list[dict[str, Any]]:
    """These rows without people who stood in the file before; each such line is a fault."""
    keys = [row["person_key"] for row in rows]
    query = select(RegisterRow.person_key, RegisterRow.line).where(
        RegisterRow.import_id == read.id, RegisterRow.person_key.in_(keys)
    )
    seen: dict[str, int] = dict(db.session.execute(query).all()) if keys else {}
    kept = []
    for row in rows:
        first = seen.setdefault(row["person_key"], row["line"])
        if first != row["line"]:
            faults.add(Fault(row["line"], FaultKind.TWICE, str(first)))
        else:
            kept.append(row)
    return kept


def _compare(read: RegisterImport) -> None:
    """How many of the file the roll does not know, or has elsewhere; and whom the file lacks."""
    mine = RegisterRow.import_id == read.id
    on_roll = (
        select(func.count())
        .select_from(RegisterRow)
        .join(RollEntry, RollEntry.person_key == RegisterRow.person_key)
        .where(mine, RollEntry.left_on.is_(None))
    )
    known = _number(on_roll)
    read.new = read.people - known
    read.moved = _number(on_roll.where(RollEntry.district_id != RegisterRow.district_id))
    read.left = _number(select(func.count()).select_from(RollEntry).where(*not_in(read)))


def not_in(read: RegisterImport) -> Iterator[Any]:
    """Who came to the roll by a register, is on it, and is not in this file."""
    row = select(RegisterRow.line).where(
        RegisterRow.import_id == read.id, RegisterRow.person_key == RollEntry.person_key
    )
    yield from (RollEntry.channel == "register", RollEntry.left_on.is_(None), ~row.exists())


def _number(query: Any) -> int:
    return db.session.scalar(query) or 0
