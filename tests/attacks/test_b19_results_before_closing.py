"""B19: results asked for before closing, by every way and everybody: not there, turnout only."""

import pytest

from tests.attacks.boxes import digest
from tests.harness.client import BrowserLikeClient
from tests.harness.crawl import EVERYBODY, become
from tests.harness.world import World
from tests.transparency import decided


@pytest.mark.attack("B19")
@pytest.mark.parametrize("name", EVERYBODY)
def test_there_are_no_results_to_ask_for(
    client: BrowserLikeClient, world: World, name: str
) -> None:
    """B19: no file, page or feed of a round in which people vote, for whatever role."""
    decided.cast(world.city_contest, [[3, 2]] * 30)
    become(client, name)
    round_, contest = world.voting_round.ref, world.city_contest.ref
    files = (f"{contest}.pb", f"{contest}.json", f"{contest}.csv", f"{round_}.zip", "manifest.json")
    ways = [f"/rounds/{round_}/data/{file}" for file in files]
    ways += [f"/rounds/{round_}/contests/{contest}/{page}" for page in ("stages", "rules", "turns")]

    assert {client.get(way).status_code for way in ways} == {404}
    feed = client.get("/rounds/feed.atom")
    assert round_ not in feed.text


@pytest.mark.attack("B19")
def test_counting_and_certifying_are_refused_while_people_vote(
    client: BrowserLikeClient, world: World
) -> None:
    """B19: nor can an officer make one before its time."""
    become(client, "eli")
    before, address = digest(), f"/staff/rounds/{world.voting_round.ref}"
    for act in ("seals", "counts", "certificates", "publication", "link-keys/destruction"):
        assert client.post(f"{address}/{act}").status_code == 409
    assert digest() == before
