"""What was published, as the tests read it: pages in words, files by name, results by kind."""

from tests.harness.client import BrowserLikeClient
from tests.harness.html import text_of
from transparency.models import PublishedRound
from transparency.queries import fetch_file, published_contests, published_results
from transparency.results import ContestResult, ElectionResult


def words(client: BrowserLikeClient, address: str) -> str:
    """The text of a page that must be there."""
    answer = client.get(address)
    assert answer.status_code == 200, answer.get_data(as_text=True)
    return text_of(answer.get_data(as_text=True)).replace("\u00a0", " ")


def content(publication: PublishedRound, name: str) -> bytes:
    """The bytes of a published file that must be there."""
    found = fetch_file(publication, name)
    assert found is not None, name
    return found.content


def results_of(publication: PublishedRound) -> list[ContestResult]:
    """The results of the contests for money, in their order."""
    found = published_results(publication, published_contests(publication))
    return [result for result in found if isinstance(result, ContestResult)]


def elections_of(publication: PublishedRound) -> list[ElectionResult]:
    """The results of the contests without money, in their order."""
    found = published_results(publication, published_contests(publication))
    return [result for result in found if isinstance(result, ElectionResult)]
