"""Casting a ballot, and replacing it until closing. How the box is written to, `box` says."""

from dataclasses import dataclass
from datetime import datetime

from budgets.services import freeze_round
from core.database import db
from core.refusals import refuse_if
from voting import sealing
from voting.counting.ranking import normalise_ranking, pack_ranking
from voting.models import Ballot, Contest, RollEntry
from voting.permissions import why_not_cast_ballot, why_not_this_ranking
from voting.queries.ballots import option_titles, tag_of
from voting.services import box


@dataclass(frozen=True)
class CastReceipt:
    """The code for the voter, and whether a ballot that she had cast before was replaced."""

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
    box.demand_durability()
    freeze_round(contest.round, at=at)
    box.hold_settings(contest)
    box.lock_voter(contest, entry)
    refuse_if(why_not_cast_ballot(entry, contest, at))
    titles = option_titles(contest)
    refuse_if(why_not_this_ranking(contest, titles, refs))
    ranking = packed(contest, titles, refs)
    code = sealing.receipt_code(form_key, contest.ref)
    box.pin_link_key(contest)
    box.forget_kept_elsewhere(contest, entry)
    tag = tag_of(contest, entry)
    replaced = _put(contest.id, tag, ranking, sealing.receipt_hash(code))
    return CastReceipt(code, replaced)


def packed(contest: Contest, titles: dict[str, str], refs: list[str]) -> bytes:
    """A ranking that this paper takes, as the database keeps it."""
    ranking = normalise_ranking(refs, titles, contest.min_length, contest.max_length)
    assert isinstance(ranking, tuple), "why_not_this_ranking lets only rankings pass."
    return pack_ranking(ranking, list(titles))


def _put(contest_id: int, tag: str, ranking: bytes, receipt_hash: str) -> bool:
    """Stores the ballot under its tag; answers whether it replaced one that was cast before.

    A process that loses the race against the constraint replaces the winner's ballot, as if it had
    come later.
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
        earlier = box.insert_or_find(ballot)
        if earlier is ballot:
            return False
    replaced = earlier.is_cast and earlier.receipt_hash != receipt_hash
    earlier.ranking, earlier.receipt_hash = ranking, receipt_hash
    earlier.is_cast, earlier.kept_change = True, None
    db.session.flush()
    return replaced


def _earlier_ballot(contest_id: int, tag: str) -> Ballot | None:
    """The check inside the transaction: the voter is locked, so what it finds stays true."""
    return box.stored_ballot(contest_id, tag)
