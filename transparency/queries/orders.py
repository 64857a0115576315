"""Orders to publish: for officers alone."""

from sqlalchemy import select

from accounts.models import User
from core.database import db
from transparency.models import PublicationOrder


def order_of(round_id: int, *, for_change: bool = False) -> PublicationOrder | None:
    """The order to publish this round, or None; with `for_change` it stays as it was read."""
    query = select(PublicationOrder).where(PublicationOrder.round_id == round_id)
    if for_change:
        query = query.with_for_update().execution_options(populate_existing=True)
    return db.session.scalar(query)


def name_of_orderer(order: PublicationOrder) -> str | None:
    """Who gave the order; None where she has left."""
    return db.session.scalar(select(User.display_name).where(User.id == order.ordered_by_id))
