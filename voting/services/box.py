"""The ballot box: the transaction in which a ballot is written, cast or kept.

It is on disk before the answer, the contest's settings and the voter are held until it ends, and it
writes nothing that names a person: no mark on the roll, no line of the audit trail, no job. A row
that was written together with a ballot would lead to it.
"""

from collections.abc import Sequence
from datetime import datetime

from flask import current_app
from sqlalchemy import BigInteger, String, bindparam, func, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import joinedload

from budgets.models import Round
from budgets.services import freeze_round
from core.database import db
from core.refusals import refuse_if
from voting import link_keys, sealing
from voting.district_rules import most_districts
from voting.models import Ballot, ClearedBallot, Contest, RollEntry
from voting.permissions import why_not_cast_ballot, why_not_this_ranking
from voting.queries.ballots import option_titles, rival_contests, tag_of

LONGEST_WAIT = "5s"
FULL = 2
UNDER_WAY = 10
_STORED = (
    select(Ballot)
    .where(Ballot.contest_id == bindparam("contest_id"), Ballot.tag == bindparam("tag"))
    .with_for_update()
    .execution_options(populate_existing=True)
)
# Statements that every cast needs are put together once, as in `queries.ballots`.
_WAIT_NO_LONGER = select(
    func.set_config("lock_timeout", bindparam("longest", type_=String), True),
    func.current_setting("synchronous_commit"),
)
_HELD_SETTINGS = (
    select(Contest)
    .where(Contest.id == bindparam("contest_id"))
    .options(joinedload(Contest.round, innerjoin=True).selectinload(Round.phases))
    .with_for_update(read=True, key_share=True, of=Contest)
    .execution_options(populate_existing=True)
)
_LOCK = select(func.pg_advisory_xact_lock(bindparam("number", type_=BigInteger)))
_ENTRY_ANEW = (
    select(RollEntry)
    .where(RollEntry.id == bindparam("entry_id"))
    .execution_options(populate_existing=True)
)


class NotDurable(RuntimeError):
    """The database would answer before the ballot is on disk; no ballot is taken."""


def admit(
    contest: Contest, entry: RollEntry, refs: Sequence[str], *, at: datetime
) -> dict[str, str]:
    """The way of a ballot before it is sealed, whether it is then cast or laid open.

    With the first one the rules freeze and the key is pinned. Answers with the titles of the
    options by ref, as `option_titles` does. Raises Refused, LinkKeyMissing and NotDurable.
    """
    demand_durability()
    freeze_round(contest.round, at=at)
    hold_settings(contest)
    lock_voter(contest, entry)
    refuse_if(why_not_cast_ballot(entry, contest, at))
    titles = option_titles(contest)
    refuse_if(why_not_this_ranking(contest, titles, refs))
    pin_link_key(contest)
    return titles


def demand_durability() -> None:
    """The commit of this transaction is on disk before the answer, whatever the server's default.

    A server that is set to wait for more than its own disk, such as a standby's, keeps to that.
    Raises NotDurable.
    """
    if _on_sqlite():
        connection = db.session.connection()
        if connection.exec_driver_sql("PRAGMA synchronous").scalar_one() < FULL:
            raise NotDurable("SQLite must run with synchronous=FULL.")
        return
    _, waits = db.session.execute(_WAIT_NO_LONGER, {"longest": LONGEST_WAIT}).one()
    if waits == "off":
        db.session.execute(select(func.set_config("synchronous_commit", "on", True)))


def hold_settings(contest: Contest) -> None:
    """Reads the contest and its calendar anew and holds them until the transaction ends.

    The weakest lock suffices: ballots do not wait for each other, but closing and every change of
    settings waits for the ballots under way, and they for it. On SQLite one transaction writes at
    a time, so that what was read in it is still true.
    """
    if _on_sqlite():
        return
    db.session.scalars(_HELD_SETTINGS, {"contest_id": contest.id}).one()


def lock_voter(contest: Contest, entry: RollEntry) -> None:
    """Nobody else writes for this person in this round until the transaction ends.

    The lock is no row's: locking a row of the roll would write the number of this transaction
    into it, and the ballot carries the same number. The entry is read anew: she may have moved.
    """
    if _on_sqlite():
        return
    secret = current_app.config["SECRET_KEY"]
    number = sealing.lock_number(secret, contest.round.ref, entry.person_key)
    db.session.execute(_LOCK, {"number": number})
    db.session.scalars(_ENTRY_ANEW, {"entry_id": entry.id}).one()


def pin_link_key(contest: Contest) -> None:
    """With the first ballot, notes which key the contest's tags are made with."""
    if contest.link_key_sha256 is not None:
        return
    digest = sealing.link_key_hash(link_keys.read(contest.ref))
    unset = (Contest.id == contest.id) & Contest.link_key_sha256.is_(None)
    db.session.execute(update(Contest).where(unset).values(link_key_sha256=digest))
    db.session.refresh(contest, ["link_key_sha256"])


def stored_ballot(contest_id: int, tag: str) -> Ballot | None:
    """The ballot under this tag, held until the transaction ends."""
    return db.session.scalar(_STORED, {"contest_id": contest_id, "tag": tag})


def insert_or_find(ballot: Ballot) -> Ballot:
    """Stores a first ballot, or answers with the one that another process stored a moment ago.

    The look before and the constraint each suffice to keep one ballot a person.
    """
    contest_id, tag = ballot.contest_id, ballot.tag
    try:
        with db.session.begin_nested():
            db.session.add(ballot)
        return ballot
    except IntegrityError:
        earlier = stored_ballot(contest_id, tag)
        if earlier is None:
            raise
        return earlier


def forget_kept_elsewhere(contest: Contest, entry: RollEntry) -> None:
    """Whoever turns to this paper gives up what she only kept on papers that exclude it.

    What she cast there is another matter: then the permission to vote here is refused.
    """
    rivals = rival_contests(contest, entry)
    most = most_districts(contest.round.district_rule, contest.round.districts_most)
    if most is None or len(_districts_with_ballot(rivals, entry)) < most:
        return
    for other in rivals:
        if other.sealed_at is None:
            _give_up_kept(stored_ballot(other.id, tag_of(other, entry)))


def _give_up_kept(ballot: Ballot | None) -> None:
    """What is still under way from that paper is older than what she turned to: it is noted as a
    clearing would be, with room for the changes that its page may have sent and nobody got."""
    if ballot is None or ballot.is_cast:
        return
    change = (ballot.kept_change or 0) + UNDER_WAY
    db.session.delete(ballot)
    db.session.merge(ClearedBallot(contest_id=ballot.contest_id, tag=ballot.tag, change=change))
    db.session.flush()


def _districts_with_ballot(contests: Sequence[Contest], entry: RollEntry) -> set[int | None]:
    """The districts for which this person has a ballot, cast or kept."""
    return {
        each.district_id
        for each in contests
        if each.sealed_at is None and stored_ballot(each.id, tag_of(each, entry)) is not None
    }


def _on_sqlite() -> bool:
    return db.session.get_bind().dialect.name == "sqlite"
