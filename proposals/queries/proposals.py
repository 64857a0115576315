"""One proposal and what belongs on its page; and the one scope of who may see which."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, and_, exists, or_, select
from sqlalchemy.orm import joinedload, selectinload

from accounts.models import User
from budgets.models import Category, Pot, Round
from budgets.phases import PhaseKind
from core.actors import Actor, acts_as
from core.database import db
from districts.models import District
from districts.queries import all_districts
from proposals.lifecycle import State
from proposals.models import Proposal


@dataclass(frozen=True)
class Place:
    """Where a proposal can be for, and the pot that it would be paid from.

    `ref` is the district's, or `city`. `ceiling_minor` is None where no pot was set yet.
    """

    ref: str
    district_id: int | None
    name: str
    ceiling_minor: int | None


@dataclass(frozen=True)
class Names:
    """What a proposal's page says of things that are kept elsewhere. Empty where not known."""

    district: str
    category: str
    author: str
    pot_minor: int | None


def seen_by(actor: Actor | None) -> ColumnElement[bool]:
    """The scope of everything that is listed: drafts are their author's alone."""
    drafted = select(Round.id).where(Round.announced_at.is_(None))
    public: ColumnElement[bool] = Proposal.published_at.is_not(None)
    if not acts_as(actor, "officer"):
        public = and_(public, Proposal.round_id.not_in(drafted))
    if actor is None or not actor.is_authenticated:
        return public
    return or_(public, Proposal.author_id == actor.id)


def proposal_seen_by(actor: Actor | None, ref: str, *, for_change: bool = False) -> Proposal | None:
    """The proposal at this address, with its round and costs, if this person may see it.

    With `for_change` it stays as it was read until the transaction ends.
    """
    query = select(Proposal).where(Proposal.ref == ref, seen_by(actor))
    if for_change:
        query = query.with_for_update(of=Proposal).execution_options(populate_existing=True)
    return db.session.scalar(
        query.options(
            joinedload(Proposal.round, innerjoin=True).selectinload(Round.phases),
            joinedload(Proposal.round, innerjoin=True).selectinload(Round.pots),
            selectinload(Proposal.cost_lines),
            selectinload(Proposal.review),
        )
    )


def names_of(proposal: Proposal) -> Names:
    """The names that the proposal's page needs, in one read."""
    row = db.session.execute(
        select(District.name, Category.name, User.display_name)
        .select_from(Proposal)
        .outerjoin(District, District.id == Proposal.district_id)
        .outerjoin(Category, Category.id == Proposal.category_id)
        .outerjoin(User, User.id == Proposal.author_id)
        .where(Proposal.id == proposal.id)
    ).one()
    pot = _ceiling(_ceilings(proposal.round), proposal.district_id)
    return Names(row[0] or "", row[1] or "", row[2] or "", pot)


def places_of(round_: Round) -> list[Place]:
    """Where proposals of this round can be for: its pots, or, before there are any, everywhere.

    Where there is money for the whole city alone, they can be for any district, too, and are paid
    from that.
    """
    ceilings = _ceilings(round_)
    everywhere = [Place("city", None, "", ceilings.get(None))] + [
        Place(district.ref, district.id, district.name, _ceiling(ceilings, district.id))
        for district in all_districts()
    ]
    if not any(ceilings):
        return everywhere
    return [place for place in everywhere if place.district_id in ceilings]


def proposal_of_key(author: Actor, form_key: str) -> Proposal | None:
    """The proposal that this form made when it was sent before."""
    return db.session.scalar(
        select(Proposal).where(Proposal.author_id == author.id, Proposal.form_key == form_key)
    )


def handed_over(round_id: int, district_id: int | None) -> Sequence[Proposal]:
    """What may stand on the ballot of a district, or of the whole city (None), oldest first."""
    return db.session.scalars(
        select(Proposal)
        .where(
            Proposal.round_id == round_id,
            paid_by_the_city() if district_id is None else Proposal.district_id == district_id,
            Proposal.state.in_([State.FEASIBLE, State.ON_BALLOT]),
        )
        .order_by(Proposal.published_at, Proposal.id)
    ).all()


def paid_by_the_city() -> ColumnElement[bool]:
    """Which proposals the whole city's pot pays for: all whose district has none of its own."""
    own_pot = exists().where(
        Pot.round_id == Proposal.round_id, Pot.district_id == Proposal.district_id
    )
    return ~own_pot


def next_submission(at: datetime) -> Round | None:
    """The announced round that will take proposals soonest."""
    query = select(Round).where(Round.announced_at.is_not(None), Round.ends_at > at)
    coming = [
        (span.starts_at, each.id, each)
        for each in db.session.scalars(query.options(selectinload(Round.phases)))
        if (span := each.span_of(PhaseKind.SUBMISSION)) is not None and span.starts_at > at
    ]
    return min(coming, key=lambda found: found[:2])[2] if coming else None


def _ceilings(round_: Round) -> dict[int | None, int]:
    """The largest pot of each place: nothing that costs more can ever be paid."""
    found: dict[int | None, int] = {}
    for pot in round_.pots:
        found[pot.district_id] = max(pot.amount_minor, found.get(pot.district_id, 0))
    return found


def _ceiling(ceilings: dict[int | None, int], district_id: int | None) -> int | None:
    return ceilings.get(district_id, ceilings.get(None))
