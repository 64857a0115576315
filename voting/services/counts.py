"""Counting sealed ballots, and signing a count."""

import hashlib
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import select

from core import audit
from core.actors import Actor
from core.database import db
from voting import counting
from voting.counting.seats import elect
from voting.models import Contest, ContestCount
from voting.queries.counts import counting_input, latest_count, race_input


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
    run = _elect(contest) if contest.is_for_seats else _count(contest)
    digest = hashlib.sha256(run.document.encode()).hexdigest()
    standing = latest_count(contest.id)
    if standing is not None and standing.document_sha256 == digest:
        return standing
    count_ = ContestCount(
        contest_id=contest.id,
        contest=contest,
        rule=run.rule,
        rule_version=run.version,
        ballots_sha256=run.ballots_sha256,
        document=run.document,
        document_sha256=digest,
        counted_at=at,
        counted_by_id=by.id if by is not None else None,
    )
    db.session.add(count_)
    db.session.flush()
    audit.record("count_contest", _subject(count_), by=by, at=at, document_sha256=digest)
    return count_


def certify_count(
    count_: ContestCount, *, by: Actor | None, at: datetime, countersigned_by: Actor | None = None
) -> None:
    """Officers sign this count: it is the result, and awaits its publication.

    Whether two have signed is seen to by the act that asks for both; commands need none.
    """
    if count_.certified_at is not None:
        return
    count_.certified_at = at
    count_.certified_by_id = by.id if by is not None else None
    count_.countersigned_by_id = countersigned_by.id if countersigned_by is not None else None
    db.session.flush()
    digest = count_.document_sha256
    audit.record("certify_count", _subject(count_), by=by, at=at, document_sha256=digest)


class _Run(NamedTuple):
    """What one run of a rule leaves, whether it was for money or for seats."""

    rule: str
    version: str
    ballots_sha256: str
    document: str


def _count(contest: Contest) -> _Run:
    counted, ballots = counting_input(contest)
    result = counting.count(counted, ballots)
    digest = ballots.digest(counted.ids)
    return _Run(result.rule.name, result.rule.version, digest, result.as_json())


def _elect(contest: Contest) -> _Run:
    race, papers = race_input(contest)
    result = elect(race, papers, contest.rule, contest.rule_parameters)
    return _Run(result.rule, result.version, papers.digest(race.ids), result.as_json())


def _subject(count_: ContestCount) -> str:
    return f"contest:{count_.contest.ref}"
