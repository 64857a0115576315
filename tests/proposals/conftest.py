"""What the tests of proposals share: a round that takes them, with pots, and forms filled in."""

import pytest
from flask import Flask

from budgets.models import Round
from budgets.services import add_pot
from core import clock as city_clock
from core.database import db
from tests.harness.world import World

FormData = dict[str, str]


@pytest.fixture
def taking(world: World) -> Round:
    """The round in its submission phase, with 100,000 for Riverside and 900,000 for the city."""
    at = city_clock.now()
    for district, amount in ((None, 900_000_00), (world.riverside, 100_000_00)):
        name = district.name if district else "The city"
        add_pot(world.submission_round, name, amount, district, by=None, at=at)
    db.session.commit()
    return world.submission_round


@pytest.fixture
def whole_form(app: Flask) -> FormData:
    """Everything that a proposal needs before others may read it, and the key of one form."""
    return {
        "key": "the key of this form",
        "title": "Benches on Market Square",
        "district": "riverside",
        "category": "Parks",
        "place": "By the town hall",
        "what": "Twelve **benches** with backs.",
        "why": "There is nowhere to sit.",
        "who_benefits": "Everybody who shops there.",
        "cost_lines-0-label": "Benches",
        "cost_lines-0-amount": "48 000",
        "cost_lines-1-label": "Work",
        "cost_lines-1-amount": "1,200.50",
    }
