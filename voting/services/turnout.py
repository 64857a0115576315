"""How many of those who voted live in each district: sums, for the tables of a result.

They are kept apart from the ballots and from the roll, so that whoever moves away or is erased
later changes no table.
"""

from collections.abc import Mapping

from sqlalchemy import func, insert, select

from core.database import db
from districts.queries import all_districts
from voting.models import Contest, DistrictTurnout, RollEntry, RollMark


def keep_turnout_by_district(contest: Contest) -> None:
    """Counts at closing, by the marks on the roll; of a contest of the whole city for money."""
    if contest.district_id is not None or contest.is_for_seats:
        return
    query = (
        select(RollEntry.district_id, func.count())
        .join(RollMark, RollMark.roll_entry_id == RollEntry.id)
        .where(RollMark.contest_id == contest.id)
        .group_by(RollEntry.district_id)
    )
    keep_stated_turnout(contest, dict(db.session.execute(query).all()))


def keep_stated_turnout(contest: Contest, voters: Mapping[int, int]) -> None:
    """Keeps these numbers by district id; of every other district, that nobody voted there."""
    rows = [
        {"contest_id": contest.id, "district_id": each.id, "voters": voters.get(each.id, 0)}
        for each in all_districts()
    ]
    if rows:
        db.session.execute(insert(DistrictTurnout), rows)
