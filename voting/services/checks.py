"""Checking instead of casting: a sealed ballot is laid open, and so can never be cast.

Whoever casts cannot see what the server sealed. Whoever asks to check gets the salt, computes the
commitment that the review showed, and sees whether it holds what was marked. The server has sealed
before it learns who will check.
"""

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask_babel import gettext
from sqlalchemy import exists, select

from core.database import db
from core.refusals import Refusal, refuse_if
from voting import log_documents
from voting.models import Contest, Leaf, SpoiledBallot, WaitingLeaf
from voting.queries.at_the_box import AnyVoter
from voting.queries.ballots import link_key_of
from voting.queries.manifests import manifests_of
from voting.queries.sealed import Sealed, sealed_as
from voting.services import box
from voting.services.ballots import ranked
from voting.services.log import begin_log


@dataclass(frozen=True)
class Opening:
    """A sealed ballot laid open: its receipt, and the file that anybody can check."""

    code: str
    document: dict[str, Any]


def open_instead_of_casting(
    contest: Contest, entry: AnyVoter, refs: list[str], form_key: str, *, at: datetime
) -> Opening:
    """Lays open what this form would cast, and spoils it. Asked again, it answers the same.

    Nothing that names a person is written. Raises Refused where this person could not cast this
    ranking now, or where this very ballot was cast already; LinkKeyMissing, LogKeyMissing and
    NotDurable. The caller commits before it shows the opening.
    """
    held, _, titles = box.admit(contest, entry, refs, at=at)
    terms = begin_log(held)
    ranking = ranked(held, titles, refs)
    sealed = sealed_as(held, list(titles), ranking, form_key, terms, link_key_of(held))
    refuse_if(_why_not_open(contest, sealed.commitment))
    db.session.merge(SpoiledBallot(contest_id=contest.id, commitment=sealed.commitment))
    db.session.flush()
    return Opening(sealed.code, _document(contest, ranking, sealed))


def _document(contest: Contest, ranking: tuple[str, ...], sealed: Sealed) -> dict[str, Any]:
    manifest = next(each for each in manifests_of(contest.id) if each.number == sealed.terms.number)
    return log_documents.opening(
        contest.ref, json.loads(manifest.document), ranking, sealed.salt, sealed.commitment
    )


def _why_not_open(contest: Contest, commitment: bytes) -> Refusal | None:
    """A ballot that was cast is never opened, also where its voter changed it since."""
    waits = exists().where(
        WaitingLeaf.contest_id == contest.id, WaitingLeaf.commitment == commitment
    )
    logged = exists().where(Leaf.contest_id == contest.id, Leaf.commitment == commitment)
    if not db.session.scalar(select(waits | logged)):
        return None
    return Refusal(
        "cast_already",
        409,
        gettext("This ballot was cast already, so it stays sealed."),
        gettext("To test the machine, mark a ballot anew and check that one instead of casting."),
    )
