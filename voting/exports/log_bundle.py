"""A contest's log as files, for whoever checks it all: see docs/ballot-log.md, Bundle."""

import io
import zipfile
from collections.abc import Iterator, Mapping
from typing import Any

from sqlalchemy import select

from core.database import db
from voting.commitments import canonical
from voting.counting.ranking import unpack_ranking
from voting.log_documents import ballots_salt
from voting.models import Contest, Leaf, SealedBallot
from voting.openings import Openings
from voting.queries.ballots import option_titles
from voting.queries.log import closing_record_of, heads_of, signed
from voting.queries.manifests import manifests_of
from voting.queries.shown import shows_rankings

AT_ONCE = 10_000
# One moment for all, so that the same log always gives the same archive.
STAMP = (1980, 1, 1, 0, 0, 0)


def log_files(contest: Contest, *, for_auditor: bool = False) -> dict[str, bytes] | None:
    """The files by name, but for the ballots; None where the contest has no finished log.

    A named auditor gets the openings; everybody does where the voters were told so, unless the
    contest is so small that no ranking is published.
    """
    record = closing_record_of(contest.id)
    if record is None:
        return None
    files = {
        "manifests.json": _listed(manifests_of(contest.id)),
        "heads.json": _listed(heads_of(contest.id)),
        "leaves.txt": _leaves(contest.id),
        "closing.json": _text(signed(record)),
    }
    if record.ballots_salt is not None:
        files["ballots.json"] = _text(ballots_salt(contest.ref, record.ballots_salt))
    if for_auditor or (contest.openings == Openings.PUBLIC and shows_rankings(contest)):
        files["openings.json"] = _openings(contest)
    return files


def archive(files: Mapping[str, bytes]) -> bytes:
    """One ZIP, to the byte the same whenever it is made of the same files."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as made:
        for name, content in sorted(files.items()):
            made.writestr(zipfile.ZipInfo(name, STAMP), content, zipfile.ZIP_DEFLATED)
    return target.getvalue()


def _listed(rows: list[Any]) -> bytes:
    return _text([signed(row) for row in rows])


def _text(content: Any) -> bytes:
    return canonical(content).encode()


def _leaves(contest_id: int) -> bytes:
    query = select(Leaf.commitment).where(Leaf.contest_id == contest_id).order_by(Leaf.position)
    found = db.session.scalars(query.execution_options(yield_per=AT_ONCE))
    return b"".join(commitment.hex().encode() + b"\n" for commitment in found)


def _openings(contest: Contest) -> bytes:
    hashes = {each.number: each.sha256 for each in manifests_of(contest.id)}
    listed = list(_opened(contest, hashes, list(option_titles(contest))))
    document = {
        "contest": contest.ref,
        "format": "common-purse/openings/1",
        "openings": listed,
    }
    return _text(document)


def _opened(
    contest: Contest, hashes: Mapping[int, str], options: list[str]
) -> Iterator[dict[str, Any]]:
    """Each counted ballot with the salt that opens its leaf, in the order of the log."""
    query = (
        select(Leaf.position, SealedBallot)
        .join(
            SealedBallot,
            (SealedBallot.contest_id == Leaf.contest_id)
            & (SealedBallot.commitment == Leaf.commitment),
        )
        .where(Leaf.contest_id == contest.id)
        .order_by(Leaf.position)
        .execution_options(yield_per=AT_ONCE)
    )
    for position, ballot in db.session.execute(query):
        yield {
            "manifest": hashes[ballot.manifest_number or 0],
            "position": position,
            "ranking": list(unpack_ranking(ballot.ranking, options)),
            "salt": (ballot.salt or b"").hex(),
        }
