"""Paper ballots join those of the web: the last act before a contest is counted.

What two people keyed becomes sealed ballots under random ids, in random order, and is deleted
where it was keyed, so that nothing ties a ballot to its batch. The sums of the batches stay.
"""

import json
import secrets
from datetime import datetime

from sqlalchemy import delete, insert

from core import audit
from core.actors import Actor
from core.database import db
from core.refusals import refuse_if
from voting.models import Contest, KeyedPaper, PaperBatch, PaperSettlement, RollMark, SealedBallot
from voting.paper_keys import totals
from voting.permissions.paper_batches import why_not_put_in_box
from voting.queries.paper_batches import batches_of, state_of
from voting.services.closing import LostBallots, number_of, sealed_now
from voting.services.log import begin_log, finish_log


def put_paper_in_box(contest: Contest, *, by: Actor | None, at: datetime) -> int:
    """Adds the paper ballots of a contest to its sealed ones; answers with how many.

    The log gets its final head and its closing record now. Raises Refused where anything is
    missing, LostBallots, LogKeyMissing, LogBroken.
    """
    contest = db.session.get_one(Contest, contest.id, with_for_update=True, populate_existing=True)
    refuse_if(why_not_put_in_box(by, contest, at))
    states = [state_of(batch) for batch in batches_of([contest.id])]
    rankings = [
        reading.ranking
        for state in states
        for reading in state.outcome
        if reading.ranking is not None
    ]
    sums = totals([state.sums for state in states])
    assert len(rankings) == sums.counted, "What was approved is what was keyed and settled."
    _seal(contest, rankings, at=at)
    _forget_keys([state.batch for state in states])
    contest.paper_ballots = len(rankings)
    contest.ballots_cast = (contest.ballots_cast or 0) + len(rankings)
    db.session.flush()
    audit.record("put_paper_in_box", f"contest:{contest.ref}", by=by, at=at, **vars(sums))
    return len(rankings)


def _seal(contest: Contest, rankings: list[bytes], *, at: datetime) -> None:
    """Seals them and completes the log, in whose last batch they mix with what waited."""
    rows = sealed_now(contest, rankings, begin_log(contest))
    secrets.SystemRandom().shuffle(rows)
    if rows:
        db.session.execute(insert(SealedBallot), rows)
    marks = number_of(RollMark, contest) + len(rows)
    leaves = [row["commitment"] for row in rows]
    record = finish_log(contest, leaves, at=at, roll_marks=marks, paper=len(rows))
    sealed, logged = number_of(SealedBallot, contest), json.loads(record.document)["counted"]
    if not sealed == marks == logged:
        raise LostBallots(f"{contest.ref}: {sealed} sealed, {marks} marked, {logged} in the log.")


def _forget_keys(batches: list[PaperBatch]) -> None:
    ids = [batch.id for batch in batches]
    for keyed in (KeyedPaper, PaperSettlement):
        db.session.execute(delete(keyed).where(keyed.batch_id.in_(ids)))
