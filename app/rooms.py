"""The list of rooms, from the ground up, and how each is plugged in."""

from flask import Flask

import accounts.blueprint
import budgets.blueprint
import districts.blueprint
import engagement.blueprint
import forums.blueprint
import proposals.blueprint
import transparency.blueprint
import voting.blueprint

ROOMS = (
    districts.blueprint,
    accounts.blueprint,
    budgets.blueprint,
    forums.blueprint,
    proposals.blueprint,
    voting.blueprint,
    transparency.blueprint,
    engagement.blueprint,
)


def register_all(app: Flask) -> None:
    for room in ROOMS:
        room.register(app)
