"""How far an officer's order to publish has come."""

from enum import StrEnum


class OrderState(StrEnum):
    """An order waits for a worker, is being done, was stopped for a reason, or is done."""

    WAITING = "waiting"
    RUNNING = "running"
    STOPPED = "stopped"
    DONE = "done"


LIVE = (OrderState.WAITING, OrderState.RUNNING)
"""In these a second order changes nothing."""
