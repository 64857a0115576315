"""Each import contract of pyproject.toml is seen to fail: a rule that nothing can break is none.

The contracts are tried on a doll's house: the same rooms with hardly anything in them. That the
real house keeps them is what `make check` sees to.
"""

import os
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SETTINGS = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]

# Contract, module that breaks it, what that module says.
VIOLATIONS = [
    ("floors", "core.text", "from districts import models"),
    ("floors", "budgets.services", "from accounts import models"),
    ("floors", "accounts.services", "from budgets import models"),
    ("floors", "proposals.services", "from voting import queries"),
    ("floors", "transparency.services", "import app"),
    ("front-desk", "voting.services", "from proposals import forms"),
    ("front-desk", "engagement.services", "from forums.routes import posts"),
    ("front-desk", "transparency.services", "from voting.admin import contests"),
    ("inside-a-room", "forums.models", "from forums import services"),
    ("inside-a-room", "voting.queries", "from voting import permissions"),
    ("inside-a-room", "districts.services", "from districts.routes import districts"),
    ("pure-counting", "voting.counting.rules", "import flask"),
    ("pure-counting", "voting.counting.rules", "from sqlalchemy import select"),
    ("pure-counting", "voting.counting.rules", "from core import text"),
    ("pure-counting", "voting.counting.rules", "from voting import models"),
    ("loose-modules", "transparency.services", "import recount"),
    ("loose-modules", "app", "import wsgi"),
    ("settings", "forums.services", "from config import Settings"),
]


@pytest.fixture
def dolls_house(tmp_path: Path) -> Path:
    """Every room with one empty module a layer, and the contracts of the real house."""
    for room in SETTINGS["root_packages"]:
        write(tmp_path, f"{room}.__init__", "")
        for layer in ("services", "permissions", "queries", "forms", "models"):
            write(tmp_path, f"{room}.{layer}", "")
        for desk in ("routes", "admin"):
            write(tmp_path, f"{room}.{desk}.__init__", "")
            for noun in ("posts", "contests", "districts"):
                write(tmp_path, f"{room}.{desk}.{noun}", "")
        write(tmp_path, f"{room}.blueprint", f"from {room}.routes import posts")
    write(tmp_path, "core.text", "")
    write(tmp_path, "core.database", "from config import Settings")
    write(tmp_path, "forums.forms", "from core import forms")
    write(tmp_path, "forums.routes.threads", "from core.forms import Form")
    write(tmp_path, "voting.counting.__init__", "")
    write(tmp_path, "voting.counting.rules", "import numpy")
    write(tmp_path, "app.rooms", "from forums import blueprint")
    (tmp_path / "pyproject.toml").write_text((ROOT / "pyproject.toml").read_text())
    return tmp_path


@pytest.mark.slow
def test_the_contracts_allow_a_house_that_is_in_order(dolls_house: Path) -> None:
    assert broken_contracts(dolls_house) == []


@pytest.mark.slow
@pytest.mark.parametrize(("contract", "module", "line"), VIOLATIONS)
def test_a_planted_import_breaks_its_contract_and_no_other(
    dolls_house: Path, contract: str, module: str, line: str
) -> None:
    write(dolls_house, f"{module}.__init__" if module == "app" else module, line)

    assert broken_contracts(dolls_house) == [contract]


def test_every_contract_has_a_planted_violation() -> None:
    contracts = {contract["id"] for contract in SETTINGS["contracts"]}

    assert contracts == {contract for contract, _, _ in VIOLATIONS}


def test_every_folder_with_python_at_the_top_stands_on_a_floor() -> None:
    houses = {init.parent.name for init in ROOT.glob("*/__init__.py")}

    assert houses - {"tests", "benchmarks", "scripts"} == set(SETTINGS["root_packages"])


def write(root: Path, module: str, text: str) -> None:
    file = root.joinpath(*module.split(".")).with_suffix(".py")
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(f"{text}\n")


def broken_contracts(house: Path) -> list[str]:
    """The ids of the contracts that the import-linter calls broken."""
    answer = subprocess.run(
        [Path(sys.executable).with_name("lint-imports"), "--no-cache"],
        cwd=house,
        env={**os.environ, "PYTHONPATH": str(house), "COLUMNS": "200"},
        capture_output=True,
        text=True,
        check=False,
    )
    verdicts = re.findall(r"^(.+?) (KEPT|BROKEN)(?: \(.*\))?$", answer.stdout, re.MULTILINE)
    assert len(verdicts) == len(SETTINGS["contracts"]), answer.stdout + answer.stderr
    names = {contract["name"]: contract["id"] for contract in SETTINGS["contracts"]}
    return [names[name] for name, verdict in verdicts if verdict == "BROKEN"]
