"""Counting sealed ballots, and signing a count."""

import hashlib
from datetime import datetime

from sqlalchemy import select

from core import audit
from core.actors import Actor
from core.database import db
from voting import counting
from voting.models import Contest, ContestCount
from voting.queries.counts import counting_input, latest_count


class NotSealed(RuntimeError):
    """A contest whose ballots can still change was to be counted."""


def count_contest(contest: Contest, *, by: Actor | None, at: datetime) -> ContestCount:
    """One run of the contest's rule over its sealed ballots, kept with every stage.

    The same ballots and rule give the same document, so that counting again gives back the count
    that stands. Raises NotSealed, or counting.CountingError where the rule cannot count them.
    """
    locked = select(Contest).where(Contest.id == contest.id).with_for_update()
    db.session.execute(locked.execution_options(populate_existing=True))
    if contest.sealed_at is None:
        raise NotSealed(contest.ref)
    counted, ballots = counting_input(contest)
    result = counting.count(counted, ballots)
    document = result.as_json()
    digest = hashlib.sha256(document.encode()).hexdigest()
    standing = latest_count(contest.id)
    if standing is not None and standing.document_sha256 == digest:
        return standing
    count_ = ContestCount(
        contest_id=contest.id,
        contest=contest,
        rule=result.rule.name,
        rule_version=result.rule.version,
        ballots_sha256=ballots.digest(counted.ids),
        document=document,
        document_sha256=digest,
        counted_at=at,
        counted_by_id=by.id if by is not None else None,
    )
    db.session.add(count_)
    db.session.flush()
    audit.record("count_contest", _subject(count_), by=by, at=at, document_sha256=digest)
    return count_


def certify_count(count_: ContestCount, *, by: Actor | None, at: datetime) -> None:
    """An officer signs this count: it is the result, and awaits publication by another."""
    if count_.certified_at is not None:
        return
    count_.certified_at = at
    count_.certified_by_id = by.id if by is not None else None
    db.session.flush()
    digest = count_.document_sha256
    audit.record("certify_count", _subject(count_), by=by, at=at, document_sha256=digest)


def _subject(count_: ContestCount) -> str:
    return f"contest:{count_.contest.ref}"
