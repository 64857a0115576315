"""PrefLib's files of orders (preflib.org): .soc and .soi strict, .toc and .toi with equal ranks.

    # TITLE: A jury
    # NUMBER ALTERNATIVES: 3
    # NUMBER VOTERS: 5
    # ALTERNATIVE NAME 1: Adam
    # ALTERNATIVE NAME 2: Basil
    # ALTERNATIVE NAME 3: Charlotte
    4: 1,3
    1: 2,{1,3}

Candidates get the numbers of the alternatives as ids. The files say nothing of seats or of a lot.
"""

import re
from collections.abc import Iterator

from voting.counting.errors import CountingError, MalformedFile, at_line
from voting.counting.seats.blt import Source, text_of
from voting.counting.seats.papers import Paper, Papers
from voting.counting.seats.race import Candidate, Race

_META = re.compile(r"#\s*([A-Z ]+?)\s*([0-9]*)\s*:(.*)")
_ORDER = re.compile(r"([0-9]{1,9})\s*:\s*(.*)")
_RANK = re.compile(r"\s*(?:\{([^{}]*)\}|([^{},]+))\s*(?:,|$)")


def read_preflib(source: Source, seats: int = 1) -> tuple[Race, Papers]:
    """The race and the papers of a file of orders, given by path or as open bytes.

    Raises MalformedFile, or OSError when there is no such file.
    """
    lines = list(enumerate(map(str.strip, text_of(source).split("\n")), 1))
    meta, names = _read_meta(lines)
    if not names:
        raise MalformedFile(
            "The file has no lines '# ALTERNATIVE NAME 1: ...'; "
            "files of PrefLib's older form must be converted first.",
            1,
        )
    number = {ref: place for place, ref in enumerate(names)}
    marks = list(_read_orders(lines, number))
    _check(meta, "NUMBER ALTERNATIVES", len(names), "alternatives")
    _check(meta, "NUMBER VOTERS", sum(copies for _, copies in marks), "voters")
    with at_line(1):
        candidates = [Candidate(ref, name) for ref, name in names.items()]
        race = Race.build(meta.get("TITLE", ("", 0))[0], candidates, seats)
    return race, Papers.of_marks(marks)


def write_preflib(race: Race, papers: Papers, file_name: str = "") -> tuple[str, str]:
    """The file's extension ("soc", "soi", "toc" or "toi") and its text.

    Refuses what the format cannot say: withdrawn candidates, blank papers, skipped and repeated
    ranks. A BLT file can.
    """
    marked = sorted(papers, key=lambda each: (-each[1], each[0]))
    if race.withdrawn or not all(map(_can_be_written, (paper for paper, _ in marked))):
        raise CountingError(
            "A PrefLib file has no place for withdrawn candidates, blank papers or skipped and "
            "repeated ranks; write a BLT file instead."
        )
    everybody = len(race.candidates)
    is_strict = all(len(rank) == 1 for paper, _ in marked for rank in paper)
    is_complete = all(sum(map(len, paper)) == everybody for paper, _ in marked)
    kind = ("so" if is_strict else "to") + ("c" if is_complete else "i")
    meta = {
        "FILE NAME": f"{file_name}.{kind}" if file_name else "",
        "TITLE": _one_line(race.title),
        "DATA TYPE": kind,
        "MODIFICATION TYPE": "original",
        "NUMBER ALTERNATIVES": str(everybody),
        "NUMBER VOTERS": str(len(papers)),
        "NUMBER UNIQUE ORDERS": str(len(marked)),
    }
    for place, candidate in enumerate(race.candidates, 1):
        meta[f"ALTERNATIVE NAME {place}"] = _one_line(candidate.name or candidate.id)
    lines = [f"# {key}: {value}".rstrip() for key, value in meta.items()]
    lines += [f"{copies}: {','.join(map(_rank, paper))}" for paper, copies in marked]
    return kind, "".join(f"{line}\n" for line in lines)


Meta = dict[str, tuple[str, int]]


def _read_meta(lines: list[tuple[int, str]]) -> tuple[Meta, dict[str, str]]:
    """What the lines with # say, each with its line, and the names by alternative."""
    meta: Meta = {}
    names: dict[str, str] = {}
    for line, text in lines:
        found = _META.fullmatch(text)
        if found is None:
            continue
        key, alternative, value = found[1], found[2], found[3].strip()
        if key != "ALTERNATIVE NAME":
            meta.setdefault(key, (value, line))
        elif not alternative or alternative in names:
            raise MalformedFile("An ALTERNATIVE NAME must have a number, each its own.", line)
        else:
            names[alternative] = value
    return meta, names


def _read_orders(
    lines: list[tuple[int, str]], number: dict[str, int]
) -> Iterator[tuple[Paper, int]]:
    for line, text in lines:
        if not text or text.startswith("#"):
            continue
        found = _ORDER.fullmatch(text)
        if found is None:
            raise MalformedFile(
                f"Here stands {text[:20]!r} where a line such as '12: 1,3' should be.", line
            )
        yield tuple(_ranks(found[2], number, line)), int(found[1])


def _ranks(text: str, number: dict[str, int], line: int) -> Iterator[tuple[int, ...]]:
    place, seen = 0, set()
    while place < len(text):
        found = _RANK.match(text, place)
        if found is None:
            raise MalformedFile(
                "The order is not well formed; look at its commas and braces.", line
            )
        place = found.end()
        refs = [ref.strip() for ref in (found[1] or found[2] or "").split(",")]
        for ref in refs:
            if ref not in number:
                raise MalformedFile(f"The order names {ref[:20]!r}, which has no name above.", line)
            if ref in seen:
                raise MalformedFile(f"The order names {ref} twice.", line)
            seen.add(ref)
        yield tuple(number[ref] for ref in refs)


def _check(meta: Meta, key: str, counted: int, what: str) -> None:
    if key in meta and meta[key][0] != str(counted):
        value, line = meta[key]
        raise MalformedFile(f"{key} is {value[:20]!r}, but the file has {counted} {what}.", line)


def _can_be_written(paper: Paper) -> bool:
    named = [number for rank in paper for number in rank]
    return len(paper) > 0 and all(paper) and len(set(named)) == len(named)


def _rank(rank: tuple[int, ...]) -> str:
    numbers = ",".join(str(number + 1) for number in rank)
    return numbers if len(rank) == 1 else f"{{{numbers}}}"


def _one_line(text: str) -> str:
    return " ".join(text.split())
