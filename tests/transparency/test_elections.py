"""A contest without money is published: who was chosen and why, and how anybody counts again."""

import time_machine

from accounts.models import User
from tests.transparency import decided, elected
from transparency.queries import elections_of


def test_a_name_is_published(
    app: object, clock: time_machine.Traveller, eli: User, ewa: User
) -> None:
    round_ = decided.decided_round()
    elected.ask(round_, elected.TREES, elected.NAME_OF_THE_LIBRARY, by=eli)
    publication = decided.publish(round_, certified_by=eli, by=ewa)
    (result,) = elections_of(publication)
    assert [each.title for each in result.chosen] == ["Elm"]
