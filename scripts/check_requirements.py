"""Checks the lists of what we install: pinned with hashes, in agreement, and naming no host."""

import re
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
FOLDER = ROOT / "requirements"
LISTS = ("runtime", "dev", "peers")
PINNED = re.compile(r"^([a-z0-9][a-z0-9._-]*)==(\S+)", re.MULTILINE)
WANTED = re.compile(r"^([A-Za-z0-9][A-Za-z0-9._-]*)(?:\[[^\]]*\])?(?:==(\S+))?\s*$", re.MULTILINE)
HOST = re.compile(r"(?<!\"url\": \"https)://|--(?:extra-)?index-url|--find-links|--trusted-host")


def main() -> int:
    """Prints one line per mistake; 0 where there is none."""
    lists = [*sorted(FOLDER.iterdir()), *ROOT.glob("package-lock.json"), *ROOT.glob(".npmrc")]
    mistakes = [line for file in lists for line in hosts_in(file)]
    for name in LISTS:
        mistakes += disagreements(name)
    runtime, development = pins("runtime"), pins("dev")
    mistakes += [
        f"dev.txt pins {package} {development.get(package, 'nowhere')}, runtime.txt {version}"
        for package, version in runtime.items()
        if development.get(package) != version
    ]
    mistakes += [f"{package} is pinned without a hash" for package in unhashed()]
    for mistake in mistakes:
        print(mistake)
    if mistakes:
        print("`make lock` writes the lists anew.")
    return 1 if mistakes else 0


def hosts_in(file: Path) -> list[str]:
    return [
        f"{file.name}, line {number}, names a host"
        for number, line in enumerate(file.read_text().splitlines(), 1)
        if HOST.search(line)
    ]


def disagreements(name: str) -> list[str]:
    """What the written list asks for and the compiled list does not pin."""
    pinned = pins(name)
    return [
        f"{name}.in asks for {package} {version or 'in some version'}, "
        f"{name}.txt pins {pinned.get(plain(package), 'none')}"
        for package, version in WANTED.findall((FOLDER / f"{name}.in").read_text())
        if plain(package) not in pinned or (version and pinned[plain(package)] != version)
    ]


def pins(name: str) -> dict[str, str]:
    return dict(PINNED.findall((FOLDER / f"{name}.txt").read_text()))


def unhashed() -> list[str]:
    """Packages of either list that are pinned without a hash."""
    entries = re.split(r"\n(?=\S)", "\n".join((FOLDER / f"{n}.txt").read_text() for n in LISTS))
    return [
        entry.split()[0] for entry in entries if "==" in entry and "--hash=sha256:" not in entry
    ]


def plain(package: str) -> str:
    """A package's name as compiled lists write it."""
    return re.sub(r"[-_.]+", "-", package).lower()


if __name__ == "__main__":
    sys.exit(main())
