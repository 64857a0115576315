"""Running `recount.py verify` on a log, in this process, and reading what it says."""

import json
import tempfile
from contextlib import redirect_stderr, redirect_stdout
from io import BytesIO, StringIO, TextIOWrapper
from pathlib import Path
from typing import Any, NamedTuple

import recount
from tests.recount.logs import Log, write_bundle


class Said(NamedTuple):
    code: int
    text: str
    error: str

    @property
    def wrong(self) -> list[str]:
        return self.under("WRONG")

    @property
    def unknown(self) -> list[str]:
        return self.under("not checked")

    @property
    def right(self) -> list[str]:
        return self.under("right")

    def under(self, word: str) -> list[str]:
        lines = self.text.splitlines()
        return [line.removeprefix(word).strip() for line in lines if line.startswith(word)]


def verify(log: Log | dict[str, bytes] | None, *arguments: str, **files: Any) -> Said:
    """What is said of a log, with files such as `receipt={…}` or `heads=b"…"` beside it."""
    with tempfile.TemporaryDirectory() as folder:
        given = ["verify", *arguments]
        if log is not None:
            contents = log.files() if isinstance(log, Log) else log
            given.append(str(write_bundle(Path(folder, "bundle.zip"), contents)))
        for name, content in files.items():
            raw = content if isinstance(content, bytes) else json.dumps(content).encode()
            path = Path(folder, f"{name}.json")
            path.write_bytes(raw)
            given += [f"--{name}", str(path)]
        said = run(given)
        return Said(said.code, said.text.replace(folder, ""), said.error.replace(folder, ""))


def run(arguments: list[str]) -> Said:
    out, error = TextIOWrapper(BytesIO(), encoding="utf-8", write_through=True), StringIO()
    with redirect_stdout(out), redirect_stderr(error):
        try:
            code = recount.main(arguments)
        except SystemExit as end:
            code = int(str(end.code))
    out.seek(0)
    return Said(code, out.read(), error.getvalue())
