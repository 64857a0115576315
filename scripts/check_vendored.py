"""Checks that the vendored scripts are, byte for byte, what their manifest says they are."""

import gzip
import hashlib
import json
import sys
from pathlib import Path

FOLDER = Path(__file__).resolve().parents[1] / "static" / "vendor"


def main() -> int:
    """Prints one line per mistake; 0 where there is none."""
    manifest: dict[str, dict[str, str]] = json.loads((FOLDER / "manifest.json").read_text())
    present = {file.name for file in FOLDER.iterdir() if not is_paper(file)}
    mistakes = [f"{name} is not in the manifest" for name in sorted(present - set(manifest))]
    for name, entry in sorted(manifest.items()):
        if name not in present:
            mistakes.append(f"{name} is in the manifest and not in static/vendor")
        elif hashlib.sha256((FOLDER / name).read_bytes()).hexdigest() != entry["sha256"]:
            mistakes.append(f"{name} is not the file of the manifest")
        twin = FOLDER / f"{name}.gz"
        if twin.exists() and gzip.decompress(twin.read_bytes()) != (FOLDER / name).read_bytes():
            mistakes.append(f"{twin.name} does not hold what {name} holds")
        mistakes += [
            f"the manifest does not say the {word} of {name}"
            for word in ("package", "version", "licence")
            if not entry.get(word)
        ]
    for mistake in mistakes:
        print(mistake)
    return 1 if mistakes else 0


def is_paper(file: Path) -> bool:
    """The manifest itself and the licences; a compressed twin is checked beside its file."""
    return file.name == "manifest.json" or file.name.endswith(("LICENSE.txt", ".gz"))


if __name__ == "__main__":
    sys.exit(main())
