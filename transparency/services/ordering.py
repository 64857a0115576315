"""Orders to publish: given by two officers, begun by a worker, and what became of each.

The work takes minutes for a large city, so that no request waits for it. What is written down here
is what the officers' page tells meanwhile.
"""

from datetime import datetime

from budgets.models import Round
from core import audit, jobs
from core.actors import Actor
from core.database import db
from transparency.models import PublicationOrder
from transparency.orders import OrderState
from transparency.queries.orders import order_of
from transparency.services.stops import PublicationStopped

PUBLISH = "transparency.publish"
MOST_ATTEMPTS = 3
INTERRUPTED = "interrupted"
"""The code of an order whose worker died again and again."""


def order_publication(round_: Round, *, by: Actor, at: datetime) -> PublicationOrder:
    """Orders the results of a round to be prepared and published, after the commit.

    An order that is still to be done stays as it is. The caller holds the round.
    """
    order = order_of(round_.id, for_change=True)
    if order is not None and order.is_live:
        return order
    if order is None:
        order = PublicationOrder(round_id=round_.id, number=0)
    order.number += 1
    order.ordered_by_id, order.ordered_at = by.id, at
    order.state, order.ended_at = OrderState.WAITING.value, None
    order.attempts = order.contests = order.contests_ready = 0
    order.code = order.contest = order.detail = ""
    db.session.add(order)
    db.session.flush()
    audit.record("order_publication", f"round:{round_.ref}", by=by, at=at)
    jobs.enqueue(PUBLISH, at, round_id=round_.id, number=order.number)
    return order


def begin_order(round_: Round, number: int, *, at: datetime) -> PublicationOrder | None:
    """Notes that a worker has taken up this order; None where nothing is to be done for it.

    What was interrupted some times is given up: whatever kills one worker may kill the next.
    """
    order = held_order(round_, number)
    if order is None:
        return None
    order.attempts += 1
    if order.attempts > MOST_ATTEMPTS:
        stop_order(round_, order, PublicationStopped(INTERRUPTED, round_.name, ""), at=at)
        return None
    order.state = OrderState.RUNNING.value
    order.contests_ready = 0
    db.session.flush()
    return order


def held_order(round_: Round, number: int) -> PublicationOrder | None:
    """The order as it is now, for change; None if it is over or another was given since."""
    order = order_of(round_.id, for_change=True)
    return order if order is not None and order.is_live and order.number == number else None


def stop_order(
    round_: Round, order: PublicationOrder, stop: PublicationStopped, *, at: datetime
) -> None:
    """Notes what stopped the publication. The officer may order it again."""
    order.state, order.ended_at = OrderState.STOPPED.value, at
    order.code, order.contest, order.detail = stop.code, stop.contest, stop.detail
    db.session.flush()
    subject = f"round:{round_.ref}"
    audit.record("stop_publication", subject, by=None, at=at, code=stop.code, detail=stop.detail)


def end_order(order: PublicationOrder, *, at: datetime) -> None:
    """Notes, in the transaction that publishes, that the order is done."""
    order.state, order.ended_at = OrderState.DONE.value, at
    db.session.flush()
