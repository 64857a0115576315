"""The register of voters as a file: which columns it has, and what each line says.

Pure: it knows neither the roll nor the districts. Lines are read one by one, so that a register
of a million people needs no more memory than one of a hundred.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum
from typing import BinaryIO

from accounts.person_keys import WrongRegisterId, normalise_register_id
from core.csvfile import Table, read_csv
from core.text import clean_line
from voting.proofs import is_known_to_others

NEEDED = ("register_id", "district", "name", "address")
ALLOWED = ("address_2", "address_3", "address_4", "birth_year", "mobile", "proof")
COLUMNS = (*NEEDED, *ALLOWED)
_ADDRESS = ("address", "address_2", "address_3", "address_4")
LONGEST_CELL, LONGEST_LINE = 200, 60
FIRST_YEAR, LAST_YEAR = 1850, 2200
_FORMULA = ("=", "+", "-", "@", "\t")


class FaultKind(Enum):
    """What can be wrong with a line."""

    CELLS = "cells"
    FORMULA = "formula"
    REGISTER_ID = "register_id"
    DISTRICT = "district"
    NAME = "name"
    ADDRESS = "address"
    BIRTH_YEAR = "birth_year"
    MOBILE = "mobile"
    TWICE = "twice"
    PROOF = "proof"
    PROOF_TWICE = "proof_twice"


@dataclass(frozen=True)
class Fault:
    """A mistake on a line. `value` is what stands there, or for TWICE the line it stood on first.

    Never a number of the register: faults are shown and noted.
    """

    line: int
    kind: FaultKind
    value: str = ""


class WrongColumns(ValueError):
    """The header lacks columns, or has some that nobody needs."""

    def __init__(self, missing: list[str], unknown: list[str]) -> None:
        super().__init__(", ".join(missing + unknown))
        self.missing, self.unknown = missing, unknown


class FaultyRegister(ValueError):
    """Wrong lines, so that nothing was read in: the first `faults`, and how many `more`."""

    def __init__(self, faults: list[Fault], more: int) -> None:
        super().__init__(f"{len(faults) + more} lines")
        self.faults, self.more = faults, more


@dataclass(frozen=True)
class Person:
    """One line of the register."""

    line: int
    register_id: str
    district: str
    name: str
    address: str
    birth_year: int | None
    mobile: str
    proof: str


@dataclass(frozen=True)
class Register:
    """A register whose header is right; `lines` are read once, in the order of the file."""

    encoding: str
    lines: Iterator[Person | Fault]


def read_register(file: BinaryIO) -> Register:
    """Opens the file. Raises core.csvfile.NotATable, also while lines are read, or WrongColumns."""
    table = read_csv(file)
    columns = [clean_line(name).lower().replace(" ", "_") for name in table.header]
    missing = [name for name in NEEDED if name not in columns]
    unknown = [name for name in columns if name not in COLUMNS or columns.count(name) > 1]
    if missing or unknown:
        raise WrongColumns(missing, [name[:LONGEST_LINE] for name in dict.fromkeys(unknown)])
    return Register(table.encoding, _lines(table, columns))


def _lines(table: Table, columns: list[str]) -> Iterator[Person | Fault]:
    for line, row in table.rows:
        yield _read(line, row, columns)


def _read(line: int, row: list[str], columns: list[str]) -> Person | Fault:
    if len(row) != len(columns):
        return Fault(line, FaultKind.CELLS, str(len(row)))
    cells = {name: clean_line(cell) for name, cell in zip(columns, row, strict=True)}
    for name, cell in cells.items():
        if name != "mobile" and cell.startswith(_FORMULA):
            return Fault(line, FaultKind.FORMULA, name)
    try:
        register_id = normalise_register_id(cells["register_id"])
    except WrongRegisterId:
        return Fault(line, FaultKind.REGISTER_ID)
    if not 0 < len(cells["district"]) <= LONGEST_CELL:
        return Fault(line, FaultKind.DISTRICT, cells["district"][:LONGEST_LINE])
    if not 0 < len(cells["name"]) <= LONGEST_LINE:
        return Fault(line, FaultKind.NAME, cells["name"][:LONGEST_LINE])
    address = [cells[name] for name in _ADDRESS if cells.get(name)]
    if not cells["address"] or any(len(each) > LONGEST_LINE for each in address):
        return Fault(line, FaultKind.ADDRESS)
    return _with_facts(line, register_id, cells, "\n".join(address))


def _with_facts(line: int, register_id: str, cells: dict[str, str], address: str) -> Person | Fault:
    year, mobile = cells.get("birth_year", ""), cells.get("mobile", "")
    if year and not (year.isascii() and year.isdigit() and len(year) == 4):
        return Fault(line, FaultKind.BIRTH_YEAR, year[:LONGEST_LINE])
    if year and not FIRST_YEAR <= int(year) <= LAST_YEAR:
        return Fault(line, FaultKind.BIRTH_YEAR, year)
    digits = "".join(sign for sign in mobile if sign.isdecimal())
    if mobile and not 6 <= len(digits) <= 15:
        return Fault(line, FaultKind.MOBILE)
    proof = cells.get("proof", "")
    others = [cell for name, cell in cells.items() if name != "proof"]
    if proof and is_known_to_others(proof, others, year):
        return Fault(line, FaultKind.PROOF)
    return Person(
        line=line,
        register_id=register_id,
        district=cells["district"],
        name=cells["name"],
        address=address,
        birth_year=int(year) if year else None,
        mobile=mobile,
        proof=proof,
    )
