"""The ballot box: the transaction in which a ballot is written, cast or kept.

It is on disk before the answer, the contest's settings and the voter are held until it ends, and it
writes nothing that names a person: no mark on the roll, no line of the audit trail, no job. A row
that was written together with a ballot would lead to it.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from flask import current_app
from sqlalchemy import BigInteger, String, bindparam, func, select, update

from budgets.models import Round
from budgets.services import freeze_round
from core.database import db
from core.refusals import refuse_if
from voting import link_keys, sealing
from voting.district_rules import most_districts
from voting.models import Contest, RollEntry
from voting.permissions import why_not_cast_ballot, why_not_this_ranking
from voting.queries.at_the_box import (
    AnyContest,
    AnyVoter,
    ContestAtTheBox,
    VoterAtTheBox,
    contest_anew,
    voter_anew,
)
from voting.queries.ballots import option_titles, rival_contests, tag_of
from voting.queries.stored_ballots import stored_ballot
from voting.services.stored_ballots import note_clearing, remove

_CONTEST = db.metadata.tables[Contest.__tablename__]
LONGEST_WAIT = "5s"
FULL = 2
UNDER_WAY = 10
# Statements that every cast needs are put together once, as in `queries.ballots`.
_WAIT_NO_LONGER = select(
    func.set_config("lock_timeout", bindparam("longest", type_=String), True),
    func.current_setting("synchronous_commit"),
)
_HELD_SETTINGS = (
    select(_CONTEST.c.id)
    .where(_CONTEST.c.id == bindparam("contest_id"))
    .with_for_update(read=True, key_share=True)
)
_LOCK = select(func.pg_advisory_xact_lock(bindparam("number", type_=BigInteger)))


class NotDurable(RuntimeError):
    """The database would answer before the ballot is on disk; no ballot is taken."""


class Admitted(NamedTuple):
    """Whose ballot goes into which box, as they stand until the transaction ends.

    `titles` are those of the options by ref, as `option_titles` has them.
    """

    contest: ContestAtTheBox
    voter: VoterAtTheBox
    titles: dict[str, str]


def admit(contest: AnyContest, entry: AnyVoter, refs: Sequence[str], *, at: datetime) -> Admitted:
    """The way of a ballot before it is sealed, whether it is then cast or laid open.

    With the first one the rules freeze and the key is pinned. Raises Refused, LinkKeyMissing and
    NotDurable.
    """
    held, voter = open_for(contest, entry, at=at, freezes=True)
    titles = option_titles(held)
    refuse_if(why_not_this_ranking(held, titles, refs))
    return Admitted(pin_link_key(held), voter, titles)


def open_for(
    contest: AnyContest, entry: AnyVoter, *, at: datetime, freezes: bool
) -> tuple[ContestAtTheBox, VoterAtTheBox]:
    """Holds the settings and the voter, reads both, and lets her through if she may vote here now.

    `freezes`: what comes may be the ballot with which the rules freeze. Raises Refused,
    LinkKeyMissing and NotDurable.
    """
    demand_durability()
    if freezes and contest.round.frozen_at is None:
        freeze_round(db.session.get_one(Round, contest.round_id), at=at)
    hold_settings(contest)
    held = _held(contest)
    lock_voter(held, entry)
    voter = _locked(entry)
    refuse_if(why_not_cast_ballot(voter, held, at))
    return held, voter


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


def hold_settings(contest: AnyContest) -> None:
    """Holds the contest's settings until the transaction ends; what decides is read after this.

    The weakest lock suffices: ballots do not wait for each other, but closing and every change of
    settings waits for the ballots under way, and they for it. On SQLite one transaction writes at
    a time, so that what was read in it is still true.
    """
    if _on_sqlite():
        return
    db.session.execute(_HELD_SETTINGS, {"contest_id": contest.id})
    if isinstance(contest, Contest):
        db.session.refresh(contest)
        db.session.expire(contest.round)


def lock_voter(contest: AnyContest, entry: AnyVoter) -> None:
    """Nobody else writes for this person in this round until the transaction ends.

    The lock is no row's: locking a row of the roll would write the number of this transaction
    into it, and the ballot carries the same number. The entry is read after this: she may have
    moved.
    """
    if _on_sqlite():
        return
    secret = current_app.config["SECRET_KEY"]
    number = sealing.lock_number(secret, contest.round.ref, entry.person_key)
    db.session.execute(_LOCK, {"number": number})
    if isinstance(entry, RollEntry):
        db.session.refresh(entry)


def pin_link_key(contest: ContestAtTheBox) -> ContestAtTheBox:
    """With the first ballot, notes which key the contest's tags are made with; and reads it."""
    if contest.link_key_sha256 is not None:
        return contest
    digest = sealing.link_key_hash(link_keys.read(contest.ref))
    unset = (Contest.id == contest.id) & Contest.link_key_sha256.is_(None)
    db.session.execute(update(Contest).where(unset).values(link_key_sha256=digest))
    return contest_anew(contest.id)


def forget_kept_elsewhere(contest: AnyContest, entry: AnyVoter) -> None:
    """Whoever turns to this paper gives up what she only kept on papers that exclude it.

    What she cast there is another matter: then the permission to vote here is refused.
    """
    rivals = rival_contests(contest, entry)
    most = most_districts(contest.round.district_rule, contest.round.districts_most)
    if most is None or len(_districts_with_ballot(rivals, entry)) < most:
        return
    for other in rivals:
        if other.sealed_at is None:
            _give_up_kept(other.id, tag_of(other, entry))


def _give_up_kept(contest_id: int, tag: str) -> None:
    """What is still under way from that paper is older than what she turned to: it is noted as a
    clearing would be, with room for the changes that its page may have sent and nobody got."""
    kept = stored_ballot(contest_id, tag)
    if kept is not None and not kept.is_cast:
        remove(kept)
        note_clearing(contest_id, tag, (kept.kept_change or 0) + UNDER_WAY)


def _districts_with_ballot(contests: Sequence[Contest], entry: AnyVoter) -> set[int | None]:
    """The districts for which this person has a ballot, cast or kept."""
    return {
        each.district_id
        for each in contests
        if each.sealed_at is None and stored_ballot(each.id, tag_of(each, entry)) is not None
    }


def _held(contest: AnyContest) -> ContestAtTheBox:
    """On SQLite what this transaction has read of it before is what stands."""
    if _on_sqlite() and isinstance(contest, ContestAtTheBox):
        return contest
    return contest_anew(contest.id)


def _locked(entry: AnyVoter) -> VoterAtTheBox:
    if _on_sqlite() and isinstance(entry, VoterAtTheBox):
        return entry
    return voter_anew(entry.id)


def _on_sqlite() -> bool:
    return db.session.get_bind().dialect.name == "sqlite"
