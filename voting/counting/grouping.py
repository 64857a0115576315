"""Equal rows of a large array found and counted, in little more memory than the result takes.

A row of option numbers is written as one number in the base of how many options there are. Where
all such numbers fit into a table no larger than the array, each row is counted there. Else the
rows are taken a stretch at a time, by what stands first in them, and the numbers are sorted.
"""

from collections.abc import Iterator
from itertools import combinations
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

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
    distinct, copies = np.unique(matrix, axis=0, return_counts=True)
    return distinct, narrow(copies)


def any_row_repeats(matrix: OptionNumbers) -> bool:
    """Whether an option stands twice in a row."""
    for start in range(0, len(matrix), _CHUNK):
        columns = np.ascontiguousarray(matrix[start : start + _CHUNK].T)
        if any((one == other).any() for one, other in combinations(columns, 2)):
            return True
    return False


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
        differs = np.ones(len(keys) + 1, bool)
        np.not_equal(keys[1:], keys[:-1], out=differs[1:-1])
        starts = np.flatnonzero(differs)
        copies.append(narrow(np.diff(starts)))
        part = rows[filled : filled + len(starts) - 1]
        _write_rows(part, keys[starts[:-1]], base)
        part[:, 0] += matrix.dtype.type(stretch.low)
        filled += len(part)
    rows.resize((filled, matrix.shape[1]), refcheck=False)
    return rows, np.concatenate(copies)


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
