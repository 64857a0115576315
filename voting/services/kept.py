"""Keeping a ballot that is marked and not cast: it counts at closing as it stands.

The row is the same that a cast ballot would be, under the same tag, in the same transaction and
with the same secrecy; it has no receipt. It always holds what stands on the voter's paper, or is
not there. That a paper was cleared is noted, so that a request which got lost before it cannot
undo it.
"""

from dataclasses import replace
from datetime import datetime

from core.refusals import Refused
from voting.permissions import why_not_this_ranking
from voting.queries.at_the_box import AnyContest, AnyVoter, ContestAtTheBox, VoterAtTheBox
from voting.queries.ballots import option_titles, tag_of
from voting.queries.kept import Standing, standing_by
from voting.queries.stored_ballots import StoredBallot, change_of_clearing, stored_ballot
from voting.services import box
from voting.services.ballots import packed
from voting.services.stored_ballots import (
    Content,
    note_clearing,
    overwrite,
    remove,
    store_or_find,
)


def keep_ballot(
    contest: AnyContest,
    entry: AnyVoter,
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
    is_marked = any(ref.strip() for ref in refs)
    held, voter = box.open_for(contest, entry, at=at, freezes=is_marked)
    titles = option_titles(held)
    refusal = why_not_this_ranking(held, titles, refs)
    if refusal is not None and refusal.code != "too_few":
        raise Refused(refusal)
    ranking = None if refusal else packed(held, titles, refs)
    return _keep(held, voter, ranking, change)


def _keep(
    contest: ContestAtTheBox, voter: VoterAtTheBox, ranking: bytes | None, change: int | None
) -> Standing:
    tag = tag_of(contest, voter)
    stored = stored_ballot(contest.id, tag)
    if stored is not None and stored.is_cast:
        return standing_by(stored)
    # Keeping a ballot takes the note of an earlier clearing away: there is one or the other.
    cleared = change_of_clearing(contest.id, tag) if stored is None else None
    newest = (stored.kept_change if stored else cleared) or 0
    if _is_older(change, newest, is_same=ranking == (stored.ranking if stored else None)):
        return replace(standing_by(stored, cleared), is_older=True)
    number = newest + 1 if change is None else change
    if ranking is None:
        return _clear(contest.id, tag, stored, number)
    if cleared is not None:
        note_clearing(contest.id, tag, None)
    box.pin_link_key(contest)
    box.forget_kept_elsewhere(contest, voter)
    return _put(contest.id, tag, stored, _content(ranking, number))


def _is_older(change: int | None, newest: int, *, is_same: bool) -> bool:
    """Whether what was sent is older than what the box knows. The same sent twice is as new."""
    return change is not None and (change < newest or (change == newest and not is_same))


def _clear(contest_id: int, tag: str, stored: StoredBallot | None, number: int) -> Standing:
    """Removes what was kept, and notes by which change, for requests that come later than it."""
    if stored is not None:
        remove(stored)
    note_clearing(contest_id, tag, number)
    return standing_by(None, number)


def _put(contest_id: int, tag: str, stored: StoredBallot | None, content: Content) -> Standing:
    stored = stored or store_or_find(contest_id, tag, content)
    if stored is not None and stored.is_cast:
        return standing_by(stored)
    if stored is not None:
        overwrite(stored, content)
    return Standing(is_kept=True, change=content["kept_change"] or 0)


def _content(ranking: bytes, number: int) -> Content:
    """What keeping leaves in the row: it is not sealed."""
    return {
        "ranking": ranking,
        "is_cast": False,
        "salt": None,
        "commitment": None,
        "manifest_number": None,
        "kept_change": number,
    }
