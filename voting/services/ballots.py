"""Casting a ballot, and replacing it until closing. How the box is written to, `box` says."""

from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import insert

from core.database import db
from core.refusals import refuse_if
from voting import sealing
from voting.counting.ranking import normalise_ranking, pack_ranking
from voting.models import SupersededLeaf, WaitingLeaf
from voting.permissions import why_not_these_terms, why_not_this_commitment
from voting.queries.at_the_box import AnyContest, AnyVoter
from voting.queries.ballots import link_key_of
from voting.queries.sealed import Sealed, sealed_as
from voting.queries.stored_ballots import StoredBallot, stored_ballot
from voting.services import box
from voting.services.log import begin_log, demand_promise
from voting.services.stored_ballots import Content, overwrite, store_or_find

# Rows that nobody looks at again in this transaction: told to the database without a detour.
_TABLES = db.metadata.tables
_WAIT = insert(_TABLES[WaitingLeaf.__tablename__])
_SUPERSEDE = insert(_TABLES[SupersededLeaf.__tablename__])


@dataclass(frozen=True)
class CastReceipt:
    """The code for the voter, and whether a ballot that she had cast before was replaced.

    `repeated`: the same ballot came once more, and nothing was changed.
    """

    code: str
    replaced: bool
    repeated: bool = field(default=False, compare=False)


def cast_ballot(
    contest: AnyContest,
    entry: AnyVoter,
    refs: list[str],
    form_key: str,
    *,
    at: datetime,
    terms_seen: str = "",
) -> CastReceipt:
    """Puts a ballot into the box, or replaces the one that this person has there.

    `refs` are the refs of options, the first rank first. `form_key` is the idempotency key that
    the browser holds: sent twice, a ballot is stored once and the receipt is the same. `terms_seen`
    is the hash of the terms under which it was reviewed, if it was. Raises
    Refused with the reason where this person cannot cast this ranking now, LinkKeyMissing,
    LogKeyMissing, and NotDurable. The caller commits, and must not tell anybody of the ballot
    before it has.
    """
    held, voter, titles = box.admit(contest, entry, refs, at=at)
    terms = begin_log(held)
    refuse_if(why_not_these_terms(terms_seen, terms.sha256))
    box.forget_kept_elsewhere(held, voter)
    link_key, ranking = link_key_of(held), ranked(held, titles, refs)
    sealed = sealed_as(held, list(titles), ranking, form_key, terms, link_key)
    demand_promise(terms)
    replaced = _put(held, sealing.ballot_tag(link_key, held.ref, voter.person_key), sealed)
    return CastReceipt(sealed.code, bool(replaced), repeated=replaced is None)


def packed(contest: AnyContest, titles: dict[str, str], refs: list[str]) -> bytes:
    """A ranking that this paper takes, as the database keeps it."""
    return pack_ranking(ranked(contest, titles, refs), list(titles))


def ranked(contest: AnyContest, titles: dict[str, str], refs: list[str]) -> tuple[str, ...]:
    """The ranking that these refs are, which `why_not_this_ranking` let pass."""
    ranking = normalise_ranking(refs, titles, contest.min_length, contest.max_length)
    assert isinstance(ranking, tuple), "why_not_this_ranking lets only rankings pass."
    return ranking


def _put(contest: AnyContest, tag: str, sealed: Sealed) -> bool | None:
    """Stores the ballot under its tag; answers whether it replaced one that was cast before.

    The same ballot sent again changes nothing: None. A process that loses the race against the
    constraint replaces the winner's ballot, as if it had come later.
    """
    earlier, content = _earlier_ballot(contest.id, tag), _content(sealed)
    if earlier is None or earlier.commitment != sealed.commitment:
        refuse_if(why_not_this_commitment(contest, sealed.commitment))
    if earlier is None:
        earlier = store_or_find(contest.id, tag, content)
        if earlier is None:
            _let_wait(contest.id, sealed.commitment)
            return False
    replaced = earlier.commitment
    if replaced == sealed.commitment:
        return None
    if replaced is not None:
        db.session.execute(_SUPERSEDE, {"contest_id": contest.id, "commitment": replaced})
    overwrite(earlier, content)
    _let_wait(contest.id, sealed.commitment)
    return replaced is not None


def _content(sealed: Sealed) -> Content:
    """What a cast leaves in the row."""
    return {
        "ranking": sealed.ranking,
        "is_cast": True,
        "salt": sealed.salt,
        "commitment": sealed.commitment,
        "manifest_number": sealed.terms.number,
        "kept_change": None,
    }


def _let_wait(contest_id: int, commitment: bytes) -> None:
    """For the next batch of the log."""
    db.session.execute(_WAIT, {"contest_id": contest_id, "commitment": commitment})


def _earlier_ballot(contest_id: int, tag: str) -> StoredBallot | None:
    """The check inside the transaction: the voter is locked, so what it finds stays true."""
    return stored_ballot(contest_id, tag)
