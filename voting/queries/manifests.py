"""What a contest's voters are promised: the manifests that stand, and the one that would be made.

Before the first ballot there is none; what a review shows is sealed under the one to come, which
follows from the settings.
"""

import hashlib
from typing import Any, NamedTuple

from sqlalchemy import bindparam, select

from core.database import db
from voting import counting, log_documents, log_keys
from voting.commitments import canonical
from voting.models import Contest, Manifest
from voting.queries.at_the_box import AnyContest
from voting.rule_parameters import parameters_for_count


class Terms(NamedTuple):
    """The manifest that ballots are cast under now: its number, its hash, the key of the log."""

    number: int
    sha256: str
    log_key: str


# Every cast asks this: it is put together once, and speaks of plain rows.
_MANIFEST = Manifest.__table__.c
_STANDING = (
    select(_MANIFEST.number, _MANIFEST.sha256, _MANIFEST.log_key)
    .where(_MANIFEST.contest_id == bindparam("contest_id"))
    .order_by(_MANIFEST.number.desc())
    .limit(1)
)


def terms_of(contest: Contest) -> Terms:
    """The terms in force, or those that the first ballot would bring. Raises LogKeyMissing."""
    return standing_terms(contest) or terms_to_come(contest, 1)[0]


def standing_terms(contest: AnyContest) -> Terms | None:
    """The terms in force; none before the first ballot."""
    standing = db.session.execute(_STANDING, {"contest_id": contest.id}).first()
    return Terms(*standing) if standing is not None else None


def terms_to_come(contest: Contest, number: int) -> tuple[Terms, str]:
    """What a manifest with this number would say under the settings of today, and its text."""
    log_key = log_keys.public_key()
    text = _document(contest, number, log_key)
    return Terms(number, hashlib.sha256(text.encode()).hexdigest(), log_key), text


def manifests_of(contest_id: int) -> list[Manifest]:
    """All manifests by number."""
    query = select(Manifest).where(Manifest.contest_id == contest_id).order_by(Manifest.number)
    return list(db.session.scalars(query))


def _document(contest: Contest, number: int, log_key: str) -> str:
    return canonical(
        {
            "ballot_kind": contest.ballot_kind,
            "budget_minor": contest.budget_minor,
            "contest": contest.ref,
            "currency": contest.currency,
            "format": log_documents.MANIFEST,
            "log_key": log_key,
            "max_length": contest.max_length,
            "min_length": contest.min_length,
            "number": number,
            "objection_days": contest.round.objection_days,
            "openings": contest.openings,
            "options": [
                {
                    "cost_minor": option.cost_minor,
                    "number": option.number,
                    "ref": option.ref,
                    "tie_position": option.tie_position,
                    "title": option.title,
                }
                for option in contest.options
            ],
            "rankings_from": contest.aggregate_below,
            "rule": contest.rule,
            "rule_parameters": _parameters(contest),
            "rule_version": contest.rule_version,
            "seats": contest.seats,
            "tie_order": contest.tie_order,
            "title": contest.title,
            "withdrawn": contest.withdrawn,
        }
    )


def _parameters(contest: Contest) -> dict[str, Any]:
    """Those of the rule as it will count: a limit on a theme with the refs of what is under it."""
    options = [
        counting.Option.build(each.ref, 1, columns={"category": each.category})
        for each in contest.options
        if each.ref not in contest.withdrawn
    ]
    return parameters_for_count(contest.rule_parameters, options)
