"""The scripts: each says in a sentence what is missing, and each check is seen to find it."""

import json
import os
import shutil
import subprocess
from pathlib import Path

import pytest

from scripts import check_requirements, check_vendored
from tests.harness.server import ROOT


def run_on_a_bare_machine(
    script: str, folder: Path, **commands: str
) -> "subprocess.CompletedProcess[str]":
    """Runs a script where only bash and the given commands are installed."""
    for name in ("bash", "env", "dirname"):
        (folder / name).symlink_to(shutil.which(name) or name)
    for name, body in commands.items():
        file = folder / name
        file.write_text(f"#!{shutil.which('bash')}\n{body}\n")
        file.chmod(0o755)
    return subprocess.run(
        [str(ROOT / "scripts" / script), str(folder / "environment")],
        env={**os.environ, "PATH": str(folder)},
        capture_output=True,
        text=True,
        check=False,
    )


def test_without_python_the_newcomer_reads_one_sentence(tmp_path: Path) -> None:
    answer = run_on_a_bare_machine("make-environment", tmp_path)

    assert answer.returncode == 1
    assert "needs Python 3.11 or newer" in answer.stderr
    assert len(answer.stderr.splitlines()) == 1


def test_an_old_python_is_not_taken(tmp_path: Path) -> None:
    answer = run_on_a_bare_machine("make-environment", tmp_path, python3="exit 1")

    assert answer.returncode == 1
    assert "needs Python 3.11 or newer" in answer.stderr


def test_without_venv_the_newcomer_reads_the_line_to_type(tmp_path: Path) -> None:
    python = 'case "$2" in *ensurepip*) exit 1;; *"-venv"*) echo python3.11-venv;; esac'
    answer = run_on_a_bare_machine("make-environment", tmp_path, python3=python, id="echo 1000")

    assert (answer.returncode, answer.stdout) == (1, "")
    assert answer.stderr.strip().endswith("Type: sudo apt install python3.11-venv")


def test_without_venv_root_gets_it_from_debian(tmp_path: Path) -> None:
    python = 'case "$*" in *ensurepip*) exit 1;; *"-venv"*) echo python3.11-venv;; esac'
    apt = f'echo "$@" >> {tmp_path}/asked'
    commands = {"python3": python, "id": "echo 0", "apt-get": apt}
    answer = run_on_a_bare_machine("make-environment", tmp_path, **commands)

    assert answer.returncode == 0, answer.stderr
    asked = (tmp_path / "asked").read_text().splitlines()
    assert asked[0].endswith("update")
    assert asked[1].endswith("python3.11-venv")


@pytest.fixture
def lists(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the lists of requirements that the check reads."""
    shutil.copytree(ROOT / "requirements", tmp_path / "requirements")
    monkeypatch.setattr(check_requirements, "ROOT", tmp_path)
    monkeypatch.setattr(check_requirements, "FOLDER", tmp_path / "requirements")
    return tmp_path / "requirements"


def test_the_lists_are_in_order(lists: Path) -> None:
    assert check_requirements.main() == 0


@pytest.mark.parametrize(
    ("name", "line", "complaint"),
    [
        ("runtime.txt", "--index-url https://example.org/simple", "names a host"),
        ("runtime.in", "left-pad==1.0.0", "asks for left-pad"),
        ("runtime.txt", "left-pad==1.0.0 \\\n    --hash=sha256:00", "pins left-pad nowhere"),
        ("dev.txt", "left-pad==1.0.0", "without a hash"),
    ],
)
def test_a_list_out_of_order_is_noticed(
    lists: Path, capsys: pytest.CaptureFixture[str], name: str, line: str, complaint: str
) -> None:
    file = lists / name
    file.write_text(f"{file.read_text()}\n{line}\n")

    assert check_requirements.main() == 1
    assert complaint in capsys.readouterr().out


@pytest.fixture
def vendored(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the vendored files that the check reads."""
    folder = shutil.copytree(ROOT / "static" / "vendor", tmp_path / "vendor")
    monkeypatch.setattr(check_vendored, "FOLDER", folder)
    return folder


def test_the_vendored_files_are_those_of_the_manifest(vendored: Path) -> None:
    assert check_vendored.main() == 0


def test_a_changed_vendored_file_is_noticed(vendored: Path) -> None:
    name = next(iter(json.loads((vendored / "manifest.json").read_text())))
    with (vendored / name).open("ab") as file:
        file.write(b"\n")

    assert check_vendored.main() == 1


def test_a_vendored_file_that_the_manifest_does_not_know_is_noticed(vendored: Path) -> None:
    (vendored / "extra.min.js").write_text("1")

    assert check_vendored.main() == 1
