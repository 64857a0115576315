"""After the count everybody reads the money of each district beside who voted there, in sums."""

import json
from collections.abc import Mapping

import pytest
from sqlalchemy import select

from accounts.models import User
from budgets.phases import PhaseKind
from core import clock, files
from core.database import db as database
from tests.harness.client import BrowserLikeClient
from tests.harness.html import text_of
from tests.harness.people import district
from tests.harness.world import make_contest, make_round
from tests.transparency.decided import publish, rankings, seal
from transparency.models import PublishedContest, PublishedFile
from transparency.services import PublicationStopped
from voting.models import Contest
from voting.services.turnout import keep_stated_turnout

PLACES = ("Riverside", "Hillside", "Lakeside", "")
MANY = {"Riverside": 30, "Hillside": 18, "Lakeside": 12}
FEW = {"Riverside": 30, "Hillside": 9, "Lakeside": 14, "Meadows": 7}


def published(
    eli: User,
    ewa: User,
    voters: Mapping[str, int],
    ballots: int = 60,
    places: tuple[str, ...] = PLACES,
) -> Contest:
    """A contest of the whole city, whose four projects lie in these places, and its result."""
    at = clock.now()
    round_ = make_round("Budget 2025", "budget-2025", at, PhaseKind.COUNT)
    homes = {name: district(name) for name in {*voters, *places} - {""}}
    contest = make_contest(round_, None, at)
    for option, name in zip(contest.options, places, strict=True):
        option.district_id = homes[name].id if name else None
    seal(contest, rankings(ballots, 4))
    keep_stated_turnout(contest, {homes[name].id: number for name, number in voters.items()})
    database.session.commit()
    publish(round_, certified_by=eli, by=ewa)
    return contest


def document_of(contest: Contest) -> dict[str, object]:
    query = select(PublishedContest.explanations).where(PublishedContest.contest_id == contest.id)
    document: dict[str, object] = json.loads(database.session.scalars(query).one())
    return document


def words(client: BrowserLikeClient, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200
    return text_of(answer.text).replace("\u00a0", " ")


def test_under_the_decision_each_district_has_its_money_beside_its_voters(
    client: BrowserLikeClient, eli: User, ewa: User
) -> None:
    contest = published(eli, ewa, MANY)
    text = words(client, f"/rounds/budget-2025/contests/{contest.ref}")

    assert "District by district: the money, and those who voted" in text
    assert "Riverside 0 of 1 funded Voters 50.0 % 30 Money 0.0 % PLN 0" in text
    assert "Hillside 1 of 1 funded Voters 30.0 % 18 Money 40.0 % PLN 400,000" in text
    assert "Lakeside 1 of 1 funded Voters 20.0 % 12 Money 60.0 % PLN 600,000" in text
    assert "it stands on no ballot" in text


def test_under_every_other_rule_the_same_voters_stand_beside_its_money(
    client: BrowserLikeClient, eli: User, ewa: User
) -> None:
    contest = published(eli, ewa, MANY)
    statistics = [document_of(contest)["statistics"]]
    statistics += [each["statistics"] for each in document_of(contest)["alternatives"]]  # type: ignore[attr-defined]
    text = words(client, f"/rounds/budget-2025/contests/{contest.ref}/other-rules")

    assert len(statistics) > 2
    for told in statistics:
        assert [each["names"] for each in told["districts"]] == [  # type: ignore[index]
            ["Riverside"], ["Hillside"], ["Lakeside"], [""],
        ]  # fmt: skip
        assert [each["voters"] for each in told["districts"]] == [30, 18, 12, 0]  # type: ignore[index]
        assert sum(each["spent"] for each in told["districts"]) == told["spent"]  # type: ignore[index]
    assert "Hillside 1 of 1 funded Voters 30.0 % 18 Points by rank 40.0 % PLN 400,000" in text
    assert "Equal shares" in text[text.index("Hillside 1 of 1") :]


def test_a_district_where_few_voted_is_told_together_with_others(
    client: BrowserLikeClient, eli: User, ewa: User
) -> None:
    contest = published(eli, ewa, FEW)
    text = words(client, f"/rounds/budget-2025/contests/{contest.ref}")

    assert "Other districts Hillside, Lakeside, Meadows: " in text
    assert "Voters 50.0 % 30 Money" in text
    assert "so that nobody can tell which one it is" in text
    for number in (9, 14, 7):
        assert f'"voters":{number}' not in json.dumps(document_of(contest), separators=(",", ":"))


def test_where_ballots_are_too_few_to_publish_nothing_is_told_of_districts(
    client: BrowserLikeClient, eli: User, ewa: User
) -> None:
    contest = published(eli, ewa, {"Riverside": 20, "Hillside": 15}, ballots=35)

    assert "statistics" not in document_of(contest)
    assert "District by district" not in words(
        client, f"/rounds/budget-2025/contests/{contest.ref}"
    )


@pytest.mark.parametrize(
    ("voters", "places"), [(MANY, ("",) * 4), ({}, PLACES)], ids=["no place", "no homes"]
)
def test_without_places_or_homes_there_is_no_such_table(
    client: BrowserLikeClient,
    eli: User,
    ewa: User,
    voters: Mapping[str, int],
    places: tuple[str, ...],
) -> None:
    contest = published(eli, ewa, voters, places=places)
    assert document_of(contest)["statistics"]["districts"] == []  # type: ignore[index]
    assert "District by district" not in words(
        client, f"/rounds/budget-2025/contests/{contest.ref}"
    )


def test_where_more_are_said_to_have_voted_than_there_are_ballots_nothing_is_published(
    eli: User, ewa: User
) -> None:
    with pytest.raises(PublicationStopped, match="than there are ballots") as stopped:
        published(eli, ewa, {"Riverside": 41, "Hillside": 20})
    assert stopped.value.code == "roll"


def test_no_published_file_has_a_place_beside_a_ballot(eli: User, ewa: User) -> None:
    published(eli, ewa, MANY)
    for file in database.session.scalars(select(PublishedFile)):
        if file.name.endswith((".pb", "-ballots.csv", "-ballots.json")):
            content = files.fetch(file.sha256).decode()
            assert "Riverside" not in content, file.name
            assert "Hillside" not in content, file.name
