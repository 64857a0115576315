"""A newcomer types `make demo`: the city is built once, kept, served, and stops when told to."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("demo")]

ROOT = Path(__file__).resolve().parents[2]
PATIENCE = 120


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A demonstration that was built once, by the command itself."""
    path = tmp_path_factory.mktemp("demo") / "city"
    built = demo(path, "--only-build")
    assert built.returncode == 0, built.stderr
    assert "Every contest has the winners that the city declared." in built.stdout
    return path


def test_the_second_start_builds_nothing_and_says_who_may_sign_in(folder: Path) -> None:
    again = demo(folder, "--only-build")
    assert again.returncode == 0
    assert "Importing" not in again.stdout
    assert "amara@example.org" in again.stdout
    assert "Voting is open until" in again.stdout
    assert "/vote#CRKW-2728-VTNW-PRJX" in again.stdout


def test_the_published_round_and_the_open_papers_are_served_until_it_is_told_to_stop(
    folder: Path,
) -> None:
    with served(folder) as (address, process):
        assert b"Krak" in read(f"{address}/rounds/krakow-2024")
        home = read(address).decode()
        assert "Podgórze" in home
        assert "Sign in and vote" in home
        tram = read(f"{address}/rounds/a-name-for-a-tram-made-up").decode()
        assert "13 people have papers" in tram
        made_up = read(f"{address}/rounds/small-squares-2023-made-up").decode()
        assert "nobody voted in it" in made_up
        path = "small-squares-2023-made-up/contests/small-squares-2023-made-up-small-squares"
        squares = read(f"{address}/rounds/{path}").decode()
        assert "District by district" in squares
        assert "Other districts" in squares
        process.send_signal(signal.SIGTERM)
        assert process.wait(timeout=30) == 0


def test_a_journalist_who_types_what_the_guide_says_finds_the_log_right(
    folder: Path, tmp_path: Path
) -> None:
    shutil.copy(ROOT / "recount.py", tmp_path)
    with served(folder) as (address, _):
        said = typed(guide_commands().replace("http://127.0.0.1:8000", address), tmp_path)
        assert said.returncode == 0, said.stdout + said.stderr
        city = "Ida, auditor: opens sealed ballots"
        assert city in read(f"{address}/login").decode()

    assert "of 100 leaves 10 were superseded" in said.stdout
    assert "4 stored heads, all of them still in the log" in said.stdout
    assert "its ballots are those that the closing record binds" in said.stdout
    assert "checks: nothing is wrong." in said.stdout
    assert "Ławki z oparciem" in said.stdout


def test_a_ballot_that_is_bent_in_that_log_is_found(folder: Path, tmp_path: Path) -> None:
    shutil.copy(ROOT / "recount.py", tmp_path)
    with served(folder) as (address, _):
        typed(guide_commands().replace("http://127.0.0.1:8000", address), tmp_path)
    ballots = tmp_path / "benches" / "ballots.pb"
    *lines, last = ballots.read_text().splitlines()
    voter, vote = last.split(";")
    other = "1" if vote != "1" else "2"
    ballots.write_text("\n".join([*lines, f"{voter};{other}", ""]))

    typed("cd benches && python3 -m zipfile -c ../bent.zip *", tmp_path)
    said = typed("python3 recount.py verify bent.zip", tmp_path)

    assert said.returncode == 1
    assert "its ballots are not those that the closing record binds" in said.stdout


def guide_commands() -> str:
    """The first commands of docs/auditing.md, which are about the demonstration."""
    part = (ROOT / "docs" / "auditing.md").read_text().partition("## Try it")[2]
    lines = part.partition("\n## ")[0].splitlines()
    return "\n".join(line[4:] for line in lines if line.startswith("    "))


def typed(commands: str, folder: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["bash", "-euc", commands],
        cwd=folder,
        env={**os.environ, "PYTHONUTF8": "1"},
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=False,
    )


def test_it_says_when_the_thirty_days_have_passed(folder: Path) -> None:
    ready = folder / "ready"
    kept = ready.read_text()
    ready.write_text("2020-01-31T20:00:00+00:00")
    try:
        assert "closed on 31 January 2020" in demo(folder, "--only-build").stdout
    finally:
        ready.write_text(kept)


def test_a_busy_port_is_one_sentence_and_a_failure(folder: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        answer = demo(folder, PORT=str(port))
    assert answer.returncode != 0
    assert str(port) in answer.stderr
    assert len(answer.stderr.strip().splitlines()) == 1


@pytest.mark.parametrize("port", ["abc", "70000", "٨٠٠٠"])
def test_a_port_that_is_none_is_one_sentence_and_a_failure(folder: Path, port: str) -> None:
    answer = demo(folder, PORT=port)
    assert answer.returncode != 0
    assert answer.stderr.startswith("PORT must be a number")


def test_a_folder_with_something_else_in_it_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "diary.txt").write_text("mine")
    answer = demo(tmp_path, "--fresh", "--only-build")
    assert answer.returncode != 0
    assert (tmp_path / "diary.txt").read_text() == "mine"


def environment(folder: Path, **more: str) -> dict[str, str]:
    plain = {name: value for name, value in os.environ.items() if name in {"PATH", "HOME", "LANG"}}
    return {**plain, "INSTANCE_DIR": str(folder), "PYTHONDONTWRITEBYTECODE": "1", **more}


def demo(folder: Path, *arguments: str, **more: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "app.demo", *arguments]
    return subprocess.run(
        command,
        cwd=ROOT,
        env=environment(folder, **more),
        capture_output=True,
        text=True,
        timeout=PATIENCE * 3,
        check=False,
    )


@contextmanager
def served(folder: Path) -> Iterator[tuple[str, subprocess.Popen[bytes]]]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    process = subprocess.Popen(
        [sys.executable, "-m", "app.demo"],
        cwd=ROOT,
        env=environment(folder, PORT=str(port)),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    address = f"http://127.0.0.1:{port}"
    try:
        wait_for(f"{address}/health")
        yield address, process
    finally:
        process.kill()
        process.wait()


def wait_for(address: str) -> None:
    """Returns once the address answers; a server that never does fails the test."""
    ends = time.monotonic() + PATIENCE
    while time.monotonic() < ends:
        try:
            read(address)
        except OSError:
            time.sleep(0.2)
        else:
            return
    raise AssertionError(f"{address} did not answer within {PATIENCE} seconds.")


def read(address: str) -> bytes:
    with urllib.request.urlopen(address, timeout=PATIENCE) as answer:
        body: bytes = answer.read()
    return body
