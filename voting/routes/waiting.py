"""What waits for election officers, shown on the staff home page."""

from dataclasses import dataclass
from datetime import datetime

from flask import url_for
from flask_babel import gettext
from flask_login import current_user

from budgets.models import Round
from budgets.phases import PhaseKind
from budgets.queries import rounds_seen_by
from core.actors import acts_as
from voting.queries.contests import contests_of
from voting.queries.counts import latest_counts
from voting.queries.setup import papers_to_fill


@dataclass(frozen=True)
class Waiting:
    """One kind of work: what it is, how much of it, and where it is done."""

    label: str
    number: int
    url: str


def for_officers(at: datetime) -> list[Waiting]:
    """Rounds in set-up, papers to fill, contests to close and count, counts to certify."""
    if not acts_as(current_user, "officer"):
        return []
    lines: list[Waiting] = []
    rounds = rounds_seen_by(current_user, at)
    drafts = [round_ for round_ in rounds if round_.announced_at is None]
    if drafts:
        where = url_for("voting.rounds.index")
        lines.append(Waiting(gettext("Rounds being set up"), len(drafts), where))
    for round_ in rounds:
        if round_.announced_at is not None:
            lines += _of_round(round_, at)
    return lines


def _of_round(round_: Round, at: datetime) -> list[Waiting]:
    """The work that one announced round has for officers now."""
    voting = round_.span_of(PhaseKind.VOTING)
    contests = contests_of(round_.id)
    counting = url_for("voting.counts.index", ref=round_.ref)
    papers = url_for("voting.contests.papers", ref=round_.ref)
    empty = papers_to_fill(round_, contests, at)
    counts = latest_counts(round_.id)
    over = voting is not None and voting.ends_at <= at
    work = [
        (gettext("Ballot papers to fill: %(round)s", round=round_.name), len(empty), papers),
        (
            gettext("Contests to close and count: %(round)s", round=round_.name),
            sum(over and each.id not in counts for each in contests),
            counting,
        ),
        (
            gettext("Counts to certify: %(round)s", round=round_.name),
            sum(count.certified_at is None for count in counts.values()),
            counting,
        ),
    ]
    return [Waiting(*line) for line in work if line[1]]
