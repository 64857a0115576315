"""One run for `benchmarks.registers`: read a register in, enter it on the roll, print what it took.

Memory is the peak of this process, in megabytes, above what it holds before it opens the file.
"""

import json
import sys
import time
from pathlib import Path

import flask_migrate
from sqlalchemy import insert

from app import create_app
from benchmarks.counting_by_us import peak_memory
from benchmarks.measuring import ROOT
from config import Settings
from core import clock
from core.database import db
from districts.models import District
from voting.models import RegisterImport
from voting.services.register_entry import enter_register
from voting.services.registers import read_in


def main() -> None:
    database_url, file, folder, districts = sys.argv[1:]
    app = create_app(
        Settings(
            instance_dir=Path(folder), database_url=database_url, mail_backend="locmem",
            jobs="worker",
        )
    )  # fmt: skip
    with app.app_context():
        flask_migrate.upgrade(directory=str(ROOT / "migrations"))
        numbers = range(int(districts))
        rows = [{"ref": f"d{n}", "name": f"District {n}", "position": n} for n in numbers]
        db.session.execute(insert(District), rows)
        db.session.commit()
        idle = peak_memory()
        begun = time.perf_counter()
        read = _read(Path(file))
        read_at, memory_to_read = time.perf_counter(), peak_memory() - idle
        _enter(read)
        outcome = {
            "read": read_at - begun,
            "enter": time.perf_counter() - read_at,
            "memory to read": memory_to_read,
            "memory": peak_memory() - idle,
            "people": read.people,
        }
    print(json.dumps(outcome))


def _read(file: Path) -> RegisterImport:
    with file.open("rb") as opened:
        read = read_in(opened, voting_age=16, by=None, at=clock.now())
    db.session.commit()
    return read


def _enter(read: RegisterImport) -> None:
    enter_register(read, take_off=True, by=None, at=clock.now())
    db.session.commit()


if __name__ == "__main__":
    main()
