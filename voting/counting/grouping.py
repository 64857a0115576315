"""Equal rows of a large array found and counted, in little more memory than the result takes.

A row of option numbers is written as one number in the base of how many options there are. Where
all such numbers fit into a table no larger than the array, each row is counted there. Else the
rows are taken a stretch at a time, by what stands first in them, and the numbers are sorted. Rows
too long for one number are sorted as they are.
"""

from collections.abc import Iterator
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[np.int64]
OptionNumbers = NDArray[np.uint8 | np.uint16]
Whole = NDArray[np.integer]

_TABLE = 1 << 23
_CHUNK = 1 << 16
_STRETCHES = 16
_MOST_STRETCHES = 256
_ONE_NUMBER = 1 << 64
_NARROW_NUMBER = 1 << 32


class _Stretch(NamedTuple):
    """First entries from the lowest to before the highest, and how many rows begin with these."""

    low: int
    high: int
    rows: int


def group_rows(matrix: OptionNumbers) -> tuple[OptionNumbers, Whole]:
    """The distinct rows, sorted, and how often each occurs, in a column as narrow as that needs."""
    rows, length = matrix.shape
    if rows == 0 or length == 0:
        return matrix[:0], np.empty(0, np.int8)
    base = int(matrix.max()) + 1
    kind = np.min_scalar_type(-1 - rows)
    if base**length <= min(_TABLE, matrix.nbytes // kind.itemsize):
        return _group_by_table(matrix, base, np.zeros(base**length, kind))
    if base**length <= _ONE_NUMBER * min(base, _MOST_STRETCHES):
        return _group_by_stretches(matrix, base)
    return _group_by_bytes(matrix)


def any_row_repeats(matrix: OptionNumbers) -> bool:
    """Whether an option stands twice in a row."""
    length = matrix.shape[1]
    step = _CHUNK // max(1, length) + 1
    for start in range(0, len(matrix), step):
        columns = np.ascontiguousarray(matrix[start : start + step].T)
        if any((columns[gap:] == columns[:-gap]).any() for gap in range(1, length)):
            return True
    return False


def as_column(bounds: Numbers | range) -> Numbers:
    """Where rows begin and end, written out if they are all of one length."""
    if isinstance(bounds, range):
        return np.arange(bounds.start, bounds.stop, bounds.step)
    return bounds


def narrow(numbers: Whole) -> Whole:
    """The same numbers, none below zero, in the narrowest signed column that holds them."""
    return numbers.astype(np.min_scalar_type(-1 - int(numbers.max(initial=0))))


def _group_by_table(matrix: OptionNumbers, base: int, table: Whole) -> tuple[OptionNumbers, Whole]:
    """The rows counted in a table of zeros for every row there can be, then read off from it."""
    one = table.dtype.type(1)  # of the same kind, or the adding up takes thirty times as long
    for start in range(0, len(matrix), _CHUNK):
        np.add.at(table, _keys(matrix[start : start + _CHUNK], base, np.dtype(np.int64)), one)
    rows = np.empty((np.count_nonzero(table), matrix.shape[1]), matrix.dtype)
    filled = 0
    for start in range(0, len(table), _CHUNK):
        keys = np.flatnonzero(table[start : start + _CHUNK]) + start
        _write_rows(rows[filled : filled + len(keys)], keys, base)
        filled += len(keys)
    return rows, narrow(table[table > 0])


def _group_by_stretches(matrix: OptionNumbers, base: int) -> tuple[OptionNumbers, Whole]:
    """The rows sorted stretch by stretch, so that never all of them are there as numbers.

    The result has room for every row; what stays empty of it takes no memory.
    """
    rows, filled = np.empty_like(matrix, order="C"), 0
    copies: list[Whole] = []
    firsts = np.ascontiguousarray(matrix[:, 0])
    for stretch in _stretches(firsts, base, _ONE_NUMBER // base ** (matrix.shape[1] - 1)):
        keys = _keys_of(stretch, matrix, firsts, base)
        keys.sort()
        starts = _starts_of_equals(keys)
        copies.append(narrow(np.diff(starts)))
        part = rows[filled : filled + len(starts) - 1]
        _write_rows(part, keys[starts[:-1]], base)
        part[:, 0] += matrix.dtype.type(stretch.low)
        filled += len(part)
    rows.resize((filled, matrix.shape[1]), refcheck=False)
    return rows, np.concatenate(copies)


def _group_by_bytes(matrix: OptionNumbers) -> tuple[OptionNumbers, Whole]:
    """Rows too long for one number, sorted by their bytes."""
    kind = matrix.dtype.newbyteorder(">")
    rows = matrix.astype(kind, order="C").view(f"V{matrix.shape[1] * matrix.itemsize}").ravel()
    rows.sort()
    starts = _starts_of_equals(rows)
    distinct = rows[starts[:-1]].view(kind).reshape(-1, matrix.shape[1])
    return distinct.astype(matrix.dtype, copy=False), narrow(np.diff(starts))


def _starts_of_equals(rows: NDArray[Any]) -> Numbers:
    """Where others begin in what was sorted, and where it ends."""
    differs = np.ones(len(rows) + 1, bool)
    differs[1:-1] = rows[1:] != rows[:-1]
    return np.flatnonzero(differs)


def _stretches(firsts: OptionNumbers, base: int, widest: int) -> Iterator[_Stretch]:
    """All first entries from below; as few rows in each as can be had, or entries as are wanted."""
    found = np.zeros(base, np.int64)
    for start in range(0, len(firsts), _CHUNK):
        found += np.bincount(firsts[start : start + _CHUNK], minlength=base)
    most = max(_CHUNK, len(firsts) // _STRETCHES)
    low, rows = 0, 0
    for first, number in enumerate(found.tolist()):
        if rows and (rows + number > most or first - low == widest):
            yield _Stretch(low, first, rows)
            rows = 0
        if not rows:
            low = first
        rows += number
    yield _Stretch(low, base, rows)


def _keys_of(stretch: _Stretch, matrix: OptionNumbers, firsts: OptionNumbers, base: int) -> Whole:
    """The rows of the stretch as numbers, with the first entries counted from its lowest."""
    numbers = (stretch.high - stretch.low) * base ** (matrix.shape[1] - 1)
    keys: Whole = np.empty(stretch.rows, np.uint32 if numbers <= _NARROW_NUMBER else np.uint64)
    filled = 0
    for start in range(0, len(matrix), _CHUNK):
        first = firsts[start : start + _CHUNK]
        chosen = np.flatnonzero((first >= stretch.low) & (first < stretch.high))
        part = matrix[start : start + _CHUNK].take(chosen, axis=0)
        part[:, 0] -= matrix.dtype.type(stretch.low)
        keys[filled : filled + len(part)] = _keys(part, base, keys.dtype)
        filled += len(part)
    return keys


def _keys(rows: OptionNumbers, base: int, kind: np.dtype[np.integer]) -> Whole:
    """Each row as one number, the first entry counting most."""
    keys = rows[:, 0].astype(kind)
    for column in range(1, rows.shape[1]):
        keys *= kind.type(base)
        keys += rows[:, column]
    return keys


def _write_rows(rows: OptionNumbers, keys: Whole, base: int) -> None:
    """The rows that these numbers stand for."""
    for start in range(0, len(keys), _CHUNK):
        rest = keys[start : start + _CHUNK]
        for column in reversed(range(rows.shape[1])):
            rest, rows[start : start + _CHUNK, column] = np.divmod(rest, keys.dtype.type(base))
