"""A contest without money is published: who was chosen and why, and how anybody counts again."""

import csv
import hashlib
import io
import json
import re
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest
import time_machine
from sqlalchemy import delete, select

from accounts.models import User
from core.clock import now
from core.database import db as database
from tests.harness.application import ROOT
from tests.harness.client import BrowserLikeClient
from tests.harness.people import sign_in, sign_out
from tests.harness.world import World
from tests.transparency import decided, elected
from tests.transparency.published import content, elections_of, results_of, words
from tests.voting.ballot_forms import cast
from transparency import recounts
from transparency.exports import ballots_file
from transparency.models import PublishedContest, PublishedRound
from transparency.queries import manifest_of
from transparency.services import PublicationStopped
from voting.counting.parameters import canonical_json
from voting.counting.seats import SEAT_RULES
from voting.models import Contest, SealedBallot
from voting.queries.contests import contests_of
from voting.queries.counts import certified_counts
from voting.questions import Answer, Question
from voting.services.closing import seal_contest
from voting.services.questions import choose_seat_rule, create_question

Clock = time_machine.Traveller
ROUND = "/rounds/budget-2025"
# What is not about rows needs no second database.
rows_do_not_matter = pytest.mark.sqlite
FOR_SEVERAL = [name for name, rule in SEAT_RULES.items() if not rule.one_seat]


def published(
    eli: User, ewa: User, rule: str = "irv", seats: int = 1, few: int = 1
) -> tuple[PublishedRound, Contest]:
    """A round with a pot and a question that was counted by this rule."""
    round_ = decided.decided_round()
    answers = elected.TREES if seats == 1 else elected.JURY
    everything = elected.NAME_OF_THE_LIBRARY if seats == 1 else elected.PANEL
    marks = {marked: -(-copies // few) for marked, copies in everything.items()}
    contest = elected.ask(round_, answers, marks, by=eli, rule=rule, seats=seats)
    return decided.publish(round_, certified_by=eli, by=ewa), contest


def command_on(page: str, place: str) -> list[str]:
    """What the page says that a reader types after the name of Python, to count again."""
    found = re.search(f'id="{place}">python3? (.*?)</code>', page)
    assert found is not None
    return found[1].split()


# --- what a reader finds -------------------------------------------------------------------------


@rows_do_not_matter
@pytest.mark.parametrize("rule", SEAT_RULES)
def test_a_name_is_chosen_by_any_rule_and_every_answer_has_its_reason(
    rule: str, app: object, clock: Clock, client: BrowserLikeClient, eli: User, ewa: User
) -> None:
    publication, contest = published(eli, ewa, rule)
    (result,) = elections_of(publication)
    page = words(client, f"{ROUND}/contests/{contest.ref}")

    assert [each.title for each in result.chosen] == ["Elm"]
    assert "101 ballots ranked 1 to 3 of 4 answers. “Elm” is chosen." in page
    assert len(re.findall(r"Chosen (?:at|as)|Chosen:", page)) == 1
    assert len(re.findall(r"Not chosen:", page)) == 3
    assert re.search(r"It would have been chosen with \d+ more ballots", page)
    assert "Not the decision" in page
    assert {other.rule for other in result.others} == {*SEAT_RULES} - {rule}
    assert "PLN" not in page
    assert ("Each two compared" in page) is (rule in ("schulze", "ranked-pairs"))
    assert ("The count, stage by stage" in page) is (rule not in ("schulze", "ranked-pairs"))


@rows_do_not_matter
@pytest.mark.parametrize("rule", FOR_SEVERAL)
def test_a_jury_is_chosen_and_the_stages_tell_how(
    rule: str, app: object, clock: Clock, client: BrowserLikeClient, eli: User, ewa: User
) -> None:
    publication, contest = published(eli, ewa, rule, seats=3)
    (result,) = elections_of(publication)
    page = words(client, f"{ROUND}/contests/{contest.ref}")

    assert result.winners == 3
    assert {other.rule for other in result.others} == {*FOR_SEVERAL} - {rule}
    if rule == "scottish-stv":
        assert [each.title for each in result.chosen] == ["Ada Berg", "Cem Demir", "Ben Cole"]
        assert "What “Ada Berg” had beyond the quota goes on" in page
        assert "Passed on: 14.99 votes to “Ben Cole”." in page
        assert "Chosen as number 2, at stage 1, with 31 votes; the quota was 31 votes." in page
        assert "Votes are rounded down to hundredths" in page


@rows_do_not_matter
def test_where_the_ballots_go_round_in_a_circle_the_page_says_what_decided(
    app: object, clock: Clock, client: BrowserLikeClient, eli: User, ewa: User
) -> None:
    round_ = decided.decided_round()
    for rule, title in (("schulze", "A tree"), ("ranked-pairs", "A bush")):
        elected.ask(round_, elected.TREES[:3], elected.A_CIRCLE, by=eli, rule=rule, title=title)
    decided.publish(round_, certified_by=eli, by=ewa)

    tree = words(client, f"{ROUND}/contests/budget-2025-a-tree")
    assert "no chain of majorities against it is stronger than its own" in tree
    assert "above “Elm” on 70 ballots, below on 35" in tree
    bush = words(client, f"{ROUND}/contests/budget-2025-a-bush")
    assert "comes first when the clearest majorities are kept" in bush
    assert bush.count("Left out: contradicts those before") == 1


@rows_do_not_matter
def test_a_tie_says_that_the_published_lot_decided(
    app: object, clock: Clock, client: BrowserLikeClient, eli: User, ewa: User
) -> None:
    round_ = decided.decided_round()
    contest = elected.ask(round_, elected.TREES[:2], {(0,): 30, (1,): 30}, by=eli)
    decided.publish(round_, certified_by=eli, by=ewa)
    page = words(client, f"{ROUND}/contests/{contest.ref}")

    assert "by another lot it would have been chosen" in page
    assert "were level as the fewest" in page
    assert "decided by the published lot" in page


def test_the_round_tells_of_the_question_beside_its_money(
    app: object, clock: Clock, client: BrowserLikeClient, eli: User, ewa: User
) -> None:
    publication, contest = published(eli, ewa)
    page = words(client, ROUND)

    assert "60 ballots decided one contest: 2 of 4 proposals are funded" in page
    assert "One question without money is decided as well." in page
    assert "1 of 4 chosen without money" in page
    assert "PLN 0 of" not in page
    chosen = words(client, f"{ROUND}?contest={contest.ref}")
    assert "“Elm” is chosen." in chosen
    assert f"python3 recount_seats.py {contest.ref}.blt --rule irv" in chosen
    assert f"python -m voting.counting elect {contest.ref}.blt --rule irv" in chosen
    assert "both counts agreed" in chosen
    assert "recount.py, a program" not in chosen
    assert [result.ref for result in results_of(publication)] == ["budget-2025-city"]


def test_lists_feeds_and_the_front_page_count_proposals_only_as_funded(
    app: object, clock: Clock, client: BrowserLikeClient, eli: User, ewa: User
) -> None:
    published(eli, ewa)

    assert "161 ballots 2 proposals funded" in words(client, "/rounds")
    feed = client.get("/rounds/feed.atom").get_data(as_text=True)
    assert "161 ballots. 2 proposals are funded" in feed
    assert "One question without money is decided." in feed
    assert "60 ballots chose 2 projects out of 4." in words(client, "/")


@rows_do_not_matter
def test_a_round_of_questions_only_speaks_of_no_money(
    app: object, clock: Clock, client: BrowserLikeClient, eli: User, ewa: User
) -> None:
    round_ = decided.decided_round()
    database.session.execute(delete(SealedBallot))
    for contest in database.session.scalars(select(Contest)):
        database.session.delete(contest)
    round_.total_minor = 0
    for pot in list(round_.pots):
        database.session.delete(pot)
    database.session.commit()
    database.session.expire_all()
    elected.ask(round_, elected.TREES, elected.NAME_OF_THE_LIBRARY, by=eli)

    before = words(client, ROUND)
    decided.publish(round_, certified_by=eli, by=ewa)
    for page in (before, words(client, ROUND), words(client, "/rounds")):
        assert "PLN" not in page
    assert "101 ballots decided one question." in words(client, ROUND)
    assert "101 ballots decided one question." in words(client, "/")


# --- the files -----------------------------------------------------------------------------------


@rows_do_not_matter
@pytest.mark.parametrize(("rule", "seats"), [("irv", 1), ("schulze", 1), ("scottish-stv", 3)])
def test_whoever_takes_the_two_files_finds_who_was_chosen(
    rule: str, seats: int, app: object, clock: Clock, client: BrowserLikeClient,
    eli: User, ewa: User, tmp_path: Path,
) -> None:  # fmt: skip
    publication, contest = published(eli, ewa, rule, seats)
    page = client.get(f"{ROUND}?contest={contest.ref}").get_data(as_text=True)
    command = command_on(page, "recount-command")
    for name in (f"{contest.ref}.blt", "recount_seats.py"):
        (tmp_path / name).write_bytes(content(publication, name))

    run = subprocess.run(
        [sys.executable, "-I", *command], cwd=tmp_path, capture_output=True, check=True
    )
    count = json.loads(content(publication, f"{contest.ref}-count.json"))
    account = run.stdout.decode()
    assert f"SHA-256 of the ballots: {count['ballots']['sha256']}" in account
    last = account.split("Chosen, in this order\n")[1]
    assert [line.split()[0] for line in last.splitlines()] == count["elected"]


@rows_do_not_matter
@pytest.mark.parametrize(("rule", "seats"), [("irv", 1), ("ranked-pairs", 1), ("meek-stv", 3)])
def test_one_command_prints_the_published_count_to_the_byte(
    rule: str, seats: int, app: object, clock: Clock, client: BrowserLikeClient,
    eli: User, ewa: User, tmp_path: Path,
) -> None:  # fmt: skip
    publication, contest = published(eli, ewa, rule, seats)
    page = client.get(f"{ROUND}?contest={contest.ref}").get_data(as_text=True)
    command = command_on(page, "count-command")
    (tmp_path / f"{contest.ref}.blt").write_bytes(content(publication, f"{contest.ref}.blt"))

    run = subprocess.run(
        [sys.executable, *command],
        cwd=tmp_path, env={"PYTHONPATH": str(ROOT)}, capture_output=True, check=True,
    )  # fmt: skip
    document = run.stdout.rstrip(b"\n")
    assert document == content(publication, f"{contest.ref}-count.json")
    assert hashlib.sha256(document).hexdigest() in page
    assert (
        hashlib.sha256(document).hexdigest()
        == certified_counts(publication.round_id)[1].document_sha256
    )


def test_the_files_tell_the_same_as_the_page(
    app: object, clock: Clock, eli: User, ewa: User
) -> None:
    publication, contest = published(eli, ewa, "scottish-stv", seats=3)
    (result,) = elections_of(publication)
    names = sorted(name for name in manifest_of(publication) if contest.ref in name)
    endings = [name.removeprefix(contest.ref) for name in names]
    assert endings == [
        "-ballots.csv", "-ballots.json", "-candidates.csv", "-count.json", "-stages.csv", ".blt",
        ".json",
    ]  # fmt: skip

    def rows(name: str) -> list[dict[str, str]]:
        return list(csv.DictReader(io.StringIO(content(publication, contest.ref + name).decode())))

    candidates = rows("-candidates.csv")
    chosen = [row["title"] for row in candidates if row["outcome"] == "chosen"]
    assert chosen == [each.title for each in result.chosen]
    assert sum(int(row["first_choices"]) for row in candidates) == 121
    stages = rows("-stages.csv")
    last = {r["candidate_id"]: int(r["tally"]) for r in stages if r["stage"] == "2"}
    assert last == {each.candidate.id: each.tally for each in result.stages[1].holdings}
    assert len(rows("-ballots.csv")) == 121
    document = json.loads(content(publication, f"{contest.ref}.json"))
    count = content(publication, f"{contest.ref}-count.json").decode()
    assert canonical_json(document["count"]) == count


@rows_do_not_matter
def test_the_matrix_is_a_table_of_its_own(app: object, clock: Clock, eli: User, ewa: User) -> None:
    publication, contest = published(eli, ewa, "schulze")
    lines = content(publication, f"{contest.ref}-matrix.csv").decode().splitlines()

    # Oak stands above Elm on 40 ballots, Elm above Oak on 30 + 20 + 5.
    assert lines[0] == "above,1,2,3,4"
    assert lines[1] == "1,0,40,70,70"
    assert lines[2].startswith("2,55,0")


# --- few ballots ---------------------------------------------------------------------------------


@pytest.mark.parametrize(("rule", "seats"), [("irv", 1), ("schulze", 1), ("scottish-stv", 3)])
def test_of_few_ballots_only_who_was_chosen_and_the_first_choices_are_told(
    rule: str, seats: int, app: object, clock: Clock, client: BrowserLikeClient,
    eli: User, ewa: User,
) -> None:  # fmt: skip
    publication, contest = published(eli, ewa, rule, seats, few=3)
    names = sorted(name for name in manifest_of(publication) if contest.ref in name)
    document = json.loads(content(publication, f"{contest.ref}.json"))
    certified = certified_counts(publication.round_id)[1]

    assert [name.removeprefix(contest.ref) for name in names] == [
        "-candidates.csv", "-count.json", ".json",
    ]  # fmt: skip
    assert set(document) == {"format", "contest", "count", "results"}
    assert document["count"]["elected"] == json.loads(certified.document)["elected"]
    assert not {"stages", "pairwise"} & set(document["count"])
    told = {"id", "title", "summary", "code", "elected_as", "first"}
    assert all(set(row) == told for row in document["results"])
    page = words(client, f"{ROUND}/contests/{contest.ref}")
    data = words(client, f"{ROUND}?contest={contest.ref}")
    assert "auditors can recount the ballots" in page
    assert "Recounted by auditors" in data
    for text in (page, data, *(content(publication, name).decode() for name in names)):
        assert certified.document_sha256 not in text
        assert certified.ballots_sha256 not in text
        assert "more ballots that rank it alone" not in text
        assert "stage by stage, " not in text


@rows_do_not_matter
def test_the_officer_is_told_what_will_be_public_of_few(
    app: object, clock: Clock, client: BrowserLikeClient, eli: User, ewa: User
) -> None:
    round_ = decided.decided_round()
    elected.ask(round_, elected.TREES, {(0,): 20, (1,): 10}, by=eli)
    decided.certify(round_, eli)
    sign_in(client, ewa)
    screen = words(client, "/staff/rounds/budget-2025/publication")
    assert screen.count("only the outcome; auditors recount it") == 1


# --- what stops it -------------------------------------------------------------------------------


def stopped(eli: User, ewa: User, contest: Contest) -> str:
    with pytest.raises(PublicationStopped) as stop:
        decided.publish(contest.round, certified_by=eli, by=ewa)
    database.session.rollback()
    assert not database.session.scalars(select(PublishedContest)).all()
    return stop.value.code


def test_an_altered_ballot_stops_it(app: object, clock: Clock, eli: User, ewa: User) -> None:
    contest = elected.ask(
        decided.decided_round(), elected.TREES, elected.NAME_OF_THE_LIBRARY, by=eli
    )
    decided.certify(contest.round, eli)
    mine = SealedBallot.contest_id == contest.id
    ballot = database.session.scalars(select(SealedBallot).where(mine)).first()
    assert ballot is not None
    ballot.ranking = b"\0\3\0\2" if ballot.ranking != b"\0\3\0\2" else b"\0\0"
    database.session.commit()
    with pytest.raises(PublicationStopped) as stop:
        decided.publish_certified(contest.round, by=ewa)
    database.session.rollback()
    assert stop.value.code == "altered"


@rows_do_not_matter
@pytest.mark.parametrize("few", [1, 3])  # Few ballots are recounted as well, and stay secret.
def test_another_choice_of_the_second_program_stops_it(
    few: int, app: object, clock: Clock, eli: User, ewa: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    marks = {marked: -(-copies // few) for marked, copies in elected.PANEL.items()}
    contest = elected.ask(
        decided.decided_round(), elected.JURY, marks, by=eli, rule="meek-stv", seats=3
    )
    honest = recounts.recount_seats
    monkeypatch.setattr(
        "transparency.services.electing.recount_seats",
        lambda content, *said: honest(content, *said)[::-1],
    )
    assert stopped(eli, ewa, contest) == "counts_differ"


@rows_do_not_matter
def test_a_second_program_that_cannot_count_stops_it(
    app: object, clock: Clock, eli: User, ewa: User, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    contest = elected.ask(
        decided.decided_round(), elected.TREES, elected.NAME_OF_THE_LIBRARY, by=eli
    )
    monkeypatch.setattr(recounts, "PROGRAM_FOR_SEATS", tmp_path / "no-such-program.py")
    assert stopped(eli, ewa, contest) == "not_recounted"


@rows_do_not_matter
def test_a_file_that_would_count_otherwise_is_never_published(
    app: object, clock: Clock, eli: User, ewa: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        "transparency.services.electing.ballots_file",
        lambda race, papers: ballots_file(race, papers).replace(b"40 1", b"4 1"),
    )
    contest = elected.ask(
        decided.decided_round(), elected.TREES, elected.NAME_OF_THE_LIBRARY, by=eli
    )
    assert stopped(eli, ewa, contest) == "counts_differ"


@rows_do_not_matter
def test_a_result_altered_in_its_row_is_not_shown(
    app: object, clock: Clock, client: BrowserLikeClient, eli: User, ewa: User
) -> None:
    _, contest = published(eli, ewa)
    row = database.session.scalars(
        select(PublishedContest).where(PublishedContest.contest_id == contest.id)
    ).one()
    row.explanations = row.explanations.replace('"first":30', '"first":31')
    database.session.commit()
    assert client.get(f"{ROUND}/contests/{contest.ref}").status_code == 503


# --- the whole way -------------------------------------------------------------------------------


def test_from_the_officers_question_to_the_name_on_the_page(
    client: BrowserLikeClient, clock: Clock, world: World, eli: User, ewa: User,
    amara: User, chen: User,
) -> None:  # fmt: skip
    round_ = world.voting_round
    answers = (Answer("Oak"), Answer("Elm", "Grew by the old mill."), Answer("Ash"))
    question = Question(title="A name for the library", answers=answers, aggregate_below=1)
    contest = create_question(round_, question, by=eli, at=now())
    choose_seat_rule(contest, "schulze", {}, by=eli, at=now())
    database.session.commit()
    address = f"/rounds/{round_.ref}/contests/{contest.ref}"

    before = words(client, address)
    assert "One of 3 answers will be chosen. There is no money in this question." in before
    assert "Schulze's method, version 1" in before
    assert "Grew by the old mill." in before
    assert "They also answer one question without money." in words(client, f"/rounds/{round_.ref}")
    for person, ranking in ((amara, ["2", "1"]), (chen, ["2"])):
        sign_in(client, person)
        cast(client, contest, ranking)
        sign_out(client)
    assert "“Elm” is chosen" not in words(client, address)
    clock.shift(timedelta(days=60))
    for each in contests_of(round_.id):
        seal_contest(each, at=now())
    database.session.commit()
    decided.publish(round_, certified_by=eli, by=ewa)

    after = words(client, address)
    assert "2 ballots ranked 1 to 3 of 3 answers. “Elm” is chosen." in after
    assert "beside each of the others, more ballots place it above than below" in after
    assert "2 of 2 ballots rank at least one that is chosen" in after
    turnout = words(client, f"/rounds/{round_.ref}")
    assert "A name for the library 2 2 100.0 %" in turnout
