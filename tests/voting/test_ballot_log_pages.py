"""The public addresses of a ballot log: what anybody reads there, and what stands in none."""

import hashlib
import json
from datetime import timedelta

import pytest
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import select

from core import clock
from tests.harness.client import BrowserLikeClient
from tests.harness.world import World
from tests.voting.ballot_forms import words_of
from tests.voting.log_voters import cast, fill, voters
from voting.merkle import Tree, full_nodes, is_consistent, leaf_hash
from voting.models import Contest, Leaf
from voting.services.closing import seal_contest


@pytest.fixture
def contest(world: World) -> Contest:
    return world.city_contest


def read(client: BrowserLikeClient, contest: Contest, name: str, status: int = 200) -> object:
    response = client.get(f"/ballot-log/{contest.ref}/{name}")
    assert response.status_code == status, response.get_data(as_text=True)[:300]
    return json.loads(response.data) if status == 200 else None


def test_before_the_first_ballot_the_page_says_that_no_seal_is_there(
    client: BrowserLikeClient, contest: Contest
) -> None:
    page = client.get(f"/ballot-log/{contest.ref}")

    assert page.status_code == 200
    assert "No seal stands in the log yet." in words_of(page)
    assert "until the ballots of 20 voters are there" in words_of(page)
    assert read(client, contest, "manifests.json") == []
    assert read(client, contest, "leaves.json") == {"from": 0, "leaves": [], "size": 0}
    for name in ("head.json", "closing.json", "consistency.json"):
        read(client, contest, name, 404)
    assert "No head of this log is signed yet" in words_of(
        client.get(f"/ballot-log/{contest.ref}/head.json")
    )


def test_a_stranger_rebuilds_the_root_from_the_leaves_alone(
    db: SQLAlchemy, client: BrowserLikeClient, world: World, contest: Contest
) -> None:
    fill(world, contest, batches=2)
    db.session.commit()

    head = read(client, contest, "head.json")
    leaves = read(client, contest, "leaves.json?from=0")
    manifests = read(client, contest, "manifests.json")
    assert isinstance(head, dict)
    assert isinstance(leaves, dict)
    assert isinstance(manifests, list)
    hashes = [leaf_hash(bytes.fromhex(each)) for each in leaves["leaves"]]
    assert list(full_nodes(0, hashes, lambda *_: [])) == []
    root = Tree(40, lambda _height, _index: hashes).root().hex()
    assert (leaves["size"], head["document"]["size"]) == (40, 40)
    assert head["document"]["root"] == root
    promised = json.dumps(
        manifests[0]["document"], sort_keys=True, ensure_ascii=False, separators=(",", ":")
    )
    assert head["document"]["manifest"] == hashlib.sha256(promised.encode()).hexdigest()


def test_who_stored_an_earlier_head_gets_the_proof_that_the_log_grew_from_it(
    db: SQLAlchemy, client: BrowserLikeClient, world: World, contest: Contest
) -> None:
    fill(world, contest)
    earlier = read(client, contest, "head.json")
    fill(world, contest, first=20)
    db.session.commit()

    now = read(client, contest, "head.json")
    answer = read(client, contest, "consistency.json?from=20&to=40")
    assert isinstance(earlier, dict)
    assert isinstance(now, dict)
    assert isinstance(answer, dict)
    roots = [bytes.fromhex(each["document"]["root"]) for each in (earlier, now)]
    proof = [bytes.fromhex(each) for each in answer["proof"]]
    assert is_consistent(20, 40, roots[0], roots[1], proof)
    assert len(read(client, contest, "heads.json") or []) == 2  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "asked",
    ["consistency.json?from=0", "consistency.json?from=21", "consistency.json?from=5&to=4",
     "consistency.json?to=99", "consistency.json?from=x", "leaves.json?from=-1",
     "leaves.json?from=1e3", "leaves.json?from=9" + "9" * 30, "leaves.json?from=%00"],
)  # fmt: skip
@pytest.mark.sqlite
def test_a_wrong_number_in_an_address_is_told_in_a_sentence(
    db: SQLAlchemy, client: BrowserLikeClient, world: World, contest: Contest, asked: str
) -> None:
    fill(world, contest)
    db.session.commit()

    read(client, contest, asked, 400)


@pytest.mark.sqlite
def test_leaves_are_handed_out_a_thousand_at_a_time(
    db: SQLAlchemy, client: BrowserLikeClient, world: World, contest: Contest
) -> None:
    cast(contest, voters(world, 1)[0], ["0-1"])
    rows = [
        Leaf(contest_id=contest.id, position=at, commitment=at.to_bytes(32)) for at in range(1_200)
    ]
    db.session.add_all(rows)
    db.session.commit()

    first, second = (read(client, contest, f"leaves.json?from={at}") for at in (0, 1_000))
    assert isinstance(first, dict)
    assert isinstance(second, dict)
    assert (len(first["leaves"]), len(second["leaves"]), second["from"]) == (1_000, 200, 1_000)
    assert second["leaves"][0] == rows[1_000].commitment.hex()


def test_after_closing_the_page_tells_the_sums(
    db: SQLAlchemy, client: BrowserLikeClient, world: World, contest: Contest
) -> None:
    fill(world, contest)
    cast(contest, voters(world, 1)[0], ["0-4"])
    seal_contest(contest, at=clock.now() + timedelta(days=60))
    db.session.commit()

    record = read(client, contest, "closing.json")
    assert isinstance(record, dict)
    assert (record["document"]["counted"], record["document"]["size"]) == (20, 21)
    words = words_of(client.get(f"/ballot-log/{contest.ref}"))
    assert "Voting is closed. The log is complete, with 21 seals." in words
    assert "named auditors can open all seals" in words


@pytest.mark.sqlite
def test_a_contest_of_the_past_has_no_log(
    db: SQLAlchemy, client: BrowserLikeClient, contest: Contest
) -> None:
    contest.sealed_at, contest.ballots_cast = clock.now(), 4
    db.session.commit()

    assert client.get(f"/ballot-log/{contest.ref}").status_code == 404
    read(client, contest, "heads.json", 404)
    assert client.get("/ballot-log/no-such-contest/heads.json").status_code == 404


def test_no_commitment_in_the_log_is_a_row_of_anybody(
    db: SQLAlchemy, client: BrowserLikeClient, world: World, contest: Contest
) -> None:
    """What is public are seals, in an order that the casts did not have."""
    codes = fill(world, contest)
    leaves = db.session.scalars(select(Leaf.commitment).order_by(Leaf.position)).all()
    text = client.get(f"/ballot-log/{contest.ref}/leaves.json").get_data(as_text=True)

    assert [leaf.hex() in text for leaf in leaves] == [True] * 20
    assert not any(code in text for code in codes)
