"""The shape that every room shares, read off the source: who may import what, and how long.

The import contracts of pyproject.toml hold between packages; what they cannot say is said here.
"""

import ast
import sys
import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PACKAGES: list[str] = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"][
    "root_packages"
]
ROOMS = [package for package in PACKAGES if package not in {"app", "core"}]
LOOSE = ["config.py", "wsgi.py", "recount.py", "recount_seats.py"]

ABOVE_SERVICES = {"blueprint", "routes", "admin", "cli", "jobs"}
LAYERS = ABOVE_SERVICES | {
    "services", "notifications", "search", "exports", "permissions", "queries", "forms", "models",
}  # fmt: skip
# The second counts are one file each so that one download and one reading are enough.
# Every setting stands in one place, with its check.
LONGEST = {"recount.py": 3000, "recount_seats.py": 650, "config.py": 400}
# What tells a lower room of things here, as search and notifications tell the ground.
BRIDGES = {"proposals/discussions.py"}
# Nouns that need a secret or a folder that the settings name, and ask the application for it.
KEEPERS = {
    "voting/link_keys.py", "voting/log_keys.py", "accounts/person_keys.py", "accounts/code_app.py",
}  # fmt: skip
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


@cache
def parsed(file: Path) -> ast.Module:
    return ast.parse(file.read_text())


def imports_of(file: Path) -> Iterator[str]:
    """Dotted names that a file imports: `flask.request` for `from flask import request`."""
    for node in ast.walk(parsed(file)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def calls_of(file: Path) -> Iterator[str]:
    """Dotted names that a file calls, such as `db.session.commit`."""
    for node in ast.walk(parsed(file)):
        if isinstance(node, ast.Call):
            yield ast.unparse(node.func)


def test_a_file_is_one_thing_and_a_function_one_screen() -> None:
    long = [
        f"{name_of(file)} has {lines} lines"
        for file in sources()
        if (lines := file.read_text().count("\n")) > LONGEST.get(name_of(file), 300)
    ]
    long += [
        f"{name_of(file)}: {node.name} has {node.end_lineno - node.lineno + 1} lines"
        for file in sources()
        for node in ast.walk(parsed(file))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and node.end_lineno is not None
        and node.end_lineno - node.lineno >= 50
    ]
    assert long == []


def test_every_module_says_what_it_is_for_and_is_no_drawer() -> None:
    silent = [name_of(file) for file in sources() if not ast.get_docstring(parsed(file))]
    drawers = [
        name_of(file)
        for file in sources()
        if DRAWERS & {part.removesuffix(".py") for part in file.relative_to(ROOT).parts}
    ]
    assert (silent, drawers) == ([], [])


def test_templates_are_at_most_150_lines() -> None:
    lengths = {
        name_of(file): len(file.read_text().splitlines())
        for file in sorted((ROOT / "templates").rglob("*.*"))
    }
    assert {name: length for name, length in lengths.items() if length > 150} == {}


def test_below_routes_nobody_knows_the_request_the_session_user_or_the_time() -> None:
    hidden = {"flask.request", "flask.session", "flask.g", "flask_login.current_user"}
    asks = {"clock.now", "datetime.now", "datetime.utcnow", "date.today", "time.time"}
    # A form is made by a route from a request: it may ask what the route may ask.
    told = [file for file in below_routes() if layer_of(file) != "forms"]
    knowing = {
        name_of(file): found
        for file in told
        if (found := hidden & set(imports_of(file)) | asks & set(calls_of(file)))
    }
    assert knowing == {}, "Time and actor are arguments (at=, by=)."


def test_only_routes_staff_screens_commands_and_jobs_commit() -> None:
    committing = [
        name_of(file)
        for file in below_routes()
        if any(call.endswith("session.commit") for call in calls_of(file))
    ]
    assert committing == []


def test_pure_nouns_know_neither_flask_nor_the_database() -> None:
    impure = {"flask", "flask_login", "flask_sqlalchemy", "sqlalchemy", "wtforms", "flask_wtf"}
    acting = ABOVE_SERVICES | {"services"}
    nouns = [
        file
        for file in below_routes()
        if layer_of(file) not in LAYERS
        and file.name != "__init__.py"
        and name_of(file) not in KEEPERS | BRIDGES
    ]
    knowing = [
        f"{name_of(file)} imports {name}"
        for file in nouns
        for name in imports_of(file)
        if (words := name.split("."))[0] in impure
        or (words[0] in ROOMS and acting & set(words[1:2]))
    ]
    assert knowing == []


def test_counting_needs_numpy_and_the_standard_library_alone() -> None:
    allowed = {"numpy", *sys.stdlib_module_names}
    foreign = {
        f"{name_of(file)} imports {name}"
        for file in sorted((ROOT / "voting" / "counting").rglob("*.py"))
        for name in imports_of(file)
        if name.split(".")[0] not in allowed and not name.startswith("voting.counting")
    }
    assert foreign == set()


def test_the_second_counts_need_the_standard_library_alone() -> None:
    for program in ("recount.py", "recount_seats.py"):
        imported = {name.split(".")[0] for name in imports_of(ROOT / program)}

        assert imported <= sys.stdlib_module_names, program


def test_only_the_ground_and_the_roof_read_the_settings_file() -> None:
    readers = {
        name_of(file)
        for file in sources()
        if any(name == "config" or name.startswith("config.") for name in imports_of(file))
    }
    assert {name for name in readers if not name.startswith(("app/", "core/"))} == set()


def test_nothing_imports_the_servers_entry_or_the_second_counts() -> None:
    importers = {
        name_of(file)
        for file in [*sources(), *(ROOT / "migrations").rglob("*.py")]
        for name in imports_of(file)
        if name.split(".")[0] in {"wsgi", "recount", "recount_seats"}
    }
    assert importers == set()


def test_the_servers_entry_only_makes_the_application() -> None:
    assert set(imports_of(ROOT / "wsgi.py")) == {"app.start"}


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
