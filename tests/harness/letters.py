"""A person of the small town who has no account, her letter, and the register of voters."""

from datetime import datetime

from accounts.person_keys import person_key
from budgets.models import Round
from core.database import db
from districts.models import District
from voting.models import (
    LetterAddress,
    LetterBatch,
    RegisterImport,
    RegisterProof,
    RegisterRow,
)
from voting.services.letters import give_codes
from voting.services.rolls import enter_on_roll


def lay_out(round_: Round, home: District, at: datetime) -> tuple[LetterBatch, RegisterImport]:
    """One batch with one letter, and one file of the register with one row that waits."""
    entry = enter_on_roll(person_key("REG of nobody"), home.id, at=at, channel="register")
    db.session.flush()
    batch = LetterBatch(
        ref="batch2", round_id=round_.id, size=1, made_on=at.date(), reprint_reason="Paper jam."
    )
    db.session.add(batch)
    db.session.flush()
    give_codes([entry], round_, batch, at=at)
    db.session.add(
        LetterAddress(
            roll_entry_id=entry.id, name="Wanda Nowak", address="ul. Łąkowa 5\n30-001 Kraków"
        )
    )
    db.session.add(RegisterProof(roll_entry_id=entry.id, proof_hmac="7" * 64, mobile_hmac="8" * 64))
    read = RegisterImport(
        ref="readin2", read_at=at, encoding="utf-8",
        people=1, new=1, moved=0, left=0, too_young=0, too_old=0,
    )  # fmt: skip
    db.session.add(read)
    db.session.flush()
    db.session.add(
        RegisterRow(
            import_id=read.id, person_key=person_key("REG who waits"), line=2,
            district_id=home.id, name="Jan Nowak", address="ul. Łąkowa 6", too_old=False,
        )
    )  # fmt: skip
    return batch, read
