"""B20: an officer changes money, rule or dates while people vote: 409, and nothing changes."""

import pytest

from accounts.models import User
from tests.attacks.boxes import digest
from tests.harness import people
from tests.harness.client import BrowserLikeClient
from tests.harness.world import World
from tests.voting.ballot_forms import cast


@pytest.mark.attack("B20")
@pytest.mark.parametrize(
    ("page", "data"),
    [
        ("basics", {"name": "Another", "currency": "PLN", "total": "1"}),
        ("calendar", {"voting": "2026-05-01T10:00", "count": "2026-05-02T10:00"}),
        ("pots", {"city": "5"}),
        ("hand-over", {}),
        ("announcement", {}),
    ],
)
def test_it_is_refused(
    client: BrowserLikeClient, world: World, amara: User, eli: User, page: str, data: dict[str, str]
) -> None:
    """B20: 409 for each page of the set-up; money and dates stay."""
    people.sign_in(client, amara)
    assert cast(client, world.city_contest, ["0-1"]).status_code == 303
    people.sign_in(client, eli)
    before = digest()

    answer = client.post(f"/staff/rounds/{world.voting_round.ref}/{page}", data=data)

    assert answer.status_code == 409
    assert digest() == before
