"""The made-up register of the demonstration, and the letter of one person in it.

The others wait for their letters, so that a clerk can be tried out, too.
"""

import io
from datetime import datetime, timedelta

from accounts.models import User
from accounts.person_keys import person_key
from app.demo.cast import LETTER_CODE, LETTER_DISTRICT
from budgets.models import Round
from core.csvfile import write_csv
from core.database import db
from districts.queries import all_districts
from voting.letter_codes import LetterCode, code_hmac, read_code
from voting.models import Letter, RollEntry
from voting.queries.rolls import roll_entry_by_key
from voting.services.letters import register_key
from voting.services.register_entry import enter_register
from voting.services.registers import read_in

PEOPLE = 360
KNOWN_FOR = timedelta(days=60)
"""The register is older than the oldest round that its people voted in."""
FIRST = ("Anna", "Jan", "Zofia", "Łukasz", "Wanda", "Stanisław", "Żaneta", "Michał", "Róża")
LAST = ("Nowak", "Wójcik", "Kamińska", "Dąbrowski", "Śliwa", "Żak", "Górecka", "Łoś", "Ćwik", "Sęk")
STREETS = ("Lipowa", "Zielona", "Świętego Marka", "Długa", "Krótka", "Źródlana", "Łąkowa")
HEADER = (
    "register_id",
    "district",
    "name",
    "address",
    "address_2",
    "birth_year",
    "mobile",
    "proof",
)


def enter_made_up_register(round_: Round, clerk: User, at: datetime) -> None:
    """A few hundred invented people on the roll; one of them has a letter."""
    at -= KNOWN_FOR
    districts = [each.name for each in all_districts()]
    rows = [
        (
            f"DEMO 7{number:04}",
            districts[number % len(districts)],
            f"{FIRST[number % len(FIRST)]} {LAST[number % len(LAST)]}",
            f"ul. {STREETS[number % len(STREETS)]} {1 + number % 90}",
            f"30-{number % 900:03} Kraków",
            1940 + number % 65,
            f"+48 600 100 {number:03}",
            f"CARD {5000 + 7 * number}",
        )
        for number in range(PEOPLE)
    ]
    read = read_in(io.BytesIO(write_csv(HEADER, rows)), voting_age=0, by=clerk, at=at)
    enter_register(read, take_off=False, by=clerk, at=at)
    holder = roll_entry_by_key(person_key(f"DEMO 7{districts.index(LETTER_DISTRICT):04}"))
    code = read_code(LETTER_CODE)
    assert holder is not None, "She was entered a line above."
    assert isinstance(code, LetterCode), "The code of the demonstration is one."
    db.session.add(
        Letter(
            number=code.number,
            code_hmac=code_hmac(register_key(), code),
            roll_entry_id=holder.id,
            round_id=round_.id,
        )
    )
    db.session.flush()


def made_up_voters(first: int, number: int) -> list[RollEntry]:
    """So many of them from this one on, for a round in which they voted."""
    found = [roll_entry_by_key(person_key(f"DEMO 7{at:04}")) for at in range(first, first + number)]
    return [entry for entry in found if entry is not None]
