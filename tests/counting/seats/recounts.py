"""Races as files, and what `recount_seats.py` makes of them."""

import contextlib
import io
import tempfile
from pathlib import Path

import recount_seats


def run(text: str, *options: str) -> tuple[int, str, str]:
    """Exit code, standard output and standard error for a file with this text."""
    with tempfile.TemporaryDirectory(prefix="races-") as folder:
        path = Path(folder) / "race.blt"
        path.write_text(text, encoding="utf-8")
        return run_file(path, *options)


def run_file(path: Path, *options: str) -> tuple[int, str, str]:
    out, refusal = io.TextIOWrapper(io.BytesIO(), encoding="utf-8"), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(refusal):
        try:
            code = recount_seats.main([str(path), *options])
        except SystemExit as end:
            code = int(end.code or 0)
    out.flush()
    return code, out.buffer.getvalue().decode(), refusal.getvalue()


def chosen(text: str, *options: str) -> list[str]:
    code, out, refusal = run(text, "--winners", *options)
    assert code == 0, refusal
    return out.split()


def recounted(text: str, rule: str, tie_order: str, given: dict[str, str]) -> recount_seats.Result:
    """The whole recount of a file with this text."""
    with tempfile.TemporaryDirectory(prefix="races-") as folder:
        path = Path(folder) / "race.blt"
        path.write_text(text, encoding="utf-8")
        race = recount_seats.read_race(str(path))
    race = race._replace(luck=recount_seats.luck_of(race, tie_order))
    return recount_seats.count(race, rule, given)
