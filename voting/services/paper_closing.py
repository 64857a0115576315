"""What paper changes at closing: what its voters had only kept on the web does not count."""

from sqlalchemy import delete, func, select

from core.database import db
from voting import sealing
from voting.models import Ballot, Contest, RollEntry
from voting.queries.ballots import link_key_of
from voting.queries.paper import entries_on_paper

AT_ONCE = 500


def drop_kept_of_paper_voters(contest: Contest) -> int:
    """Destroys what people who were given papers had kept on the web and never cast.

    Done at closing and not when the papers are given, so that no transaction writes a mark and a
    ballot. Answers with the number of ballots that such people cast on the web besides: it is 0,
    or nothing may be sealed. Raises LinkKeyMissing.
    """
    on_paper = entries_on_paper(contest)
    box = select(func.count()).select_from(Ballot).where(Ballot.contest_id == contest.id)
    if not on_paper or not db.session.scalar(box):
        return 0
    tags = _tags(contest, on_paper)
    cast = 0
    for start in range(0, len(tags), AT_ONCE):
        theirs = (Ballot.contest_id == contest.id) & Ballot.tag.in_(tags[start : start + AT_ONCE])
        db.session.execute(delete(Ballot).where(theirs, Ballot.is_cast.is_(False)))
        cast += db.session.scalar(select(func.count()).select_from(Ballot).where(theirs)) or 0
    return cast


def _tags(contest: Contest, entry_ids: set[int]) -> list[str]:
    key = link_key_of(contest)
    roll = db.session.execute(select(RollEntry.id, RollEntry.person_key)).yield_per(AT_ONCE)
    return sorted(
        sealing.ballot_tag(key, contest.ref, entry.person_key)
        for entry in roll
        if entry.id in entry_ids
    )
