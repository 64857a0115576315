"""BLT files, in which races for seats are exchanged: reading them, and saying what is wrong.

    4 2                     four candidates, two seats
    -2                      the second has withdrawn
    3 1 3 4 0               three papers: 1, then 3, then 4
    1 4 1=3 0               one paper: 4, then 1 and 3 at the same rank
    2 1 - 2 0               two papers on which the second rank was left out
    0                       the end of the papers
    "Adam" "Basil" "Charlotte" "Donald"
    "The title"

The format is from Hill, Wichmann and Woodall, "Algorithm 123", The Computer Journal 30 (1987);
equal and skipped ranks and comments after # are OpenSTV's. Line ends do not matter but for papers,
each of which must end on the line it begins on. Candidates get their numbers as ids.
"""

import re
from collections.abc import Iterator
from os import PathLike
from pathlib import Path
from typing import BinaryIO, NamedTuple

from voting.counting.errors import MalformedFile, at_line
from voting.counting.seats.papers import Paper, Papers
from voting.counting.seats.race import Candidate, Race

Source = str | PathLike[str] | BinaryIO

_TOKEN = re.compile(r'\s*(?:(#.*)|"((?:\\.|[^"\\])*)"|([^\s"#]+))')
_ESCAPE = re.compile(r'\\(["\\])')
_NUMBER = re.compile(r"[0-9]{1,9}")


class Token(NamedTuple):
    """A word of the file; `quoted` texts are names and titles."""

    text: str
    line: int
    quoted: bool


def read_blt(source: Source) -> tuple[Race, Papers]:
    """The race and the papers of a BLT file, given by path or as open bytes.

    Raises MalformedFile, or OSError when there is no such file.
    """
    tokens = _Tokens(text_of(source))
    number = tokens.number("the number of candidates")
    seats = tokens.number("the number of seats")
    withdrawn = list(_withdrawn(tokens, number))
    marks = list(_papers(tokens, number))
    names = [tokens.word(f"the name of candidate {place}") for place in range(1, number + 1)]
    title = tokens.word("the title") if tokens.next else ""
    tokens.end()
    with at_line(1):
        candidates = [Candidate(str(place), name) for place, name in enumerate(names, 1)]
        race = Race.build(title, candidates, seats, withdrawn=withdrawn)
    return race, Papers.of_marks(marks)


def write_blt(race: Race, papers: Papers) -> str:
    """The BLT file of a race, the same for the same papers in any order.

    Its form has no place for ids and for the lot: whoever reads it must be told the lot.
    """
    lines = [f"{len(race.candidates)} {race.seats}"]
    if race.withdrawn:
        lines.append(" ".join(f"-{race.ids.index(ref) + 1}" for ref in race.withdrawn))
    marked = sorted(papers, key=lambda each: (-each[1], each[0]))
    lines += [" ".join([str(copies), *map(_rank, paper), "0"]) for paper, copies in marked]
    names = [candidate.name or candidate.id for candidate in race.candidates]
    lines += ["0", *map(_quote, names), _quote(race.title)]
    return "".join(f"{line}\n" for line in lines)


def text_of(source: Source) -> str:
    """The file's text, without a byte order mark and with one kind of line end."""
    content = Path(source).read_bytes() if isinstance(source, str | PathLike) else source.read()
    content = content.replace(b"\r\n", b"\n").replace(b"\r", b"\n")
    try:
        return content.decode().removeprefix("\ufeff")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise MalformedFile("The text is not in UTF-8; save the file as UTF-8.", line) from None


class _Tokens:
    """The words of the file one after the other, each with its line."""

    def __init__(self, text: str) -> None:
        self._rest = _tokens(text)
        self.line = 1
        self.next = next(self._rest, None)

    def take(self, what: str) -> Token:
        """The next word, which must be there."""
        token = self.next
        if token is None:
            raise MalformedFile(f"The file ends where {what} should follow.", self.line)
        self.line = token.line
        self.next = next(self._rest, None)
        return token

    def number(self, what: str) -> int:
        """The next word as a whole number."""
        token = self.take(what)
        if token.quoted or not _NUMBER.fullmatch(token.text):
            raise MalformedFile(
                f"Here stands {token.text[:20]!r} where {what} should be, a whole number.",
                token.line,
            )
        return int(token.text)

    def word(self, what: str) -> str:
        """The next word as a name."""
        return self.take(what).text.strip()

    def end(self) -> None:
        """Nothing but texts may follow, such as the source and the comment that some write."""
        while self.next is not None:
            if not self.next.quoted:
                raise MalformedFile(
                    f"After the title stands {self.next.text[:20]!r}; "
                    "are there more names than candidates?",
                    self.next.line,
                )
            self.take("a remark")


def _tokens(text: str) -> Iterator[Token]:
    for number, line in enumerate(text.split("\n"), 1):
        place = 0
        while found := _TOKEN.match(line, place):
            place = found.end()
            comment, quoted, bare = found.groups()
            if comment is None:
                is_quoted = quoted is not None
                yield Token(_ESCAPE.sub(r"\1", quoted) if is_quoted else bare, number, is_quoted)
        if line[place:].strip():
            raise MalformedFile("A quotation mark is not closed on this line.", number)


def _withdrawn(tokens: _Tokens, candidates: int) -> Iterator[str]:
    while tokens.next and re.fullmatch(r"-[0-9]{1,9}", tokens.next.text):
        token = tokens.take("a withdrawn candidate")
        yield str(_candidate(token.text[1:], candidates, token.line) + 1)


def _papers(tokens: _Tokens, candidates: int) -> Iterator[tuple[Paper, int]]:
    """Each paper with the number of its copies, up to the 0 that ends them."""
    while copies := tokens.number("the number of copies of a paper, or the 0 that ends the papers"):
        line, ranks = tokens.line, []
        while True:
            token = tokens.take("the 0 that ends a paper")
            if token.line != line or token.quoted:
                raise MalformedFile(
                    "This paper does not end with 0; put 0 after its last rank.", line
                )
            if token.text == "0":
                break
            ranks.append(_marked(token, candidates))
        yield tuple(ranks), copies


def _marked(token: Token, candidates: int) -> tuple[int, ...]:
    if token.text == "-":
        return ()
    parts = token.text.split("=")
    rank = tuple(_candidate(part, candidates, token.line) for part in parts)
    if len(set(rank)) < len(rank):
        raise MalformedFile(f"The rank {token.text[:20]!r} names a candidate twice.", token.line)
    return rank


def _candidate(text: str, candidates: int, line: int) -> int:
    if not _NUMBER.fullmatch(text) or not 1 <= int(text) <= candidates:
        raise MalformedFile(
            f"Here stands {text[:20]!r} where a candidate's number should be, 1 to {candidates}.",
            line,
        )
    return int(text) - 1


def _rank(rank: tuple[int, ...]) -> str:
    return "=".join(str(number + 1) for number in rank) or "-"


def _quote(name: str) -> str:
    plain = "".join(sign if sign.isprintable() else " " for sign in name)
    escaped = plain.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'
