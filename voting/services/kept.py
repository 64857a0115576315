"""Keeping a ballot that is marked and not cast: it counts at closing as it stands.

The row is the same that a cast ballot would be, under the same tag, in the same transaction and
with the same secrecy; it has no receipt. It always holds what stands on the voter's paper, or is
not there. That a paper was cleared is noted, so that a request which got lost before it cannot
undo it.
"""

from dataclasses import replace
from datetime import datetime

from budgets.services import freeze_round
from core.database import db
from core.refusals import Refused, refuse_if
from voting import sealing
from voting.models import Ballot, ClearedBallot, Contest, RollEntry
from voting.permissions import why_not_cast_ballot, why_not_this_ranking
from voting.queries.ballots import option_titles, tag_of
from voting.queries.kept import Standing, cleared_ballot, standing_by
from voting.services import box
from voting.services.ballots import packed


def keep_ballot(
    contest: Contest,
    entry: RollEntry,
    refs: list[str],
    *,
    at: datetime,
    change: int | None = None,
) -> Standing:
    """Keeps what stands on this person's paper, and answers how it stands now.

    A ranking that is too short yet, or empty, is no ballot: then nothing is kept. A ballot that
    she cast stays as it is. `change` counts the changes on her paper: what arrives late never
    takes the place of what is newer; without a number it is the newest. Raises Refused,
    LinkKeyMissing and NotDurable as casting does. The caller commits.
    """
    box.demand_durability()
    if any(ref.strip() for ref in refs):
        freeze_round(contest.round, at=at)
    box.hold_settings(contest)
    box.lock_voter(contest, entry)
    refuse_if(why_not_cast_ballot(entry, contest, at))
    titles = option_titles(contest)
    refusal = why_not_this_ranking(contest, titles, refs)
    if refusal is not None and refusal.code != "too_few":
        raise Refused(refusal)
    ranking = None if refusal else packed(contest, titles, refs)
    return _keep(contest, entry, ranking, change)


def _keep(
    contest: Contest, entry: RollEntry, ranking: bytes | None, change: int | None
) -> Standing:
    tag = tag_of(contest, entry)
    stored, cleared = box.stored_ballot(contest.id, tag), cleared_ballot(contest.id, tag)
    if stored is not None and stored.is_cast:
        return standing_by(stored)
    newest = _newest_change(stored, cleared)
    if _is_older(change, newest, is_same=ranking == (stored.ranking if stored else None)):
        return replace(standing_by(stored, cleared), is_older=True)
    number = newest + 1 if change is None else change
    if ranking is None:
        return _clear(contest.id, tag, stored, number)
    if cleared is not None:
        db.session.delete(cleared)
    box.pin_link_key(contest)
    box.forget_kept_elsewhere(contest, entry)
    return _put(contest.id, tag, stored, ranking, number)


def _newest_change(stored: Ballot | None, cleared: ClearedBallot | None) -> int:
    """The number of the change that the box knows last of this paper."""
    kept = stored.kept_change if stored else None
    return max(kept or 0, cleared.change if cleared else 0)


def _is_older(change: int | None, newest: int, *, is_same: bool) -> bool:
    """Whether what was sent is older than what the box knows. The same sent twice is as new."""
    return change is not None and (change < newest or (change == newest and not is_same))


def _clear(contest_id: int, tag: str, stored: Ballot | None, number: int) -> Standing:
    """Removes what was kept, and notes by which change, for requests that come later than it."""
    if stored is not None:
        db.session.delete(stored)
    cleared = db.session.merge(ClearedBallot(contest_id=contest_id, tag=tag, change=number))
    db.session.flush()
    return standing_by(None, cleared)


def _put(contest_id: int, tag: str, stored: Ballot | None, ranking: bytes, number: int) -> Standing:
    if stored is None:
        ballot = Ballot(
            id=sealing.new_ballot_id(),
            contest_id=contest_id,
            tag=tag,
            is_cast=False,
            ranking=ranking,
            kept_change=number,
        )
        stored = box.insert_or_find(ballot)
        if stored is not ballot and stored.is_cast:
            return standing_by(stored)
    stored.ranking, stored.kept_change = ranking, number
    db.session.flush()
    return standing_by(stored)
