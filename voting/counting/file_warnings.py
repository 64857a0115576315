"""What a file has otherwise than its format wants, and what was read all the same.

Whatever is tolerated is said, once for each kind, with the first line and how often: nothing is
passed over in silence. What could change a count is no warning but an error.
"""

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class FileWarning:
    """One kind of thing that was tolerated. `line` is the first, from 1, or None for the whole."""

    sentence: str
    line: int | None
    times: int

    def __str__(self) -> str:
        place = "" if self.line is None else f"Line {self.line}: "
        often = "" if self.times == 1 else f" ({self.times} times)"
        return f"{place}{self.sentence}{often}"


@dataclass(slots=True)
class Warnings:
    """Collects warnings while a file is read."""

    _found: dict[str, tuple[int | None, int]] = field(default_factory=dict)

    def add(self, sentence: str, line: int | None = None, times: int = 1) -> None:
        """Note something once more; the line of the first time is kept."""
        if times:
            first, before = self._found.get(sentence, (line, 0))
            self._found[sentence] = first, before + times

    def add_all(self, others: "Warnings") -> None:
        for each in others.listed():
            self.add(each.sentence, each.line, each.times)

    def listed(self) -> list[FileWarning]:
        """All of them, in the order of their lines; what concerns the whole file comes last."""
        found = [FileWarning(sentence, *where) for sentence, where in self._found.items()]
        return sorted(found, key=lambda each: (each.line is None, each.line or 0))
