"""Copy published elections for the tests, with nothing of a voter but the vote.

    python -m scripts.copy_election TARGET FILE...

Each FILE is a `.pb` or `.pb.gz`. Of the section VOTES only the columns vote and points are kept;
the votes are sorted by what they say and numbered afresh, so that neither age nor order tells who
cast them. The other sections are copied as they are. The copy is the same bytes each time.
"""

import csv
import gzip
import io
import sys
from pathlib import Path

KEPT = ("vote", "points")


def main(arguments: list[str]) -> int:
    """Copy each file; the exit code is 2 when the command cannot be understood."""
    if len(arguments) < 2:
        print("Usage: python -m scripts.copy_election TARGET FILE...", file=sys.stderr)
        return 2
    target, *files = map(Path, arguments)
    target.mkdir(parents=True, exist_ok=True)
    for file in files:
        data = file.read_bytes()
        text = (gzip.decompress(data) if file.suffix == ".gz" else data).decode("utf-8-sig")
        copy = target / f"{file.name.removesuffix('.gz').removesuffix('.pb')}.pb.gz"
        copy.write_bytes(gzip.compress(without_voters(text).encode(), 9, mtime=0))
    return 0


def without_voters(text: str) -> str:
    """The same election with nothing of its voters but their votes."""
    head, title, votes = text.replace("\r\n", "\n").partition("\nVOTES\n")
    if not title:
        raise ValueError("The file has no section VOTES.")
    header, *rows = csv.reader(io.StringIO(votes), delimiter=";")
    places = [header.index(column) for column in KEPT if column in header]
    kept = sorted([row[place] for place in places] for row in rows if any(row))
    written = io.StringIO()
    writer = csv.writer(written, delimiter=";", lineterminator="\n")
    writer.writerow(["voter_id", *(header[place] for place in places)])
    writer.writerows([number, *row] for number, row in enumerate(kept, 1))
    return f"{head}{title}{written.getvalue()}"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
