"""What can be wrong with a file, a ballot or a rule: each error is one sentence for people."""

from collections.abc import Iterator
from contextlib import contextmanager


class CountingError(ValueError):
    """Something that cannot be counted as it stands; `str()` of it is one clear sentence."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


class UnknownRule(CountingError):
    """A counting rule that this version does not know, or that does not fit the ballots."""


class MalformedFile(CountingError):
    """A file that breaks its format. `line` counts from 1, or is None when no line is at fault."""

    def __init__(self, sentence: str, line: int | None = None) -> None:
        super().__init__(sentence)
        self.line = line

    def __str__(self) -> str:
        return self.sentence if self.line is None else f"Line {self.line}: {self.sentence}"


class TooLarge(MalformedFile):
    """A file that cannot be held within the memory that is allowed for it."""


@contextmanager
def at_line(line: int | None) -> Iterator[None]:
    """Say on which line of a file whatever is refused inside was found, where it has lines."""
    try:
        yield
    except MalformedFile:
        raise
    except CountingError as error:
        raise MalformedFile(error.sentence, line) from None
