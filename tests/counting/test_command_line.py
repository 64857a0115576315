"""Both programs at the command line, as a stranger runs them."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.counting.elections import ROOT, SMALL

ENGINE = ["-m", "voting.counting", "count"]
RECOUNT = [str(ROOT / "recount.py")]
ALONE = """
import sys
class Block:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in BLOCKED:
            raise ImportError(name + " is not here")
sys.meta_path.insert(0, Block())
"""
both = pytest.mark.parametrize("program", [ENGINE, RECOUNT], ids=["engine", "recount"])


def run(
    program: list[str], *arguments: str | Path, **environment: str
) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, *program, *map(str, arguments)],
        cwd=ROOT, capture_output=True, encoding="utf-8", timeout=60, check=False,
        env={**os.environ, **environment},
    )  # fmt: skip


def complete(text: str) -> str:
    """The small vote with all that its format wants to be said, so that nobody is warned."""
    text = text.replace("vote\n", "vote\ncountry;Worldwide\nunit;A town\ninstance;2026\n", 1)
    text = text.replace("rule;greedy\n", "rule;greedy\ndate_begin;2026\ndate_end;2026\n")
    text = text.replace("cost;name", "cost;votes;name;selected").replace(
        "70;A park", "70;3;A park;1"
    )
    return text.replace("60;A bridge", "60;2;A bridge;0").replace("30;Some benches", "30;0;B;1")


@pytest.fixture
def vote(tmp_path: Path) -> Path:
    path = tmp_path / "vote.pb"
    text = complete(SMALL).replace("A park", "Łąka nad Wisłą \x1b[2J")
    path.write_text(text, encoding="utf-8")
    return path


def test_what_was_tolerated_is_said_on_standard_error_once(vote: Path) -> None:
    text = vote.read_text(encoding="utf-8").replace("park,bridge", "park, bridge")
    vote.write_text(text.replace("bridge,park", "bridge ,park").replace("num_votes;3\n", ""))
    done = run(ENGINE, "--winners", vote)
    assert (done.returncode, done.stdout) == (0, "park\nbenches\n")
    assert done.stderr.splitlines() == [
        f"{vote}: warning: Line 22: Blanks around the commas of a list are passed over. (2 times)",
        f"{vote}: warning: META does not say: num_votes.",
    ]


@both
def test_winners_are_printed_one_a_line_and_nothing_else(program: list[str], vote: Path) -> None:
    for before, after in (["--winners"], []), ([], ["--winners", "--rule", "greedy"]):
        done = run(program, *before, vote, *after)
        assert (done.returncode, done.stderr, done.stdout) == (0, "", "park\nbenches\n")


@both
def test_the_account_can_be_read(program: list[str], vote: Path) -> None:
    done = run(program, "--rule=points-by-rank", vote, PYTHONIOENCODING="ascii", LC_ALL="C")
    assert done.returncode == 0
    assert "A small vote" in done.stdout
    assert "Łąka nad Wisłą" in done.stdout
    assert "\x1b" not in done.stdout, "a name must not move the reader's cursor"


@both
def test_help_lists_the_rules(program: list[str]) -> None:
    done = run(program, "--help")
    assert done.returncode == 0
    assert "points-by-rank" in done.stdout
    assert "greedy" in done.stdout


@both
@pytest.mark.parametrize(
    "arguments",
    [
        [],
        ["no-such-file.pb"],
        ["."],
        ["--frobnicate", "vote.pb"],
        ["one.pb", "two.pb"],
        ["--rule"],
        ["VOTE", "--rule", "by-beauty"],
        ["VOTE", "--rule", "sortition"],
    ],
)
def test_what_cannot_be_done_is_one_sentence(
    program: list[str], arguments: list[str], vote: Path
) -> None:
    done = run(program, *[str(vote) if word == "VOTE" else word for word in arguments])
    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (2, "", 1)
    assert "Traceback" not in done.stderr
    if "sortition" in arguments:
        assert "greedy" in done.stderr, "the rules that are known are named"


@both
def test_a_reader_who_has_seen_enough_is_no_error(program: list[str], tmp_path: Path) -> None:
    names = "".join(f"p{n};1;{'x' * 500}\n" for n in range(2000))
    head = SMALL.split("park;70")[0].replace("num_projects;3", "num_projects;2000")
    path = tmp_path / "vote.pb"
    path.write_text(f"{head}{names}VOTES\nvoter_id;vote\n1;p1\n2;p2\n3;p3\n", encoding="utf-8")
    command = [sys.executable, *program, str(path)]
    with subprocess.Popen(
        command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as running:
        assert running.stdout is not None
        assert running.stderr is not None
        running.stdout.readline()
        running.stdout.close()
        assert running.wait(60) == 0
        assert b"Traceback" not in running.stderr.read()


def test_the_engine_counts_where_no_web_framework_is_installed(vote: Path) -> None:
    blocked = {"flask", "werkzeug", "jinja2", "sqlalchemy", "core", "config", "app", "pydantic"}
    code = f"BLOCKED = {blocked}\n{ALONE}\nfrom voting.counting.__main__ import main\nmain()"
    done = run(["-c", code, "count", "--winners"], vote)
    assert (done.stdout, done.stderr) == ("park\nbenches\n", "")


def test_the_recount_needs_nothing_but_python(vote: Path, tmp_path: Path) -> None:
    copy = tmp_path / "recount.py"
    copy.write_bytes((ROOT / "recount.py").read_bytes())
    done = run(["-I", "-S", str(copy)], vote, "--winners")
    assert (done.stdout, done.stderr) == ("park\nbenches\n", "")


def test_the_engine_prints_the_document_that_is_published(vote: Path) -> None:
    done = run(ENGINE, "--json", vote)
    assert json.loads(done.stdout)["funded"] == ["park", "benches"]
