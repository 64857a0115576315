"""What two officers do together after closing: certify counts, and destroy the link keys."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from flask import url_for
from flask_babel import gettext, ngettext

from accounts.queries import account_or_none
from budgets.models import Round
from budgets.queries import round_by_ref
from core import audit, jobs
from core.actors import Actor
from core.approvals import Approval, TwoPersonAct
from core.refusals import Refusal
from voting.models import Contest, ContestCount
from voting.permissions.anomalies import why_not_unread
from voting.permissions.counts import why_not_certify, why_not_destroy_link_keys
from voting.queries.contests import contests_of
from voting.queries.counts import count_by_ref, latest_count
from voting.services.closing import DESTROY_LINK_KEY
from voting.services.counts import certify_count

CERTIFY_COUNTS, DESTROY_LINK_KEYS = "certify_counts", "destroy_link_keys"


def officers_acts() -> tuple[TwoPersonAct, TwoPersonAct]:
    """The acts, for the room's front door."""
    certify = TwoPersonAct(
        CERTIFY_COUNTS, "officer", _words_to_certify, _counts_now, _why_not_certify, _certify, _page
    )
    destroy = TwoPersonAct(
        DESTROY_LINK_KEYS,
        "officer",
        _words_to_destroy,
        _keys_now,
        _why_not_destroy,
        _destroy,
        _page,
    )
    return certify, destroy


def counts_named(counts: Sequence[ContestCount]) -> list[str]:
    """What a request to certify these counts names."""
    return sorted(count_.ref for count_ in counts)


def _words_to_certify(approval: Approval) -> str:
    counts = _counts(approval)
    if len(counts) == 1:
        title = counts[0].contest.title
        return gettext("Certify the count of “%(contest)s”.", contest=title)
    return ngettext(
        "Certify %(num)s count of “%(round)s”.",
        "Certify %(num)s counts of “%(round)s”.",
        len(counts),
        round=_round(approval).name,
    )


def _counts_now(approval: Approval) -> list[Any]:
    """The documents and ballots that would be signed, and whether each is the newest count."""
    return [
        [each.ref, each.document_sha256, each.ballots_sha256, latest_count(each.contest_id) is each]
        for each in _counts(approval)
    ]


def _why_not_certify(actor: Actor | None, approval: Approval, at: datetime) -> Refusal | None:
    refusals = (why_not_certify(actor, count_, at) for count_ in _counts(approval))
    return next(filter(None, refusals), None) or why_not_unread(actor, _round(approval))


def _certify(approval: Approval, by: Actor, at: datetime) -> None:
    first = account_or_none(approval.asked_by_id)
    for ref in approval.details["counts"]:
        held = count_by_ref(ref, for_change=True)
        if held is not None:
            certify_count(held, by=first, countersigned_by=by, at=at)


def _words_to_destroy(approval: Approval) -> str:
    name = _round(approval).name
    return gettext("Destroy the link keys of “%(round)s” for good.", round=name)


def _keys_now(approval: Approval) -> list[Any]:
    return [
        [each.ref, each.link_key_sha256, each.sealed_at.isoformat() if each.sealed_at else None]
        for each in contests_of(_round(approval).id)
    ]


def _why_not_destroy(actor: Actor | None, approval: Approval, at: datetime) -> Refusal | None:
    return why_not_destroy_link_keys(actor, _round(approval), at)


def _destroy(approval: Approval, by: Actor, at: datetime) -> None:
    """Says so in public, and leaves the files to a job: it is done again if it dies half way."""
    for contest in contests_of(_round(approval).id):
        _destroy_key_of(contest, by, at)


def _destroy_key_of(contest: Contest, by: Actor, at: datetime) -> None:
    subject = f"contest:{contest.ref}"
    audit.record("destroy_link_key", subject, by=by, at=at, is_public=True)
    jobs.enqueue(DESTROY_LINK_KEY, at, contest_ref=contest.ref)


def _counts(approval: Approval) -> list[ContestCount]:
    found = (count_by_ref(ref) for ref in approval.details["counts"])
    return [count_ for count_ in found if count_ is not None]


def _round(approval: Approval) -> Round:
    found = round_by_ref(approval.ref_of_subject)
    assert found is not None, "A round that was voted in is never removed."
    return found


def _page(approval: Approval) -> str:
    return url_for("voting.counts.index", ref=approval.ref_of_subject)
