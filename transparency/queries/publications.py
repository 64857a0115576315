"""Publications: the one gate for results, and reading them back against their manifest.

What is read is compared with the SHA-256 that stands in the manifest, and the manifest with the
one that stands on the publication. What was altered, on disk or in a row, is not shown.
"""

import base64
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

import structlog
from sqlalchemy import select
from sqlalchemy.orm import contains_eager

from core import files
from core.database import db
from transparency.data_files import media_type
from transparency.manifests import MANIFEST, read_manifest
from transparency.models import PublishedContest, PublishedFile, PublishedRound
from transparency.results import (
    ContestResult,
    ElectionResult,
    UnreadableResult,
    read_published,
)
from voting.models import Contest

log = structlog.get_logger("transparency")


class DamagedPublication(RuntimeError):
    """Something published no longer has the content that its manifest states."""


@dataclass(frozen=True)
class Download:
    """A published file as it is handed out."""

    name: str
    media_type: str
    sha256: str
    content: bytes

    @property
    def digest_base64(self) -> str:
        return base64.b64encode(bytes.fromhex(self.sha256)).decode()


def publication_of(round_id: int) -> PublishedRound | None:
    """The publication of a round, or None: then nothing of its results may be shown anywhere."""
    return db.session.scalar(select(PublishedRound).where(PublishedRound.round_id == round_id))


def latest_publications(most: int = 20) -> list[PublishedRound]:
    """The publications, the newest first."""
    query = select(PublishedRound).order_by(
        PublishedRound.published_at.desc(), PublishedRound.id.desc()
    )
    return list(db.session.scalars(query.limit(most)))


def published_contests(publication: PublishedRound) -> list[PublishedContest]:
    """The contests of a publication, in the order of the ballot papers, with their files."""
    query = (
        select(PublishedContest)
        .join(Contest, Contest.id == PublishedContest.contest_id)
        .outerjoin(PublishedContest.files)
        .where(PublishedContest.publication_id == publication.id)
        .options(contains_eager(PublishedContest.files))
        .order_by(Contest.position, Contest.id, PublishedFile.name)
    )
    return list(db.session.scalars(query).unique())


def contests_for_money(publication: PublishedRound) -> list[PublishedContest]:
    """The contests of a publication that assigned money."""
    query = (
        select(PublishedContest)
        .join(Contest, Contest.id == PublishedContest.contest_id)
        .where(PublishedContest.publication_id == publication.id, Contest.seats.is_(None))
        .order_by(Contest.position, Contest.id)
    )
    return list(db.session.scalars(query))


def manifest_of(publication: PublishedRound) -> dict[str, str]:
    """The SHA-256 of each published file by name. Raises DamagedPublication."""
    return read_manifest(_fetch(publication.manifest_sha256, "the manifest"))


def result_of(publication: PublishedRound, contest_id: int) -> ContestResult | None:
    """The result of one contest for money. Raises DamagedPublication."""
    published = db.session.scalar(
        select(PublishedContest).where(
            PublishedContest.publication_id == publication.id,
            PublishedContest.contest_id == contest_id,
        )
    )
    result = _checked(published, manifest_of(publication)) if published is not None else None
    return result if isinstance(result, ContestResult) else None


def published_results(
    publication: PublishedRound, contests: Sequence[PublishedContest]
) -> list[ContestResult | ElectionResult]:
    """The results of these contests, in their order. Raises DamagedPublication."""
    manifest = manifest_of(publication)
    return [_checked(published, manifest) for published in contests]


def fetch_file(publication: PublishedRound, name: str) -> Download | None:
    """A published file by its name, or None where there is none. Raises DamagedPublication."""
    if name == MANIFEST:
        content = _fetch(publication.manifest_sha256, name)
        return Download(name, media_type(name), publication.manifest_sha256, content)
    digest = manifest_of(publication).get(name)
    if digest is None:
        return None
    return Download(name, media_type(name), digest, _fetch(digest, name))


def _checked(
    published: PublishedContest, manifest: dict[str, str]
) -> ContestResult | ElectionResult:
    """The stored result, if it is what the manifest lists and the row's own figures fit it."""
    digest = hashlib.sha256(published.explanations.encode()).hexdigest()
    try:
        result = read_published(published.explanations)
    except UnreadableResult as error:
        raise _damaged(f"contest {published.contest_id}") from error
    figures = (published.ballots, published.spent_minor, published.funded, published.aggregate_only)
    stated = (result.ballots, result.spent, result.winners, result.aggregate_only)
    if manifest.get(f"{result.ref}.json") != digest or figures != stated:
        raise _damaged(result.ref)
    return result


def _fetch(digest: str, what: str) -> bytes:
    try:
        return files.fetch(digest)
    except (files.DamagedFile, FileNotFoundError) as error:
        raise _damaged(what) from error


def _damaged(what: str) -> DamagedPublication:
    log.error("published data was altered or lost", what=what)
    return DamagedPublication(f"{what} is not what was published.")
