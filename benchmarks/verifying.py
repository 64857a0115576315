"""Checking a ballot log of a million leaves: `recount.py verify` beside the bare hashes.

`python -m benchmarks.verifying` writes a bundle of a million leaves, two thousand heads and, as an
auditor gets it, all openings, and checks it in a fresh process with and without the openings. The
yardstick, taken in between in the same run, is a process that does nothing but the SHA-256 of every
leaf and node of such a tree. Told are CPU time as a ratio to the yardstick, medians of repeated
runs with the least and the most, and the peak of memory.
"""

import hashlib
import io
import json
import os
import random
import statistics
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from benchmarks.measuring import ROOT
from recount import Tree, canonical, commitment

LEAVES, HEADS, OPTIONS, RANKS = 1_000_000, 2_000, 60, 3
RUNS = 3
CONTEST = "city-2026"
SALT = "b7" * 32
# At the most so many times the bare hashes, and so many megabytes.
TARGETS = {"public": (20.0, 300), "auditor": (50.0, 800)}
CITY = Ed25519PrivateKey.from_private_bytes(bytes(32))
BARE = f"""
from hashlib import sha256
leaf = b"\\x00" + bytes(32)
node = b"\\x01" + bytes(64)
for _ in range({LEAVES}):
    sha256(leaf).digest()
    sha256(node).digest()
"""


class Run(NamedTuple):
    """What one process took."""

    seconds: float
    megabytes: float


def main() -> int:
    with tempfile.TemporaryDirectory() as folder:
        bundles = {"public": Path(folder, "public.zip"), "auditor": Path(folder, "auditor.zip")}
        # In a process of its own: the kernel counts a parent's memory as a child's peak, too.
        writer = [sys.executable, "-m", "benchmarks.verifying", *map(str, bundles.values())]
        subprocess.run(writer, cwd=ROOT, check=True)
        bare: list[Run] = []
        runs: dict[str, list[Run]] = {name: [] for name in bundles}
        for _ in range(RUNS):
            bare.append(run([sys.executable, "-c", BARE]))
            for name, path in bundles.items():
                runs[name].append(run([sys.executable, "recount.py", "verify", str(path)]))
    reached = [tell(name, taken, bare) for name, taken in runs.items()]
    return 0 if all(reached) else 1


def tell(name: str, runs: Sequence[Run], bare: Sequence[Run]) -> bool:
    most_times, most_megabytes = TARGETS[name]
    ratios = [one.seconds / other.seconds for one, other in zip(runs, bare, strict=True)]
    ratio, memory = statistics.median(ratios), statistics.median(one.megabytes for one in runs)
    seconds = statistics.median(one.seconds for one in runs)
    print(
        f"{name} bundle of {LEAVES:,} leaves, {HEADS:,} heads: {ratio:.1f} times the bare hashes "
        f"({min(ratios):.1f} to {max(ratios):.1f}; target {most_times:.0f}), "
        f"{seconds:.1f} s of CPU time, {memory:.0f} MB (target {most_megabytes})",
        flush=True,
    )
    return ratio <= most_times and memory <= most_megabytes


def run(command: Sequence[str]) -> Run:
    process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise SystemExit(f"{' '.join(command[:3])} ended with {process.returncode}")
    return Run(usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024)


# A log in which all is right


def write_bundles(public: Path, auditor: Path) -> None:
    manifest = manifest_of()
    named = hashlib.sha256(canonical(manifest)).hexdigest()
    openings, leaves = [], []
    for opening in drawn_openings(named):
        leaves.append(commitment(CONTEST, named, opening["ranking"], opening["salt"]))
        openings.append(opening)
    heads = list(heads_of(leaves, named))
    final = heads[-1]["document"]
    closing = {
        "ballots": fingerprint_of(openings),
        "contest": CONTEST,
        "counted": LEAVES,
        "format": "common-purse/closing/1",
        "manifest": named,
        "paper": 0,
        "root": final["root"],
        "roll_marks": LEAVES,
        "size": LEAVES,
        "superseded": [],
        "withdrawn": [],
    }
    files = {
        "manifests.json": as_json([signed("manifest", manifest)]),
        "heads.json": as_json(heads),
        "leaves.txt": "".join(f"{leaf}\n" for leaf in leaves),
        "closing.json": as_json(signed("closing", closing)),
        "ballots.pb": pb_of(manifest, openings),
        "ballots.json": as_json(
            {"contest": CONTEST, "format": "common-purse/ballots/1", "salt": SALT}
        ),
    }
    write(public, files)
    opened = {"contest": CONTEST, "format": "common-purse/openings/1", "openings": openings}
    write(auditor, {**files, "openings.json": as_json(opened)})


def fingerprint_of(openings: Sequence[dict[str, Any]]) -> str:
    lines = sorted(",".join(opening["ranking"]) + "\n" for opening in openings)
    sealed = b"common-purse/ballots/1\n" + bytes.fromhex(SALT) + "".join(lines).encode()
    return hashlib.sha256(sealed).hexdigest()


def manifest_of() -> dict[str, Any]:
    options = [
        {
            "cost_minor": 1_000_000 + 100 * at,
            "number": at,
            "ref": f"p-{at}",
            "tie_position": at,
            "title": f"Proposal {at}",
        }
        for at in range(OPTIONS)
    ]
    public = CITY.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
    return {
        "ballot_kind": "ranked",
        "budget_minor": 10_000_000,
        "contest": CONTEST,
        "currency": "EUR",
        "format": "common-purse/manifest/1",
        "log_key": public.hex(),
        "max_length": RANKS,
        "min_length": 1,
        "number": 1,
        "objection_days": 0,
        "openings": "auditors",
        "options": options,
        "rankings_from": 50,
        "rule": "points-by-rank",
        "rule_parameters": {},
        "rule_version": "1",
        "seats": None,
        "tie_order": "",
        "title": "The whole city",
        "withdrawn": [],
    }


def drawn_openings(named: str) -> Iterator[dict[str, Any]]:
    lot = random.Random(1)
    for position in range(LEAVES):
        ranking = [f"p-{at}" for at in lot.sample(range(OPTIONS), RANKS)]
        salt = lot.randbytes(32).hex()
        yield {"manifest": named, "position": position, "ranking": ranking, "salt": salt}


def heads_of(leaves: Sequence[str], named: str) -> Iterator[dict[str, Any]]:
    tree = Tree()
    for leaf in leaves:
        tree.append(bytes.fromhex(leaf))
        if tree.size % (LEAVES // HEADS) == 0:
            head = {
                "contest": CONTEST,
                "final": tree.size == LEAVES,
                "format": "common-purse/head/1",
                "manifest": named,
                "root": tree.root(),
                "signed_at": "2026-05-12T08:30Z",
                "size": tree.size,
            }
            yield signed("head", head)


def pb_of(manifest: dict[str, Any], openings: Sequence[dict[str, Any]]) -> str:
    text = io.StringIO()
    budget = manifest["budget_minor"] // 100
    ties = ",".join(f'""{option["ref"]}""' for option in manifest["options"])
    text.write(f"META\nkey;value\nbudget;{budget}\nvote_type;ordinal\nrule;greedy-custom\n")
    text.write(f'comment;"#1: common-purse points-by-rank 1 {{""tie_order"":[{ties}]}}"\n')
    text.write("PROJECTS\nproject_id;cost;name\n")
    for option in manifest["options"]:
        text.write(f"{option['ref']};{option['cost_minor'] // 100};{option['title']}\n")
    text.write("VOTES\nvoter_id;vote\n")
    votes = sorted(",".join(opening["ranking"]) for opening in openings)
    text.writelines(f"{number};{vote}\n" for number, vote in enumerate(votes, start=1))
    return text.getvalue()


def signed(kind: str, document: dict[str, Any]) -> dict[str, Any]:
    said = f"common-purse/{kind}/1\n".encode() + canonical(document)
    return {"document": document, "signature": CITY.sign(said).hex()}


def as_json(value: Any) -> str:
    return json.dumps(value, separators=(",", ":"))


def write(path: Path, files: dict[str, str]) -> None:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as bundle:
        for name, text in files.items():
            bundle.writestr(name, text)


if __name__ == "__main__":
    if sys.argv[1:]:
        write_bundles(*map(Path, sys.argv[1:]))
    else:
        sys.exit(main())
