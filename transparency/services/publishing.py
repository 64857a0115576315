"""Publishing a round: everything at once, by a second officer, and never again."""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta

from flask import current_app
from sqlalchemy import select

from budgets.models import Round
from budgets.phases import PhaseKind
from core import audit, clock, files
from core.actors import Actor
from core.database import db
from districts.models import District
from proposals.models import Proposal
from proposals.services import settle_outcome
from transparency.data_files import DataFile, data_file
from transparency.exports import RoundFacts, round_files
from transparency.manifests import bundle, write_manifest
from transparency.models import PublishedContest, PublishedFile, PublishedRound
from transparency.permissions import why_not_publish
from transparency.recounts import PROGRAM, recount
from transparency.services.preparing import Prepared, PublicationStopped, check_recount, prepare
from voting.models import Contest, Option
from voting.queries.counts import certified_counts

__all__ = ["PublicationStopped", "publish_results"]


def publish_results(round_: Round, *, by: Actor, at: datetime) -> PublishedRound:
    """Makes the certified counts of all contests public, with their files and explanations.

    Everything is counted a second time by `recount.py` first. Raises PublicationStopped where
    anything differs or is missing; then nothing was changed. The caller clears the page cache
    after the commit.
    """
    db.session.execute(select(Round.id).where(Round.id == round_.id).with_for_update())
    refusal = why_not_publish(by, round_, at)
    if refusal is not None:
        raise PublicationStopped(refusal.code, round_.name, refusal.sentence)
    contests = _prepare_all(round_)
    shared = round_files(
        _facts(round_, at), [(each.result.ref, each.result.title) for each in contests], PROGRAM
    )
    everything = [*shared, *(file for each in contests for file in each.files)]
    archive = data_file(f"{round_.ref}.zip", "All files of the round", bundle(everything))
    publication = PublishedRound(
        round_id=round_.id,
        published_at=at,
        published_by_id=by.id,
        manifest_sha256=_keep([*everything, archive]),
    )
    db.session.add(publication)
    db.session.flush()
    for each in contests:
        _add_contest(publication, each)
    _settle(contests, at)
    audit.record(
        "publish_results",
        f"round:{round_.ref}",
        by=by,
        at=at,
        manifest_sha256=publication.manifest_sha256,
    )
    return publication


def _prepare_all(round_: Round) -> list[Prepared]:
    """Every contest counted again twice. The second counts run beside the preparation."""
    counts = certified_counts(round_.id)
    proposals = _proposal_refs([count.contest_id for count in counts])
    with ThreadPoolExecutor(max_workers=2) as pool:
        pairs = []
        for count in counts:
            meta = _meta(round_, count.contest)
            prepared = prepare(count.contest, count, meta, proposals)
            pairs.append((prepared, pool.submit(recount, prepared.recountable)))
        for prepared, second in pairs:
            check_recount(prepared, second)
    return [prepared for prepared, _ in pairs]


def _proposal_refs(contest_ids: Sequence[int]) -> dict[int, str]:
    query = (
        select(Proposal.id, Proposal.ref)
        .join(Option, Option.proposal_id == Proposal.id)
        .where(Option.contest_id.in_(contest_ids))
    )
    return dict(db.session.execute(query).all())


def _meta(round_: Round, contest: Contest) -> dict[str, str]:
    """What Pabulib's META says of place and time."""
    settings = current_app.config["SETTINGS"]
    district = db.session.get(District, contest.district_id) if contest.district_id else None
    meta = {
        "description": f"{round_.name}: {contest.title}",
        "country": settings.country,
        "unit": settings.city_name,
        "instance": round_.name,
        "language": round_.language,
        "currency": contest.currency,
    }
    if district is not None:
        meta |= {"subunit": district.name}
    voting = round_.span_of(PhaseKind.VOTING)
    if voting is not None:
        last_moment = voting.ends_at - timedelta(seconds=1)
        meta["date_begin"] = f"{clock.city_day(voting.starts_at):%d.%m.%Y}"
        meta["date_end"] = f"{clock.city_day(last_moment):%d.%m.%Y}"
    return meta


def _facts(round_: Round, at: datetime) -> RoundFacts:
    settings = current_app.config["SETTINGS"]
    source = round_.source_note or f"Counted and published by {settings.city_name}."
    licence = settings.data_licence
    if round_.source_note:
        licence = "The data come from the source named above; its terms apply."
    return RoundFacts(
        name=round_.name,
        city=settings.city_name,
        address=f"{settings.public_url}/rounds/{round_.ref}",
        published_on=f"{clock.city_day(at):%Y-%m-%d}",
        source=source,
        licence=licence,
    )


def _keep(everything: list[DataFile]) -> str:
    """Puts all files on disk, the manifest last, and returns the manifest's SHA-256."""
    for file in everything:
        files.keep(file.content)
    return files.keep(write_manifest(everything))


def _add_contest(publication: PublishedRound, prepared: Prepared) -> None:
    result = prepared.result
    db.session.add(
        PublishedContest(
            publication_id=publication.id,
            contest_id=prepared.contest.id,
            count_id=prepared.certified.id,
            aggregate_only=result.aggregate_only,
            ballots=result.ballots,
            spent_minor=result.spent,
            funded=len(result.funded),
            explanations=prepared.document,
            files=[
                PublishedFile(
                    name=file.name,
                    media_type=file.media_type,
                    sha256=files.keep(file.content),
                    size=len(file.content),
                    description=file.description,
                )
                for file in prepared.files
            ],
        )
    )
    db.session.flush()


def _settle(contests: list[Prepared], at: datetime) -> None:
    """Tells the proposals what became of them."""
    chosen: list[int] = []
    others: list[int] = []
    for each in contests:
        funded = set(each.funded)
        for option in each.contest.options:
            if option.proposal_id is not None:
                (chosen if option.ref in funded else others).append(option.proposal_id)
    settle_outcome(chosen, others, at=at)
