"""What waits for election officers, shown on the staff home page."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby

from flask import url_for
from flask_babel import gettext
from flask_login import current_user

from budgets.models import Round
from budgets.queries import number_of_drafts
from core.actors import acts_as
from voting.models import Contest
from voting.permissions.counts import has_link_key
from voting.queries.contests import number_of_options
from voting.queries.counts import contests_without_result, counted_among
from voting.queries.setup import is_time_to_fill


@dataclass(frozen=True)
class Waiting:
    """One kind of work: what it is, how much of it, and where it is done."""

    label: str
    number: int
    url: str


def for_officers(at: datetime) -> list[Waiting]:
    """Rounds in set-up, papers to fill, contests to close, keys to destroy, counts to certify."""
    if not acts_as(current_user, "officer"):
        return []
    drafts = number_of_drafts()
    where = url_for("voting.rounds.index")
    lines = [Waiting(gettext("Rounds being set up"), drafts, where)] if drafts else []
    waiting = contests_without_result()
    ids = [contest.id for contest in waiting]
    counted, filled = counted_among(ids), number_of_options(ids)
    for round_, contests in groupby(waiting, key=lambda contest: contest.round):
        lines += _of_round(round_, list(contests), counted, filled, at)
    return lines


def _of_round(
    round_: Round,
    contests: Sequence[Contest],
    counted: set[int],
    filled: Mapping[int, int],
    at: datetime,
) -> list[Waiting]:
    """The work that one announced round has for officers now."""
    until = round_.objections_until
    over = until is not None and until <= at
    empty = (
        [each for each in contests if each.id not in filled] if is_time_to_fill(round_, at) else []
    )
    to_count = [each for each in contests if (over or each.sealed_at) and each.id not in counted]
    to_certify = [each for each in contests if each.id in counted]
    keys = [each for each in contests if each.sealed_at is not None and has_link_key(each)]
    counting = url_for("voting.counts.index", ref=round_.ref)
    papers = url_for("voting.contests.papers", ref=round_.ref)
    name = round_.name
    work = [
        (gettext("Ballot papers to fill: %(round)s", round=name), len(empty), papers),
        (gettext("Contests to close and count: %(round)s", round=name), len(to_count), counting),
        (gettext("Link keys to destroy: %(round)s", round=name), len(keys), counting),
        (gettext("Counts to certify: %(round)s", round=name), len(to_certify), counting),
    ]
    return [Waiting(*line) for line in work if line[1]]
