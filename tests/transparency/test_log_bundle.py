"""The archive of a ballot log that a real round leaves: recount.py finds it right, from outside."""

import io
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import select

from accounts.models import User
from budgets.phases import PhaseKind
from core.audit import AuditEntry
from tests.harness.client import BrowserLikeClient
from tests.harness.people import sign_in
from tests.harness.world import World
from tests.transparency.decided import publish
from tests.voting.log_voters import cast, fill, voters
from voting.counting import RULES
from voting.models import Contest
from voting.queries.contests import contests_of
from voting.services.closing import seal_contest

ROOT = Path(__file__).resolve().parents[2]
OPEN_TO_ALL = {"manifests.json", "heads.json", "leaves.txt", "closing.json"}
LARGE = OPEN_TO_ALL | {"ballots.pb", "ballots.json"}


@pytest.fixture(autouse=True)
def usual_rule(world: World) -> None:
    """Before anybody votes: the manifest promises it."""
    for each in contests_of(world.voting_round.id):
        each.rule, each.rule_version = "equal-shares", RULES["equal-shares"].version


def vote_and_publish(
    db: SQLAlchemy, world: World, eli: User, ewa: User, *, openings: str = "auditors"
) -> Contest:
    """Sixty ballots in the city's contest, five of them changed, closed and published."""
    contest = world.city_contest
    contest.openings = openings
    fill(world, contest, batches=3)
    for entry in voters(world, 5):
        cast(contest, entry, ["0-4", "0-1"])
    voting = contest.round.span_of(PhaseKind.VOTING)
    assert voting is not None
    for each in contests_of(contest.round_id):
        seal_contest(each, at=voting.ends_at)
    db.session.commit()
    publish(world.voting_round, certified_by=eli, by=ewa)
    return contest


def bundle(client: BrowserLikeClient, contest: Contest) -> bytes:
    response = client.get(f"/ballot-log/{contest.ref}/bundle.zip")
    assert response.status_code == 200
    return bytes(response.data)


def names(archive: bytes) -> set[str]:
    return set(zipfile.ZipFile(io.BytesIO(archive)).namelist())


def verify(folder: Path, archive: bytes, *more: str) -> "subprocess.CompletedProcess[str]":
    """What the second program says of a bundle."""
    path = folder / "bundle.zip"
    path.write_bytes(archive)
    return second_program(folder, "verify", str(path), *more)


def second_program(folder: Path, *arguments: str) -> "subprocess.CompletedProcess[str]":
    """In a process that has nothing of ours."""
    command = [sys.executable, "-I", str(ROOT / "recount.py"), *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=False, cwd=folder)


def test_before_publication_there_is_no_bundle(client: BrowserLikeClient, world: World) -> None:
    assert client.get(f"/ballot-log/{world.city_contest.ref}/bundle.zip").status_code == 404


def test_the_bundle_of_a_round_is_right_for_the_second_program(
    db: SQLAlchemy, client: BrowserLikeClient, world: World, eli: User, ewa: User, tmp_path: Path
) -> None:
    contest = vote_and_publish(db, world, eli, ewa)
    archive = bundle(client, contest)
    stored = tmp_path / "heads.json"
    stored.write_bytes(client.get(f"/ballot-log/{contest.ref}/head.json").data)

    said = verify(tmp_path, archive, "--heads", str(stored))

    assert said.returncode == 0, said.stdout + said.stderr
    assert names(archive) == LARGE
    assert bundle(client, contest) == archive


def test_with_public_openings_everybody_goes_from_seal_to_ballot(
    db: SQLAlchemy, client: BrowserLikeClient, world: World, eli: User, ewa: User, tmp_path: Path
) -> None:
    contest = vote_and_publish(db, world, eli, ewa, openings="public")
    archive = bundle(client, contest)

    said = verify(tmp_path, archive)

    assert said.returncode == 0, said.stdout + said.stderr
    assert names(archive) == LARGE | {"openings.json"}


def test_an_auditor_takes_the_openings_and_that_is_on_record(
    db: SQLAlchemy, client: BrowserLikeClient, world: World, eli: User, ewa: User,
    ida: User, tmp_path: Path,
) -> None:  # fmt: skip
    contest = vote_and_publish(db, world, eli, ewa)
    sign_in(client, ida)
    assert "Download with the openings" in client.get(f"/ballot-log/{contest.ref}").text

    response = client.post(f"/ballot-log/{contest.ref}/openings")

    assert names(response.data) == LARGE | {"openings.json"}
    assert response.headers["Cache-Control"] == "no-store"
    assert verify(tmp_path, response.data).returncode == 0
    entry = db.session.scalars(select(AuditEntry).where(AuditEntry.act == "take_openings")).one()
    assert (entry.subject, entry.actor_id) == (f"contest:{contest.ref}", ida.id)


@pytest.mark.attack("B57")
def test_nobody_else_takes_the_openings(
    db: SQLAlchemy, client: BrowserLikeClient, world: World, eli: User, ewa: User
) -> None:
    contest = vote_and_publish(db, world, eli, ewa)
    sign_in(client, eli)

    assert client.post(f"/ballot-log/{contest.ref}/openings").status_code == 403


def test_of_a_small_contest_no_ranking_leaves_the_house(
    db: SQLAlchemy, client: BrowserLikeClient, world: World, eli: User, ewa: User, ida: User,
    tmp_path: Path,
) -> None:  # fmt: skip
    small = world.riverside_contest
    small.openings = "public"
    for entry in voters(world, 3):
        cast(small, entry, ["82-1", "82-2"])
    vote_and_publish(db, world, eli, ewa)
    sign_in(client, ida)

    assert names(bundle(client, small)) == OPEN_TO_ALL
    assert verify(tmp_path, bundle(client, small)).returncode == 0


def test_a_named_auditor_recounts_a_small_contest_too(
    db: SQLAlchemy, client: BrowserLikeClient, world: World, eli: User, ewa: User, ida: User,
    tmp_path: Path,
) -> None:  # fmt: skip
    small = world.riverside_contest
    for entry in voters(world, 3):
        cast(small, entry, ["82-1", "82-2"])
    vote_and_publish(db, world, eli, ewa)
    sign_in(client, ida)

    copy = client.post(f"/ballot-log/{small.ref}/openings").data

    assert names(copy) == OPEN_TO_ALL | {"ballots.pb", "openings.json"}
    said = verify(tmp_path, copy)
    assert said.returncode == 0, said.stdout
    assert "not to be passed on" in said.stdout
    with zipfile.ZipFile(io.BytesIO(copy)) as file:
        (tmp_path / "ballots.pb").write_bytes(file.read("ballots.pb"))
    recounted = second_program(tmp_path, "ballots.pb")
    assert recounted.returncode == 0, recounted.stderr
    assert "82-1" in recounted.stdout


def test_a_receipt_and_an_altered_leaf_are_told_by_the_second_program(
    db: SQLAlchemy, client: BrowserLikeClient, world: World, eli: User, ewa: User, tmp_path: Path
) -> None:
    mine = cast(world.city_contest, voters(world, 1, first=900)[0], ["0-2"])
    contest = vote_and_publish(db, world, eli, ewa)
    archive = bundle(client, contest)
    receipt = tmp_path / "receipt.json"
    receipt.write_bytes(client.post("/receipts/file", data={"code": mine}).data)

    right = verify(tmp_path, archive, "--receipt", str(receipt))
    wrong = verify(tmp_path, altered(archive), "--receipt", str(receipt))

    assert right.returncode == 0, right.stdout + right.stderr
    assert wrong.returncode == 1


def altered(archive: bytes) -> bytes:
    """The same archive with one digit of one leaf changed."""
    target = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(archive)) as old, zipfile.ZipFile(target, "w") as new:
        for name in old.namelist():
            content = old.read(name)
            if name == "leaves.txt":
                content = (b"1" if content[:1] == b"0" else b"0") + content[1:]
            new.writestr(name, content)
    return target.getvalue()
