"""Casting a ballot, and replacing it until closing.

One transaction writes the ballot and nothing that names a person: no mark on the roll, no line of
the audit trail, no job. A row that was written together with the ballot would lead to it.
"""

from dataclasses import dataclass
from datetime import datetime

from flask import current_app
from sqlalchemy import bindparam, func, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import joinedload

from budgets.models import Round
from budgets.services import freeze_round
from core.database import db
from core.refusals import refuse_if
from voting import link_keys, sealing
from voting.counting.ranking import normalise_ranking, pack_ranking
from voting.models import Ballot, Contest, RollEntry
from voting.permissions import why_not_cast_ballot, why_not_this_ranking
from voting.queries.ballots import option_titles, tag_of

LONGEST_WAIT = "5s"
FULL = 2
_STORED = (
    select(Ballot)
    .where(Ballot.contest_id == bindparam("contest_id"), Ballot.tag == bindparam("tag"))
    .with_for_update()
    .execution_options(populate_existing=True)
)


class NotDurable(RuntimeError):
    """The database would answer before the ballot is on disk; no ballot is taken."""


@dataclass(frozen=True)
class CastReceipt:
    """The code for the voter, and whether an earlier ballot of hers was replaced."""

    code: str
    replaced: bool


def cast_ballot(
    contest: Contest, entry: RollEntry, refs: list[str], form_key: str, *, at: datetime
) -> CastReceipt:
    """Puts a ballot into the box, or replaces the one that this person has there.

    `refs` are the refs of options, the first rank first. `form_key` is the idempotency key that
    the browser holds: sent twice, a ballot is stored once and the receipt is the same. Raises
    Refused with the reason where this person cannot cast this ranking now, LinkKeyMissing, and
    NotDurable. The caller commits, and must not tell anybody of the ballot before it has.
    """
    _demand_durability()
    freeze_round(contest.round, at=at)
    _hold_settings(contest)
    _lock_voter(contest, entry)
    refuse_if(why_not_cast_ballot(entry, contest, at))
    titles = option_titles(contest)
    refuse_if(why_not_this_ranking(contest, titles, refs))
    ranking = _packed(contest, titles, refs)
    code = sealing.receipt_code(form_key, contest.ref)
    _pin_link_key(contest)
    tag = tag_of(contest, entry)
    replaced = _put(contest.id, tag, ranking, sealing.receipt_hash(code))
    return CastReceipt(code, replaced)


def _demand_durability() -> None:
    """The commit of this transaction is on disk before the answer, whatever the server's default.

    A server that is set to wait for more than its own disk, such as a standby's, keeps to that.
    """
    if _on_sqlite():
        connection = db.session.connection()
        if connection.exec_driver_sql("PRAGMA synchronous").scalar_one() < FULL:
            raise NotDurable("SQLite must run with synchronous=FULL.")
        return
    _, waits = db.session.execute(
        select(
            func.set_config("lock_timeout", LONGEST_WAIT, True),
            func.current_setting("synchronous_commit"),
        )
    ).one()
    if waits == "off":
        db.session.execute(select(func.set_config("synchronous_commit", "on", True)))


def _hold_settings(contest: Contest) -> None:
    """Reads the contest and its calendar anew and holds them until the transaction ends.

    The weakest lock suffices: ballots do not wait for each other, but closing and every change of
    settings waits for the ballots under way, and they for it. On SQLite one transaction writes at
    a time, so that what was read in it is still true.
    """
    if _on_sqlite():
        return
    db.session.scalars(
        select(Contest)
        .where(Contest.id == contest.id)
        .options(joinedload(Contest.round, innerjoin=True).selectinload(Round.phases))
        .with_for_update(read=True, key_share=True, of=Contest)
        .execution_options(populate_existing=True)
    ).one()


def _lock_voter(contest: Contest, entry: RollEntry) -> None:
    """Nobody else casts for this person in this round until the transaction ends.

    The lock is no row's: locking a row of the roll would write the number of this transaction
    into it, and the ballot carries the same number. The entry is read anew: she may have moved.
    """
    if _on_sqlite():
        return
    secret = current_app.config["SECRET_KEY"]
    number = sealing.lock_number(secret, contest.round.ref, entry.person_key)
    db.session.execute(select(func.pg_advisory_xact_lock(number)))
    db.session.refresh(entry)


def _pin_link_key(contest: Contest) -> None:
    """With the first ballot, notes which key the contest's tags are made with."""
    if contest.link_key_sha256 is not None:
        return
    digest = sealing.link_key_hash(link_keys.read(contest.ref))
    unset = (Contest.id == contest.id) & Contest.link_key_sha256.is_(None)
    db.session.execute(update(Contest).where(unset).values(link_key_sha256=digest))
    db.session.refresh(contest, ["link_key_sha256"])


def _packed(contest: Contest, titles: dict[str, str], refs: list[str]) -> bytes:
    ranking = normalise_ranking(refs, titles, contest.min_length, contest.max_length)
    assert isinstance(ranking, tuple), "why_not_this_ranking lets only rankings pass."
    return pack_ranking(ranking, list(titles))


def _put(contest_id: int, tag: str, ranking: bytes, receipt_hash: str) -> bool:
    """Stores the ballot under its tag; answers whether it replaced an earlier one.

    The look before and the constraint each suffice to keep one ballot a person. A process that
    loses the race against the constraint replaces the winner's ballot, as if it had come later.
    """
    earlier = _earlier_ballot(contest_id, tag)
    if earlier is None:
        ballot = Ballot(
            id=sealing.new_ballot_id(),
            contest_id=contest_id,
            tag=tag,
            ranking=ranking,
            receipt_hash=receipt_hash,
        )
        try:
            with db.session.begin_nested():
                db.session.add(ballot)
            return False
        except IntegrityError:
            earlier = _stored_under(contest_id, tag)
            if earlier is None:
                raise
    replaced = earlier.receipt_hash != receipt_hash
    earlier.ranking, earlier.receipt_hash = ranking, receipt_hash
    db.session.flush()
    return replaced


def _earlier_ballot(contest_id: int, tag: str) -> Ballot | None:
    """The check inside the transaction: the voter is locked, so what it finds stays true."""
    return _stored_under(contest_id, tag)


def _stored_under(contest_id: int, tag: str) -> Ballot | None:
    return db.session.scalar(_STORED, {"contest_id": contest_id, "tag": tag})


def _on_sqlite() -> bool:
    return db.session.get_bind().dialect.name == "sqlite"
