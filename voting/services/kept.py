"""Keeping a ballot that is marked and not cast: it counts at closing as it stands.

The row is the same that a cast ballot would be, under the same tag, in the same transaction and
with the same secrecy; it has no receipt. It always holds what stands on the voter's paper, or is
not there.
"""

from dataclasses import replace
from datetime import datetime

from budgets.services import freeze_round
from core.database import db
from core.refusals import Refused, refuse_if
from voting import sealing
from voting.models import Ballot, Contest, RollEntry
from voting.permissions import why_not_cast_ballot, why_not_this_ranking
from voting.queries.ballots import option_titles, tag_of
from voting.queries.kept import Standing, standing_by
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
    stored = box.stored_ballot(contest.id, tag_of(contest, entry))
    if stored is not None and (stored.is_cast or _is_newer(stored, change, ranking)):
        return replace(standing_by(stored), is_older=not stored.is_cast)
    if ranking is None:
        return _forget(stored)
    box.pin_link_key(contest)
    box.forget_kept_elsewhere(contest, entry)
    return _put(contest, entry, stored, ranking, change)


def _is_newer(stored: Ballot, change: int | None, ranking: bytes | None) -> bool:
    """Whether what is kept is newer than what was sent. The same sent twice is as new."""
    if change is None:
        return False
    kept = stored.kept_change or 0
    return change < kept or (change == kept and ranking != stored.ranking)


def _forget(stored: Ballot | None) -> Standing:
    if stored is not None:
        db.session.delete(stored)
        db.session.flush()
    return Standing()


def _put(
    contest: Contest, entry: RollEntry, stored: Ballot | None, ranking: bytes, change: int | None
) -> Standing:
    if stored is None:
        ballot = Ballot(
            id=sealing.new_ballot_id(),
            contest_id=contest.id,
            tag=tag_of(contest, entry),
            is_cast=False,
            ranking=ranking,
            kept_change=change or 0,
        )
        stored = box.insert_or_find(ballot)
        if stored is not ballot and stored.is_cast:
            return standing_by(stored)
    stored.kept_change = (stored.kept_change or 0) + 1 if change is None else change
    stored.ranking = ranking
    db.session.flush()
    return standing_by(stored)
