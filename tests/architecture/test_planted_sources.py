"""Each rule that is read off the source is shown a file that breaks it, and has to find it."""

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.architecture import test_shape as shape
from tests.architecture import test_texts as texts

DOC = '"""What it is for."""\n\n'
LONG_FUNCTION = "def long() -> None:\n" + "    print()\n" * 50
VIOLATIONS = [
    (shape.test_a_file_is_one_thing_and_a_function_one_screen, "forums/rules.py", "x = 1\n" * 301),
    (shape.test_a_file_is_one_thing_and_a_function_one_screen, "forums/rules.py", LONG_FUNCTION),
    (shape.test_every_module_says_what_it_is_for_and_is_no_drawer, "core/utils.py", "x = 1\n"),
    (shape.test_templates_are_at_most_150_lines, "templates/x.html", "<p>\n" * 151),
    (
        shape.test_below_routes_nobody_knows_the_request_the_session_user_or_the_time,
        "forums/services/posts.py",
        "from flask import request\n",
    ),
    (
        shape.test_below_routes_nobody_knows_the_request_the_session_user_or_the_time,
        "forums/queries.py",
        "from core import clock\n\nnow = clock.now()\n",
    ),
    (
        shape.test_only_routes_staff_screens_commands_and_jobs_commit,
        "voting/services/rolls.py",
        "from core.database import db\n\ndb.session.commit()\n",
    ),
    (
        shape.test_pure_nouns_know_neither_flask_nor_the_database,
        "budgets/calendar.py",
        "from sqlalchemy import select\n",
    ),
    (
        shape.test_counting_needs_numpy_and_the_standard_library_alone,
        "voting/counting/rules.py",
        "import pandas\n",
    ),
    (
        shape.test_the_second_counts_need_the_standard_library_alone,
        "recount.py",
        "import numpy\n",
    ),
    (
        shape.test_the_second_counts_need_the_standard_library_alone,
        "recount_seats.py",
        "import voting\n",
    ),
    (
        shape.test_only_the_ground_and_the_roof_read_the_settings_file,
        "forums/routes/threads.py",
        "from config import Settings\n",
    ),
    (
        shape.test_nothing_imports_the_servers_entry_or_the_second_counts,
        "voting/exports.py",
        "import recount\n",
    ),
    (
        shape.test_nothing_imports_the_servers_entry_or_the_second_counts,
        "voting/seat_exports.py",
        "import recount_seats\n",
    ),
    (shape.test_the_servers_entry_only_makes_the_application, "wsgi.py", "import os\n"),
    (
        shape.test_only_one_module_speaks_to_the_library_that_reads_htmx_headers,
        "forums/routes/threads.py",
        "from htmx_flask import request\n",
    ),
    (shape.test_only_one_module_cleans_text, "forums/services/posts.py", "import nh3\n"),
    (shape.test_only_one_module_writes_csv, "transparency/exports.py", "import csv\n"),
    (
        texts.test_no_refusal_says_a_bare_sentence,
        "voting/permissions/rolls.py",
        'from core.refusals import Refusal\n\nNO = Refusal("no", 403, "You may not.")\n',
    ),
]


@pytest.fixture
def house(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A house with hardly anything in it, which keeps all rules."""
    put(tmp_path, "wsgi.py", "from app import start\n")
    put(tmp_path, "recount.py", "import json\n")
    put(tmp_path, "recount_seats.py", "import json\n")
    put(tmp_path, "core/htmx.py", "from htmx_flask import Htmx\n")
    put(tmp_path, "core/text.py", "import nh3\n")
    put(tmp_path, "templates/base.html", "<p>\n")
    monkeypatch.setattr(shape, "ROOT", tmp_path)
    return tmp_path


def put(root: Path, name: str, source: str) -> None:
    file = root / name
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(DOC + source if name.endswith(".py") else source)


@pytest.mark.parametrize(("rule", "name", "source"), VIOLATIONS)
def test_a_planted_file_is_found(
    house: Path, rule: Callable[[], None], name: str, source: str
) -> None:
    rule()
    shape.parsed.cache_clear()
    put(house, name, source)

    with pytest.raises(AssertionError):
        rule()


def test_every_rule_has_a_planted_file() -> None:
    rules = {value for name, value in vars(shape).items() if name.startswith("test_")}

    assert rules <= {rule for rule, _, _ in VIOLATIONS}
