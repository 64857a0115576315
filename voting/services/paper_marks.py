"""Marking on the roll who was given ballot papers, and taking them back.

One roll serves the web and paper. A mark is written under the same lock as a cast, so that of a
cast and a mark at the same moment exactly one takes place. A ballot that the person had only kept
on the web is not touched here: one transaction that wrote both the mark and the ballot would tie
them for whoever reads the raw storage. It can no longer be cast, and is destroyed at closing.
"""

from collections.abc import Sequence
from datetime import datetime

from budgets.models import Round
from budgets.services import freeze_round
from core import audit, clock
from core.actors import Actor
from core.database import db
from core.refusals import refuse_if
from voting.models import Contest, PaperGiven, PaperMark, RollEntry
from voting.permissions.paper import why_not_give_papers, why_not_take_papers_back
from voting.queries.contests import contests_of
from voting.queries.paper import standing_mark
from voting.services import box


def give_papers(
    round_: Round,
    entry: RollEntry,
    contests: Sequence[Contest],
    *,
    by: Actor | None,
    at: datetime,
) -> PaperMark:
    """Marks that this person is handed a paper of each of these contests.

    Raises Refused with the reason where she cannot be, LinkKeyMissing where nobody can tell
    whether she voted on the web.
    """
    freeze_round(round_, at=at)
    _hold(round_, entry)
    refuse_if(why_not_give_papers(by, round_, entry, contests, at))
    mark = PaperMark(
        round_id=round_.id,
        roll_entry_id=entry.id,
        marked_on=clock.city_day(at),
        marked_by_id=by.id if by is not None else None,
        given=[PaperGiven(contest_id=contest.id) for contest in contests],
    )
    db.session.add(mark)
    db.session.flush()
    audit.record(
        "give_papers",
        f"round:{round_.ref}",
        by=by,
        at=at,
        mark=mark.id,
        contests=[contest.ref for contest in contests],
    )
    return mark


def take_papers_back(
    round_: Round, entry: RollEntry, *, reason: str, by: Actor | None, at: datetime
) -> PaperMark:
    """The papers came back unused, or were never given: the mark no longer stands.

    The papers count as issued and returned. Raises Refused.
    """
    _hold(round_, entry)
    mark = standing_mark(round_.id, entry)
    refuse_if(why_not_take_papers_back(by, round_, mark, at))
    assert mark is not None, "Without a mark there is a refusal."
    mark.returned_on = clock.city_day(at)
    mark.returned_by_id = by.id if by is not None else None
    mark.reason = reason
    db.session.flush()
    audit.record(
        "take_papers_back", f"round:{round_.ref}", by=by, at=at, reason=reason, mark=mark.id
    )
    return mark


def _hold(round_: Round, entry: RollEntry) -> None:
    """Closing waits for the marks under way, as for casts; and nobody else acts for this person."""
    contests = contests_of(round_.id)
    for contest in contests:
        box.hold_settings(contest)
    for contest in contests[:1]:
        box.lock_voter(contest, entry)
