"""Letters and the register, as the clerk's desk sees them. No function here knows a code."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, exists, func, select
from sqlalchemy.orm import joinedload, selectinload

from budgets.models import Round
from budgets.phases import PhaseKind
from core.database import db
from districts.models import District
from voting.district_rules import may_vote_for
from voting.models import (
    Contest,
    Letter,
    LetterAddress,
    LetterBatch,
    RegisterImport,
    RegisterRow,
    RollEntry,
)

MOST_SHOWN = 50


@dataclass(frozen=True)
class Addressee:
    """Somebody who waits for a letter, and where it goes."""

    entry: RollEntry
    name: str
    address: str


@dataclass(frozen=True)
class BatchView:
    """A batch, how many of its letters are living, and how many addresses of them are kept."""

    batch: LetterBatch
    living: int
    addressed: int


def rounds_with_letters(at: datetime) -> list[tuple[Round, datetime]]:
    """Announced rounds whose voting is not over, with the moment when it is."""
    rounds = db.session.scalars(
        select(Round)
        .where(
            Round.announced_at.is_not(None),
            Round.ends_at > at,
            exists().where(Contest.round_id == Round.id, Contest.sealed_at.is_(None)),
        )
        .options(selectinload(Round.phases))
        .order_by(Round.id)
    )
    spans = [(each, each.span_of(PhaseKind.VOTING)) for each in rounds]
    return [(each, span.ends_at) for each, span in spans if span and span.ends_at > at]


def is_voting_under_way(at: datetime) -> bool:
    """Whether voting has begun somewhere and its boxes are not all sealed yet."""
    rounds = db.session.scalars(
        select(Round)
        .where(
            Round.announced_at.is_not(None),
            exists().where(Contest.round_id == Round.id, Contest.sealed_at.is_(None)),
        )
        .options(selectinload(Round.phases))
    )
    spans = [each.span_of(PhaseKind.VOTING) for each in rounds]
    return any(span is not None and span.starts_at <= at for span in spans)


def number_without_letter(round_: Round) -> int:
    """How many people have an address and no letter for this round."""
    waiting = _without_letter(round_.id).order_by(None).subquery()
    return db.session.scalar(select(func.count()).select_from(waiting)) or 0


def addressees(round_: Round, most: int) -> list[Addressee]:
    """The next people to get a letter: district by district."""
    return [Addressee(*row) for row in db.session.execute(_without_letter(round_.id).limit(most))]


def addressees_of(batch: LetterBatch) -> list[Addressee]:
    """Whose letters of this batch are living and have an address still."""
    query = (
        select(RollEntry, LetterAddress.name, LetterAddress.address)
        .join(LetterAddress, LetterAddress.roll_entry_id == RollEntry.id)
        .join(Letter, Letter.roll_entry_id == RollEntry.id)
        .where(Letter.batch_id == batch.id, Letter.voided_on.is_(None))
        .order_by(RollEntry.district_id, RollEntry.id)
    )
    return [Addressee(*row) for row in db.session.execute(query)]


def batch_by_ref(ref: str) -> LetterBatch | None:
    return db.session.scalar(select(LetterBatch).where(LetterBatch.ref == ref))


def batches_of(rounds: Sequence[int]) -> list[BatchView]:
    """The batches of these rounds, the newest first."""
    living = Letter.voided_on.is_(None)
    query = (
        select(
            LetterBatch,
            func.count(Letter.id).filter(living),
            func.count(LetterAddress.roll_entry_id).filter(living),
        )
        .outerjoin(Letter, Letter.batch_id == LetterBatch.id)
        .outerjoin(LetterAddress, LetterAddress.roll_entry_id == Letter.roll_entry_id)
        .where(LetterBatch.round_id.in_(rounds))
        .group_by(LetterBatch.id)
        .order_by(LetterBatch.id.desc())
        .limit(MOST_SHOWN)
    )
    return [BatchView(*row) for row in db.session.execute(query)]


def letter_by_number(number: str) -> Letter | None:
    """The letter with this number, with whose it is; locked, since it is about to be changed."""
    return db.session.scalar(
        select(Letter)
        .where(Letter.number == number)
        .options(joinedload(Letter.entry))
        .with_for_update(of=Letter)
    )


def contests_of_letter(round_: Round, district_id: int) -> list[Contest]:
    """The contests that somebody of this district reads of in her letter."""
    query = select(Contest).where(Contest.round_id == round_.id)
    found = db.session.scalars(query.order_by(Contest.position, Contest.id))
    rule = round_.district_rule
    return [each for each in found if may_vote_for(rule, each.district_id, district_id)]


def roll_by_district() -> list[tuple[str, int]]:
    """How many people each district has on the roll."""
    query = (
        select(District.name, func.count(RollEntry.id))
        .outerjoin(RollEntry, (RollEntry.district_id == District.id) & RollEntry.left_on.is_(None))
        .group_by(District.id)
        .order_by(District.position, District.name)
    )
    return [(name, number) for name, number in db.session.execute(query)]


def imports_lately() -> list[RegisterImport]:
    query = select(RegisterImport).order_by(RegisterImport.id.desc())
    return list(db.session.scalars(query.limit(MOST_SHOWN)))


def import_by_ref(ref: str) -> RegisterImport | None:
    return db.session.scalar(select(RegisterImport).where(RegisterImport.ref == ref))


def rows_by_district(read: RegisterImport) -> list[tuple[str, int]]:
    """How many people of a file that waits live in each district."""
    query = (
        select(District.name, func.count())
        .join(RegisterRow, RegisterRow.district_id == District.id)
        .where(RegisterRow.import_id == read.id)
        .group_by(District.id)
        .order_by(District.position, District.name)
    )
    return [(name, number) for name, number in db.session.execute(query)]


def sample_of(read: RegisterImport, most: int) -> list[RegisterRow]:
    """The first lines of a file that waits, to see whether its letters came out right."""
    query = select(RegisterRow).where(RegisterRow.import_id == read.id)
    return list(db.session.scalars(query.order_by(RegisterRow.line).limit(most)))


def lines_too_old(read: RegisterImport) -> list[int]:
    query = select(RegisterRow.line).where(
        RegisterRow.import_id == read.id, RegisterRow.too_old.is_(True)
    )
    return list(db.session.scalars(query.order_by(RegisterRow.line).limit(MOST_SHOWN)))


def _without_letter(round_id: int) -> Select[RollEntry, str, str]:
    has_letter = exists().where(
        Letter.roll_entry_id == RollEntry.id,
        Letter.round_id == round_id,
        Letter.voided_on.is_(None),
    )
    return (
        select(RollEntry, LetterAddress.name, LetterAddress.address)
        .join(LetterAddress, LetterAddress.roll_entry_id == RollEntry.id)
        .where(RollEntry.left_on.is_(None), ~has_letter)
        .order_by(RollEntry.district_id, RollEntry.id)
    )
