"""The shape that every room shares, read off the source: who may import what, and how long.

The import contracts of pyproject.toml hold between packages; what they cannot say is said here.
"""

import ast
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PACKAGES: list[str] = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"][
    "root_packages"
]
ROOMS = [package for package in PACKAGES if package not in {"app", "core"}]
LOOSE = ["config.py", "wsgi.py", "recount.py"]

ABOVE_SERVICES = {"blueprint", "routes", "admin", "cli", "jobs"}
LAYERS = ABOVE_SERVICES | {
    "services", "notifications", "search", "exports", "permissions", "queries", "forms", "models",
}  # fmt: skip
# The second count is one file so that one download and one reading are enough.
LONGEST = {"recount.py": 400}
# Nouns that need a secret or a folder that the settings name, and ask the application for it.
KEEPERS = {"voting/link_keys.py", "accounts/person_keys.py"}
DRAWERS = {"utils", "util", "helpers", "helper", "common", "misc", "manager", "managers", "lib"}


def sources() -> list[Path]:
    """Every Python file of the product."""
    files = [file for package in PACKAGES for file in sorted((ROOT / package).rglob("*.py"))]
    return files + [ROOT / name for name in LOOSE if (ROOT / name).exists()]


def below_routes() -> list[Path]:
    """The files of the rooms that act or read without knowing of a request."""
    return [
        file
        for room in ROOMS
        for file in sorted((ROOT / room).rglob("*.py"))
        if layer_of(file) not in ABOVE_SERVICES and "counting" not in file.parts
    ]


def layer_of(file: Path) -> str:
    """The word after the room: `services` for districts/services.py and voting/services/x.py."""
    return file.relative_to(ROOT).parts[1].removesuffix(".py")


def name_of(file: Path) -> str:
    return str(file.relative_to(ROOT))


def imports_of(file: Path) -> Iterator[str]:
    """Dotted names that a file imports: `flask.request` for `from flask import request`."""
    for node in ast.walk(ast.parse(file.read_text())):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def calls_of(file: Path) -> Iterator[str]:
    """Dotted names that a file calls, such as `db.session.commit`."""
    for node in ast.walk(ast.parse(file.read_text())):
        if isinstance(node, ast.Call):
            yield ast.unparse(node.func)


@pytest.mark.parametrize("file", sources(), ids=name_of)
def test_a_file_is_one_thing_and_a_function_one_screen(file: Path) -> None:
    text = file.read_text()
    lines, longest = text.count("\n"), LONGEST.get(name_of(file), 300)
    assert lines <= longest, "A file this long is a folder in waiting."
    long = [
        f"{node.name}: {node.end_lineno - node.lineno + 1} lines"
        for node in ast.walk(ast.parse(text))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and node.end_lineno is not None
        and node.end_lineno - node.lineno >= 50
    ]
    assert not long, f"Longer than a screen: {long}"


@pytest.mark.parametrize("file", sources(), ids=name_of)
def test_every_module_says_what_it_is_for_and_is_no_drawer(file: Path) -> None:
    assert ast.get_docstring(ast.parse(file.read_text())), "The module does not say what it is for."
    drawers = DRAWERS & {part.removesuffix(".py") for part in file.relative_to(ROOT).parts}
    assert not drawers, "A thing is named for what it is."


def test_templates_are_at_most_150_lines() -> None:
    lengths = {
        name_of(file): len(file.read_text().splitlines())
        for file in sorted((ROOT / "templates").rglob("*.*"))
    }
    assert {name: length for name, length in lengths.items() if length > 150} == {}


@pytest.mark.parametrize("file", below_routes(), ids=name_of)
def test_below_routes_nobody_knows_the_request_the_session_user_or_the_time(file: Path) -> None:
    hidden = {"flask.request", "flask.session", "flask.g", "flask_login.current_user"}
    asks = {"clock.now", "datetime.now", "datetime.utcnow", "date.today", "time.time"}
    if layer_of(file) == "forms":
        return  # A form is made by a route from a request: it may ask what the route may ask.
    assert not hidden & set(imports_of(file)), "Time and actor are arguments (at=, by=)."
    assert not asks & set(calls_of(file)), "Time is an argument (at=)."


@pytest.mark.parametrize("file", below_routes(), ids=name_of)
def test_only_routes_staff_screens_commands_and_jobs_commit(file: Path) -> None:
    commits = [call for call in calls_of(file) if call.endswith("session.commit")]

    assert commits == []


@pytest.mark.parametrize("file", below_routes(), ids=name_of)
def test_pure_nouns_know_neither_flask_nor_the_database(file: Path) -> None:
    if layer_of(file) in LAYERS or file.name == "__init__.py" or name_of(file) in KEEPERS:
        return
    impure = {"flask", "flask_login", "flask_sqlalchemy", "sqlalchemy", "wtforms", "flask_wtf"}
    acting = ABOVE_SERVICES | {"services"}
    names = [name.split(".") for name in imports_of(file)]

    assert not impure & {words[0] for words in names}
    assert not [words for words in names if words[0] in ROOMS and acting & set(words[1:2])]


def test_counting_needs_numpy_and_the_standard_library_alone() -> None:
    allowed = {"numpy", *sys.stdlib_module_names}
    foreign = {
        f"{name_of(file)} imports {name}"
        for file in sorted((ROOT / "voting" / "counting").rglob("*.py"))
        for name in imports_of(file)
        if name.split(".")[0] not in allowed and not name.startswith("voting.counting")
    }
    assert foreign == set()


def test_the_second_count_needs_the_standard_library_alone() -> None:
    imported = {name.split(".")[0] for name in imports_of(ROOT / "recount.py")}

    assert imported <= sys.stdlib_module_names


def test_only_the_ground_and_the_roof_read_the_settings_file() -> None:
    readers = {
        name_of(file)
        for file in sources()
        if any(name == "config" or name.startswith("config.") for name in imports_of(file))
    }
    assert {name for name in readers if not name.startswith(("app/", "core/"))} == set()


def test_nothing_imports_the_servers_entry_or_the_second_count() -> None:
    importers = {
        name_of(file)
        for file in [*sources(), *(ROOT / "migrations").rglob("*.py")]
        for name in imports_of(file)
        if name.split(".")[0] in {"wsgi", "recount"}
    }
    assert importers == set()


def test_the_servers_entry_only_makes_the_application() -> None:
    assert set(imports_of(ROOT / "wsgi.py")) == {"app.create_app"}


def test_only_one_module_speaks_to_the_library_that_reads_htmx_headers() -> None:
    speakers = {
        name_of(file)
        for file in sources()
        if any(name.split(".")[0] == "htmx_flask" for name in imports_of(file))
    }
    assert speakers == {"core/htmx.py"}


def test_only_one_module_cleans_text() -> None:
    cleaners = {
        name_of(file)
        for file in sources()
        if {name.split(".")[0] for name in imports_of(file)} & {"bleach", "nh3", "markdown_it"}
    }
    assert cleaners == {"core/text.py"}


def test_only_one_module_writes_csv() -> None:
    writers = {name_of(file) for file in sources() if "csv" in set(imports_of(file))}

    assert writers <= {"core/csvfile.py", "recount.py"} | {
        name for name in writers if name.startswith("voting/counting/")
    }
