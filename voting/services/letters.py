"""Letters: giving a person a code, trying one at the door, taking one away."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from flask import current_app
from sqlalchemy import select, update

from budgets.models import Round
from core import audit
from core.actors import Actor
from core.database import db
from voting.letter_codes import LetterCode, code_hmac, new_code
from voting.models import Letter, LetterBatch, RollEntry
from voting.services.letter_sessions import end_letter_sessions_of

REPLACED = "replaced"


@dataclass(frozen=True)
class GivenCode:
    """A code just made, and whose it is. It is shown on paper once, and known to nobody after."""

    entry: RollEntry
    code: LetterCode


def give_codes(
    entries: Sequence[RollEntry],
    round_: Round,
    batch: LetterBatch | None,
    codes: Sequence[LetterCode] = (),
    *,
    at: datetime,
) -> list[GivenCode]:
    """A new code for each of these people; the one that somebody had for this round is void.

    `codes` are made by `new_codes`, here or before. Of two who do this at once for the same
    person, the database lets one through.
    """
    _replace([entry.id for entry in entries], round_, at)
    given = list(map(GivenCode, entries, codes or new_codes(len(entries))))
    db.session.add_all(
        Letter(
            number=each.code.number,
            code_hmac=code_hmac(register_key(), each.code),
            roll_entry_id=each.entry.id,
            round_id=round_.id,
            batch_id=batch.id if batch else None,
        )
        for each in given
    )
    db.session.flush()
    return given


def new_codes(number: int) -> list[LetterCode]:
    """Codes whose numbers no other letter has."""
    codes: dict[str, LetterCode] = {}
    while len(codes) < number:
        made = {code.number: code for code in (new_code() for _ in range(number - len(codes)))}
        for taken in db.session.scalars(select(Letter.number).where(Letter.number.in_(made))):
            del made[taken]
        codes |= made
    return list(codes.values())


def give_code_at_desk(entry: RollEntry, round_: Round, *, by: Actor, at: datetime) -> GivenCode:
    """A code for somebody who stands at the desk with a document; her letter is void."""
    given = give_codes([entry], round_, None, at=at)[0]
    end_letter_sessions_of(entry)
    subject = f"letter:{given.code.number}"
    audit.record("give_code_at_desk", subject, by=by, at=at, round=round_.ref)
    return given


def void_letter(letter: Letter, reason: str, *, by: Actor, at: datetime) -> None:
    """The code opens nothing any more, nor does any browser that it opened."""
    letter.voided_on, letter.void_reason = at.date(), reason
    end_letter_sessions_of(letter.entry)
    audit.record("void_letter", f"letter:{letter.number}", by=by, at=at, reason=reason)
    db.session.flush()


def register_key() -> str:
    """The key outside the database, under which codes are kept."""
    return str(current_app.config["REGISTER_KEY"])


def _replace(entry_ids: Sequence[int], round_: Round, at: datetime) -> None:
    db.session.execute(
        update(Letter)
        .where(
            Letter.roll_entry_id.in_(entry_ids),
            Letter.round_id == round_.id,
            Letter.voided_on.is_(None),
        )
        .values(voided_on=at.date(), void_reason=REPLACED)
    )
