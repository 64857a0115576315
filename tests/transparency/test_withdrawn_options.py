"""What was withdrawn while people voted: every page counts and names what can be ranked."""

import io
import json
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from flask_sqlalchemy import SQLAlchemy

from accounts.models import User
from budgets.phases import PhaseKind
from core import clock
from core.approvals import Approval
from tests.harness.client import BrowserLikeClient
from tests.harness.people import sign_in
from tests.harness.world import World
from tests.transparency.decided import decided_round, publish, seal
from tests.transparency.published import content, elections_of, words
from tests.transparency.test_elections import command_on
from tests.transparency.test_log_bundle import bundle, verify
from tests.voting import questions
from tests.voting.log_voters import cast, voters
from transparency.models import PublishedFile, PublishedRound
from voting.counting import RULES
from voting.models import Contest
from voting.queries.contests import contests_of, contests_to_try
from voting.services.closing import seal_contest
from voting.services.contests import subject_of
from voting.services.withdrawals import withdrawal_act

ROOT = Path(__file__).resolve().parents[2]


def withdraw(contest: Contest, ref: str, by: User) -> None:
    """As it is done once a second officer has confirmed it."""
    request = Approval(
        subject=subject_of(contest), details={"option": ref}, reason="Its name is taken."
    )
    withdrawal_act().carry_out(request, by, clock.now())


def test_while_people_vote_the_pages_count_and_name_what_can_be_ranked(
    db: SQLAlchemy, client: BrowserLikeClient, world: World
) -> None:
    contest = world.city_contest
    contest.withdrawn = ["0-2"]
    db.session.commit()
    page = f"/rounds/{contest.round.ref}"
    paper = words(client, f"{page}/contests/{contest.ref}")

    assert "3 proposals, " in words(client, page)
    assert "3 proposals on the paper" in paper
    assert paper.count("Trees for the city, lot") == 4, "three to rank, and one that is told of"
    assert "Number 2, “Trees for the city, lot 2”, was withdrawn while people voted." in paper
    orders = words(client, f"{page}/contests/{contest.ref}/orders")
    assert "Trees for the city, lot 2 withdrawn while people voted" in orders
    assert "All 4 proposals in the order on paper" in orders, "the lot was drawn among all"


def test_the_page_of_a_withdrawn_project_says_so(
    db: SQLAlchemy, client: BrowserLikeClient, world: World
) -> None:
    world.option.contest.withdrawn = [world.option.ref]
    db.session.commit()

    page = words(client, f"/proposals/{world.on_ballot.ref}")

    assert "Withdrawn from the ballot" in page
    assert "on the paper of the contest" not in page


@pytest.mark.sqlite
def test_the_figures_of_a_result_are_those_of_the_ballots_that_count(
    app: object, client: BrowserLikeClient, eli: User, ewa: User
) -> None:
    """The turnout stays that of everybody who voted, and the difference is told."""
    round_ = decided_round()
    (contest,) = contests_of(round_.id)
    contest.withdrawn = ["0-2"]
    seal(contest, [[0, 1]] * 50 + [[1]] * 12)
    publish(round_, certified_by=eli, by=ewa)

    page = words(client, f"/rounds/{round_.ref}")

    assert "50 ballots decided one contest: " in page
    assert "of 3 proposals" in page
    assert "12 of these ballots rank nothing but what was withdrawn" in page
    assert "and 50 were counted" in page


@pytest.mark.sqlite
def test_a_withdrawn_answer_is_passed_over_by_both_programs_and_in_the_log(
    db: SQLAlchemy, client: BrowserLikeClient, world: World, eli: User, ewa: User, tmp_path: Path
) -> None:
    """Ranked by most, Elm is gone; its ballots choose Ash, and eight of them nobody."""
    contest = questions.ask(world, eli)
    oak, elm, ash = (option.ref for option in contest.options)
    marked = [[oak]] * 22 + [[elm, ash]] * 20 + [[ash, elm]] * 10 + [[elm]] * 8
    for entry, ranking in zip(voters(world, 60), marked, strict=True):
        cast(contest, entry, ranking)
    withdraw(contest, elm, eli)
    publication = closed_and_published(world, eli, ewa)
    archive = bundle(client, contest)
    page = words(client, f"/rounds/{contest.round.ref}/contests/{contest.ref}")

    (result,) = elections_of(publication)
    assert [each.title for each in result.chosen] == ["Ash"]
    assert "60 ballots ranked 1 to 3 of 2 answers. “Ash” is chosen." in page
    blt = zipfile.ZipFile(io.BytesIO(archive)).read("ballots.blt")
    assert blt.decode().splitlines()[1] == "-2", "behind the first line: who was withdrawn"
    html = client.get(f"/rounds/{contest.round.ref}?contest={contest.ref}").text
    count = json.loads(content(publication, f"{contest.ref}-count.json"))
    assert recounted(tmp_path, blt, command_on(html, "recount-command")) == count["elected"]
    said = verify(tmp_path, archive)
    assert said.returncode == 0, said.stdout + said.stderr
    assert "60 ballots, under the terms of the manifest" in said.stdout
    assert "number 2 changed withdrawn" in said.stdout


@pytest.mark.sqlite
def test_few_ballots_that_are_left_are_shown_by_neither_the_result_nor_the_log(
    db: SQLAlchemy, client: BrowserLikeClient, world: World, eli: User, ewa: User, ida: User,
    tmp_path: Path,
) -> None:  # fmt: skip
    """Sixty voted, twelve of them for what was withdrawn alone: 48 are less than the promised 50.
    An auditor has all that it takes to count them."""
    contest = world.city_contest
    contest.openings = "public"
    contest.rule, contest.rule_version = "equal-shares", RULES["equal-shares"].version
    gone, kept = "0-2", "0-1"
    for number, entry in enumerate(voters(world, 60)):
        cast(contest, entry, [gone] if number < 12 else [kept, gone])
    withdraw(contest, gone, eli)
    publication = closed_and_published(world, eli, ewa)
    archive = bundle(client, contest)
    inside = set(zipfile.ZipFile(io.BytesIO(archive)).namelist())

    assert inside == {"manifests.json", "heads.json", "leaves.txt", "closing.json"}
    assert all(f"{contest.ref}.pb" != file.name for file in files_of(publication))
    assert contest not in contests_to_try([contest.round_id], for_seats=False)
    assert verify(tmp_path, archive).returncode == 0
    sign_in(client, ida)
    own = client.post(f"/ballot-log/{contest.ref}/openings").data
    said = verify(tmp_path, own)
    assert said.returncode == 0, said.stdout + said.stderr
    assert "48 ballots, under the terms of the manifest" in said.stdout


def files_of(publication: PublishedRound) -> list[PublishedFile]:
    return [file for each in publication.contests for file in each.files]


def closed_and_published(world: World, eli: User, ewa: User) -> PublishedRound:
    for each in contests_of(world.voting_round.id):
        if not each.is_for_seats:
            each.rule, each.rule_version = "equal-shares", RULES["equal-shares"].version
        voting = each.round.span_of(PhaseKind.VOTING)
        assert voting is not None
        seal_contest(each, at=voting.ends_at)
    return publish(world.voting_round, certified_by=eli, by=ewa)


def recounted(folder: Path, blt: bytes, command: list[str]) -> list[str]:
    """Whom the second program chooses as the page says, in a process that has nothing of ours."""
    (folder / command[1]).write_bytes(blt)
    run = subprocess.run(
        [sys.executable, "-I", str(ROOT / command[0]), *command[1:]],
        cwd=folder, capture_output=True, text=True, check=True,
    )  # fmt: skip
    last = run.stdout.split("Chosen, in this order\n")[1]
    return [line.split()[0] for line in last.splitlines()]
