"""Copy the few scripts of other people that pages load, and record what they are.

Every copied file's version and SHA-256 stand in static/vendor/manifest.json; a test compares
them with the files, so that a changed byte is noticed. Beside each stands a compressed twin,
which the server sends to browsers that take it. Developers run this after `npm ci`; nobody
else needs Node.

Usage: npm ci && python scripts/vendor.py [node_modules]
"""

from __future__ import annotations

import gzip
import hashlib
import json
import shutil
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
TARGET = ROOT / "static" / "vendor"

# package, file in the package, its licence text there, name of the copy
PARTS = [
    ("htmx.org", "dist/htmx.min.js", "LICENSE", "htmx.min.js"),
    ("sortablejs", "Sortable.min.js", "LICENSE", "sortable.min.js"),
]


def main() -> int:
    """Copy each part with its licence and write the manifest."""
    modules = Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT / "node_modules"
    TARGET.mkdir(parents=True, exist_ok=True)
    manifest = {}
    for package, source, licence, name in PARTS:
        home = modules / package
        shutil.copyfile(home / source, TARGET / name)
        shutil.copyfile(home / licence, TARGET / f"{name.removesuffix('.min.js')}-LICENSE.txt")
        (TARGET / f"{name}.gz").write_bytes(gzip.compress((TARGET / name).read_bytes(), mtime=0))
        about = json.loads((home / "package.json").read_text(encoding="utf-8"))
        manifest[name] = {
            "package": package,
            "version": about["version"],
            "licence": about["license"],
            "sha256": hashlib.sha256((TARGET / name).read_bytes()).hexdigest(),
        }
    text = json.dumps(manifest, indent=2, sort_keys=True) + "\n"
    (TARGET / "manifest.json").write_text(text, encoding="utf-8")
    print("\n".join(f"{name} {entry['version']}" for name, entry in manifest.items()))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
