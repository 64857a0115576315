"""What everybody can download: files that read well, say all, count again, and name nobody."""

import csv
import hashlib
import io
import json
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
import time_machine

from accounts.models import User
from budgets.models import Round
from core import clock
from core.database import db as database
from tests.harness.application import ROOT
from tests.harness.client import BrowserLikeClient
from tests.harness.people import district
from tests.transparency import decided, pabulib
from tests.transparency.published import content
from transparency.models import PublishedRound
from transparency.queries import manifest_of, publication_of
from voting import counting
from voting.counting.parameters import canonical_json
from voting.models import Contest
from voting.queries.contests import contests_of
from voting.queries.counts import certified_counts

CITY, LOCAL = "budget-2025-city", "budget-2025-riverside"


@pytest.fixture
def round_(app: object, clock: time_machine.Traveller) -> Round:
    return decided.decided_round(district=district("Riverside"), city=80, local=49)


@pytest.fixture
def published(round_: Round, eli: User, ewa: User) -> PublishedRound:
    return decided.publish(round_, certified_by=eli, by=ewa)


def winners(file: bytes, folder: Path) -> list[str]:
    """As a reader counts them: two downloads and one command."""
    path = folder / "downloaded"
    path.write_bytes(file)
    command = [sys.executable, str(ROOT / "recount.py"), "--winners", str(path)]
    run = subprocess.run(command, capture_output=True, text=True, check=True, timeout=60)
    return run.stdout.split()


def rows(publication: PublishedRound, name: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(content(publication, name).decode())))


def test_every_contest_counts_again_to_the_certified_winners(
    published: PublishedRound, tmp_path: Path
) -> None:
    for count in certified_counts(published.round_id):
        certified = json.loads(count.document)["funded"]
        ending = ".pb" if count.contest.ref == CITY else "-ranks.txt"
        name = count.contest.ref + ending

        assert winners(content(published, name), tmp_path) == certified
        listed = rows(published, f"{count.contest.ref}-projects.csv")
        funded = [row for row in listed if row["outcome"] == "funded"]
        assert [row["project_id"] for row in funded] == certified
        document = json.loads(content(published, f"{count.contest.ref}.json"))
        assert document["count"]["funded"] == certified


def test_the_pabulib_file_has_no_mistake(published: PublishedRound) -> None:
    assert pabulib.mistakes(content(published, f"{CITY}.pb")) == []


def test_the_file_counts_to_the_announced_document(published: PublishedRound) -> None:
    for count in certified_counts(published.round_id):
        ref = count.contest.ref
        ending = ".pb" if ref == CITY else "-ranks.txt"
        again = counting.count(*counting.read_file(io.BytesIO(content(published, ref + ending))))
        announced = json.loads(content(published, f"{ref}.json"))["contest"]["count_sha256"]

        assert hashlib.sha256(again.as_json().encode()).hexdigest() == announced
        assert again.as_json().encode() == content(published, f"{ref}-count.json")


def test_the_pabulib_file_has_its_projects_in_the_order_of_their_turns(
    published: PublishedRound,
) -> None:
    file = content(published, f"{CITY}.pb").decode()
    projects = file.partition("PROJECTS\n")[2].partition("VOTES\n")[0].splitlines()[1:]
    in_order = [row["project_id"] for row in rows(published, f"{CITY}-projects.csv")]

    assert [row.split(";")[0] for row in projects] == in_order
    scores = [int(row.split(";")[3]) for row in projects]
    assert scores == sorted(scores, reverse=True)


def test_with_the_tie_order_in_its_comment_it_has_none_either(
    round_: Round, eli: User, ewa: User, tmp_path: Path
) -> None:
    contest = contests_of(round_.id)[0]
    for option in contest.options:
        option.tie_position = 3 - option.number
    database.session.commit()
    publication = decided.publish(round_, certified_by=eli, by=ewa)
    file = content(publication, f"{CITY}.pb")

    assert b"rule;greedy-custom" in file
    assert b"common-purse points-by-rank 1" in file
    assert pabulib.mistakes(file) == []
    document = json.loads(content(publication, f"{CITY}.json"))
    assert winners(file, tmp_path) == document["count"]["funded"]


@pytest.mark.parametrize(
    "spoil",
    [
        lambda text: text.replace("num_votes;80", "num_votes;81"),
        lambda text: text.replace("\n1;", "\n 1;", 1),
        lambda text: text.replace("\n", "\r\n", 3),
        lambda text: text.replace("Parks;1\n", "Parks;0\n", 1),
        lambda text: text.replace("country;", "county;"),
    ],
)
def test_a_mistake_in_the_pabulib_file_would_be_noticed(
    published: PublishedRound, spoil: "object"
) -> None:
    text = content(published, f"{CITY}.pb").decode()
    assert callable(spoil)
    spoilt = spoil(text)

    assert spoilt != text
    assert pabulib.mistakes(spoilt.encode()) != []


def test_ballots_are_the_same_in_all_formats(published: PublishedRound, round_: Round) -> None:
    contest, ballots = counting.read_pb(io.BytesIO(content(published, f"{CITY}.pb")))
    lines = ballots.published_lines(contest.ids)
    listed = json.loads(content(published, f"{CITY}-ballots.json"))["ballots"]
    table = rows(published, f"{CITY}-ballots.csv")

    assert len(lines) == 80
    assert [",".join(ranking) for ranking in listed] == lines
    assert [",".join(filter(None, list(row.values())[1:])) for row in table] == lines
    expected = sorted(
        ",".join(f"0-{number + 1}" for number in ranking) for ranking in decided.rankings(80, 4)
    )
    assert sorted(lines) == expected


def test_ballots_are_numbered_after_they_were_sorted_and_say_nothing_else(
    published: PublishedRound,
) -> None:
    section = content(published, f"{CITY}.pb").decode().partition("VOTES\n")[2].splitlines()

    assert section[0] == "voter_id;vote"
    votes = [line.split(";") for line in section[1:]]
    assert [number for number, _ in votes] == [str(n) for n in range(1, 81)]
    assert [vote for _, vote in votes] == sorted(vote for _, vote in votes)


# --- few ballots -------------------------------------------------------------------------------


def test_below_fifty_ballots_only_the_table_is_published(
    published: PublishedRound, client: BrowserLikeClient
) -> None:
    names = sorted(name for name in manifest_of(published) if name.startswith(LOCAL))

    assert names == [
        f"{LOCAL}-count.json",
        f"{LOCAL}-projects.csv",
        f"{LOCAL}-ranks.csv",
        f"{LOCAL}-ranks.json",
        f"{LOCAL}-ranks.txt",
        f"{LOCAL}.json",
    ]
    archive = zipfile.ZipFile(io.BytesIO(content(published, "budget-2025.zip")))
    assert sorted(name for name in archive.namelist() if name.startswith(LOCAL)) == names


def test_below_fifty_ballots_no_file_and_no_page_holds_a_ballot_or_its_hash(
    published: PublishedRound, client: BrowserLikeClient
) -> None:
    count = certified_counts(published.round_id)[1]
    contest = count.contest
    assert contest.ref == LOCAL
    refs = [option.ref for option in contest.options]
    ballots = [[refs[n] for n in ranking] for ranking in decided.rankings(49, 6, seed=2)]
    longer = [ranking for ranking in ballots if len(ranking) > 1]
    traces = {count.ballots_sha256, count.document_sha256}
    traces |= {joined.join(ranking) for ranking in longer for joined in (",", ";")}
    funded = json.loads(count.document)["funded"]
    traces |= {canonical_json(ranking) for ranking in longer if ranking != funded}

    texts = [content(published, name) for name in manifest_of(published) if LOCAL in name]
    address = f"/rounds/budget-2025?contest={LOCAL}"
    texts += [client.get(url).get_data() for url in (address, "/rounds/budget-2025")]
    texts += [client.get(f"/rounds/budget-2025/contests/{LOCAL}").get_data()]
    for text in texts:
        assert [trace for trace in traces if trace.encode() in text] == []


def test_exactly_fifty_ballots_are_published(app: object, eli: User, ewa: User) -> None:
    round_ = decided.decided_round(city=50)
    publication = decided.publish(round_, certified_by=eli, by=ewa)

    assert len(rows(publication, f"{CITY}-ballots.csv")) == 50


def test_a_contest_in_which_nobody_voted_is_published_too(
    app: object, client: BrowserLikeClient, eli: User, ewa: User, tmp_path: Path
) -> None:
    round_ = decided.decided_round(city=0)
    publication = decided.publish(round_, certified_by=eli, by=ewa)
    document = json.loads(content(publication, f"{CITY}.json"))

    assert (
        winners(content(publication, f"{CITY}-ranks.txt"), tmp_path)
        == (document["count"]["funded"])
    )
    assert client.get("/rounds/budget-2025").status_code == 200
    assert client.get(f"/rounds/budget-2025/contests/{CITY}").status_code == 200


# --- the files around ----------------------------------------------------------------------------


def test_every_column_is_explained(published: PublishedRound) -> None:
    explained = {(row["file"], row["column"]) for row in rows(published, "columns.csv")}
    spelled = {(file, name.strip()) for file, names in explained for name in names.split(",")} | {
        ("CONTEST-ballots.csv", f"rank_{rank}") for rank in (1, 2, 3)
    }
    for name in manifest_of(published):
        if not name.startswith((CITY, LOCAL)):
            continue
        kind = name.replace(CITY, "CONTEST").replace(LOCAL, "CONTEST")
        for column in columns_of(name, content(published, name)):
            assert (kind, column) in spelled, (name, column)


def columns_of(name: str, file: bytes) -> list[str]:
    text = file.decode()
    if name.endswith(".csv"):
        return next(csv.reader(io.StringIO(text)))
    if name.endswith(".json"):
        return list(json.loads(text))
    sections = ["PROJECTS", "VOTES"] if name.endswith(".pb") else ["RANKS"]
    found = []
    for section in sections:
        header = text.partition(f"\n{section}\n")[2].splitlines()[0]
        found += [f"{section} / {column}" for column in header.split(";")]
    return found


def test_the_columns_of_results_in_json_are_those_of_the_table(published: PublishedRound) -> None:
    document = json.loads(content(published, f"{CITY}.json"))
    table = set(rows(published, f"{CITY}-projects.csv")[0])

    extra = {"id", "proposal", "equal_points", "tie_decides"}
    assert set(document["results"][0]) == (table - {"project_id"}) | extra


def test_a_title_that_a_spreadsheet_would_run_is_defused(
    round_: Round, eli: User, ewa: User
) -> None:
    option = contests_of(round_.id)[0].options[0]
    option.title = "=HYPERLINK(1)"
    option.category = "@parks"
    database.session.commit()
    publication = decided.publish(round_, certified_by=eli, by=ewa)

    titles = {row["title"]: row["category"] for row in rows(publication, f"{CITY}-projects.csv")}
    assert titles["'=HYPERLINK(1)"] == "'@parks"


def test_a_title_with_semicolons_quotes_and_blanks_stays_in_its_cell(
    round_: Round, eli: User, ewa: User, tmp_path: Path
) -> None:
    option = contests_of(round_.id)[0].options[0]
    option.title = 'A "green; wall", 5 m  high'
    database.session.commit()
    publication = decided.publish(round_, certified_by=eli, by=ewa)
    file = content(publication, f"{CITY}.pb")

    assert pabulib.mistakes(file) == []
    assert len(winners(file, tmp_path)) > 0


def test_the_manifest_lists_every_file_with_its_hash(published: PublishedRound) -> None:
    manifest = manifest_of(published)

    assert {
        "README.txt",
        "columns.csv",
        "recount.py",
        "recount_seats.py",
        "budget-2025.zip",
    } <= set(manifest)
    for name, digest in manifest.items():
        assert hashlib.sha256(content(published, name)).hexdigest() == digest
    own = hashlib.sha256(content(published, "SHA256SUMS")).hexdigest()
    assert own == published.manifest_sha256


def test_the_archive_holds_the_same_bytes(published: PublishedRound) -> None:
    archive = zipfile.ZipFile(io.BytesIO(content(published, "budget-2025.zip")))
    manifest = manifest_of(published)

    assert set(archive.namelist()) == set(manifest) - {"budget-2025.zip"}
    for name in archive.namelist():
        assert hashlib.sha256(archive.read(name)).hexdigest() == manifest[name]


def test_the_published_programs_are_those_that_counted(published: PublishedRound) -> None:
    for program in ("recount.py", "recount_seats.py"):
        assert content(published, program) == (ROOT / program).read_bytes()


# --- over HTTP -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        (f"{CITY}.pb", "text/plain; charset=utf-8"),
        (f"{CITY}-ballots.csv", "text/csv; charset=utf-8"),
        (f"{CITY}.json", "application/json"),
        ("recount.py", "text/x-python; charset=utf-8"),
        ("SHA256SUMS", "text/plain; charset=utf-8"),
        ("budget-2025.zip", "application/zip"),
    ],
)
def test_a_download_says_what_it_is(
    published: PublishedRound, client: BrowserLikeClient, name: str, kind: str
) -> None:
    answer = client.get(f"/rounds/budget-2025/data/{name}")

    assert answer.headers["Content-Type"] == kind
    assert answer.headers["Content-Disposition"] == f'attachment; filename="{name}"'
    assert answer.headers["Cache-Control"] == "no-cache"
    assert answer.get_data() == content(published, name)
    again = client.get(
        f"/rounds/budget-2025/data/{name}", headers={"If-None-Match": answer.headers["ETag"]}
    )
    assert (again.status_code, again.get_data()) == (304, b"")


def test_under_an_address_with_its_mark_a_file_may_be_kept_for_ever(
    published: PublishedRound, client: BrowserLikeClient
) -> None:
    mark = manifest_of(published)["README.txt"][:10]
    address = "/rounds/budget-2025/data/README.txt"

    assert "immutable" in client.get(f"{address}?v={mark}").headers["Cache-Control"]
    assert "immutable" not in client.get(f"{address}?v=wrong").headers["Cache-Control"]


def test_there_is_nothing_to_download_before_publication(
    round_: Round, eli: User, client: BrowserLikeClient
) -> None:
    decided.certify(round_, eli)

    assert publication_of(round_.id) is None
    for name in (f"{CITY}.pb", f"{CITY}.json", "SHA256SUMS", "recount.py", "budget-2025.zip"):
        assert client.get(f"/rounds/budget-2025/data/{name}").status_code == 404


@pytest.mark.parametrize("name", ["no-such-file", "..%2f..%2fsecrets.json", "%00", "a" * 300])
def test_other_names_lead_nowhere(
    published: PublishedRound, client: BrowserLikeClient, name: str
) -> None:
    assert client.get(f"/rounds/budget-2025/data/{name}").status_code == 404


def test_two_publications_of_the_same_ballots_have_the_same_files(
    app: object, eli: User, ewa: User
) -> None:
    files = []
    for ref in ("one", "two"):
        round_ = decided.decided_round(ref)
        round_.name = "The same name"
        publication = decided.publish(round_, certified_by=eli, by=ewa)
        files.append(content(publication, f"{ref}-city.pb"))

    assert files[0] == files[1]
    assert clock.now() is not None
    assert database.session.query(Contest).count() == 2


def test_the_pabulib_file_names_the_language_of_its_titles(
    round_: Round, eli: User, ewa: User
) -> None:
    round_.language = "pl"
    publication = decided.publish(round_, certified_by=eli, by=ewa)

    assert "\nlanguage;pl\n" in content(publication, f"{CITY}.pb").decode()
    assert pabulib.mistakes(content(publication, f"{CITY}.pb")) == []
