"""Publishing a round: everything at once, as two officers ordered, and never again.

Preparing takes long and writes nothing; publishing what is prepared is one short transaction, in
which everything that the results were made from is read again and compared.
"""

import hashlib
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import select

from budgets.models import Round
from core import audit, clock, files
from core.actors import Actor
from core.database import db
from proposals.services import settle_outcome
from transparency.data_files import DataFile, data_file
from transparency.exports import round_files
from transparency.manifests import bundle, write_manifest
from transparency.models import PublishedContest, PublishedFile, PublishedRound
from transparency.permissions import why_not_publish
from transparency.recounts import PROGRAM, PROGRAM_FOR_SEATS
from transparency.services.gathering import Given, GivenRound, gather
from transparency.services.prepared import PreparedContest
from transparency.services.preparing import prepare
from transparency.services.stops import PublicationStopped
from voting.models import Contest


@dataclass(frozen=True)
class ReadyRound:
    """A round whose files are kept on disk, where nobody finds them before it is published."""

    given: GivenRound
    contests: tuple[PreparedContest, ...]
    manifest_sha256: str


def publish_results(round_: Round, *, by: Actor | None, at: datetime) -> PublishedRound:
    """Prepares and publishes in one go, for commands: whoever calls this waits for all of it.

    Raises PublicationStopped where anything differs or is missing; then nothing was changed. The
    caller commits, and clears the page cache.
    """
    _refuse(round_, by, at)
    given = gather(round_)
    with ThreadPoolExecutor(max_workers=2) as pool:  # the second counts run beside the first
        prepared = list(pool.map(prepare, given.contests))
    return publish_prepared(round_, keep_files(given, prepared, at=at), by=by, at=at)


def keep_files(
    given: GivenRound, contests: Sequence[PreparedContest], *, at: datetime
) -> ReadyRound:
    """Puts all files on disk, the manifest last. Nothing is public by that."""
    facts = replace(given.facts, published_on=f"{clock.city_day(at):%Y-%m-%d}")
    programs = PROGRAM, PROGRAM_FOR_SEATS
    shared = round_files(facts, [(each.ref, each.title) for each in contests], programs)
    everything = [*shared, *(file for each in contests for file in each.files)]
    archive = bundle(everything)
    everything.append(data_file(f"{given.ref}.zip", "All files of the round", archive))
    return ReadyRound(given, tuple(contests), _keep(everything))


def publish_prepared(
    round_: Round, ready: ReadyRound, *, by: Actor | None, at: datetime
) -> PublishedRound:
    """Makes what was prepared public, if it was made of the round as it is now.

    Raises PublicationStopped; then nothing was changed.
    """
    _lock(round_)
    _refuse(round_, by, at)
    _check_unchanged(ready.given, gather(round_), round_)
    publication = PublishedRound(
        round_id=round_.id,
        published_at=at,
        published_by_id=by.id if by is not None else None,
        manifest_sha256=ready.manifest_sha256,
    )
    db.session.add(publication)
    db.session.flush()
    pairs: list[tuple[Given, PreparedContest]] = list(
        zip(ready.given.contests, ready.contests, strict=True)
    )
    for given, prepared in pairs:
        _add_contest(publication, given, prepared)
    _settle(pairs, at)
    audit.record(
        "publish_results",
        f"round:{round_.ref}",
        by=by,
        at=at,
        manifest_sha256=publication.manifest_sha256,
    )
    return publication


def _refuse(round_: Round, by: Actor | None, at: datetime) -> None:
    refusal = why_not_publish(by, round_, at)
    if refusal is not None:
        raise PublicationStopped(refusal.code, round_.name, refusal.sentence)


def _lock(round_: Round) -> None:
    """Nobody counts, certifies or publishes this round until the end of the transaction."""
    for locked in (
        select(Round).where(Round.id == round_.id),
        select(Contest).where(Contest.round_id == round_.id).order_by(Contest.id),
    ):
        fresh = locked.with_for_update().execution_options(populate_existing=True)
        db.session.scalars(fresh).all()


def _check_unchanged(before: GivenRound, now: GivenRound, round_: Round) -> None:
    """Compares two readings of a round; the first difference stops everything."""
    detail = "it was changed while the results were prepared"
    if [each.id for each in before.contests] != [each.id for each in now.contests]:
        raise PublicationStopped("changed", round_.name, detail)
    for then, given in zip(before.contests, now.contests, strict=True):
        if then != given:
            raise PublicationStopped("changed", given.title, detail)
    if before.facts != now.facts:
        raise PublicationStopped("changed", round_.name, detail)


def _keep(everything: list[DataFile]) -> str:
    """Puts all files on disk, the manifest last, and returns the manifest's SHA-256."""
    for file in everything:
        files.keep(file.content)
    return files.keep(write_manifest(everything))


def _add_contest(publication: PublishedRound, given: Given, prepared: PreparedContest) -> None:
    db.session.add(
        PublishedContest(
            publication_id=publication.id,
            contest_id=given.id,
            count_id=given.certified.id,
            aggregate_only=prepared.aggregate_only,
            ballots=prepared.ballots,
            spent_minor=prepared.spent,
            funded=len(prepared.funded),
            explanations=prepared.document,
            files=[
                PublishedFile(
                    name=file.name,
                    media_type=file.media_type,
                    sha256=hashlib.sha256(file.content).hexdigest(),
                    size=len(file.content),
                    description=file.description,
                )
                for file in prepared.files
            ],
        )
    )
    db.session.flush()


def _settle(pairs: Sequence[tuple[Given, PreparedContest]], at: datetime) -> None:
    """Tells the proposals what became of them."""
    chosen: list[int] = []
    others: list[int] = []
    for given, prepared in pairs:
        funded = set(prepared.funded)
        for ref, proposal_id in given.proposals.items():
            (chosen if ref in funded else others).append(proposal_id)
    settle_outcome(chosen, others, at=at)
